/** What a line does to a hypothesis: one rule for each kind of line. */
import { type ElectionLine, isElectionKind } from '../../types/election-line.js';
import type { Ahead, Outcome, Refusal } from '../../traces/machine.js';
import type { ObservedLine } from '../../traces/observation.js';
import { makePeerConfig } from '../../impl/peer-config.js';
import { afterAnswering, isDue } from './answering.js';
import { freshLife, resynchronize } from './beginnings.js';
import { printsStateChanges } from './prints.js';
import { refuseMain, refuseNotification, refuseOwed, refuseReceiver } from './refusals.js';
import { EMPTY, exits, looksAgain, printed, UNSEEN } from './unread.js';
import { isCopy, type KnownLife, type ServerHypothesis, settle, type UnknownLife } from './state.js';

type Result = Outcome<ServerHypothesis>;

const one = (next: ServerHypothesis): Result => ({ ok: true, next: [next] });
/** Most refusals are never read: they are put into words when they are. */
const refused = (words: () => Refusal): Result => ({
  ok: false,
  get refusal() {
    return words();
  },
});

/** Does an election itself print the line? The others only tell something. */
export function isElectionLine(line: ObservedLine): line is ElectionLine {
  return isElectionKind(line.what);
}

/** The line is printed now. */
export function observeLine(state: ServerHypothesis, line: ObservedLine, ahead: Ahead): Result {
  if (line.what === 'processStarted') return one(freshLife(state));
  if (state.life === 'unknown') return { ok: true, next: takeIn(state, line, ahead) };
  switch (line.what) {
    case 'notification':
      return observeNotification(state, line);
    case 'receiving':
      return observeReceiving(state, line);
    case 'answering':
      return observeAnswering(state, line);
    case 'looking':
    case 'roleEntered':
    case 'newElection':
    case 'timedOut':
    case 'ignoredLeader':
    case 'ignoredSender':
    case 'oracle':
      return observeMain(state, line);
    case 'stateChanged':
      return printsStateChanges(state.config.profile) ? observeMain(state, line) : one(state);
    case 'updatingProposal':
    case 'sending':
    case 'compared':
    case 'staleRound':
    case 'addingVote':
    case 'observerNotification':
    case 'ownZxidMissing':
    case 'senderZxidMissing':
    case 'learningState':
    case 'leavingElection':
      return state.debug ? observeMain(state, line) : one(state);
    default:
      return { ok: true, next: learn(state, line) };
  }
}

/** A line of the main loop must be the next that it owes; the sends of one broadcast come in any order. */
function observeMain(state: KnownLife, line: ElectionLine): Result {
  const [head] = state.owed;
  if (head === undefined || head.line === null) {
    return findsStale(state, line) ? one({ ...state, staleUnseen: false }) : refused(() => refuseMain(state, line));
  }
  const index = line.what === 'sending' ? indexAmongSends(state, line) : sameLine(head.line, line) ? 0 : -1;
  const owed = state.owed[index];
  if (owed === undefined) {
    const owes = head.line;
    return refused(() => refuseOwed(state, line, owes));
  }
  const loopback = owed.loopback === null ? state.loopback : [...state.loopback, owed.loopback];
  const sent = owed.sent === null ? state.sent : [...state.sent, owed.sent];
  const rest = state.owed.filter((_, position) => position !== index);
  const statesSeen =
    line.what === 'stateChanged' && !state.statesSeen.includes(line.state)
      ? [...state.statesSeen, line.state]
      : state.statesSeen;
  const proposalBefore = line.what === 'updatingProposal' ? null : state.proposalBefore;
  const next = settle({ ...state, owed: rest, loopback, sent, statesSeen, proposalBefore });
  return one(line.what === 'roleEntered' && !printsStateChanges(state.config.profile) ? maySynchronize(next) : next);
}

/** A message of an earlier election, printed before the log begins, is first in recvqueue. */
function findsStale({ staleUnseen, peer }: KnownLife, line: ElectionLine): boolean {
  const { process } = peer;
  if (!staleUnseen || line.what !== 'staleRound' || process?.main.at !== 'poll') return false;
  return line.logicalclock === process.logicalclock && line.round < line.logicalclock;
}

