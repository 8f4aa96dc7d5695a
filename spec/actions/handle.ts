/** Handle: the main wait of lookForLeader gets a notification (TLA+: HandleNotmsg). */
import { assert, unreachable } from '../../base/assert.js';
import type { LocalOutcome } from '../action.js';
import { profileOf } from '../profile.js';
import { validVoter } from '../quorums.js';
import { lifeOf, live } from '../server.js';
import { handleDecided } from './handle-decided.js';
import { handleLooking } from './handle-looking.js';
import { notAt, quiet, type LocalRule, type Of } from './rule.js';

/**
 * The head of `nq` is taken. The gate: sender and proposed leader must both be voters, now or next. An observer's
 * notification changes nothing.
 */
export const handle: LocalRule<Of<'Handle'>> = {
  name: 'Handle',
  whyNot: (server) => notAt(server, 'POLL') ?? (lifeOf(server).nq.length === 0 ? 'recvqueue is empty' : null),
  outcomes(server, _action, world): readonly LocalOutcome[] {
    const [n, ...rest] = lifeOf(server).nq;
    assert(n !== undefined, 'Handle needs a notification');
    const taken = live(server, { nq: rest });
    const leaderPasses = !profileOf(server).gateForLeader || validVoter(server.membership, n.leader);
    if (!validVoter(server.membership, n.from) || !leaderPasses) return quiet(taken, 'gate');
    switch (n.state) {
      case 'LOOKING':
        return [handleLooking(taken, n, world)];
      case 'FOLLOWING':
      case 'LEADING':
        return [handleDecided(taken, n, world)];
      case 'OBSERVING':
        return quiet(taken, 'observing');
      default:
        return unreachable(n.state);
    }
  },
};
