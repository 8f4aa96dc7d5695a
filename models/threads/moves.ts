/**
 * What the threads that touch sockets can do now: the thread's step together with what the network gives it. The same for the
 * simulator and for the model checker.
 */
import type { RequestEvent } from '../../impl/threads/connection-request.js';
import type { ListenerEvent } from '../../impl/threads/listener.js';
import type { RecvEvent } from '../../impl/threads/recv-worker.js';
import type { SendEvent } from '../../impl/threads/send-worker.js';
import { replayed } from '../../impl/threads/send-worker.js';
import type { ThreadProfile } from '../../impl/threads/profile.js';
import type { CnxManager, Connection, SocketId } from '../../impl/threads/state.js';
import type { Sid } from '../../types/ids.js';
import { accept, connect, isOf, type PairNet, readable, taken, waiting, writable } from './network.js';

export type SocketEvent =
  | ({ readonly thread: 'Listener' } & ListenerEvent)
  | ({ readonly thread: 'QuorumConnectionReqThread' } & RequestEvent)
  | ({ readonly thread: 'SendWorker' } & SendEvent)
  | ({ readonly thread: 'RecvWorker' } & RecvEvent);

/** A step, and the network after what the step takes from it. Its effects are still to be applied. */
export interface Move {
  readonly event: SocketEvent;
  readonly net: PairNet;
}

export interface Side {
  readonly me: Sid;
  readonly profile: ThreadProfile;
  readonly manager: CnxManager;
}

const NONE: readonly Move[] = [];

function listens(event: ListenerEvent, net: PairNet): readonly Move[] {
  return [{ event: { thread: 'Listener', ...event }, net }];
}

function requests(event: RequestEvent, net: PairNet): readonly Move[] {
  return [{ event: { thread: 'QuorumConnectionReqThread', ...event }, net }];
}

function sends(event: SendEvent, net: PairNet): Move {
  return { event: { thread: 'SendWorker', ...event }, net };
}

function receives(event: RecvEvent, net: PairNet): readonly Move[] {
  return [{ event: { thread: 'RecvWorker', ...event }, net }];
}

/** Thread Listener, as far as this pair's connections give it something to do. */
export function listenerMoves({ me, manager }: Side, peer: Sid, net: PairNet): readonly Move[] {
  const { listener } = manager;
  switch (listener.at) {
    case 'bind':
      return listens({ step: 'Bind', ok: true }, net);
    case 'accept': {
      const socket = waiting(net, me);
      return socket === null ? NONE : listens({ step: 'Accept', socket }, accept(net, socket));
    }
    case 'read': {
      const got = isOf(net, listener.socket) ? readable(net, me, listener.socket) : null;
      if (got === null) return NONE;
      if (got === 'end' || !('introduction' in got)) return listens({ step: 'ReadInitial', said: null }, net);
      return listens({ step: 'ReadInitial', said: got.introduction }, taken(net, me, listener.socket));
    }
    case 'answer':
      return listener.sid === peer ? listens({ step: 'Answer' }, net) : NONE;
    case 'ended':
      return NONE;
  }
}

/** The request for this peer. */
export function requestMoves({ me, manager }: Side, peer: Sid, net: PairNet): readonly Move[] {
  const request = manager.requests.get(peer);
  if (request === undefined) return NONE;
  switch (request.at) {
    case 'connect': {
      const opened = connect(net, me, peer);
      return requests({ step: 'Connect', peer, socket: opened?.socket ?? null }, opened?.net ?? net);
    }
    case 'introduce':
      return writable(net, me, request.socket).flatMap((ok) => requests({ step: 'Introduce', peer, ok }, net));
    case 'decide':
      return requests({ step: 'Decide', peer }, net);
    case 'done':
      return requests({ step: 'Retire', peer }, net);
  }
}

/** Thread SendWorker of one connection. Steps that concern no socket are here, too. */
export function sendMoves({ me, manager, profile }: Side, socket: SocketId, net: PairNet): readonly Move[] {
  const connection = manager.connections.get(socket);
  if (connection === undefined) return NONE;
  switch (connection.send.at) {
    case 'start':
      if (replayed(profile, manager, connection) === null) return [sends({ step: 'Start', socket, ok: true }, net)];
      return writable(net, me, socket).map((ok) => sends({ step: 'Start', socket, ok }, net));
    case 'poll':
      return hasWork(manager, connection) ? [sends({ step: 'Poll', socket }, net)] : NONE;
    case 'taken':
      return [sends({ step: 'Note', socket }, net)];
    case 'write':
      return writable(net, me, socket).map((ok) => sends({ step: 'Write', socket, ok }, net));
    case 'finish':
      return [sends({ step: 'FinishSending', socket }, net)];
    case 'ended':
      return NONE;
  }
}

function hasWork({ queueSendMap }: CnxManager, { running, peer }: Connection): boolean {
  return !running || (queueSendMap.get(peer)?.length ?? 0) > 0;
}

/** Thread RecvWorker of one connection. */
export function recvMoves({ me, manager }: Side, socket: SocketId, net: PairNet): readonly Move[] {
  const connection = manager.connections.get(socket);
  if (connection === undefined) return NONE;
  switch (connection.recv.at) {
    case 'read': {
      const got = connection.running ? readable(net, me, socket) : 'end';
      if (got === null) return NONE;
      if (got === 'end' || !('frame' in got)) return receives({ step: 'Read', socket, frame: null }, net);
      return receives({ step: 'Read', socket, frame: got.frame }, taken(net, me, socket));
    }
    case 'append':
      return receives({ step: 'Append', socket }, net);
    case 'finish':
      return receives({ step: 'FinishReceiving', socket }, net);
    case 'ended':
      return NONE;
  }
}
