/**
 * What holds between two servers at the thread grain. Most of it only where the pair is quiet: no thread of either has anything to do
 * with the other, and nothing is on its way.
 */
import type { CnxManager, Frame, Messenger, SocketId } from '../../impl/threads/state.js';
import type { Sid } from '../../types/ids.js';
import { endsOf, linkOf, type PairNet } from './network.js';

export const PAIR_PROPERTIES = {
  'send queue': 'no send queue holds more than one message',
  'one connection': 'a quiet pair has at most one live connection, opened by the larger id',
  registered:
    'in a quiet pair a live connection is the one that both ends have registered, and whatever is registered is served by two workers',
  'newest arrives':
    'over a quiet live connection the last message taken by either side has arrived, unless a retired worker took it and noted it late',
} as const;

export type PairProperty = keyof typeof PAIR_PROPERTIES;

/** One server as its pair with another sees it. */
export interface PairSide {
  readonly sid: Sid;
  /** Null: down. */
  readonly messenger: Messenger | null;
  /**
   * The last message from the other server that a RecvWorker appended, ever; and the last that came over a connection already
   * finished here, which may be older or newer.
   */
  readonly heard: readonly Frame[];
  /** Did a retired worker set lastMessageSent after this connection's SendWorker had begun? */
  readonly notedLate: (socket: SocketId) => boolean;
}

export interface Pair {
  readonly a: PairSide;
  readonly b: PairSide;
  readonly net: PairNet;
}

export interface Fault {
  readonly property: PairProperty;
  readonly why: string;
}

/** `same`: are two frames the same message? */
export function pairFault(pair: Pair, same: (x: Frame, y: Frame) => boolean): Fault | null {
  const { a, b, net } = pair;
  return (
    overfull(a, b) ??
    overfull(b, a) ??
    (isQuiet(pair)
      ? (connections(pair) ??
        lopsided(a, b, net) ??
        lopsided(b, a, net) ??
        unheard(a, b, { net, same }) ??
        unheard(b, a, { net, same }))
      : null)
  );
}

/** The rule of SEND_CAPACITY. */
function overfull({ sid, messenger }: PairSide, other: PairSide): Fault | null {
  const waiting = messenger?.manager.queueSendMap.get(other.sid)?.length ?? 0;
  return waiting > 1
    ? { property: 'send queue', why: `${waiting} messages of server ${sid} wait for server ${other.sid}` }
    : null;
}

export function isQuiet({ a, b, net }: Pair): boolean {
  return (
    sideIsQuiet(a, b.sid) &&
    sideIsQuiet(b, a.sid) &&
    net.links.every(isAsleep) &&
    net.links.every((link) => !isDue(net, a, b, link.socket))
  );
}

/** Nothing arrives, nobody waits to be accepted, and no broken connection is still unknown to an end. */
function isAsleep({ accepted, opener, dialled, broken }: PairNet['links'][number]): boolean {
  if (!accepted && dialled.held) return false;
  if (broken && [opener, dialled].some((end) => end.open && !end.told)) return false;
  return opener.arriving.length === 0 && dialled.arriving.length === 0;
}

/** An open end whose other end is closed has something to read: the end. */
function isDue(net: PairNet, a: PairSide, b: PairSide, socket: number): boolean {
  const link = linkOf(net, socket);
  if (link === null) return false;
  return [a, b].some(({ sid, messenger }) => {
    const { own, other } = endsOf(link, sid);
    return (
      own.open &&
      own.held &&
      messenger !== null &&
      (own.told || !other.open) &&
      messenger.manager.connections.get(socket)?.recv.at === 'read'
    );
  });
}

function sideIsQuiet({ messenger }: PairSide, other: Sid): boolean {
  if (messenger === null) return true;
  const { manager, sendqueue, workerSender } = messenger;
  if (sendqueue.length > 0 || workerSender.at !== 'poll' || manager.requests.has(other)) return false;
  if (manager.listener.at !== 'accept' && manager.listener.at !== 'ended') return false;
  if ((manager.queueSendMap.get(other)?.length ?? 0) > 0 && manager.senderWorkerMap.has(other) && sends(manager, other))
    return false;
  return [...manager.connections.values()].every(
    ({ peer, running, send, recv }) =>
      peer !== other ||
      (running
        ? send.at === 'poll' && recv.at !== 'append' && recv.at !== 'finish'
        : send.at === 'ended' && recv.at === 'ended'),
  );
}

/** Is there a SendWorker that would take the waiting message? */
function sends({ connections }: CnxManager, other: Sid): boolean {
  return [...connections.values()].some(({ peer, send }) => peer === other && send.at === 'poll');
}

/** Accepted, open at both ends, and not broken. */
export function isLive({ accepted, broken, opener, dialled }: PairNet['links'][number]): boolean {
  return accepted && !broken && opener.open && dialled.open;
}

function live({ links }: PairNet): readonly PairNet['links'][number][] {
  return links.filter(isLive);
}

function connections({ a, b, net }: Pair): Fault | null {
  const alive = live(net);
  if (alive.length > 1)
    return { property: 'one connection', why: `servers ${a.sid} and ${b.sid} have ${alive.length} live connections` };
  const [link] = alive;
  if (link === undefined || link.opener.sid > link.dialled.sid) return null;
  return {
    property: 'one connection',
    why: `the connection of servers ${a.sid} and ${b.sid} was opened by ${link.opener.sid}`,
  };
}

function lopsided({ sid, messenger }: PairSide, other: PairSide, net: PairNet): Fault | null {
  if (messenger === null) return null;
  const socket = messenger.manager.senderWorkerMap.get(other.sid);
  const [link] = live(net);
  if (link !== undefined && link.socket !== socket)
    return {
      property: 'registered',
      why: `server ${sid} has not registered its live connection with server ${other.sid}`,
    };
  if (socket === undefined) return null;
  const workers = messenger.manager.connections.get(socket);
  const served = workers?.running === true && workers.send.at === 'poll' && workers.recv.at === 'read';
  return served
    ? null
    : {
        property: 'registered',
        why: `server ${sid} has registered a connection to server ${other.sid} that has lost a worker`,
      };
}

function unheard(
  { sid, messenger, notedLate }: PairSide,
  other: PairSide,
  { net, same }: { readonly net: PairNet; readonly same: (x: Frame, y: Frame) => boolean },
): Fault | null {
  const last = messenger?.manager.lastMessageSent.get(other.sid);
  const [link] = live(net);
  if (last === undefined || link === undefined || notedLate(link.socket)) return null;
  const arrived = other.heard.some((frame) => same(frame, last));
  return arrived
    ? null
    : { property: 'newest arrives', why: `the last message of server ${sid} has not reached server ${other.sid}` };
}
