/** FastLeaderElection.getVoteTracker and SyncedLearnerTracker.hasAllQuorums, 3.8.0. */
import type { Sid } from '../types/ids.js';
import type { Vote } from '../types/vote.js';
import type { PeerConfig } from './peer-config.js';
import { containsQuorum, type OracleView } from './quorum-verifier.js';
import { hasDefect, type ReleaseProfile } from './release-profile.js';
import { votesEqual } from './vote-equality.js';

/** The senders in `votes` whose vote agrees with `vote`. */
export function supporters(votes: ReadonlyMap<Sid, Vote>, vote: Vote, profile?: ReleaseProfile): readonly Sid[] {
  const sids: Sid[] = [];
  const strictly = profile !== undefined && hasDefect(profile, 'ZOOKEEPER-1732');
  for (const [sid, other] of votes) {
    const equal = profile?.votesKeepRound === false ? sameFields(vote, other) : votesEqual(vote, other);
    if (equal && (!strictly || sameZxidAndRound(vote, other))) sids.push(sid);
  }
  return sids;
}

/** Vote.equals, 3.5.0 to 3.5.4: states and versions do not matter. */
function sameFields(a: Vote, b: Vote): boolean {
  return a.leader === b.leader && a.epoch === b.epoch && sameZxidAndRound(a, b);
}

/** What Vote.equals asked of decided servers, too, before 3.4.6. */
function sameZxidAndRound(a: Vote, b: Vote): boolean {
  return a.zxid === b.zxid && a.round === b.round;
}

/**
 * Are the supporters a quorum of every verifier? Each verifier counts only its own voters, and has a needOracle of
 * its own: that of a proposed configuration is still as it was made.
 */
export function hasAllQuorums(config: PeerConfig, sids: readonly Sid[], oracle: OracleView): boolean {
  return config.verifiers.every((verifier, index) => {
    const acks = new Set(sids.filter((sid) => verifier.voters.has(sid)));
    return containsQuorum(verifier, acks, index === 0 ? oracle : { ...oracle, needOracle: true });
  });
}
