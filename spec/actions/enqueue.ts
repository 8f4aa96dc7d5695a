/** Enqueue: WorkerReceiver puts the message into recvqueue. */
import { assert } from '../../base/assert.js';
import { lifeOf, live } from '../server.js';
import { quiet, workerNotAt, type LocalRule, type Of } from './rule.js';

/** The state is not asked again: if the election has ended meanwhile the message waits for the next one (TR-F). */
export const enqueue: LocalRule<Of<'Enqueue'>> = {
  name: 'Enqueue',
  whyNot: (server) => workerNotAt(server, 'TESTED'),
  outcomes(server) {
    const { st, nq, worker } = lifeOf(server);
    assert(worker.stage === 'TESTED', 'Enqueue needs a message');
    const after = live(server, { nq: [...nq, worker.n], worker: { stage: 'QUEUED', n: worker.n } });
    return quiet(after, st === 'LOOKING' ? 'plain' : 'TR-F');
  },
};
