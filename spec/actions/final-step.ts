/** FinalStep: a notification arrives in the finalize wait (TLA+: WaitNewNotmsg, the branch with a message). */
import { assert } from '../../base/assert.js';
import { better } from '../order.js';
import { lifeOf, live } from '../server.js';
import { thrown } from './exit.js';
import { notAt, quiet, type LocalRule, type Of } from './rule.js';

/**
 * A better vote goes back to the *tail* of the queue and the main wait goes on. Anything else is dropped, whatever
 * its state and round. No gate here: an unknown leader can do it, or in a hierarchy throw.
 */
export const finalStep: LocalRule<Of<'FinalStep'>> = {
  name: 'FinalStep',
  whyNot: (server) => notAt(server, 'FINAL') ?? (lifeOf(server).nq.length === 0 ? 'recvqueue is empty' : null),
  outcomes(server) {
    const { nq, prop } = lifeOf(server);
    const [n, ...rest] = nq;
    assert(n !== undefined, 'FinalStep needs a notification');
    const wins = better(server.membership.committed, n, prop);
    if (wins === 'unknownWeight') return quiet(thrown(live(server, { nq: rest })), 'exception');
    if (wins) return quiet(live(server, { nq: [...rest, n], pc: 'POLL' }), 'putBack');
    return quiet(live(server, { nq: rest }), 'drop');
  },
};
