/** Which of two proposals wins: the total order of Fast Leader Election. */
import type { EnsembleConfig } from '../types/ensemble.js';
import type { Proposal } from '../types/vote.js';
import { weight } from './quorums.js';

/** The triple that is compared, the most significant part first. */
const triple = (proposal: Proposal): readonly [bigint, bigint, bigint] => [
  proposal.epoch,
  proposal.zxid,
  proposal.leader,
];

/** Lexicographic comparison of (epoch, zxid, leader), all signed: negative, 0 or positive. */
export function compareProposals(a: Proposal, b: Proposal): number {
  const left = triple(a);
  const right = triple(b);
  const first = left.findIndex((part, i) => part !== right[i]);
  if (first < 0) return 0;
  return (left[first] ?? 0n) > (right[first] ?? 0n) ? 1 : -1;
}

/** Are all three parts equal? */
export function sameProposal(a: Proposal, b: Proposal): boolean {
  return a.leader === b.leader && a.zxid === b.zxid && a.epoch === b.epoch;
}

/**
 * Does `candidate` beat `current` (FastLeaderElection.totalOrderPredicate at 3.8.0; TLA+: TotalOrderPredicate)?
 * A candidate of weight 0 in the committed configuration never does. 'unknownWeight': Java throws instead, whatever
 * the triples are. Round, state and sender play no part.
 */
export function better(config: EnsembleConfig, candidate: Proposal, current: Proposal): boolean | 'unknownWeight' {
  const itsWeight = weight(config, candidate.leader);
  if (itsWeight === null) return 'unknownWeight';
  return itsWeight !== 0n && compareProposals(candidate, current) > 0;
}
