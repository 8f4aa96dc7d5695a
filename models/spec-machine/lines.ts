/**
 * What ZooKeeper 3.8.0 prints at each step of the specification, which has no lines itself: read off the LOG calls of
 * FastLeaderElection and QuorumPeer, in program order. What was decided is never asked again here: it is told by
 * the case that the specification took, and by the server before and after.
 */
import { assert, unreachable } from '../../base/assert.js';
import type { Effect } from '../../impl/effect.js';
import type { CaseName, LocalAction, LocalOutcome } from '../../spec/action.js';
import { profileOf } from '../../spec/profile.js';
import { validVoter } from '../../spec/quorums.js';
import { initialVote, lifeOf } from '../../spec/server.js';
import type { Server } from '../../spec/state.js';
import type { ElectionLine } from '../../types/election-line.js';
import type { Notification, Proposal } from '../../types/vote.js';

/** One step that was taken. */
export interface Taken {
  readonly before: Server;
  readonly outcome: LocalOutcome;
  /** The next wait of the main loop, after the step. */
  readonly notTimeoutMs: number;
}

const debug = (line: ElectionLine): Effect => ({ type: 'log', level: 'debug', line });
const info = (line: ElectionLine): Effect => ({ type: 'log', level: 'info', line });
const warn = (line: ElectionLine): Effect => ({ type: 'log', level: 'warn', line });

/** Lines and sends of a step of one of the two threads. */
export function effectsOf(name: LocalAction['name'], taken: Taken): readonly Effect[] {
  const { before, outcome } = taken;
  const after = outcome.server;
  switch (name) {
    case 'Begin':
      return begun(before, outcome);
    case 'Handle':
      return handled(before, outcome);
    case 'Resend':
      return waited(taken);
    case 'FinalStep':
      return [compared(headOf(before), lifeOf(before).prop), ...(has(outcome, 'exception') ? thrown() : [])];
    case 'FinalEnd':
      return left(after);
    case 'Publish':
      return entered(after);
    case 'Leave':
      return looking();
    case 'TestState':
      return answering(after);
    case 'SendReply':
      return outcome.sends.map(({ to, message }) => ({ type: 'send', to, message }));
    case 'Silence':
    case 'Enqueue':
    case 'CompareRound':
      return [];
    default:
      return unreachable(name);
  }
}

/** QuorumPeer.run: `case LOOKING` of a process that has just started. */
export function startLines(): readonly Effect[] {
  return [info({ what: 'looking' })];
}

/** WorkerReceiver.run, the branch of a voter's message; the state is read for the line alone. */
export function receiveLines(before: Server, n: Notification): readonly Effect[] {
  if (!validVoter(before.membership, n.from)) return [];
  return [
    debug({ what: 'receiving', myId: before.sid }),
    info({ what: 'notification', myState: lifeOf(before).st, notification: n }),
  ];
}

/** lookForLeader before its loop: updateProposal, `New election`, sendNotifications. */
function begun(before: Server, outcome: LocalOutcome): readonly Effect[] {
  const { sid } = before;
  const { prop } = lifeOf(outcome.server);
  return [
    updating(before, outcome.server),
    info({ what: 'newElection', myId: sid, zxid: prop.zxid }),
    ...sent(outcome),
  ];
}

/** lookForLeader, its loop with a notification. */
function handled(before: Server, outcome: LocalOutcome): readonly Effect[] {
  const n = headOf(before);
  const after = outcome.server;
  const which: CaseName | undefined = outcome.cases[0];
  switch (which) {
    case 'gate':
      return ignored(before, n);
    case 'observing':
      return [debug({ what: 'observerNotification', from: n.from })];
    case 'K0':
    case 'K1':
    case 'K2':
    case 'K3':
    case 'K4':
    case 'exception':
      return heardVote(which, { before, outcome, n });
    case 'J1':
    case 'J2':
      return left(after);
    case 'J3':
      return [info({ what: 'oracle', follow: true }), ...left(after)];
    case 'stay':
      // receivedLeadingNotification alone prints, whether an oracle exists or not.
      return n.state === 'LEADING' && profileOf(before).oracle ? [info({ what: 'oracle', follow: false })] : [];
    default:
      throw new Error(`internal error: Handle has no case ${which ?? 'at all'}`);
  }
}

/** The gate names the leader if it is unknown, and the sender if it is, in this order. */
function ignored(server: Server, { leader, from }: Notification): readonly Effect[] {
  const { membership } = server;
  const lines: Effect[] = [];
  if (!profileOf(server).gateForLeader) return [warn({ what: 'ignoredSender', leader: null, from })];
  if (!validVoter(membership, leader)) lines.push(warn({ what: 'ignoredLeader', leader, from }));
  if (!validVoter(membership, from)) lines.push(warn({ what: 'ignoredSender', leader, from }));
  return lines;
}

interface HeardVote {
  readonly before: Server;
  readonly outcome: LocalOutcome;
  readonly n: Notification;
}

