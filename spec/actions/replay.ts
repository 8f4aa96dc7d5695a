/** Replay: a new connection begins with lastMessageSent (SendWorker.run). */
import { assert } from '../../base/assert.js';
import { fifo } from '../network.js';
import { channelOf, withChannel } from '../world.js';
import { lifeAt, plainStep, type GlobalRule, type Of } from './rule.js';

export const replay: GlobalRule<Of<'Replay'>> = {
  name: 'Replay',
  whyNot(state, { from, to }) {
    if (from === to) return 'an own copy passes no connection';
    const sender = lifeAt(state, from);
    if (typeof sender === 'string') return sender;
    return channelOf(state, from, to).newest === null ? 'nothing was sent yet' : null;
  },
  next(state, { from, to }) {
    const channel = fifo.replay(channelOf(state, from, to));
    assert(channel !== null, 'Replay needs a message');
    return plainStep(withChannel(state, from, to, channel));
  },
};
