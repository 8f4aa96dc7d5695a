/** ProposeConfig: a server in a role sees a proposed configuration (QuorumPeer.setLastSeenQuorumVerifier). */
import { assert } from '../../base/assert.js';
import { serverOf, withServer } from '../world.js';
import { lifeAt, plainStep, type GlobalRule, type Of } from './rule.js';

/** It is on disk from here on; a crash keeps it. Quorums are joint, its voters are valid. */
export const proposeConfig: GlobalRule<Of<'ProposeConfig'>> = {
  name: 'ProposeConfig',
  whyNot(state, { s, version }) {
    const found = lifeAt(state, s);
    if (typeof found === 'string') return found;
    if (found.life.pc !== 'OUT') return 'the server is in no role';
    if (!state.configs.has(version)) return 'there is no such configuration';
    const { committed, lastSeen } = found.server.membership;
    const newest = lastSeen !== null && lastSeen.version > committed.version ? lastSeen.version : committed.version;
    return version > newest ? null : 'the server knows a configuration of that version or a later one';
  },
  next(state, { s, version }) {
    const server = serverOf(state, s);
    const lastSeen = state.configs.get(version);
    assert(lastSeen !== undefined, 'a proposed configuration exists');
    return plainStep(withServer(state, { ...server, membership: { ...server.membership, lastSeen } }));
  },
};
