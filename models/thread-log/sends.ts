/**
 * FastLeaderElection.sendqueue: what the main loop and WorkerReceiver put into it, and WorkerSender takes out in the
 * same order. Two answers of WorkerReceiver.run print nothing: to a LOOKING server whose round is behind, and to a
 * server that does not vote. Messages to oneself pass no connection and are left out.
 */
import { type ConnectionLine, threadKind } from '../../types/connection-line.js';
import type { ConfigVersion, Round, Sid } from '../../types/ids.js';
import type { Notification } from '../../types/vote.js';
import type { Hints, HiddenStep, Outcome } from '../../traces/machine.js';
import type { ObservedLine } from '../../traces/observation.js';
import { type Calls, callsAfter, callsKey, NO_CALLS } from './calls.js';
import type { Aspect } from './lives.js';

interface Sends {
  readonly hints: Hints;
  /** Recipients in the order of the queue. */
  readonly queue: readonly Sid[];
  /** Told by the main loop and by WorkerReceiver, and not yet put into the queue; null: nothing. */
  readonly main: Sid | null;
  readonly answer: Sid | null;
  /** The notification told last, if it may be answered in silence. */
  readonly heard: { readonly from: Sid; readonly round: Round; readonly looking: boolean } | null;
  /** What the clock may have come to by new elections, and the highest round that it may have taken over. */
  readonly raised: bigint;
  readonly received: bigint;
  /** The state told last is one that an election led to. */
  readonly decided: boolean;
  readonly calls: Calls;
  /** Servers whose messages may have come. */
  readonly readers: readonly Sid[];
  /** A configuration other than the first was named: who votes is not known. */
  readonly reconfigured: boolean;
  /** FastLeaderElection prints DEBUG: undecided until its first line in this process. */
  readonly told: boolean | null;
}

const MAIN: ReadonlySet<string> = new Set([
  'looking',
  'roleEntered',
  'stateChanged',
  'newElection',
  'timedOut',
  'ignoredLeader',
  'ignoredSender',
  'oracle',
  'updatingProposal',
  'compared',
  'staleRound',
  'addingVote',
  'observerNotification',
  'ownZxidMissing',
  'senderZxidMissing',
  'learningState',
  'leavingElection',
  'mainLoopException',
]);

/** Printed at DEBUG before any line of a higher level of the same logger. */
const FIRST_AT_DEBUG: ReadonlySet<string> = new Set(['updatingProposal', 'receiving', 'sending', 'compared']);
const FIRST_AT_INFO: ReadonlySet<string> = new Set(['newElection', 'notification', 'timedOut']);

const one = (state: Sends): Outcome<Sends> => ({ ok: true, next: [state] });
const none: Outcome<Sends> = {
  ok: false,
  refusal: {
    reason: 'a message that was told must be in the send queue before the next line of its thread',
    method: 'FastLeaderElection.sendNotifications',
    nearness: 0,
    legal: null,
  },
};

/** No clock of this server can be above this: it takes over a round, or begins the next one. */
const clockMax = ({ raised, received }: Sends): bigint => (raised > received ? raised : received);

function hidden(state: Sends): readonly HiddenStep<Sends>[] {
  const { main, answer, heard, queue } = state;
  const steps: HiddenStep<Sends>[] = [];
  if (main !== null) steps.push({ label: 'vote queued', next: { ...state, queue: [...queue, main], main: null } });
  if (answer !== null)
    steps.push({ label: 'answer queued', next: { ...state, queue: [...queue, answer], answer: null } });
  if (heard !== null && heard.looking && heard.round < clockMax(state)) {
    steps.push({ label: 'silent answer queued', next: { ...state, queue: [...queue, heard.from], heard: null } });
  }
  return steps;
}

function observe(before: Sends, said: ObservedLine): Outcome<Sends> {
  const state = withTold(before, said);
  if (state.told === false) return one({ ...state, queue: [], main: null, answer: null, heard: null });
  if (MAIN.has(said.what) || said.what === 'sending') {
    if (state.main !== null) return none;
    return one(byMain(state, said));
  }
  switch (said.what) {
    case 'receiving':
      return state.answer === null ? one({ ...state, heard: null }) : none;
    case 'notification':
      return state.answer === null ? one(heardOf(state, said.notification, said.myState === 'LOOKING')) : none;
    case 'answering': {
      if (state.answer !== null) return none;
      const { recipient, configVersion } = said;
      const answer = recipient === state.hints.sid ? null : recipient;
      return one({ ...withConfig(state, configVersion), answer, heard: null });
    }
    case 'connection':
      return byConnection(state, said);
    default:
      return one(state);
  }
}

function withTold(state: Sends, { what }: ObservedLine): Sends {
  if (state.told !== null) return state;
  if (FIRST_AT_DEBUG.has(what)) return { ...state, told: true };
  return FIRST_AT_INFO.has(what) ? { ...state, told: false } : state;
}

