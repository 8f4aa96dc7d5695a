/** An answer that WorkerReceiver prints at DEBUG, against the one that is due. */
import type { ElectionLine } from '../../types/election-line.js';
import type { Zxid } from '../../types/ids.js';
import type { KnownLife } from './state.js';

type Answering = Extract<ElectionLine, { what: 'answering' }>;

export function isDue(state: KnownLife, line: Answering): boolean {
  const [owed] = state.receiverOwed;
  if (owed?.what !== 'answering' || owed.recipient !== line.recipient || owed.myId !== line.myId) return false;
  if (state.capturedUnseen) return true;
  return owed.leader === line.leader && (owed.zxid === line.zxid || tellsStartZxid(state, line));
}

/** What an observer proposes does not tell its zxid, but the vote with which its process started does: it names itself. */
function tellsStartZxid({ config, disk }: KnownLife, { leader }: Answering): boolean {
  return config.learnerType === 'OBSERVER' && leader === config.sid && disk.zxid.known !== 'exactly';
}

/** Precondition: the line is due. */
export function afterAnswering(state: KnownLife, line: Answering): KnownLife {
  const [owed, ...rest] = state.receiverOwed;
  const after = { ...state, receiverOwed: rest };
  return owed?.what === 'answering' && owed.zxid !== line.zxid ? withStartZxid(after, line.zxid) : after;
}

function withStartZxid(state: KnownLife, zxid: Zxid): KnownLife {
  const { process } = state.peer;
  if (process === null || !state.neverPublished) return state;
  const peer = { ...state.peer, process: { ...process, currentVote: { ...process.currentVote, zxid } } };
  return { ...state, peer, disk: { ...state.disk, zxid: { known: 'exactly', value: zxid } } };
}
