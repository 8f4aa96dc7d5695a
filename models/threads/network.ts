/**
 * The TCP connections of one pair of servers, as a value: opened, crossing, broken, half open. Bytes are counted in whole messages.
 * What the two ends know of each other is kept apart: an end that died in silence is not seen by the other until it is told.
 */
import type { NetEffect } from '../../impl/threads/effect.js';
import type { Frame, Introduction, SocketId } from '../../impl/threads/state.js';
import type { Sid } from '../../types/ids.js';

export type Item = { readonly introduction: Introduction } | { readonly frame: Frame };

/** One end of a connection. */
export interface End {
  readonly sid: Sid;
  /** The socket is not closed here. What arrives at a closed end is gone. */
  readonly open: boolean;
  /** Some thread of the server still knows the socket. */
  readonly held: boolean;
  /** On its way to this end, oldest first. */
  readonly arriving: readonly Item[];
  /** This end has been told that the connection is dead: reading ends after what has arrived, writing fails. */
  readonly told: boolean;
}

export interface Link {
  readonly socket: SocketId;
  /** The end that opened the connection, and the end that was dialled. */
  readonly opener: End;
  readonly dialled: End;
  readonly accepted: boolean;
  /** Nothing crosses any more. */
  readonly broken: boolean;
}

export interface PairNet {
  /** Added to the numbers of sockets, so that no two pairs share one. */
  readonly base: number;
  /** Who accepts connections. */
  readonly listening: readonly Sid[];
  /** In the order in which they were opened. */
  readonly links: readonly Link[];
}

/** Room for the numbers of one pair's sockets. */
export const SOCKETS_OF_A_PAIR = 64;

export function emptyPair(index: number): PairNet {
  return { base: index * SOCKETS_OF_A_PAIR, listening: [], links: [] };
}

/** Does the socket belong to this pair? */
export function isOf({ base }: PairNet, socket: SocketId): boolean {
  return socket >= base && socket < base + SOCKETS_OF_A_PAIR;
}

/** Null: refused. */
export function connect(net: PairNet, from: Sid, to: Sid): { readonly net: PairNet; readonly socket: SocketId } | null {
  if (!net.listening.includes(to)) return null;
  let socket = net.base;
  while (net.links.some((link) => link.socket === socket)) socket += 1;
  const end = (sid: Sid): End => ({ sid, open: true, held: true, arriving: [], told: false });
  const link: Link = { socket, opener: end(from), dialled: end(to), accepted: false, broken: false };
  return { net: { ...net, links: [...net.links, link] }, socket };
}

/** The oldest connection that waits to be accepted. */
export function waiting({ links }: PairNet, at: Sid): SocketId | null {
  return links.find(({ accepted, dialled }) => !accepted && dialled.sid === at && dialled.held)?.socket ?? null;
}

export function accept(net: PairNet, socket: SocketId): PairNet {
  return changed(net, socket, (link) => ({ ...link, accepted: true }));
}

/** What a read finds: an item, the end, or nothing yet. */
export function readable(net: PairNet, at: Sid, socket: SocketId): Item | 'end' | null {
  const link = linkOf(net, socket);
  if (link === null) return 'end';
  const { own, other } = endsOf(link, at);
  if (!own.open) return 'end';
  const [item] = own.arriving;
  if (item !== undefined) return item;
  return own.told || (!other.open && !link.broken) ? 'end' : null;
}

/** The item is read. */
export function taken(net: PairNet, at: Sid, socket: SocketId): PairNet {
  return withEnd(net, socket, at, (end) => ({ ...end, arriving: end.arriving.slice(1) }));
}

/** How a write may end. Both, where the other end has closed and this one has not yet read of it. */
export function writable(net: PairNet, at: Sid, socket: SocketId): readonly boolean[] {
  const link = linkOf(net, socket);
  if (link === null) return [false];
  const { own, other } = endsOf(link, at);
  if (!own.open || own.told) return [false];
  return other.open || link.broken ? [true] : [true, false];
}

