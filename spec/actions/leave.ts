/** Leave: a role ends (QuorumPeer.updateServerState; TLA+: the first half of ZabTimeout). */
import { lifeOf, live } from '../server.js';
import { notAt, quiet, type LocalRule, type Of } from './rule.js';

/**
 * Always possible: any timeout or lost connection may be the cause. Vote, proposal, clock and queue stay as they
 * are, visible until the next Begin. After a reconfiguration that named a leader or changed the own type
 * [reconfigFlag] LOOKING is skipped: the next role follows from the vote.
 */
export const leave: LocalRule<Of<'Leave'>> = {
  name: 'Leave',
  whyNot: (server) => notAt(server, 'OUT'),
  outcomes(server) {
    const { reconfigFlag, cur } = lifeOf(server);
    if (!reconfigFlag) return quiet(live(server, { st: 'LOOKING', pc: 'ENTER', leadership: 'none' }), 'toLooking');
    const learning = server.learnerType === 'PARTICIPANT' ? 'FOLLOWING' : 'OBSERVING';
    const st = cur.leader === server.sid ? 'LEADING' : learning;
    return quiet(live(server, { st, reconfigFlag: false, leadership: 'none' }), 'skipLooking');
  },
};
