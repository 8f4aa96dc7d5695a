/** Why a hypothesis cannot print a line: field against field, with the Java method whose rule fails. */
import { toHex } from '../../types/int64.js';
import type { ElectionLine } from '../../types/election-line.js';
import type { PeerEpoch } from '../../types/ids.js';
import type { ServerState } from '../../types/server-state.js';
import type { Notification, Vote } from '../../types/vote.js';
import type { Refusal } from '../../traces/machine.js';
import type { Process } from '../../impl/peer.js';
import { printsStateChanges } from './prints.js';
import type { KnownLife } from './state.js';
import {
  lineWords,
  notificationDifferences,
  proposalWords,
  sidsWords,
  voteWords,
  weighsNothing,
  weightWords,
} from './words.js';

/** How telling a refusal is: a wrong field says more than a missing line, that more than a wrong place. */
const NEARNESS = { wrongField: 30, wrongState: 26, ruleFails: 20, lineMissing: 10, elsewhere: 0 } as const;

function refusal(reason: string, method: string, nearness: number, legal: string | null = null): Refusal {
  return { reason, method, nearness, legal };
}

const LOOK = 'FastLeaderElection.lookForLeader';
const RUN = 'QuorumPeer.run';
const RECEIVER = 'FastLeaderElection.Messenger.WorkerReceiver.run';

/** The main loop owes another line first, or the same line with other fields. */
export function refuseOwed(state: KnownLife, line: ElectionLine, owed: ElectionLine): Refusal {
  const legal = lineWords(owed);
  if (owed.what !== line.what) {
    if (line.what === 'updatingProposal' && owed.what === 'addingVote') return refuseUpdate(state, line, owed);
    const method = line.what === 'newElection' ? LOOK : methodOf(owed);
    const looking = owed.what === 'newElection' || owed.what === 'looking';
    const reason = looking
      ? `${lineWords(line)} without a new election: a LOOKING server must print ${legal} first`
      : `the main loop must print ${legal} before ${lineWords(line)}`;
    return refusal(reason, method, NEARNESS.lineMissing + (looking ? 5 : 0), legal);
  }
  return refusal(fieldReason(state, line, owed), methodOf(owed), NEARNESS.wrongField, legal);
}

/** The vote just compared is not better: it is added, and the proposal stays. */
function refuseUpdate(
  state: KnownLife,
  line: Extract<ElectionLine, { what: 'updatingProposal' }>,
  owed: Extract<ElectionLine, { what: 'addingVote' }>,
): Refusal {
  const why = weighsNothing(state.config, line.newLeader)
    ? `: server ${line.newLeader} weighs nothing, and no vote for such a server ever is`
    : '';
  const proposal = proposalWords(processOf(state).proposal);
  const reason = `${lineWords(line)}, but the vote just compared is not better than its proposal (${proposal})${why}`;
  return refusal(reason, 'FastLeaderElection.totalOrderPredicate', NEARNESS.wrongField, lineWords(owed));
}

function methodOf(line: ElectionLine): string {
  switch (line.what) {
    case 'sending':
      return 'FastLeaderElection.sendNotifications';
    case 'updatingProposal':
      return 'FastLeaderElection.updateProposal';
    case 'compared':
      return 'FastLeaderElection.totalOrderPredicate';
    case 'stateChanged':
      return 'FastLeaderElection.setPeerState';
    case 'leavingElection':
      return 'FastLeaderElection.leaveInstance';
    case 'answering':
      return RECEIVER;
    case 'looking':
    case 'roleEntered':
      return RUN;
    default:
      return LOOK;
  }
}

function fieldReason(state: KnownLife, line: ElectionLine, owed: ElectionLine): string {
  if (line.what === 'timedOut' && owed.what === 'timedOut') {
    const cap = state.config.profile.maxNotificationIntervalMs;
    return `the back-off is neither doubled nor capped: the line says ${line.nextTimeoutMs} ms where ${owed.nextTimeoutMs} ms must follow (twice the last wait, at most ${cap} ms)`;
  }
  if (line.what === 'stateChanged' && owed.what === 'stateChanged') {
    const { main, state: role } = processOf(state);
    const decided = main.at === 'decided' ? ` (${voteWords(main.endVote)})` : '';
    return `the log says ${line.state}, but this server's decision${decided} makes it ${role}`;
  }
  if (line.what === 'newElection' && owed.what === 'newElection' && line.zxid !== owed.zxid) {
    if (state.config.learnerType === 'OBSERVER') {
      return `New election proposes zxid 0x${toHex(line.zxid)}, but this server is an observer: it proposes 0x${toHex(owed.zxid)} (Long.MIN_VALUE)`;
    }
    return `New election proposes zxid 0x${toHex(line.zxid)}, but this server's last zxid is 0x${toHex(owed.zxid)} and it has not synchronized since`;
  }
  if (line.what === 'sending' && owed.what === 'sending' && owed.leader === state.config.sid) {
    const floor = epochFloor(state, line.epoch, owed.epoch);
    if (floor !== null) return `${lineWords(line)}, but ${floor}`;
  }
  return `${lineWords(line)} where ${lineWords(owed)} must stand`;
}

