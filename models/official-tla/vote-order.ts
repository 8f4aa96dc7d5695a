/**
 * Which of two votes is the greater one, and when two are equal.
 *
 * Source: zookeeper-specifications/system-spec/zk-3.7/FastLeaderElection.tla (IdTable, IdCompare, ZxidCompare, ZxidEqual,
 * TotalOrderPredicate, VoteEqual).
 */
import { assert } from '../../base/assert.js';
import { NULL_POINT, type ServerId, type Vote, type Zxid } from './local-state.js';

/**
 * IdCompare: is the first id the greater one? The module numbers servers downwards in the order in which they are chosen,
 * and TLC chooses the smallest first: server 1 has the greatest id.
 */
function isGreaterId(one: ServerId, other: ServerId): boolean {
  assert(one !== NULL_POINT && other !== NULL_POINT, 'only votes for servers are compared');
  return one < other;
}

/** ZxidCompare. */
export function isGreaterZxid(one: Zxid, other: Zxid): boolean {
  return one[0] > other[0] || (one[0] === other[0] && one[1] > other[1]);
}

/** ZxidEqual. */
function areEqualZxids(one: Zxid, other: Zxid): boolean {
  return one[0] === other[0] && one[1] === other[1];
}

/** TotalOrderPredicate: is the first vote the greater one? By epoch, then by zxid, then by id. */
export function isGreaterVote(one: Vote, other: Vote): boolean {
  if (one.proposedEpoch !== other.proposedEpoch) return one.proposedEpoch > other.proposedEpoch;
  if (!areEqualZxids(one.proposedZxid, other.proposedZxid)) return isGreaterZxid(one.proposedZxid, other.proposedZxid);
  return isGreaterId(one.proposedLeader, other.proposedLeader);
}

/** A vote and the round that it was cast in. */
export interface RoundVote {
  readonly vote: Vote;
  readonly round: number;
}

/** VoteEqual. */
export function areEqualVotes(one: RoundVote, other: RoundVote): boolean {
  return (
    one.round === other.round &&
    one.vote.proposedLeader === other.vote.proposedLeader &&
    one.vote.proposedEpoch === other.vote.proposedEpoch &&
    areEqualZxids(one.vote.proposedZxid, other.vote.proposedZxid)
  );
}
