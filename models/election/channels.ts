/** What is on the way, as plain queues of messages, oldest first. Simplifications of `fifo` in spec/network.ts. */
import type { Message } from '../../spec/state.js';
import type { ElectionBounds } from './bounds.js';

export type Queue = readonly Message[];

export const EMPTY: Queue = [];

/**
 * Between two servers. ow1: the newest replaces what was there (queueSendMap holds one message for each peer; the
 * one that TCP may carry besides is left out). f2: there is room for that one too.
 */
export function sent(queue: Queue, message: Message, channel: ElectionBounds['channel']): Queue {
  if (channel === 'ow1') return [message];
  return [...queue.slice(0, 1), message];
}

/** An own copy (QuorumCnxManager.toSend, recvQueue): in order, to the bound. */
export function sentToSelf(queue: Queue, message: Message, bound: number): Queue {
  return [...queue.slice(0, bound - 1), message];
}

/** Every queue with one message less, for the places where a message may go. */
export function withoutOne(queue: Queue, places: number): readonly Queue[] {
  return queue.slice(0, places).map((_, place) => queue.toSpliced(place, 1));
}
