/** What a thread asks of the network, in program order. Nothing of it has happened yet. */
import type { Sid } from '../../types/ids.js';
import type { Frame, SocketId } from './state.js';

export type NetEffect =
  /** The server socket is bound: connections are accepted from now on. */
  | { readonly type: 'listen' }
  /** The server socket is closed: connections are refused from now on. */
  | { readonly type: 'deaf' }
  /** The initial message with the own id. */
  | { readonly type: 'introduce'; readonly socket: SocketId; readonly sid: Sid }
  | { readonly type: 'write'; readonly socket: SocketId; readonly frame: Frame }
  /** The own end is closed: the other end reads what is on its way, then its end. */
  | { readonly type: 'close'; readonly socket: SocketId }
  /** No thread of this process refers to the socket any more: its number may be used again. */
  | { readonly type: 'release'; readonly socket: SocketId };

/** What is left of the manager, and what the network is asked. */
export interface Done<S> {
  readonly next: S;
  readonly effects: readonly NetEffect[];
}

export function done<S>(next: S, effects: readonly NetEffect[] = NOTHING): Done<S> {
  return { next, effects };
}

const NOTHING: readonly NetEffect[] = [];
