/**
 * Which sets of servers decide. Sets are written as in the definition of a quorum system, not as ZooKeeper's loops
 * (QuorumMaj, QuorumHierarchical, QuorumOracleMaj, SyncedLearnerTracker at 3.8.0; TLA+: Quorums, HasQuorums).
 */
import { unreachable } from '../base/assert.js';
import type { EnsembleConfig, Membership, QuorumSystem } from '../types/ensemble.js';
import type { Sid } from '../types/ids.js';

/** What QuorumOracleMaj knows besides the set: does it need the oracle, and does the oracle's file begin with '1'? */
export interface OracleView {
  /** [needOracle] */
  readonly needOracle: boolean;
  /** [askOracle] */
  readonly says: boolean;
}

type Hierarchical = Extract<QuorumSystem, { readonly kind: 'hierarchical' }>;

/** Numeric order of ids. */
export const ascending = (a: Sid, b: Sid): number => (a < b ? -1 : a > b ? 1 : 0);

// Remembered results of pure functions: a configuration never changes.
const votersMemo = new WeakMap<EnsembleConfig, ReadonlySet<Sid>>();
const unionMemo = new WeakMap<EnsembleConfig, WeakMap<EnsembleConfig, ReadonlySet<Sid>>>();

/** The voting members, ascending (QuorumVerifier.getVotingMembers). */
export function voters(config: EnsembleConfig): ReadonlySet<Sid> {
  const known = votersMemo.get(config);
  if (known !== undefined) return known;
  const participants = config.members.filter((member) => member.type === 'PARTICIPANT').map((member) => member.sid);
  const result = new Set(participants.sort(ascending));
  votersMemo.set(config, result);
  return result;
}

/** Voters of the committed or of the last seen configuration, ascending (getCurrentAndNextConfigVoters): a union. */
export function allVoters(membership: Membership): ReadonlySet<Sid> {
  const { committed, lastSeen } = membership;
  if (lastSeen === null) return voters(committed);
  let unions = unionMemo.get(committed);
  if (unions === undefined) unionMemo.set(committed, (unions = new WeakMap()));
  const known = unions.get(lastSeen);
  if (known !== undefined) return known;
  const result = new Set([...voters(committed), ...voters(lastSeen)].sort(ascending));
  unions.set(lastSeen, result);
  return result;
}

/** May `sid` vote, or be voted for, now or next (FastLeaderElection.validVoter)? Versions do not matter here. */
export function validVoter(membership: Membership, sid: Sid): boolean {
  return allVoters(membership).has(sid);
}

/**
 * The weight of a server's proposals: 1 but in a hierarchy. null: QuorumHierarchical.getWeight unboxes a null for an
 * id that neither votes nor has a `weight.` line, and throws.
 */
export function weight(config: EnsembleConfig, sid: Sid): bigint | null {
  const system = config.quorumSystem;
  if (system.kind !== 'hierarchical') return 1n;
  return system.weights.get(sid) ?? (voters(config).has(sid) ? 1n : null);
}

/**
 * Is A ∩ voters a quorum of this configuration (QuorumVerifier.containsQuorum of a SyncedLearnerTracker's ackset,
 * which holds voters only)?
 */
export function isQuorum(config: EnsembleConfig, sids: Iterable<Sid>, oracle: OracleView): boolean {
  const electorate = voters(config);
  const acks = new Set<Sid>();
  for (const sid of sids) if (electorate.has(sid)) acks.add(sid);
  const system = config.quorumSystem;
  switch (system.kind) {
    case 'majority':
      return isMajority(electorate, acks);
    case 'hierarchical':
      return isHierarchicalQuorum(config, system, acks);
    case 'oracle':
      return isMajority(electorate, acks) || (electorate.size <= 2 && oracle.needOracle && oracle.says);
    default:
      return unreachable(system);
  }
}

/** |A| > |W| / 2 (QuorumMaj.containsQuorum). */
function isMajority(electorate: ReadonlySet<Sid>, acks: ReadonlySet<Sid>): boolean {
  return 2 * acks.size > electorate.size;
}

/**
 * A is not empty, and in more than half of the groups of non-zero weight it has more than half of the group's weight
 * (QuorumHierarchical.containsQuorum). A group's weight counts everyone in its `group.` line. Division as in Java.
 */
function isHierarchicalQuorum(config: EnsembleConfig, system: Hierarchical, acks: ReadonlySet<Sid>): boolean {
  if (acks.size === 0) return false;
  const members = [...system.groups];
  const weightOf = (group: bigint, counts: (sid: Sid) => boolean): bigint =>
    members
      .filter(([sid, of]) => of === group && counts(sid))
      .reduce((sum, [sid]) => sum + (weight(config, sid) ?? 0n), 0n);
  const everyone = (): boolean => true;
  const groups = [...new Set(system.groups.values())];
  const weighty = groups.filter((group) => weightOf(group, everyone) !== 0n);
  const won = groups.filter(
    (group) =>
      members.some(([sid, of]) => of === group && acks.has(sid)) &&
      weightOf(group, (sid) => acks.has(sid)) > weightOf(group, everyone) / 2n,
  );
  return won.length > Math.trunc(weighty.length / 2);
}

/**
 * Is A a quorum of the committed configuration and, if a newer one has been proposed, of that one too
 * (SyncedLearnerTracker.hasAllQuorums over the pairs that getVoteTracker adds)? The flag needOracle belongs to the
 * committed verifier object; that of a proposed one is still as it was made: true.
 */
export function isJointQuorum(membership: Membership, sids: Iterable<Sid>, oracle: OracleView): boolean {
  const { committed, lastSeen } = membership;
  if (lastSeen === null || lastSeen.version <= committed.version) return isQuorum(committed, sids, oracle);
  const acks = [...sids];
  return isQuorum(committed, acks, oracle) && isQuorum(lastSeen, acks, { needOracle: true, says: oracle.says });
}
