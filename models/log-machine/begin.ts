/** A round begins: what it begins with is told by lines that are still to come. */
import type { PeerEpoch } from '../../types/ids.js';
import type { Ahead } from '../../traces/machine.js';
import type { DiskKnowledge, KnownLife } from './state.js';

/**
 * A round begins with the zxid that its line will tell and the epoch that its first own copy will tell: the state
 * in which it does; null if no line tells of it.
 */
export function aboutToBegin(state: KnownLife, ahead: Ahead): KnownLife | null {
  const told = ahead.nextElectionZxid();
  const { process } = state.peer;
  if (told === null || process === null) return null;
  const { rules, config } = state;
  const { zxid } = state.disk;
  const lastZxid = zxid.known === 'exactly' ? zxid.value : told;
  const voter = config.learnerType === 'PARTICIPANT';
  const { epoch: currentEpoch, told: epochTold, exact } = epochOfRound(state, ahead);
  const durable = { lastZxid, currentEpoch, acceptedEpoch: currentEpoch };
  const epoch = exact ? ({ known: 'exactly', value: currentEpoch } as const) : state.disk.epoch;
  const disk: DiskKnowledge = voter ? { zxid: { known: 'exactly', value: lastZxid }, epoch } : state.disk;
  const published = state.neverPublished ? rules.startVote(config, durable) : process.currentVote;
  const peer = { durable, process: { ...process, currentVote: published } };
  const unsure = state.unsure || !epochTold;
  return { ...state, disk, peer, unsure };
}

interface EpochOfRound {
  readonly epoch: PeerEpoch;
  readonly told: boolean;
  /** False: a guess, or told lower than it can be. */
  readonly exact: boolean;
}

/**
 * The own copy that Begin sends stands behind those already on their way; nothing overtakes it. Without one (the
 * process ends before it) the epoch is a guess, and nothing that rests on it proves anything.
 */
function epochOfRound(state: KnownLife, ahead: Ahead): EpochOfRound {
  const { epoch } = state.disk;
  if (epoch.known === 'exactly') return { epoch: epoch.value, told: true, exact: true };
  const { currentEpoch } = state.peer.durable;
  if (state.config.learnerType === 'OBSERVER') return { epoch: currentEpoch, told: true, exact: true };
  const told = ahead.nextSending()?.epoch ?? ahead.ownNotification(state.loopback.length)?.epoch;
  const floor = epoch.known === 'notBelow' ? epoch.value : null;
  if (told === undefined) return { epoch: floor ?? currentEpoch, told: false, exact: false };
  if (floor !== null && told < floor) return { epoch: floor, told: true, exact: false };
  return { epoch: told, told: true, exact: true };
}