/** Before 3.6 no line tells what a server gets from its leader, or that its vote took the new epoch. */
function maySynchronize(state: KnownLife): KnownLife {
  const { epoch } = state.disk;
  const mayRise = epoch.known === 'exactly' ? ({ known: 'notBelow', value: epoch.value } as const) : epoch;
  return { ...state, disk: { zxid: { known: 'nothing' }, epoch: mayRise }, voteEpochMayRise: true };
}

/** Where the line stands among the sends that come next; -1: it is none of them. */
export function indexAmongSends(state: KnownLife, line: ElectionLine): number {
  for (const [index, { line: owed }] of state.owed.entries()) {
    if (owed?.what !== 'sending') return -1;
    if (sameLine(owed, line)) return index;
  }
  return -1;
}

/** Lines of the main loop hold no nested values. */
export function sameLine(a: ElectionLine, b: ElectionLine): boolean {
  if (a === b) return true;
  if (a.what !== b.what) return false;
  for (const name in a) if (a[name as keyof typeof a] !== b[name as keyof typeof b]) return false;
  return true;
}

function observeReceiving(state: KnownLife, line: ElectionLine): Result {
  if (!state.debug) return one(state);
  const unannounced = state.announced === 'none' || state.announced === 'unseen';
  const free = state.peer.process?.worker.stage === 'idle' && state.receiverOwed.length === 0 && unannounced;
  const announced = state.loopback.length > 0 ? 'any' : 'foreign';
  return free ? one({ ...state, announced }) : refused(() => refuseReceiver(state, line));
}

function observeAnswering(state: KnownLife, line: Extract<ElectionLine, { what: 'answering' }>): Result {
  if (!state.debug) return one(state);
  if (state.announced === 'unseen') return one({ ...state, announced: 'none' });
  return isDue(state, line) ? one(afterAnswering(state, line)) : refused(() => refuseReceiver(state, line));
}

function observeNotification(state: KnownLife, line: Extract<ElectionLine, { what: 'notification' }>): Result {
  const { myState, notification: n } = line;
  const ready =
    state.peer.process?.worker.stage === 'idle' &&
    state.receiverOwed.length === 0 &&
    (!state.debug || state.announced !== 'none') &&
    state.rules.isVoter(state.config, n.from) &&
    state.statesSeen.includes(myState);
  const own = n.from === state.config.sid;
  const [copy, ...others] = state.loopback;
  if (!ready || (own && (copy === undefined || state.announced === 'foreign' || !isCopy(n, copy))))
    return refused(() => refuseNotification(state, myState, n));
  const { peer } = state.rules.transition(state.config, state.peer, { type: 'Receive', notification: n });
  return one({ ...state, peer, announced: 'none', loopback: own ? others : state.loopback, statesSeen: [] });
}

/** A line around the election: it is never refused, it tells what may have changed. */
function learn(state: KnownLife, line: Exclude<ObservedLine, ElectionLine>): readonly ServerHypothesis[] {
  const next = learned(state, line);
  return changesMembers(line) && next.life === 'unknown' ? reconfigured(next) : [next];
}

function changesMembers({ what }: ObservedLine): boolean {
  return what === 'electionRestarted' || what === 'reconfigured';
}

/** Members or roles may have changed: any configuration that the log allows may be in force from here on. */
function reconfigured(state: UnknownLife): readonly UnknownLife[] {
  const { sid, profile, membership } = state.config;
  const others = state.later.filter((committed) => committed !== membership.committed);
  return [
    state,
    ...others.map((committed) => ({
      ...state,
      config: makePeerConfig({ sid, membership: { committed, lastSeen: null }, profile }),
    })),
  ];
}

