/** Thread RecvWorker of one connection (QuorumCnxManager.RecvWorker, 3.8.0). */
import { offered, withEntry } from './collections.js';
import { finish, moved } from './connections.js';
import { type Done, done } from './effect.js';
import { has, type ThreadProfile } from './profile.js';
import type { CnxManager, Frame, Message, RecvWorker, SocketId } from './state.js';

export type RecvEvent =
  /** R1 to R3. Null: the end of the stream, an error, or a length outside 1 to 524288. */
  | { readonly step: 'Read'; readonly socket: SocketId; readonly frame: Frame | null }
  /** R4. */
  | { readonly step: 'Append'; readonly socket: SocketId }
  /** R9, and the end of the thread. */
  | { readonly step: 'FinishReceiving'; readonly socket: SocketId };

/** What a reading thread works on. */
export interface Receiving {
  readonly manager: CnxManager;
  readonly recvQueue: readonly Message[];
}

/** Null: the event is not enabled. */
export function recvWorkerStep(
  profile: ThreadProfile,
  { manager, recvQueue }: Receiving,
  event: RecvEvent,
): Done<Receiving> | null {
  const { socket } = event;
  const connection = manager.connections.get(socket);
  if (connection === undefined) return null;
  const { recv, peer } = connection;
  const at = (next: RecvWorker): CnxManager => ({
    ...manager,
    connections: withEntry(manager.connections, socket, { ...connection, recv: next }),
  });
  switch (event.step) {
    case 'Read':
      if (recv.at !== 'read') return null;
      return done({
        manager: at(event.frame === null ? { at: 'finish' } : { at: 'append', frame: event.frame }),
        recvQueue,
      });
    case 'Append': {
      if (recv.at !== 'append') return null;
      const { queue } = offered(recvQueue, { from: peer, frame: recv.frame }, profile.recvCapacity);
      return done({ manager: at(connection.running ? { at: 'read' } : { at: 'finish' }), recvQueue: queue });
    }
    case 'FinishReceiving': {
      if (recv.at !== 'finish') return null;
      const finished = has(profile, 'ZOOKEEPER-880') ? done(manager) : finish(manager, socket, profile);
      const now = finished.next.connections.get(socket) ?? connection;
      const last = moved(finished.next, socket, { ...now, recv: { at: 'ended' } });
      return done({ manager: last.next, recvQueue }, [...finished.effects, ...last.effects]);
    }
  }
}
