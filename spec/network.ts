/**
 * One channel: everything between the sender's sendqueue and the receiver's WorkerReceiver, as operations that either
 * give the channel afterwards or null where they are impossible. `fifo` is what QuorumCnxManager guarantees;
 * `bag` is a simpler network that can do all that `fifo` can.
 */
import type { Channel, Message } from './state.js';

export const EMPTY_CHANNEL: Channel = { queue: [], newest: null };

export interface Network {
  readonly name: string;
  send(channel: Channel, message: Message): Channel;
  /** Positions in `queue` that may be received next. */
  receivable(channel: Channel): readonly number[];
  /** After the message at `index` was received. */
  take(channel: Channel, index: number): Channel | null;
  /** The connection ended: the first `keep` messages arrive all the same. */
  breakOff(channel: Channel, keep: number): Channel | null;
  /** The message at `index` never arrives. */
  lose(channel: Channel, index: number): Channel | null;
  /** A copy of an earlier message is on the way. */
  replay(channel: Channel): Channel | null;
}

const without = (queue: readonly Message[], index: number): readonly Message[] => queue.toSpliced(index, 1);
const inside = (index: number, length: number): boolean => Number.isInteger(index) && index >= 0 && index < length;

/** The exact channel. */
export const fifo: Network = {
  name: 'fifo',
  /** Messages of one connection arrive in the order they were offered. The newest is remembered [lastMessageSent]. */
  send: (channel, message) => ({ queue: [...channel.queue, message], newest: message }),
  /** Only the oldest. */
  receivable: (channel) => (channel.queue.length === 0 ? [] : [0]),
  take: (channel, index) =>
    index === 0 && channel.queue.length > 0 ? { ...channel, queue: channel.queue.slice(1) } : null,
  /** What a dying connection carried arrives as a prefix; TCP loses no message before one that arrives. */
  breakOff: (channel, keep) =>
    inside(keep, channel.queue.length + 1) ? { ...channel, queue: channel.queue.slice(0, keep) } : null,
  /** queueSendMap holds one message, a later one replaces it: only a message with another behind it is lost so. */
  lose: (channel, index) =>
    inside(index, channel.queue.length - 1) ? { ...channel, queue: without(channel.queue, index) } : null,
  /** A SendWorker that starts with an empty queue first sends lastMessageSent, however old: at least once. */
  replay: (channel) => (channel.newest === null ? null : { ...channel, queue: [...channel.queue, channel.newest] }),
};

/**
 * An over-approximation for safety: whatever was sent may be received at any time, any number of times, or never.
 * `queue` is a set, the messages ever sent; so breaking, losing and replaying change nothing.
 */
export const bag: Network = {
  name: 'bag',
  send: (channel, message) => ({
    queue: channel.queue.some((old) => sameMessage(old, message)) ? channel.queue : [...channel.queue, message],
    newest: message,
  }),
  receivable: (channel) => channel.queue.map((_, index) => index),
  take: (channel, index) => (inside(index, channel.queue.length) ? channel : null),
  breakOff: (channel) => channel,
  lose: (channel, index) => (inside(index, channel.queue.length) ? channel : null),
  replay: (channel) => (channel.newest === null ? null : channel),
};

/** Equal in every field. */
export function sameMessage(a: Message, b: Message): boolean {
  return (
    a.state === b.state &&
    a.leader === b.leader &&
    a.zxid === b.zxid &&
    a.round === b.round &&
    a.epoch === b.epoch &&
    a.version === b.version &&
    a.configVersion === b.configVersion
  );
}
