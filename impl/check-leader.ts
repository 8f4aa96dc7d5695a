/** FastLeaderElection.checkLeader, 3.8.0. */
import type { Round, Sid } from '../types/ids.js';
import type { Vote } from '../types/vote.js';
import type { ReleaseProfile } from './release-profile.js';

export interface LeaderCheck {
  readonly me: Sid;
  readonly logicalclock: Round;
  readonly leader: Sid;
  readonly round: Round;
  readonly profile?: ReleaseProfile;
}

/**
 * May the leader that a quorum names be joined? Another server must have told us that it is LEADING (it need
 * not have named itself, ZOOKEEPER-159); for this server itself the round must be its own (ZOOKEEPER-1514).
 */
export function checkLeader(votes: ReadonlyMap<Sid, Vote>, check: LeaderCheck): boolean {
  const defects = check.profile?.defects ?? [];
  if (check.leader === check.me && defects.includes('ZOOKEEPER-1514')) return true;
  if (check.leader !== check.me && defects.includes('ZOOKEEPER-159')) return true;
  if (check.leader === check.me) return check.logicalclock === check.round;
  return votes.get(check.leader)?.state === 'LEADING';
}
