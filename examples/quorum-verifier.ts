/** QuorumVerifier, SyncedLearnerTracker and Vote.equals of ZooKeeper 3.8.0, for the examples of a peer. */
import type { EnsembleConfig, Sid, Vote } from 'zabcheck';

/** Where Java throws: `serverWeight.get(id)` is null and is unboxed. */
export class NullPointerException extends Error {}

/** QuorumMaj, QuorumHierarchical or QuorumOracleMaj; an object of its own for each configuration set. */
export class QuorumVerifier {
  needOracle = true;
  readonly config: EnsembleConfig;
  readonly votingMembers: ReadonlySet<Sid>;

  constructor(config: EnsembleConfig) {
    this.config = config;
    this.votingMembers = new Set(config.members.filter(({ type }) => type === 'PARTICIPANT').map(({ sid }) => sid));
  }

  hasOracle(): boolean {
    return this.config.quorumSystem.kind === 'oracle';
  }

  getWeight(id: Sid): bigint {
    const system = this.config.quorumSystem;
    if (system.kind !== 'hierarchical') return 1n;
    const weight = system.weights.get(id) ?? (this.votingMembers.has(id) ? 1n : undefined);
    if (weight === undefined) throw new NullPointerException(`server ${id} has no weight`);
    return weight;
  }

  containsQuorum(acks: ReadonlySet<Sid>, oracleSays: boolean): boolean {
    const system = this.config.quorumSystem;
    if (system.kind === 'hierarchical') return this.hasMajorityOfGroups(acks, system.groups);
    if (acks.size > Math.floor(this.votingMembers.size / 2)) return true;
    return system.kind === 'oracle' && this.votingMembers.size <= 2 && this.needOracle && oracleSays;
  }

  private hasMajorityOfGroups(acks: ReadonlySet<Sid>, groupOf: ReadonlyMap<Sid, bigint>): boolean {
    const total = new Map<bigint, bigint>();
    const acked = new Map<bigint, bigint>();
    for (const [sid, group] of groupOf) {
      total.set(group, (total.get(group) ?? 0n) + this.getWeight(sid));
      if (acks.has(sid)) acked.set(group, (acked.get(group) ?? 0n) + this.getWeight(sid));
    }
    const groups = [...total.values()].filter((weight) => weight !== 0n).length;
    const won = [...acked].filter(([group, weight]) => weight > (total.get(group) ?? 0n) / 2n).length;
    return won > Math.floor(groups / 2);
  }
}

export type SyncedLearnerTracker = { readonly qv: QuorumVerifier; readonly ackset: Set<Sid> }[];

/** Every verifier has a quorum of its own voters. */
export function hasAllQuorums(tracker: SyncedLearnerTracker, oracleSays: boolean): boolean {
  return tracker.every(({ qv, ackset }) => qv.containsQuorum(ackset, oracleSays));
}

/** Vote.equals. */
export function sameVote(a: Vote, b: Vote): boolean {
  if (a.leader !== b.leader) return false;
  if (a.state === 'LOOKING' || b.state === 'LOOKING') {
    return a.zxid === b.zxid && a.round === b.round && a.epoch === b.epoch;
  }
  return a.version > 0 !== b.version > 0 || a.epoch === b.epoch;
}
