/** TestState: WorkerReceiver asks whether its server is LOOKING. */
import { assert } from '../../base/assert.js';
import { lifeOf, live } from '../server.js';
import { quiet, workerNotAt, type LocalRule, type Of } from './rule.js';

/**
 * LOOKING: the message will enter recvqueue. In a role: a LOOKING sender, oneself included, gets the published vote,
 * captured here, in the format 0 as it was decided, if that is kept; anyone else gets nothing.
 */
export const testState: LocalRule<Of<'TestState'>> = {
  name: 'TestState',
  whyNot: (server) => workerNotAt(server, 'TAKEN'),
  outcomes(server) {
    const { st, cur, old, worker } = lifeOf(server);
    assert(worker.stage === 'TAKEN', 'TestState needs a message');
    const { n } = worker;
    if (st === 'LOOKING') return quiet(live(server, { worker: { stage: 'TESTED', n } }), 'looking');
    if (n.state !== 'LOOKING') return quiet(live(server, { worker: { stage: 'IDLE' } }), 'silent');
    const captured = { kind: 'decided', vote: n.version > 0 ? cur : (old ?? cur) } as const;
    return quiet(live(server, { worker: { stage: 'REPLY', to: n.from, captured } }), 'answer');
  },
};
