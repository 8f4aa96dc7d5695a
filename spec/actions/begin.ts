/** Begin: lookForLeader up to its loop (TLA+: the second half of ZabTimeout). */
import { asRound } from '../../types/ids.js';
import { wrapInt64 } from '../../types/int64.js';
import { CALL_OVER, initialVote, lifeOf, live } from '../server.js';
import { sendAll } from './messages.js';
import { notAt, type LocalRule, type Of } from './rule.js';

/** The clock advances, the own vote becomes the proposal and goes to every voter. `nq` keeps what it holds. */
export const begin: LocalRule<Of<'Begin'>> = {
  name: 'Begin',
  whyNot: (server) => notAt(server, 'ENTER'),
  outcomes(server) {
    const clk = asRound(wrapInt64(lifeOf(server).clk + 1n));
    const forgotten = (lifeOf(server).old ?? null) === null ? {} : { old: null };
    const after = live(server, { ...CALL_OVER, ...forgotten, clk, prop: initialVote(server), pc: 'POLL' });
    return [{ server: after, sends: sendAll(after), cases: ['plain'] }];
  },
};
