/** Thread SendWorker of one connection (QuorumCnxManager.SendWorker, 3.8.0). */
import { withEntry } from './collections.js';
import { finish, moved } from './connections.js';
import { type Done, done } from './effect.js';
import { has, type ThreadProfile } from './profile.js';
import type { CnxManager, Connection, Frame, SendWorker, SocketId } from './state.js';

/** `ok`: the socket took the bytes; what is read from that is not known. */
export type SendEvent =
  /** S0: the last message is repeated if nothing newer waits. */
  | { readonly step: 'Start'; readonly socket: SocketId; readonly ok: boolean }
  /** S1: the waiting message is taken; or the thread finds itself stopped. */
  | { readonly step: 'Poll'; readonly socket: SocketId }
  /** S2: it becomes lastMessageSent. */
  | { readonly step: 'Note'; readonly socket: SocketId }
  /** S3. */
  | { readonly step: 'Write'; readonly socket: SocketId; readonly ok: boolean }
  /** S9, and the end of the thread. */
  | { readonly step: 'FinishSending'; readonly socket: SocketId };

const POLL: SendWorker = { at: 'poll' };
const FINISH: SendWorker = { at: 'finish' };

/** Null: the event is not enabled. */
export function sendWorkerStep(profile: ThreadProfile, manager: CnxManager, event: SendEvent): Done<CnxManager> | null {
  const { socket } = event;
  const connection = manager.connections.get(socket);
  if (connection === undefined) return null;
  const { send, peer } = connection;
  const at = (next: SendWorker, from = manager): CnxManager => sending(from, socket, { ...connection, send: next });
  switch (event.step) {
    case 'Start': {
      if (send.at !== 'start') return null;
      const frame = replayed(profile, manager, connection);
      if (frame === null) return done(at(POLL));
      return event.ok ? done(at(POLL), [{ type: 'write', socket, frame }]) : done(at(FINISH));
    }
    case 'Poll': {
      if (send.at !== 'poll') return null;
      if (!connection.running) return done(at(FINISH));
      const [frame, ...rest] = manager.queueSendMap.get(peer) ?? [];
      if (frame === undefined) return null;
      return done(
        at({ at: 'taken', frame }, { ...manager, queueSendMap: withEntry(manager.queueSendMap, peer, rest) }),
      );
    }
    case 'Note': {
      if (send.at !== 'taken') return null;
      const lastMessageSent = withEntry(manager.lastMessageSent, peer, send.frame);
      return done(at({ at: 'write', frame: send.frame }, { ...manager, lastMessageSent }));
    }
    case 'Write':
      if (send.at !== 'write') return null;
      return event.ok ? done(at(POLL), [{ type: 'write', socket, frame: send.frame }]) : done(at(FINISH));
    case 'FinishSending': {
      if (send.at !== 'finish') return null;
      const finished = finish(manager, socket, profile);
      const now = finished.next.connections.get(socket) ?? connection;
      const last = moved(finished.next, socket, { ...now, send: { at: 'ended' } });
      return done(last.next, [...finished.effects, ...last.effects]);
    }
  }
}

/** What S0 writes: lastMessageSent if the send queue is empty. */
export function replayed(profile: ThreadProfile, manager: CnxManager, { peer }: Connection): Frame | null {
  if (has(profile, 'ZOOKEEPER-481') || has(profile, 'replay skipped')) return null;
  const waiting = (manager.queueSendMap.get(peer) ?? []).length;
  if (waiting > 0 && !has(profile, 'replay although a message waits')) return null;
  return manager.lastMessageSent.get(peer) ?? null;
}

function sending(manager: CnxManager, socket: SocketId, connection: Connection): CnxManager {
  return { ...manager, connections: withEntry(manager.connections, socket, connection) };
}
