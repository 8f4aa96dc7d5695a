/** Break: the connection of a pair ends. */
import { assert } from '../../base/assert.js';
import { fifo } from '../network.js';
import { channelOf, withChannel } from '../world.js';
import { plainStep, type GlobalRule, type Of } from './rule.js';

/** Of each direction a prefix still arrives. Replay may follow when the pair connects again. */
export const breakConnection: GlobalRule<Of<'Break'>> = {
  name: 'Break',
  whyNot(state, { a, b, keepAB, keepBA }) {
    if (a === b) return 'a server has no connection to itself';
    const there = fifo.breakOff(channelOf(state, a, b), keepAB);
    const back = fifo.breakOff(channelOf(state, b, a), keepBA);
    return there === null || back === null ? 'more messages are kept than there are' : null;
  },
  next(state, { a, b, keepAB, keepBA }) {
    const there = fifo.breakOff(channelOf(state, a, b), keepAB);
    const back = fifo.breakOff(channelOf(state, b, a), keepBA);
    assert(there !== null && back !== null, 'Break keeps a prefix');
    return plainStep(withChannel(withChannel(state, a, b, there), b, a, back));
  },
};
