/** CountFollowers: a leader counts its forwarding followers (QuorumOracleMaj.updateNeedOracle). */
import { live } from '../server.js';
import { voters } from '../quorums.js';
import { serverOf, withServer } from '../world.js';
import { lifeAt, plainStep, type GlobalRule, type Of } from './rule.js';

/** The oracle is needed exactly if there is none and two servers vote. `none`: how many there are is not modelled. */
export const countFollowers: GlobalRule<Of<'CountFollowers'>> = {
  name: 'CountFollowers',
  whyNot(state, { leader }) {
    const found = lifeAt(state, leader);
    if (typeof found === 'string') return found;
    if (found.life.pc !== 'OUT' || found.life.st !== 'LEADING') return 'the server is not LEADING';
    return found.server.membership.committed.quorumSystem.kind === 'oracle' ? null : 'there is no oracle';
  },
  next(state, { leader, none }) {
    const server = serverOf(state, leader);
    const needOracle = none && voters(server.membership.committed).size === 2;
    return plainStep(withServer(state, live(server, { needOracle })));
  },
};