/** No step of the main loop that is possible here prints the line. */
export function refuseMain(state: KnownLife, line: ElectionLine): Refusal {
  const process = processOf(state);
  if (line.what === 'stateChanged' && line.state !== 'LOOKING') return refuseDecision(state, process, line.state);
  const isDecision = line.what === 'roleEntered' && !printsStateChanges(state.config.profile);
  if (isDecision && process.main.at !== 'decided') return refuseDecision(state, process, line.role);
  const { at } = process.main;
  const method = methodOf(line);
  if (line.what === 'sending' || line.what === 'addingVote' || line.what === 'updatingProposal') {
    const what = { sending: 'send', addingVote: 'added vote', updatingProposal: 'proposal' }[line.what];
    const why = line.what === 'addingVote' ? whyNotAdded(process, line) : '';
    return refusal(`no step makes this ${what}: ${lineWords(line)}${why}`, method, NEARNESS.ruleFails);
  }
  if (at === 'enter' && line.what !== 'newElection' && line.what !== 'looking') {
    const reason = `${lineWords(line)} without a new election: a LOOKING server prints "New election" first`;
    return refusal(reason, LOOK, NEARNESS.ruleFails);
  }
  if (line.what === 'timedOut' && at !== 'poll') {
    return refusal(
      `a time-out needs a server that waits for notifications; it is ${PLACES[at]}`,
      method,
      NEARNESS.ruleFails,
    );
  }
  if (line.what === 'roleEntered' && at !== 'decided') {
    return refusal(`"${line.role}" needs a decision; the server is ${PLACES[at]}`, method, NEARNESS.ruleFails);
  }
  if (line.what === 'newElection' || line.what === 'looking') {
    return refusal(
      `${lineWords(line)} needs a server that has just become LOOKING; it is ${PLACES[at]}`,
      method,
      NEARNESS.ruleFails,
    );
  }
  return refusal(`no step prints ${lineWords(line)} for a server that is ${PLACES[at]}`, method, NEARNESS.elsewhere);
}

/** Only a waiting server adds votes: those of unread notifications whose round is its own or a later one. */
function whyNotAdded(process: Process, { from, round }: Extract<ElectionLine, { what: 'addingVote' }>): string {
  const { recvqueue, worker, logicalclock } = process;
  if (process.main.at !== 'poll') return ` for a server that is ${PLACES[process.main.at]}`;
  const own = `0x${toHex(logicalclock)}`;
  if (round < logicalclock) return `, of an earlier round than ${own}: such votes are ignored`;
  const inHand = worker.stage === 'printed' || worker.stage === 'tested' ? [worker.notification] : [];
  const unread = [...recvqueue, ...inHand].some((n) => n.from === from);
  return unread ? '' : `, and no notification from ${from} is unread`;
}

const PLACES = {
  enter: 'about to begin an election',
  poll: 'waiting for notifications',
  final: 'waiting for silence before it decides',
  silent: 'about to decide',
  decided: 'leaving the election with a decision',
  role: 'in a role',
} as const;

function refuseDecision(state: KnownLife, process: Process, role: ServerState): Refusal {
  const { main } = process;
  if (main.at !== 'poll') {
    return refusal(
      `"Peer state changed: ${role.toLowerCase()}" needs a decision; the server is ${PLACES[main.at]}`,
      LOOK,
      NEARNESS.elsewhere,
    );
  }
  const own: Vote = { ...process.proposal, round: process.logicalclock, state: 'LOOKING', version: 0 };
  const agreeing = state.rules.agreeing(main.call.recvset, own);
  const forOther = role === 'LEADING' && process.proposal.leader !== state.config.sid;
  const lead = forOther ? 'LEADING, but no vote for itself was possible: ' : `${role} without a quorum: `;
  const reports = [...main.call.outofelection].map(([sid, vote]) => `${sid} ${vote.state} for ${vote.leader}`);
  const reported = reports.length === 0 ? 'no server reported a leader' : `reports: ${reports.join(', ')}`;
  const reason = `${lead}it proposes ${proposalWords(process.proposal)}, with which ${sidsWords(agreeing)} of voters ${sidsWords(state.config.voters)} agree; ${reported}${weightWords(state.config)}`;
  const support = role === 'LEADING' ? agreeing.length : agreeing.length + reports.length;
  return refusal(reason, 'FastLeaderElection.getVoteTracker', NEARNESS.ruleFails + Math.min(support, 5));
}