function byMain(state: Sends, said: ObservedLine): Sends {
  if (said.what === 'sending') {
    const { recipient, round } = said;
    const main = recipient === state.hints.sid ? null : recipient;
    return { ...state, main, raised: round };
  }
  const raised = clockMax(state) + 1n;
  if (said.what === 'mainLoopException') return { ...state, raised };
  // Only if logger QuorumPeer tells of states is it known that no new election begins before it says LOOKING.
  if (said.what === 'leavingElection') return state.decided ? state : { ...state, raised };
  if (said.what !== 'stateChanged') return state;
  const decided = said.state !== 'LOOKING';
  if (decided) return { ...state, decided };
  const heard = state.heard === null ? null : { ...state.heard, looking: true };
  return { ...state, decided, raised, heard };
}

function heardOf(state: Sends, { from, round, state: theirs, configVersion }: Notification, looking: boolean): Sends {
  const received = round > state.received ? round : state.received;
  const asks = theirs === 'LOOKING' && from !== state.hints.sid;
  return { ...withConfig(state, configVersion), received, heard: asks ? { from, round, looking } : null };
}

/** Version 0 is that of a configuration file; any other is of one that changed, or may. */
function withConfig(state: Sends, version: ConfigVersion): Sends {
  return version === 0n ? state : { ...state, reconfigured: true };
}

function byConnection(before: Sends, line: ConnectionLine): Outcome<Sends> {
  const { thread, message } = line;
  const kind = threadKind(thread);
  const goesOn = 'peer' in message && before.calls.asked === message.peer;
  const state: Sends = { ...before, calls: callsAfter(before.calls, line) };
  if (kind === 'main' && state.main !== null) return none;
  if (message.what === 'receiverStarted' && !state.readers.includes(message.peer)) {
    return one({ ...state, readers: [...state.readers, message.peer].sort() });
  }
  // Until a line tells that sends are told, and if they are not, nothing is known of the queue.
  if (kind !== 'workerSender' || !('peer' in message) || state.told !== true) return one(state);
  const { peer } = message;
  const next: Sends[] = [];
  const calls = { ...state.calls, asked: message.what === 'peerKnown' ? peer : null };
  if (message.what === 'alreadyInProgress') return one({ ...state, calls });
  if (
    goesOn &&
    (message.what === 'connectedAlready' || (message.what === 'peerKnown' && message.view === 'proposed'))
  ) {
    next.push({ ...state, calls });
  }
  if (state.queue[0] === peer) next.push({ ...state, queue: state.queue.slice(1), calls });
  if (mayAskUnheard(state, peer)) next.push({ ...state, calls });
  return next.length > 0 ? { ok: true, next } : refuse(state, peer);
}

/** Whoever does not vote is answered without a line, and without a line of what it sent. */
function mayAskUnheard({ hints, readers, reconfigured }: Sends, peer: Sid): boolean {
  const votes = hints.configs.some(({ members }) =>
    members.some(({ sid, type }) => sid === peer && type === 'PARTICIPANT'),
  );
  return (reconfigured || !votes) && readers.includes(peer);
}

function refuse({ queue }: Sends, peer: Sid): Outcome<Sends> {
  const [head] = queue;
  const reason =
    head === undefined
      ? `WorkerSender turns to server ${peer}, but no message was queued that it has not yet dealt with`
      : `WorkerSender turns to server ${peer}, but the oldest message queued is for server ${head}`;
  const legal = head === undefined ? null : `a line of WorkerSender about server ${head}`;
  const nearness = queue.includes(peer) ? 22 : 20;
  return { ok: false, refusal: { reason, method: 'FastLeaderElection.Messenger.WorkerSender.run', nearness, legal } };
}

/** Nothing is sent that was not queued, and everything in the order of the queue. */
export const sends: Aspect<Sends> = {
  name: 'sends',
  begin: (hints) => ({
    hints,
    queue: [],
    main: null,
    answer: null,
    heard: null,
    raised: 1n,
    received: 0n,
    decided: false,
    calls: NO_CALLS,
    readers: [],
    reconfigured: false,
    told: null,
  }),
  hidden,
  observe,
  key: ({ queue, main, answer, heard, raised, received, decided, calls, readers, reconfigured, told }) =>
    [
      queue.join(','),
      main,
      answer,
      heard === null ? '' : `${heard.from} ${heard.round} ${heard.looking}`,
      raised,
      received,
      decided,
      callsKey(calls),
      readers.join(','),
      reconfigured,
      told,
    ].join('|'),
  describe: ({ queue, main, answer }) => {
    const coming = [main, answer].filter((sid) => sid !== null);
    const queued = queue.length === 0 ? 'empty' : `for ${queue.join(', ')}`;
    return `send queue ${queued}${coming.length === 0 ? '' : `, and soon for ${coming.join(', ')}`}`;
  },
  never: () => null,
};
