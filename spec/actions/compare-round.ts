/** CompareRound: WorkerReceiver compares the sender's round with the clock. */
import { assert } from '../../base/assert.js';
import { lifeOf, live } from '../server.js';
import { quiet, workerNotAt, type LocalRule, type Of } from './rule.js';

/** A LOOKING sender of a lower round, oneself included, gets the proposal, captured here (getVote). */
export const compareRound: LocalRule<Of<'CompareRound'>> = {
  name: 'CompareRound',
  whyNot: (server) => workerNotAt(server, 'QUEUED'),
  outcomes(server) {
    const { clk, prop, worker } = lifeOf(server);
    assert(worker.stage === 'QUEUED', 'CompareRound needs a message');
    const { n } = worker;
    if (n.state !== 'LOOKING' || n.round >= clk) return quiet(live(server, { worker: { stage: 'IDLE' } }), 'silent');
    const captured = { kind: 'looking', proposal: prop } as const;
    return quiet(live(server, { worker: { stage: 'REPLY', to: n.from, captured } }), 'answer');
  },
};
