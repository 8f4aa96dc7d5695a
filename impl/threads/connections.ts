/** What several threads do to connections: dial, install, retire (QuorumCnxManager, 3.8.0). */
import type { Sid } from '../../types/ids.js';
import { withEntry, without } from './collections.js';
import { type Done, done, type NetEffect } from './effect.js';
import { has, type ThreadProfile } from './profile.js';
import type { CnxManager, Connection, Request, SocketId } from './state.js';

const DIALLING: Request = { at: 'connect' };

/**
 * C0, C1: connectOne. Nothing if the peer has a worker or a request is in progress; else a request begins. `known`: the peer
 * stands in a configuration or has told its address.
 */
export function connectOne(manager: CnxManager, peer: Sid, known: boolean): CnxManager {
  if (!known || manager.senderWorkerMap.has(peer) || manager.requests.has(peer)) return manager;
  return { ...manager, requests: withEntry(manager.requests, peer, DIALLING) };
}

/** L4c, C4b: the old worker of the peer is finished, new workers are registered and started. */
export function install(manager: CnxManager, peer: Sid, socket: SocketId, profile: ThreadProfile): Done<CnxManager> {
  const old = manager.senderWorkerMap.get(peer);
  const registered = (from: CnxManager): CnxManager => ({
    ...from,
    senderWorkerMap: withEntry(from.senderWorkerMap, peer, socket),
    queueSendMap: from.queueSendMap.has(peer) ? from.queueSendMap : withEntry(from.queueSendMap, peer, []),
    connections: withEntry(from.connections, socket, FRESH(peer)),
  });
  if (old === undefined) return done(registered(manager));
  if (has(profile, 'ZOOKEEPER-822')) return finish(registered(manager), old, profile);
  const retired = finish(manager, old, profile);
  return done(registered(retired.next), retired.effects);
}

const FRESH = (peer: Sid): Connection => ({ peer, running: true, send: { at: 'start' }, recv: { at: 'read' } });

/**
 * S9: SendWorker.finish. Idempotent: closes the socket, stops both workers, and unregisters the worker if it is still the one that
 * is registered.
 */
export function finish(manager: CnxManager, socket: SocketId, profile: ThreadProfile): Done<CnxManager> {
  const connection = manager.connections.get(socket);
  if (connection?.running !== true) return done(manager);
  const { peer } = connection;
  const mine = manager.senderWorkerMap.get(peer) === socket || has(profile, 'ZOOKEEPER-822');
  return done(
    {
      ...manager,
      senderWorkerMap: mine ? without(manager.senderWorkerMap, peer) : manager.senderWorkerMap,
      connections: withEntry(manager.connections, socket, { ...connection, running: false }),
    },
    [{ type: 'close', socket }],
  );
}

/** The connection with a worker moved on; forgotten once both workers have ended. */
export function moved(manager: CnxManager, socket: SocketId, connection: Connection): Done<CnxManager> {
  const over = connection.send.at === 'ended' && connection.recv.at === 'ended';
  if (!over) return done({ ...manager, connections: withEntry(manager.connections, socket, connection) });
  return done({ ...manager, connections: without(manager.connections, socket) }, [{ type: 'release', socket }]);
}

/** Closed for good by the one thread that knows it. */
export const dropped = (socket: SocketId): readonly NetEffect[] => [
  { type: 'close', socket },
  { type: 'release', socket },
];
