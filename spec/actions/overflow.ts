/** Overflow: recvQueue is full and drops its oldest message (CircularBlockingQueue, RECV_CAPACITY). */
import type { Sid } from '../../types/ids.js';
import type { State } from '../state.js';
import { plainStep, type GlobalRule, type Of } from './rule.js';
import { takeHead } from './receive.js';
import { channelOf } from '../world.js';

/** [RECV_CAPACITY] */
const CAPACITY = 100;

/** The oldest of all senders' is some channel's oldest; an own copy can be it. */
export const overflow: GlobalRule<Of<'Overflow'>> = {
  name: 'Overflow',
  whyNot(state, { from, s }) {
    if (waitingAt(state, s) <= CAPACITY) return 'recvQueue has room';
    return channelOf(state, from, s).queue.length === 0 ? 'the channel is empty' : null;
  },
  next: (state, { from, s }) => plainStep(takeHead(state, from, s).rest),
};

/** Messages on the way to `s`: at most so many are in its recvQueue. */
function waitingAt(state: State, s: Sid): number {
  let sum = 0;
  for (const row of state.channels.values()) sum += row.get(s)?.queue.length ?? 0;
  return sum;
}
