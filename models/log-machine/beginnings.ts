/** Where hypotheses come from: a process that starts, and a New election in a log that began before it. */
import { asPeerEpoch, asRound, asZxid, type PeerEpoch, type Round } from '../../types/ids.js';
import type { ElectionLine } from '../../types/election-line.js';
import type { Notification } from '../../types/vote.js';
import type { Ahead } from '../../traces/machine.js';
import { peerAtRest } from '../../impl/peer.js';
import { type KnownLife, owedBy, type OwnCopy, type ServerHypothesis, settle, type UnknownLife } from './state.js';
import { type Waiting, waiting, withState } from './unread.js';

/** A new process: clock 0, queues empty. What was told of the epoch file stays true; the zxid may be lower. */
export function freshLife(state: ServerHypothesis): KnownLife {
  const { rules, config, later, debug, followed, heardOf } = state;
  const disk = { zxid: { known: 'nothing' }, epoch: state.disk.epoch } as const;
  const currentEpoch = disk.epoch.known === 'nothing' ? asPeerEpoch(0n) : disk.epoch.value;
  const rest = peerAtRest({ lastZxid: asZxid(0n), currentEpoch, acceptedEpoch: currentEpoch });
  const { peer, effects } = rules.transition(config, rest, { type: 'Restart' });
  return {
    life: 'known',
    rules,
    config,
    later,
    debug,
    followed,
    heardOf,
    disk,
    peer,
    owed: owedBy(effects, state),
    receiverOwed: [],
    announced: 'none',
    loopback: [],
    statesSeen: ['LOOKING'],
    voteEpochMayRise: false,
    neverPublished: true,
    capturedUnseen: false,
    voteUnseen: false,
    staleUnseen: false,
    capturedEpochMayRise: false,
    unsure: false,
    proposalBefore: null,
    sent: [],
  };
}

interface Candidate {
  readonly round: Round;
  readonly epoch: PeerEpoch;
  /** Own copies of earlier rounds that are still on their way. */
  readonly earlier: readonly OwnCopy[];
}

/** The round and epoch of a New election are told by the first own copy (or DEBUG send) that it leads to. */
export function resynchronize(
  state: UnknownLife,
  line: Extract<ElectionLine, { what: 'newElection' }>,
  ahead: Ahead,
): readonly ServerHypothesis[] {
  const candidates = candidatesFor(state, line, ahead);
  if (candidates.length === 0) return [state];
  return candidates.flatMap((candidate) =>
    waiting(state).map((unread) => begun(state, line, { ...candidate, ...unread })),
  );
}

function candidatesFor(
  state: UnknownLife,
  line: Extract<ElectionLine, { what: 'newElection' }>,
  ahead: Ahead,
): readonly Candidate[] {
  const sending = state.debug ? ahead.nextSending() : null;
  const own: Notification[] = [];
  const candidates: Candidate[] = [];
  for (let index = 0; candidates.length < CANDIDATES_MAX; index += 1) {
    const n = ahead.ownNotification(index);
    if (n === null) break;
    own.push(n);
    const first = n.state === 'LOOKING' && n.leader === line.myId && n.zxid === line.zxid;
    const fits = sending === null || (sending.round === n.round && sending.epoch === n.epoch);
    const zeroFits = !state.clockIsZero || n.round === 1n;
    if (!first || !fits || !zeroFits) continue;
    if (candidates.some(({ round, epoch }) => round === n.round && epoch === n.epoch)) continue;
    candidates.push({ round: n.round, epoch: n.epoch, earlier: own.slice(0, -1).map(asCopy) });
  }
  return candidates;
}

function asCopy(notification: Notification): OwnCopy {
  return { notification, epochMayBeHigher: false };
}

/** The first own copy decides as a rule; a few more cover copies of earlier rounds still on their way. */
const CANDIDATES_MAX = 4;

function begun(
  state: UnknownLife,
  line: Extract<ElectionLine, { what: 'newElection' }>,
  { round, epoch, earlier, recvqueue, inHand }: Candidate & Waiting,
): KnownLife {
  const { rules, config, later, debug, followed, heardOf } = state;
  const durable = { lastZxid: line.zxid, currentEpoch: epoch, acceptedEpoch: epoch };
  const up = rules.transition(config, peerAtRest(durable), { type: 'Restart' }).peer;
  const process = up.process === null ? null : { ...up.process, logicalclock: asRound(round - 1n), recvqueue };
  const { peer: before, effects } = rules.transition(config, { durable, process }, { type: 'Begin' });
  const peer =
    inHand === null ? before : rules.transition(config, before, { type: 'Receive', notification: inHand }).peer;
  const owed = owedBy(effects, state);
  const printed = owed.findIndex((entry) => entry.line?.what === 'newElection');
  return settle({
    life: 'known',
    rules,
    config,
    later,
    debug,
    followed,
    heardOf,
    disk: { zxid: { known: 'exactly', value: line.zxid }, epoch: { known: 'exactly', value: epoch } },
    peer,
    owed: owed.slice(printed + 1),
    receiverOwed: [],
    announced: debug ? 'unseen' : 'none',
    loopback: earlier,
    statesSeen: inHand !== null ? [] : withState(state, 'LOOKING'),
    voteEpochMayRise: false,
    neverPublished: false,
    capturedUnseen: false,
    voteUnseen: true,
    staleUnseen: state.carriedUnseen && debug,
    capturedEpochMayRise: false,
    unsure: !state.sawLooking || state.lateUnseen,
    proposalBefore: null,
    sent: [],
  });
}
