/** When two votes count as the same vote: Vote.equals at 3.8.0 (TLA+: VoteEqual, VoteSet, which know no versions). */
import type { Sid } from '../types/ids.js';
import type { Vote } from '../types/vote.js';
import type { Profile } from './profile.js';
import { ascending } from './quorums.js';

/**
 * Vote.equals. If one of the two is LOOKING all four fields must agree. Of two reports from a role the leader must
 * agree, and the epoch too unless exactly one of them comes from the old format (version 0): zxid and round of one
 * leadership may differ between reporters (ZOOKEEPER-1805), before ZOOKEEPER-1732 the epoch as well. The states
 * themselves are not compared. Symmetric, not transitive.
 */
export function agree(a: Vote, b: Vote): boolean {
  const sameLeader = a.leader === b.leader;
  const sameEpoch = a.epoch === b.epoch;
  if (a.state === 'LOOKING' || b.state === 'LOOKING') {
    return sameLeader && sameEpoch && a.zxid === b.zxid && a.round === b.round;
  }
  const mixedFormats = a.version > 0 !== b.version > 0;
  return sameLeader && (mixedFormats || sameEpoch);
}

/** Vote.equals of 3.5.0 to 3.5.4: states and versions play no part. */
function agreeInAll(a: Vote, b: Vote): boolean {
  return a.leader === b.leader && a.zxid === b.zxid && a.round === b.round && a.epoch === b.epoch;
}

/** { s : votes[s] agrees with `vote` }, ascending: what getVoteTracker acknowledges. */
export function agreeing(votes: ReadonlyMap<Sid, Vote>, vote: Vote, profile?: Profile): readonly Sid[] {
  const same = profile?.roundsOutside === false ? agreeInAll : agree;
  const result: Sid[] = [];
  for (const [sid, theirs] of votes) if (same(vote, theirs)) result.push(sid);
  return result.sort(ascending);
}
