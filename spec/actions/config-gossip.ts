/** ConfigGossip: a LOOKING server adopts a newer configuration from a message (WorkerReceiver.run). */
import { assert } from '../../base/assert.js';
import { adopt, sameConfig } from '../reconfiguration.js';
import { restartElection } from '../server.js';
import { channelOf, serverOf, withNewManager, withServer } from '../world.js';
import { received } from './messages.js';
import { gossiped, nothingToReceive, takeHead } from './receive.js';
import { plainStep, type GlobalRule, type Of } from './rule.js';
import { take } from './take.js';

/**
 * Even a stranger's message does it. If more than the version changes, election object and connection manager are
 * replaced and the message goes no further; otherwise it is processed like any other. reconfigFlag stays clear:
 * nobody named a leader. Presumes that reconfiguration is enabled.
 */
export const configGossip: GlobalRule<Of<'ConfigGossip'>> = {
  name: 'ConfigGossip',
  whyNot(state, { from, s }) {
    const nothing = nothingToReceive(state, from, s);
    if (nothing !== null) return nothing;
    const [head] = channelOf(state, from, s).queue;
    const gossip = head !== undefined && gossiped(state, serverOf(state, s), head) !== null;
    return gossip ? null : 'the message brings no configuration to adopt';
  },
  next(state, { from, s }) {
    const { sent, rest } = takeHead(state, from, s);
    const server = serverOf(state, s);
    const config = gossiped(state, server, sent);
    assert(config !== null, 'gossip brings a configuration');
    const adopted = adopt(server, config);
    if (sameConfig(server.membership.committed, config)) {
      const taken = take(adopted, received(from, sent));
      return [{ state: withServer(rest, taken.server), sends: taken.sends, cases: taken.cases }];
    }
    return plainStep(withServer(withNewManager(rest, s), restartElection(adopted)));
  },
};
