/** FastLeaderElection.totalOrderPredicate, 3.8.0. */
import type { Proposal } from '../types/vote.js';
import type { PeerConfig } from './peer-config.js';
import { weightOf } from './quorum-verifier.js';
import { hasDefect } from './release-profile.js';

/**
 * Does `candidate` succeed `current`? Signed comparison of epoch, then zxid, then leader; a candidate leader
 * of weight 0 never does. `unknownWeight`: hierarchical weights do not know the leader; Java throws there.
 * Round, state and sender play no part.
 */
export function totalOrderPredicate(
  config: PeerConfig,
  candidate: Proposal,
  current: Proposal,
): boolean | 'unknownWeight' {
  const weight = weightOf(config.membership.committed, candidate.leader);
  if (weight === null) return 'unknownWeight';
  if (weight === 0n) return false;
  if (hasDefect(config.profile, 'ZOOKEEPER-1419') && tieIgnoresEpoch(candidate, current)) return true;
  if (candidate.epoch !== current.epoch) return candidate.epoch > current.epoch;
  if (candidate.zxid !== current.zxid) return candidate.zxid > current.zxid;
  return candidate.leader > current.leader;
}

/** As it was before 3.4.4 and 3.5.0: `(newZxid == curZxid) && (newId > curId)` stood outside the comparison of epochs. */
function tieIgnoresEpoch(candidate: Proposal, current: Proposal): boolean {
  return candidate.zxid === current.zxid && candidate.leader > current.leader;
}
