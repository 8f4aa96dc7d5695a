/**
 * The reduction `merge`: steps that no other thread, and no property, can tell from none, are taken at once.
 *
 * - WorkerSender.Take (slots.ts): it moves the head of sendqueue into the thread's hands; nobody else reads the head.
 * - The ends of workers of a finished connection: `finish` has been called, the socket is closed, the registration gone; a worker that
 *   waits has nothing left to do but to find out. One that has a message in hand is not merged: what it does with it matters.
 * - Listener.Accept before there is anything to read: between two servers only one request is on its way at a time, so nobody
 *   is kept waiting by it.
 */
import { without } from '../../../impl/threads/collections.js';
import type { CnxManager, Connection } from '../../../impl/threads/state.js';
import type { Sid } from '../../../types/ids.js';
import type { Move } from '../moves.js';
import { applied, type PairNet, readable } from '../network.js';

export function withoutDeadWorkers(
  me: Sid,
  manager: CnxManager,
  net: PairNet,
): { readonly manager: CnxManager; readonly net: PairNet } {
  let now = { manager, net };
  for (const [socket, connection] of manager.connections) {
    const ended = endedIfIdle(connection);
    if (ended === connection) continue;
    if (ended.send.at === 'ended' && ended.recv.at === 'ended') {
      now = {
        manager: { ...now.manager, connections: without(now.manager.connections, socket) },
        net: applied(now.net, me, { type: 'release', socket }),
      };
    } else {
      now = { ...now, manager: { ...now.manager, connections: new Map(now.manager.connections).set(socket, ended) } };
    }
  }
  return now;
}

function endedIfIdle(connection: Connection): Connection {
  const { running, send, recv } = connection;
  if (running) return connection;
  const over = { at: 'ended' } as const;
  const nextSend = send.at === 'poll' || send.at === 'finish' ? over : send;
  const nextRecv = recv.at === 'read' || recv.at === 'finish' ? over : recv;
  return nextSend === send && nextRecv === recv ? connection : { ...connection, send: nextSend, recv: nextRecv };
}

export function acceptsOnlyToRead(me: Sid, moves: readonly Move[]): readonly Move[] {
  return moves.filter(({ event, net }) => event.step !== 'Accept' || readable(net, me, event.socket) !== null);
}
