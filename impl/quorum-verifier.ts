/** QuorumMaj, QuorumHierarchical and QuorumOracleMaj, 3.8.0. */
import type { EnsembleConfig, QuorumSystem } from '../types/ensemble.js';
import type { Sid } from '../types/ids.js';
import type { Verifier } from './peer-config.js';

/** What an oracle verifier asks the world: the answer in its file, and whether it needs one. */
export interface OracleView {
  readonly needOracle: boolean;
  readonly says: boolean;
}

/** getWeight: 1 for every id, known or not, unless hierarchical; there 1 for a voter without a `weight.` line, and null where QuorumHierarchical throws. */
export function weightOf(config: EnsembleConfig, sid: Sid): bigint | null {
  if (config.quorumSystem.kind !== 'hierarchical') return 1n;
  const weight = config.quorumSystem.weights.get(sid);
  if (weight !== undefined) return weight;
  return config.members.some((member) => member.sid === sid && member.type === 'PARTICIPANT') ? 1n : null;
}

/** containsQuorum. Precondition: `acks` holds voters of the verifier only (SyncedLearnerTracker.addAck). */
export function containsQuorum(verifier: Verifier, acks: ReadonlySet<Sid>, oracle: OracleView): boolean {
  const system = verifier.config.quorumSystem;
  const majority = acks.size > Math.floor(verifier.voters.size / 2);
  switch (system.kind) {
    case 'majority':
      return majority;
    case 'hierarchical':
      return containsHierarchicalQuorum(verifier.config, system, acks);
    case 'oracle':
      return majority || (verifier.voters.size <= 2 && oracle.needOracle && oracle.says);
  }
}

function containsHierarchicalQuorum(
  config: EnsembleConfig,
  { groups }: Extract<QuorumSystem, { kind: 'hierarchical' }>,
  acks: ReadonlySet<Sid>,
): boolean {
  if (acks.size === 0) return false;
  const total = weightByGroup(config, groups, groups.keys());
  const acked = weightByGroup(config, groups, acks);
  const groupCount = [...total.values()].filter((weight) => weight !== 0n).length;
  let won = 0;
  for (const [group, weight] of acked) {
    if (weight > (total.get(group) ?? 0n) / 2n) won += 1;
  }
  return won > Math.floor(groupCount / 2);
}

function weightByGroup(
  config: EnsembleConfig,
  groups: ReadonlyMap<Sid, bigint>,
  sids: Iterable<Sid>,
): ReadonlyMap<bigint, bigint> {
  const sums = new Map<bigint, bigint>();
  for (const sid of sids) {
    const group = groups.get(sid);
    if (group !== undefined) sums.set(group, (sums.get(group) ?? 0n) + (weightOf(config, sid) ?? 0n));
  }
  return sums;
}
