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

/** Thread Listener, as far as this pair's connections give it something to do. */
export function listenerMoves({ me, manager }: Side, peer: Sid, net: PairNet): readonly Move[] {
  const { listener } = manager;
  const step = (event: ListenerEvent, after = net): readonly Move[] => [
    { event: { thread: 'Listener', ...event }, net: after },
  ];
  switch (listener.at) {
    case 'bind':
      return step({ step: 'Bind', ok: true });
    case 'accept': {
      const socket = waiting(net, me);
      return socket === null ? NONE : step({ step: 'Accept', socket }, accept(net, socket));
    }
    case 'read': {
      const got = isOf(net, listener.socket) ? readable(net, me, listener.socket) : null;
      if (got === null) return NONE;
      if (got === 'end' || !('introduction' in got)) return step({ step: 'ReadInitial', said: null });
      return step({ step: 'ReadInitial', said: got.introduction }, taken(net, me, listener.socket));
    }
    case 'answer':
      return listener.sid === peer ? step({ step: 'Answer' }) : NONE;
    case 'ended':
      return NONE;
  }
}

/** The request for this peer. */
export function requestMoves({ me, manager }: Side, peer: Sid, net: PairNet): readonly Move[] {
  const request = manager.requests.get(peer);
  if (request === undefined) return NONE;
  const step = (event: RequestEvent, after = net): Move => ({
    event: { thread: 'QuorumConnectionReqThread', ...event },
    net: after,
  });
  switch (request.at) {
    case 'connect': {
      const opened = connect(net, me, peer);
      return [step({ step: 'Connect', peer, socket: opened?.socket ?? null }, opened?.net ?? net)];
    }
    case 'introduce':
      return writable(net, me, request.socket).map((ok) => step({ step: 'Introduce', peer, ok }));
    case 'decide':
      return [step({ step: 'Decide', peer })];
    case 'done':
      return [step({ step: 'Retire', peer })];
  }
}

/** Thread SendWorker of one connection. Steps that concern no socket are here, too. */
export function sendMoves({ me, manager, profile }: Side, socket: SocketId, net: PairNet): readonly Move[] {
  const connection = manager.connections.get(socket);
  if (connection === undefined) return NONE;
  const step = (event: SendEvent): Move => ({ event: { thread: 'SendWorker', ...event }, net });
  switch (connection.send.at) {
    case 'start':
      if (replayed(profile, manager, connection) === null) return [step({ step: 'Start', socket, ok: true })];
      return writable(net, me, socket).map((ok) => step({ step: 'Start', socket, ok }));
    case 'poll':
      return hasWork(manager, connection) ? [step({ step: 'Poll', socket })] : NONE;
    case 'taken':
      return [step({ step: 'Note', socket })];
    case 'write':
      return writable(net, me, socket).map((ok) => step({ step: 'Write', socket, ok }));
    case 'finish':
      return [step({ step: 'FinishSending', socket })];
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
  const step = (event: RecvEvent, after = net): readonly Move[] => [
    { event: { thread: 'RecvWorker', ...event }, net: after },
  ];
  switch (connection.recv.at) {
    case 'read': {
      const got = connection.running ? readable(net, me, socket) : 'end';
      if (got === null) return NONE;
      if (got === 'end' || !('frame' in got)) return step({ step: 'Read', socket, frame: null });
      return step({ step: 'Read', socket, frame: got.frame }, taken(net, me, socket));
    }
    case 'append':
      return step({ step: 'Append', socket });
    case 'finish':
      return step({ step: 'FinishReceiving', socket });
    case 'ended':
      return NONE;
  }
}
