/** A message reaches WorkerReceiver: the part of Receive that concerns the server alone. */
import type { Notification } from '../../types/vote.js';
import type { LocalOutcome } from '../action.js';
import { validVoter } from '../quorums.js';
import { lifeOf, live } from '../server.js';
import type { Server } from '../state.js';

/**
 * WorkerReceiver.run up to its sender test. A sender that is no voter is answered with the published vote, whatever
 * it sent and whatever this server does; its message goes no further.
 */
export function take(server: Server, n: Notification): LocalOutcome {
  const { cur } = lifeOf(server);
  const after = validVoter(server.membership, n.from)
    ? live(server, { worker: { stage: 'TAKEN', n } })
    : live(server, { worker: { stage: 'REPLY', to: n.from, captured: { kind: 'nonVoter', vote: cur } } });
  return { server: after, sends: [], cases: ['plain'] };
}
