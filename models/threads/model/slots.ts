/** Which slot of a row is what: for each server its peer and the collections around it, for each pair its network. */
import type { Slot } from '../../../checker/system.js';
import type { ThreadedConfig } from '../../../impl/threads/process.js';
import type { NetEffect } from '../../../impl/threads/effect.js';
import type { Frame, Message, Messenger, ToSend } from '../../../impl/threads/state.js';
import type { Sid } from '../../../types/ids.js';
import type { ThreadBounds, ThreadBudget } from '../bounds.js';
import { pairIndex } from '../world.js';

/** sendqueue and thread WorkerSender; null: the server is down. */
export type Outbox = Pick<Messenger, 'sendqueue' | 'workerSender'> | null;
/** recvQueue. */
export type Inbox = readonly Message[];

/** What properties ask of the past. */
export interface Past {
  /** The last message that this server heard from each other, and the last over connections finished here. */
  readonly heard: ReadonlyMap<Sid, Frame>;
  readonly strays: ReadonlyMap<Sid, Frame>;
  /** Peers whose lastMessageSent was set by a retired worker after the worker in use had begun, ascending. */
  readonly late: readonly Sid[];
}

export interface ServerSlots {
  readonly at: number;
  readonly sid: Sid;
  readonly peer: number;
  readonly outbox: number;
  readonly inbox: number;
  /** CnxManager, or null: the server is down. */
  readonly manager: number;
  readonly past: number;
}

export interface PairSlot {
  readonly i: number;
  readonly j: number;
  readonly slot: number;
}

export interface ThreadModel {
  readonly bounds: ThreadBounds;
  readonly configs: readonly ThreadedConfig[];
  readonly slots: readonly Slot[];
  readonly servers: readonly ServerSlots[];
  readonly pairs: readonly PairSlot[];
  readonly budget: number;
}

export function modelOf(bounds: ThreadBounds, configs: readonly ThreadedConfig[]): ThreadModel {
  const slots: Slot[] = [];
  const add = (kind: string, name: string): number => slots.push({ kind, name }) - 1;
  const servers = configs.map(({ config: { sid } }, at) => ({
    at,
    sid,
    peer: add('peer', `server ${sid}`),
    outbox: add('outbox', `sendqueue of ${sid}`),
    inbox: add('inbox', `recvQueue of ${sid}`),
    manager: add('manager', `connections of ${sid}`),
    past: add('past', `heard by ${sid}`),
  }));
  const pairs = servers.flatMap(({ at: i }) => servers.slice(i + 1).map(({ at: j }) => ({ i, j })));
  pairs.sort((a, b) => pairIndex(configs.length, a.i, a.j) - pairIndex(configs.length, b.i, b.j));
  const nets = pairs.map(({ i, j }) => ({ i, j, slot: add('net', `network ${servers[i]?.sid}-${servers[j]?.sid}`) }));
  return { bounds, configs, slots, servers, pairs: nets, budget: add('budget', 'budget') };
}

/** Operations on slots that a rule does not read. */
export type Operation =
  | { readonly kind: 'send'; readonly sends: readonly ToSend[] }
  | { readonly kind: 'append'; readonly message: Message; readonly capacity: number }
  | { readonly kind: 'heard' | 'stray'; readonly from: Sid; readonly frame: Frame }
  | { readonly kind: 'late'; readonly peer: Sid; readonly late: boolean }
  | { readonly kind: 'set'; readonly value: unknown }
  | { readonly kind: 'asked'; readonly sid: Sid; readonly effect: NetEffect }
  | { readonly kind: 'died'; readonly sid: Sid; readonly silently: boolean };

/** merge: WorkerSender has the head of sendqueue in its hands as soon as it is free. */
export function settledOutbox({ reduce }: ThreadBounds, outbox: NonNullable<Outbox>): NonNullable<Outbox> {
  const [toSend, ...rest] = outbox.sendqueue;
  if (reduce === 'none' || outbox.workerSender.at !== 'poll' || toSend === undefined) return outbox;
  return { sendqueue: rest, workerSender: { at: 'taken', toSend } };
}

/** The budget after one thing was used up; null if it was used up before. */
export function spentOf(budget: ThreadBudget, name: keyof ThreadBudget): ThreadBudget | null {
  return budget[name] === 0 ? null : { ...budget, [name]: budget[name] - 1 };
}
