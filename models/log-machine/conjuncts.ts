/** The rule that a line stands under, taken apart: what must hold of a hypothesis for the line to be printed now. */
import type { Conjunct } from '../../traces/machine.js';
import type { ElectionLine } from '../../types/election-line.js';
import { toHex } from '../../types/int64.js';
import type { Notification } from '../../types/vote.js';
import type { Process } from '../../impl/peer.js';
import { isDue } from './answering.js';
import type { KnownLife } from './state.js';
import { lineWords, notificationDifferences, proposalWords, sidsWords, voteWords } from './words.js';

const RECEIVER = 'FastLeaderElection.Messenger.WorkerReceiver.run';
const LOOK = 'FastLeaderElection.lookForLeader';
const SEND = 'FastLeaderElection.sendNotifications';

/** In program order: a later one may rest on an earlier one. */
export function conjunctsOf(state: KnownLife, line: ElectionLine): readonly Conjunct[] {
  const { process } = state.peer;
  if (process === null) return [];
  if (line.what === 'notification') return ofNotification(state, process, line);
  if (line.what === 'receiving' || line.what === 'answering') return ofReceiver(state, process, line);
  return ofMain(state, process, line);
}

type ReceiverLine = Extract<ElectionLine, { what: 'receiving' | 'answering' }>;

const workerIsIdle = (state: KnownLife, process: Process): Conjunct => ({
  text: 'WorkerReceiver has done all that its last message asks for',
  holds: process.worker.stage === 'idle' && state.receiverOwed.length === 0,
  method: RECEIVER,
  action: 'Receive',
});

function ofNotification(
  state: KnownLife,
  process: Process,
  { myState, notification: n }: Extract<ElectionLine, { what: 'notification' }>,
): readonly Conjunct[] {
  const announced: Conjunct = {
    text: '"Receive new notification message" was printed before it (DEBUG)',
    holds: state.announced !== 'none',
    method: RECEIVER,
    action: 'Receive',
  };
  return [
    workerIsIdle(state, process),
    ...(state.debug ? [announced] : []),
    {
      text: `server ${n.from} votes: it is one of ${sidsWords(state.config.voters)}`,
      holds: state.rules.isVoter(state.config, n.from),
      method: 'FastLeaderElection.validVoter',
      action: 'Receive',
    },
    {
      text: `my state:${myState}: since its last notification it was ${state.statesSeen.join(' or ') || 'never changed'}`,
      holds: state.statesSeen.includes(myState),
      method: 'QuorumPeer.getPeerState',
      action: 'Receive',
    },
    ...(n.from === state.config.sid ? ofOwnCopy(state, n) : []),
  ];
}

/** Copies to itself come back in order, and none is lost. */
function ofOwnCopy(state: KnownLife, n: Notification): readonly Conjunct[] {
  const [copy] = state.loopback;
  const outstanding: Conjunct = {
    text:
      copy === undefined
        ? 'a vote that it sent itself is on its way: none is'
        : `a vote that it sent itself is on its way: ${copy.notification.state} (${voteWords(copy.notification)})`,
    holds: copy !== undefined,
    method: SEND,
    action: 'Receive',
  };
  if (copy === undefined) return [outstanding];
  const differences = notificationDifferences(n, copy.notification);
  const fields = differences.map((text): Conjunct => ({
    text,
    holds: false,
    method: SEND,
    action: 'Begin, Handle, Resend',
  }));
  const equal: Conjunct = {
    text: 'it says what that vote says',
    holds: true,
    method: SEND,
    action: 'Begin, Handle, Resend',
  };
  return [outstanding, ...(fields.length === 0 ? [equal] : fields)];
}

function ofReceiver(state: KnownLife, process: Process, line: ReceiverLine): readonly Conjunct[] {
  const [owed] = state.receiverOwed;
  if (line.what === 'receiving') return [workerIsIdle(state, process)];
  return [
    {
      text: owed === undefined ? 'an answer is due: none is' : `an answer is due: ${lineWords(owed)}`,
      holds: isDue(state, line),
      method: RECEIVER,
      action: 'CompareRound, SendReply',
    },
  ];
}

