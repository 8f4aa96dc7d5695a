/** Lose: a waiting message is replaced by a later one (queueSendMap holds one message for each receiver). */
import { assert } from '../../base/assert.js';
import { fifo } from '../network.js';
import { channelOf, withChannel } from '../world.js';
import { plainStep, type GlobalRule, type Of } from './rule.js';

/** Never the newest; never an own copy. */
export const lose: GlobalRule<Of<'Lose'>> = {
  name: 'Lose',
  whyNot(state, { from, to, index }) {
    if (from === to) return 'an own copy passes no connection';
    return fifo.lose(channelOf(state, from, to), index) === null ? 'there is no message with a later one there' : null;
  },
  next(state, { from, to, index }) {
    const channel = fifo.lose(channelOf(state, from, to), index);
    assert(channel !== null, 'Lose needs a message with a later one');
    return plainStep(withChannel(state, from, to, channel));
  },
};
