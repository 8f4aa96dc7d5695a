/**
 * What one server sent another, seen from what the other received. A channel keeps its order, may lose anything and repeat
 * anything; so a message counts only if it is received, and it is enough to know how many receptions, in the order of the
 * receiver's log, are explained by what was sent so far.
 */
import type { Round } from '../../types/ids.js';
import type { Notification } from '../../types/vote.js';
import type { Sent } from '../machine.js';

export type Message = Omit<Sent, 'to'>;

/** What the receiver's log says it received from the sender, in its order. */
export type Receptions = readonly Notification[];

export interface Channel {
  /** So many receptions are explained. */
  readonly explained: number;
  /** An answer that the main loop may overtake: it was composed a moment before it was queued. */
  readonly late: Message | null;
  /** The sender's log does not tell all that it sent: what arrives may be older than what is known. */
  readonly unseenPast: boolean;
  /** Of an unseen past: the first round that was seen to begin after it. */
  readonly knownSince: Round | null;
}

export const EMPTY: Channel = { explained: 0, late: null, unseenPast: false, knownSince: null };

/** Is reception number `index`, from 0, explained? */
export function explains(channel: Channel, index: number): boolean {
  return channel.unseenPast || channel.explained > index;
}

export function withUnseenPast(channel: Channel): Channel {
  if (channel.unseenPast && channel.knownSince === null) return channel;
  return { ...channel, late: null, unseenPast: true, knownSince: null };
}

/** No answer is on its way into the queue. */
export function withoutLate(channel: Channel): Channel {
  return channel.late === null ? channel : { ...channel, late: null };
}

/** The sender queues a message. */
export function send(channel: Channel, message: Message, receptions: Receptions): Channel {
  if (channel.unseenPast) return afterUnseenPast(channel, message, receptions);
  const explained = matched(receptions, channel.explained, message);
  if (explained === channel.explained) {
    const late = message.isAnswer ? (isAhead(receptions, explained, message) ? message : null) : channel.late;
    return late === channel.late ? channel : { ...channel, late };
  }
  return message.isAnswer ? { ...channel, explained, late: null } : overtaking(channel, explained, receptions);
}

/** The main loop queued something: so many receptions are explained by it, and an answer may come behind. */
function overtaking(channel: Channel, explained: number, receptions: Receptions): Channel {
  if (channel.late === null) return { ...channel, explained };
  const withLate = matched(receptions, explained, channel.late);
  return { ...channel, explained: withLate, late: withLate > explained ? null : channel.late };
}

/** The receptions explained when this is, too: it may be repeated until something newer arrives. */
function matched(receptions: Receptions, from: number, message: Message): number {
  let explained = from;
  for (;;) {
    const next = receptions[explained];
    if (next === undefined || !fits(message, next)) return explained;
    explained += 1;
  }
}

/** So far ahead is looked whether an answer arrives at all. */
const LATE_MAX = 16;

function isAhead(receptions: Receptions, from: number, message: Message): boolean {
  for (let index = from; index < Math.min(receptions.length, from + LATE_MAX); index += 1) {
    const one = receptions[index];
    if (one !== undefined && fits(message, one)) return true;
  }
  return false;
}

/**
 * In one process a vote of the second round that was seen to begin cannot be older than the first: what arrives after it is known. An earlier
 * process may have cast the same vote, but then its receiver sees the round fall at the new beginning.
 */
function afterUnseenPast(channel: Channel, message: Message, receptions: Receptions): Channel {
  const { round, state } = message.notification;
  if (message.isAnswer) {
    const late = receptions.some((one) => fits(message, one)) ? message : null;
    return late === channel.late ? channel : { ...channel, late };
  }
  if (state !== 'LOOKING') return channel;
  if (channel.knownSince === null) return { ...channel, knownSince: round };
  if (round <= channel.knownSince) return channel;
  const from = Math.max(channel.explained, lastFallOf(receptions));
  const last = receptions.findLastIndex((one, index) => index >= from && fits(message, one));
  return last < 0 ? channel : overtaking({ ...EMPTY, late: channel.late }, last + 1, receptions);
}

const falls = new WeakMap<Receptions, number>();

/** Where a vote of a lower round than one before was received last, as an index; 0: nowhere. */
function lastFallOf(receptions: Receptions): number {
  let found = falls.get(receptions);
  if (found !== undefined) return found;
  found = 0;
  let before: Round | null = null;
  for (const [index, { state, round }] of receptions.entries()) {
    if (state !== 'LOOKING') continue;
    if (before !== null && round < before) found = index;
    before = round;
  }
  falls.set(receptions, found);
  return found;
}

/** Can this be what the message says? The version of the configuration is not told by any line of the sender. */
export function fits({ notification: sent, epochMayBeHigher, unknown }: Message, received: Notification): boolean {
  if (unknown === 'vote') return sent.state === received.state;
  return (
    sent.leader === received.leader &&
    sent.zxid === received.zxid &&
    (sent.round === received.round || unknown === 'round') &&
    sent.state === received.state &&
    sent.version === received.version &&
    (sent.epoch === received.epoch || (epochMayBeHigher && received.epoch > sent.epoch))
  );
}

/**
 * Does `a` explain at least what `b` does, now and after whatever is sent? What `b` explains later begins where it stands or
 * before where `a` does; an answer that is late only in one of them tells them apart.
 */
export function covers(a: Channel, b: Channel): boolean {
  if (a === b) return true;
  return (
    a.explained >= b.explained && a.late === b.late && a.unseenPast === b.unseenPast && a.knownSince === b.knownSince
  );
}

/** Equal exactly for equal channels. */
export function channelKey({ explained, late, unseenPast, knownSince }: Channel): string {
  const past = unseenPast ? `?${knownSince ?? ''}` : '';
  if (late === null) return `${explained}${past}`;
  const { leader, zxid, round, epoch, state } = late.notification;
  if (late.unknown === 'vote') return `${explained}${past}~${state}`;
  return `${explained}${past}~${leader}.${zxid}.${round}.${epoch}.${state}`;
}
