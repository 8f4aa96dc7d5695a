/** CommitConfig: a server in a role commits the configuration proposed last (QuorumPeer.processReconfig). */
import { assert } from '../../base/assert.js';
import { asPeerEpoch, asRound, type Sid } from '../../types/ids.js';
import type { Vote } from '../../types/vote.js';
import { voters } from '../quorums.js';
import { adopt, roleChanges, sameConfig } from '../reconfiguration.js';
import { lifeOf, live, restartElection } from '../server.js';
import type { Server } from '../state.js';
import { serverOf, withNewManager, withServer } from '../world.js';
import { lifeAt, plainStep, type GlobalRule, type Of } from './rule.js';

/**
 * Election object and connection manager are replaced (restartLeaderElection), the learner type follows; a leader
 * other than the present one becomes the vote. If role or leader change, the role's end will skip LOOKING. Where only
 * the version changes nothing of that happens.
 */
export const commitConfig: GlobalRule<Of<'CommitConfig'>> = {
  name: 'CommitConfig',
  whyNot(state, { s, designated }) {
    const found = lifeAt(state, s);
    if (typeof found === 'string') return found;
    if (found.life.pc !== 'OUT') return 'the server is in no role';
    const { committed, lastSeen } = found.server.membership;
    if (lastSeen === null || lastSeen.version <= committed.version) return 'no newer configuration was proposed';
    return voters(lastSeen).has(designated) ? null : 'the designated leader is no voter of the new configuration';
  },
  next(state, { s, designated }) {
    const server = serverOf(state, s);
    const { committed, lastSeen } = server.membership;
    assert(lastSeen !== null, 'a configuration was proposed');
    const adopted = adopt(server, lastSeen);
    if (sameConfig(committed, lastSeen)) return plainStep(withServer(state, adopted));
    const reconfigFlag = lifeOf(server).reconfigFlag || roleChanges(server, adopted, designated);
    const after = live(restartElection(adopted), { reconfigFlag, cur: voteFor(adopted, designated) });
    return plainStep(withServer(withNewManager(state, s), after));
  },
};

/** updateVote: a new leader's vote has neither round nor epoch (Vote's constructor of two longs). */
function voteFor(server: Server, designated: Sid): Vote {
  const { cur } = lifeOf(server);
  if (cur.leader === designated) return cur;
  const none = { round: asRound(-1n), epoch: asPeerEpoch(-1n) };
  return { leader: designated, zxid: server.zx, ...none, state: 'LOOKING', version: 0 };
}
