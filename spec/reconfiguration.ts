/** A server adopts a configuration (QuorumPeer.setQuorumVerifier, processReconfig, updateLearnerType at 3.8.0). */
import type { EnsembleConfig, Member } from '../types/ensemble.js';
import type { Sid } from '../types/ids.js';
import { voters } from './quorums.js';
import { learnerTypeIn, lifeOf, live } from './server.js';
import type { Server } from './state.js';

/** Is there anything to do but to take over a version (the equals of QuorumMaj and QuorumHierarchical)? */
export function sameConfig(a: EnsembleConfig, b: EnsembleConfig): boolean {
  if (a === b || (a.version === b.version && a.quorumSystem.kind === b.quorumSystem.kind)) return true;
  return (
    a.members.length === b.members.length &&
    a.members.every((member, i) => sameMember(member, b.members[i])) &&
    sameSystem(a, b)
  );
}

/** QuorumServer.equals: id, role and every address. */
function sameMember(a: Member, b: Member | undefined): boolean {
  if (b === undefined || a.sid !== b.sid || a.type !== b.type || a.addresses.length !== b.addresses.length)
    return false;
  const clients = a.clientAddress?.host === b.clientAddress?.host && a.clientAddress?.port === b.clientAddress?.port;
  const listed = (address: Member['addresses'][number]): boolean =>
    b.addresses.some(
      (other) =>
        other.host === address.host &&
        other.quorumPort === address.quorumPort &&
        other.electionPort === address.electionPort,
    );
  return clients && a.addresses.every(listed);
}

function sameSystem(a: EnsembleConfig, b: EnsembleConfig): boolean {
  const left = a.quorumSystem;
  const right = b.quorumSystem;
  if (left.kind !== 'hierarchical' || right.kind !== 'hierarchical') return left.kind === right.kind;
  return sameEntries(left.groups, right.groups) && sameEntries(weights(a, left.weights), weights(b, right.weights));
}

/** serverWeight: every voter has one, written or not. */
function weights(config: EnsembleConfig, written: ReadonlyMap<Sid, bigint>): ReadonlyMap<Sid, bigint> {
  return new Map([...[...voters(config)].map((sid) => [sid, 1n] as const), ...written]);
}

function sameEntries(a: ReadonlyMap<Sid, bigint>, b: ReadonlyMap<Sid, bigint>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

/**
 * The server with `config` committed, a newer proposal kept. The verifier object is new, so needOracle is true again.
 * The learner type follows, unless only the version changed; in any state, LOOKING too.
 */
export function adopt(server: Server, config: EnsembleConfig): Server {
  const { committed, lastSeen } = server.membership;
  const pending = lastSeen !== null && lastSeen.version > config.version ? lastSeen : null;
  const learnerType = sameConfig(committed, config) ? server.learnerType : learnerTypeIn(config, server.sid);
  return live({ ...server, learnerType, membership: { committed: config, lastSeen: pending } }, { needOracle: true });
}

/** Must role or leader change (the two parts of processReconfig's result)? */
export function roleChanges(before: Server, after: Server, designated: Sid): boolean {
  return before.learnerType !== after.learnerType || lifeOf(before).cur.leader !== designated;
}