function learned(state: KnownLife, line: Exclude<ObservedLine, ElectionLine>): ServerHypothesis {
  const { disk } = state;
  const epochMayRise =
    disk.epoch.known === 'exactly' ? ({ known: 'notBelow', value: disk.epoch.value } as const) : disk.epoch;
  switch (line.what) {
    case 'snapshotLoaded': {
      const outside = state.peer.process?.main.at !== 'role';
      return withZxid(state, outside ? { known: 'exactly', value: line.zxid } : { known: 'nothing' });
    }
    case 'epochDefault':
      if (line.which !== 'currentEpoch') return state;
      return { ...state, disk: { ...disk, epoch: { known: 'exactly', value: line.epoch } } };
    case 'phase':
      if (line.phase !== 'synchronization' && line.phase !== 'broadcast') return state;
      return { ...state, disk: { zxid: { known: 'nothing' }, epoch: epochMayRise } };
    case 'newLeaderReceived':
      return { ...state, disk: { zxid: { known: 'nothing' }, epoch: epochMayRise } };
    case 'upToDateReceived':
    case 'quorumOfSupporters':
      return { ...state, voteEpochMayRise: true };
    case 'electionRestarted':
      return lost(state, { sawLooking: true, clockIsZero: true });
    case 'messengerDown': {
      // A server that is taken down and up again inside one process: its election object is gone.
      const inRole = state.peer.process?.main.at === 'role';
      return inRole && line.which === 'receiver' ? lost(state, { sawLooking: false, clockIsZero: true }) : state;
    }
    case 'mainLoopException':
      // The thread has ended; whatever looks for a leader later is another QuorumPeer, with a clock of its own.
      if (line.text === 'QuorumPeer main thread exited') return lost(state, { sawLooking: false, clockIsZero: true });
      return state.peer.process?.main.at === 'role' ? state : lost(state, { sawLooking: false, clockIsZero: false });
    case 'reconfigured':
    case 'unreadable':
    case 'seam':
      return lost(state, { sawLooking: false, clockIsZero: false });
    default:
      return state;
  }
}

function withZxid(state: KnownLife, zxid: KnownLife['disk']['zxid']): KnownLife {
  return { ...state, disk: { ...state.disk, zxid } };
}

/** The thread is lost: judged again from the next New election whose round its own copy tells. */
function lost(state: KnownLife, from: Pick<UnknownLife, 'sawLooking' | 'clockIsZero'>): UnknownLife {
  const { rules, config, later, debug, followed, heardOf } = state;
  const disk = { zxid: { known: 'nothing' }, epoch: { known: 'nothing' } } as const;
  return { life: 'unknown', rules, config, later, debug, followed, heardOf, disk, ...UNSEEN, ...from };
}

/** So many unread notifications are kept in a stretch that is not judged; a longer one is known in part only. */
const HEARD_MAX = 500;

/** Lines of a stretch that is not judged: only what is needed to judge again is kept. */
function takeIn(state: UnknownLife, line: ObservedLine, ahead: Ahead): readonly ServerHypothesis[] {
  switch (line.what) {
    case 'newElection':
      return resynchronize(state, line, ahead);
    case 'notification':
      if (state.heard.length >= HEARD_MAX) return [{ ...state, sawLooking: false, ...UNSEEN }];
      return [printed(state, line.notification, line.myState)];
    case 'looking':
      // After `Peer state changed: looking` nothing is new. Without it this is the beginning of a process, whose election hears
      // from before this line on; only releases that print no such change may come from a role.
      return [
        state.sawLooking || printsStateChanges(state.config.profile)
          ? state
          : looksAgain({ ...state, sawLooking: true }, false),
      ];
    case 'roleEntered':
      return [printsStateChanges(state.config.profile) ? state : exits({ ...state, sawLooking: false }, line.role)];
    case 'stateChanged':
      return [
        line.state === 'LOOKING'
          ? looksAgain({ ...state, sawLooking: true }, true)
          : exits({ ...state, sawLooking: false }, line.state),
      ];
    case 'electionRestarted':
      return reconfigured({ ...state, ...EMPTY, sawLooking: true, clockIsZero: true });
    case 'reconfigured':
      return reconfigured(state);
    default:
      return [state];
  }
}