function ofMain(state: KnownLife, process: Process, line: ElectionLine): readonly Conjunct[] {
  const [head] = state.owed;
  const owed = head?.line ?? null;
  if (owed !== null) {
    const sameKind = owed.what === line.what;
    const before: Conjunct = {
      text: sameKind ? `${lineWords(owed)} is due` : `no other line is due first: ${lineWords(owed)} is`,
      holds: sameKind,
      method: LOOK,
      action: ACTIONS[process.main.at],
    };
    return sameKind ? [before, ...fieldsOf(line, owed, process)] : [before];
  }
  if (line.what === 'stateChanged' && line.state !== 'LOOKING') return ofDecision(state, process);
  const needs = PLACES_OF[line.what];
  return [
    {
      text: `it is ${WORDS[process.main.at]}${needs === undefined ? '' : `; the line needs a server that is ${needs.map((at) => WORDS[at]).join(' or ')}`}`,
      holds: needs?.includes(process.main.at) ?? false,
      method: LOOK,
      action: ACTIONS[process.main.at],
    },
  ];
}

function fieldsOf(line: ElectionLine, owed: ElectionLine, process: Process): readonly Conjunct[] {
  const due = new Map<string, unknown>(Object.entries(owed));
  return Object.entries(line)
    .filter(([name]) => name !== 'what')
    .map(([name, value]: [string, unknown]) => ({
      text:
        due.get(name) === value
          ? `${name} is ${shown(value)}`
          : `${name} is ${shown(value)} where ${shown(due.get(name))} is due`,
      holds: due.get(name) === value,
      method: LOOK,
      action: ACTIONS[process.main.at],
    }));
}

const shown = (value: unknown): string => (typeof value === 'bigint' ? `0x${toHex(value)}` : String(value));

/** What ends an election: a quorum for its proposal and silence, or a leader that a quorum reports. */
function ofDecision(state: KnownLife, process: Process): readonly Conjunct[] {
  const { main, proposal } = process;
  const waits = main.at === 'poll' || main.at === 'final' || main.at === 'silent';
  const place: Conjunct = {
    text: `it is ${WORDS[main.at]}; a decision needs a server that waits`,
    holds: waits,
    method: LOOK,
    action: ACTIONS[main.at],
  };
  if (main.at !== 'poll') return [place];
  const agreeing = state.rules.agreeing(main.call.recvset, {
    ...proposal,
    round: process.logicalclock,
    state: 'LOOKING',
    version: 0,
  });
  const reports = [...main.call.outofelection].map(([sid, vote]) => `${sid} is ${vote.state} for ${vote.leader}`);
  return [
    place,
    {
      text: `a quorum agrees with its proposal (${proposalWords(proposal)}): ${sidsWords(agreeing)} of ${sidsWords(state.config.voters)} do`,
      holds: state.rules.isQuorum(state.config, agreeing),
      method: 'FastLeaderElection.getVoteTracker, SyncedLearnerTracker.hasAllQuorums',
      action: 'Handle, FinalStep, Silence',
    },
    {
      text: `or a quorum reports one leader, and that leader itself: ${reports.length === 0 ? 'nobody does' : reports.join(', ')}`,
      holds: false,
      method: 'FastLeaderElection.checkLeader',
      action: 'Handle',
    },
    {
      text: `nothing is unread: ${process.recvqueue.length} notification(s) wait`,
      holds: process.recvqueue.length === 0,
      method: LOOK,
      action: 'Silence',
    },
  ];
}

type Place = Process['main']['at'];

const WORDS: Readonly<Record<Place, string>> = {
  enter: 'about to begin an election',
  poll: 'waiting for notifications',
  final: 'waiting for silence before it decides',
  silent: 'about to decide',
  decided: 'leaving the election with a decision',
  role: 'in a role',
};

/** The specification's actions that can come next. */
const ACTIONS: Readonly<Record<Place, string>> = {
  enter: 'Begin',
  poll: 'Handle, Resend',
  final: 'FinalStep, Silence',
  silent: 'FinalEnd',
  decided: 'Publish',
  role: 'Leave',
};

const PLACES_OF: Partial<Record<ElectionLine['what'], readonly Place[]>> = {
  looking: ['role'],
  newElection: ['enter'],
  timedOut: ['poll'],
  roleEntered: ['decided'],
  stateChanged: ['role'],
  ignoredLeader: ['poll'],
  ignoredSender: ['poll'],
  oracle: ['poll'],
};