/** `case LOOKING`. totalOrderPredicate prints first of all it does; so does updateProposal, with the old values. */
function heardVote(
  which: 'K0' | 'K1' | 'K2' | 'K3' | 'K4' | 'exception',
  { before, outcome, n }: HeardVote,
): readonly Effect[] {
  const { prop, clk } = lifeOf(before);
  switch (which) {
    case 'K0':
      if (initialVote(before).zxid === -1n) return [debug({ what: 'ownZxidMissing' })];
      return [debug({ what: 'senderZxidMissing', from: n.from })];
    case 'K1':
      if (has(outcome, 'exception')) return [compared(n, initialVote(before)), ...thrown()];
      return [compared(n, initialVote(before)), updating(before, outcome.server), ...sent(outcome), adding(n)];
    case 'K2':
      return [debug({ what: 'staleRound', round: n.round, logicalclock: clk })];
    case 'K3':
      return [compared(n, prop), updating(before, outcome.server), ...sent(outcome), adding(n)];
    case 'K4':
      return [compared(n, prop), adding(n)];
    case 'exception':
      return [compared(n, prop), ...thrown()];
    default:
      return unreachable(which);
  }
}

/** lookForLeader, its loop without a notification. An exit by the oracle comes before the line of the time-out. */
function waited({ outcome, notTimeoutMs }: Taken): readonly Effect[] {
  const again: readonly Effect[] = has(outcome, 'resend') ? sent(outcome) : [{ type: 'connectAll' }];
  if (has(outcome, 'oracle')) return [...again, ...left(outcome.server)];
  return [...again, info({ what: 'timedOut', nextTimeoutMs: notTimeoutMs })];
}

/** FastLeaderElection.setPeerState, QuorumPeer.setPeerState, leaveInstance. */
function left(after: Server): readonly Effect[] {
  const { st, end } = lifeOf(after);
  assert(end !== null, 'who leaves an election has an end vote');
  const learning: readonly Effect[] =
    st === 'LEADING' ? [] : [debug({ what: 'learningState', myId: after.sid, observer: st === 'OBSERVING' })];
  return [
    ...learning,
    info({ what: 'stateChanged', state: st }),
    debug({ what: 'leavingElection', leader: end.leader, zxid: end.zxid, myId: after.sid, myState: st }),
  ];
}

/** QuorumPeer.run catches what lookForLeader throws: setPeerState(LOOKING), and around its loop. */
function thrown(): readonly Effect[] {
  return looking();
}

/** setPeerState(LOOKING) prints by way of setZabState; then `case LOOKING` of QuorumPeer.run. */
function looking(): readonly Effect[] {
  return [info({ what: 'stateChanged', state: 'LOOKING' }), info({ what: 'looking' })];
}

/** QuorumPeer.run: the first line of each role's branch. */
function entered(after: Server): readonly Effect[] {
  const { st } = lifeOf(after);
  assert(st !== 'LOOKING', 'who publishes has a role');
  return [info({ what: 'roleEntered', role: st })];
}

/** WorkerReceiver.run out of an election: the answer is printed when its vote is captured. */
function answering(after: Server): readonly Effect[] {
  const { worker } = lifeOf(after);
  if (worker.stage !== 'REPLY' || worker.captured.kind !== 'decided') return [];
  const { zxid, leader } = worker.captured.vote;
  const configVersion = after.membership.committed.version;
  return [debug({ what: 'answering', myId: after.sid, recipient: worker.to, zxid, leader, configVersion })];
}

/** sendNotifications: a line for each recipient, then that copy is offered. */
function sent({ server, sends }: LocalOutcome): readonly Effect[] {
  return sends.flatMap(({ to, message }): readonly Effect[] => {
    const { leader, zxid, round, epoch } = message;
    return [
      debug({ what: 'sending', leader, zxid, round, epoch, recipient: to, myId: server.sid }),
      { type: 'send', to, message },
    ];
  });
}

/** totalOrderPredicate. */
function compared(n: Proposal, current: Proposal): Effect {
  return debug({
    what: 'compared',
    leader: n.leader,
    proposedLeader: current.leader,
    zxid: n.zxid,
    proposedZxid: current.zxid,
  });
}

/** updateProposal. */
function updating(before: Server, after: Server): Effect {
  const [from, to] = [lifeOf(before).prop, lifeOf(after).prop];
  return debug({
    what: 'updatingProposal',
    newLeader: to.leader,
    newZxid: to.zxid,
    oldLeader: from.leader,
    oldZxid: from.zxid,
  });
}

function adding({ from, leader, zxid, round }: Notification): Effect {
  return debug({ what: 'addingVote', from, leader, zxid, round });
}

function has({ cases }: LocalOutcome, which: CaseName): boolean {
  return cases.includes(which);
}

function headOf(server: Server): Notification {
  const [n] = lifeOf(server).nq;
  assert(n !== undefined, 'the step takes a notification');
  return n;
}