/** A line of WorkerReceiver that the hypothesis cannot print. */
export function refuseNotification(state: KnownLife, myState: ServerState, n: Notification): Refusal {
  const { worker } = processOf(state);
  if (worker.stage !== 'idle' || state.receiverOwed.length > 0) {
    return refusal('WorkerReceiver has not finished its last message', RECEIVER, NEARNESS.elsewhere);
  }
  if (state.debug && state.announced === 'none') {
    return refusal('"Receive new notification message" must stand before it', RECEIVER, NEARNESS.lineMissing);
  }
  if (!state.rules.isVoter(state.config, n.from)) {
    return refusal(
      `a notification from ${n.from}, which is no voter of ${sidsWords(state.config.voters)}, is answered but never printed`,
      RECEIVER,
      NEARNESS.ruleFails,
    );
  }
  if (n.from === state.config.sid) {
    const own = refuseOwnCopy(state, n);
    if (own !== null) return own;
  }
  return refusal(
    `my state:${myState}, but since its last notification the state was ${state.statesSeen.join(' or ') || 'about to change'}`,
    'QuorumPeer.getPeerState',
    NEARNESS.wrongState,
  );
}

function refuseOwnCopy(state: KnownLife, n: Notification): Refusal | null {
  const [copy] = state.loopback;
  const method = 'FastLeaderElection.sendNotifications';
  if (copy !== undefined && state.announced === 'foreign') {
    return refusal(
      `its own notification (${voteWords(n)}) was announced by "Receive new notification message" before it was sent`,
      method,
      NEARNESS.ruleFails,
    );
  }
  if (copy === undefined && processOf(state).main.at === 'enter') {
    return refusal(
      `a vote of its own (${voteWords(n)}) without a new election: it is LOOKING, and no "New election" was printed`,
      LOOK,
      NEARNESS.ruleFails,
    );
  }
  if (copy === undefined) {
    return refusal(
      `an own notification for a vote that it cannot have sent (${voteWords(n)}): nothing that it sent to itself is outstanding`,
      method,
      NEARNESS.ruleFails,
    );
  }
  const differences = notificationDifferences(n, copy.notification);
  if (differences.length === 0) return null;
  const expected = copy.notification;
  const floor = expected.leader === n.from ? epochFloor(state, n.epoch, expected.epoch) : null;
  if (floor !== null) {
    return refusal(
      `its own notification says n.peerEpoch:0x${toHex(n.epoch)}, but ${floor}`,
      'FastLeaderElection.getPeerEpoch',
      NEARNESS.wrongField - differences.length,
    );
  }
  const weightless =
    n.leader !== n.from && n.state === 'LOOKING' && weighsNothing(state.config, n.leader)
      ? `; server ${n.leader} weighs nothing, and no vote for it is ever adopted`
      : '';
  const sent = `${expected.state} (${voteWords(expected)})`;
  const own = refusal(
    `its own notification says ${differences.join(', ')}: the vote that it sent is ${sent}${weightless}`,
    method,
    NEARNESS.wrongField - differences.length,
    `own notification ${sent}`,
  );
  const [says, must] = (differences[0] ?? '').split(' where it must be ');
  if (differences.length > 1 || weightless !== '' || says === undefined || must === undefined) return own;
  return { ...own, field: { says: `its own notification says ${says}`, expected: must, instead: sent } };
}

/** A vote for itself that tells an epoch lower than one that the server had: the sentence; null: not so. */
function epochFloor(state: KnownLife, said: PeerEpoch, expected: PeerEpoch): string | null {
  const { epoch } = state.disk;
  const floored = epoch.known === 'notBelow' && epoch.value === expected && said < expected;
  if (!floored || processOf(state).main.at === 'role') return null;
  return `its epoch was 0x${toHex(expected)} before and never falls`;
}

/** A DEBUG line of WorkerReceiver out of place. */
export function refuseReceiver(state: KnownLife, line: ElectionLine): Refusal {
  const [owed] = state.receiverOwed;
  if (owed !== undefined) {
    const same = owed.what === line.what;
    const reason = same
      ? `${lineWords(line)} where ${lineWords(owed)} must stand`
      : `WorkerReceiver must print ${lineWords(owed)} first`;
    return refusal(reason, RECEIVER, same ? NEARNESS.wrongField : NEARNESS.lineMissing, lineWords(owed));
  }
  if (line.what === 'answering') {
    return refusal(`no step makes this answer: ${lineWords(line)}`, RECEIVER, NEARNESS.ruleFails);
  }
  return refusal('WorkerReceiver has not finished its last message', RECEIVER, NEARNESS.elsewhere);
}

function processOf(state: KnownLife): Process {
  const { process } = state.peer;
  if (process === null) throw new Error('internal error: a hypothesis of a known life has a process');
  return process;
}