/** What a server asks of the network. */
export function applied(net: PairNet, at: Sid, effect: NetEffect): PairNet {
  switch (effect.type) {
    case 'listen':
      return { ...net, listening: [...net.listening, at].sort((a, b) => (a < b ? -1 : 1)) };
    case 'deaf':
      return { ...net, listening: net.listening.filter((sid) => sid !== at) };
    case 'introduce':
      return written(net, at, effect.socket, { introduction: { kind: 'sid', sid: effect.sid } });
    case 'write':
      return written(net, at, effect.socket, { frame: effect.frame });
    case 'close':
      return withEnd(net, effect.socket, at, closed);
    case 'release':
      return swept(
        withEnd(net, effect.socket, at, (end) => ({ ...end, held: false })),
        effect.socket,
      );
  }
}

const closed = (end: End): End => ({ ...end, open: false, arriving: [] });

/** What is written towards an end that is closed, or over a broken connection, is gone. */
function written(net: PairNet, at: Sid, socket: SocketId, item: Item): PairNet {
  const link = linkOf(net, socket);
  if (link === null || link.broken) return net;
  const { other } = endsOf(link, at);
  if (!other.open) return net;
  return withEnd(net, socket, other.sid, (end) => ({ ...end, arriving: [...end.arriving, item] }));
}

/** Something arrives at an end that the other did not write. */
export function injected(net: PairNet, at: Sid, socket: SocketId, item: Item): PairNet {
  return withEnd(net, socket, at, (end) => ({ ...end, arriving: [...end.arriving, item] }));
}

/** A process dies. In silence: its machine dies with it, and nobody at the other end hears of it. */
export function died(net: PairNet, at: Sid, silently: boolean): PairNet {
  let now: PairNet = { ...net, listening: net.listening.filter((sid) => sid !== at) };
  for (const { socket, opener, dialled } of net.links) {
    if (opener.sid !== at && dialled.sid !== at) continue;
    if (silently) now = cut(now, socket);
    now = swept(
      withEnd(now, socket, at, (end) => ({ ...closed(end), held: false })),
      socket,
    );
  }
  return now;
}

/** A connection breaks in silence: what is on its way is lost, nobody is told. */
export function cut(net: PairNet, socket: SocketId): PairNet {
  return changed(net, socket, (link) => ({
    ...link,
    broken: true,
    opener: { ...link.opener, arriving: [] },
    dialled: { ...link.dialled, arriving: [] },
  }));
}

/** An end learns that its connection is broken. */
export function tell(net: PairNet, at: Sid, socket: SocketId): PairNet {
  return withEnd(net, socket, at, (end) => ({ ...end, told: true }));
}

/** Ends that could be told. */
export function untold({ links }: PairNet): readonly { readonly at: Sid; readonly socket: SocketId }[] {
  return links.flatMap(({ broken, opener, dialled, socket }) =>
    broken ? [opener, dialled].filter((end) => end.open && !end.told).map(({ sid }) => ({ at: sid, socket })) : [],
  );
}

export function linkOf({ links }: PairNet, socket: SocketId): Link | null {
  for (const link of links) if (link.socket === socket) return link;
  return null;
}

export function endsOf({ opener, dialled }: Link, at: Sid): { readonly own: End; readonly other: End } {
  return opener.sid === at ? { own: opener, other: dialled } : { own: dialled, other: opener };
}

function changed(net: PairNet, socket: SocketId, change: (link: Link) => Link): PairNet {
  return { ...net, links: net.links.map((link) => (link.socket === socket ? change(link) : link)) };
}

function withEnd(net: PairNet, socket: SocketId, at: Sid, change: (end: End) => End): PairNet {
  return changed(net, socket, (link) =>
    link.opener.sid === at ? { ...link, opener: change(link.opener) } : { ...link, dialled: change(link.dialled) },
  );
}

/** A connection that no thread of either side knows any more does not exist. */
function swept(net: PairNet, socket: SocketId): PairNet {
  const link = linkOf(net, socket);
  if (link === null || link.opener.held || link.dialled.held) return net;
  return { ...net, links: net.links.filter((each) => each !== link) };
}
