/** A round begins: what it begins with is told by lines that are still to come. */
import type { PeerEpoch, Zxid } from '../../types/ids.js';
import type { Notification, Vote } from '../../types/vote.js';
import type { Ahead } from '../../traces/machine.js';
import type { DiskKnowledge, KnownLife } from './state.js';

/**
 * A round begins with the zxid that its line will tell and the epoch that its first own copy will tell: the states
 * in which it does; none if no line tells of it.
 */
export function aboutToBegin(state: KnownLife, ahead: Ahead): readonly KnownLife[] {
  const told = ahead.nextElectionZxid();
  const { process } = state.peer;
  if (told === null || process === null) return [];
  const { rules, config } = state;
  const { zxid } = state.disk;
  const lastZxid = zxid.known === 'exactly' ? zxid.value : told;
  const voter = config.learnerType === 'PARTICIPANT';
  return epochsOfRound(state, lastZxid, ahead).flatMap(({ epoch: currentEpoch, told: epochTold, exact }) => {
    const durable = { lastZxid, currentEpoch, acceptedEpoch: currentEpoch };
    const epoch = exact ? ({ known: 'exactly', value: currentEpoch } as const) : state.disk.epoch;
    const disk: DiskKnowledge = voter ? { zxid: { known: 'exactly', value: lastZxid }, epoch } : state.disk;
    // What an observer proposes tells nothing of its disk.
    const first = voter ? [rules.startVote(config, durable)] : startVotes(state);
    return (state.neverPublished ? first : [process.currentVote]).map((currentVote) => {
      const peer = { durable, process: { ...process, currentVote } };
      return { ...state, disk, peer, unsure: state.unsure || !epochTold };
    });
  });
}

interface EpochOfRound {
  readonly epoch: PeerEpoch;
  readonly told: boolean;
  /** False: a guess, or told lower than it can be. */
  readonly exact: boolean;
}

/**
 * The own copy that Begin sends stands behind those already on their way; nothing overtakes it. Without one (the
 * process ends before it) the epoch is a guess, perhaps one that others heard, and nothing that rests on it proves anything.
 */
function epochsOfRound(state: KnownLife, zxid: Zxid, ahead: Ahead): readonly EpochOfRound[] {
  const { epoch } = state.disk;
  if (epoch.known === 'exactly') return [{ epoch: epoch.value, told: true, exact: true }];
  const { currentEpoch } = state.peer.durable;
  if (state.config.learnerType === 'OBSERVER') return [{ epoch: currentEpoch, told: true, exact: true }];
  const told = ahead.nextSending()?.epoch ?? ahead.ownNotification(state.loopback.length)?.epoch;
  const floor = epoch.known === 'notBelow' ? epoch.value : null;
  if (told === undefined) {
    const heard = votesForItself(state).filter((vote) => vote.zxid === zxid && vote.epoch >= (floor ?? 0n));
    const epochs = new Set([floor ?? currentEpoch, ...heard.map((vote) => vote.epoch)]);
    return [...epochs].map((guess) => ({ epoch: guess, told: false, exact: false }));
  }
  if (floor !== null && told < floor) return [{ epoch: floor, told: true, exact: false }];
  return [{ epoch: told, told: true, exact: true }];
}

/** An observer never proposes itself: only its vote before the first election names it, whatever its state by then. */
const votesForItself = ({ heardOf, config }: KnownLife): readonly Notification[] =>
  heardOf.filter(
    ({ leader, state }) => leader === config.sid && (state === 'LOOKING' || config.learnerType === 'OBSERVER'),
  );

/** The vote of a process before its first round rests on its disk: what the log does not tell of that, others may have heard. */
export function startVotes(state: KnownLife): readonly Vote[] {
  const { rules, config, disk, peer } = state;
  const { zxid, epoch } = disk;
  const lastZxid = zxid.known === 'exactly' ? zxid.value : peer.durable.lastZxid;
  const currentEpoch = epoch.known === 'nothing' ? peer.durable.currentEpoch : epoch.value;
  const guess = rules.startVote(config, { lastZxid, currentEpoch, acceptedEpoch: currentEpoch });
  if (zxid.known === 'exactly' && epoch.known === 'exactly') return [guess];
  const heard = votesForItself(state).filter(
    (vote) =>
      (zxid.known !== 'exactly' || vote.zxid === lastZxid) &&
      (epoch.known === 'nothing' ||
        (epoch.known === 'exactly' ? vote.epoch === epoch.value : vote.epoch >= epoch.value)),
  );
  return [guess, ...heard.map((vote) => ({ ...guess, zxid: vote.zxid, epoch: vote.epoch }))];
}
