/** Thread Listener with its ListenerHandler for one election address (QuorumCnxManager.Listener, 3.8.0). */
import { asSid, type Sid } from '../../types/ids.js';
import { connectOne, dropped, finish, install } from './connections.js';
import { type Done, done } from './effect.js';
import { BIND_RETRIES, has, type ThreadProfile } from './profile.js';
import type { CnxManager, Introduction, SocketId } from './state.js';

export type ListenerEvent =
  /** L0. `ok`: the election port is bound. */
  | { readonly step: 'Bind'; readonly ok: boolean }
  /** L1, L2: a client is taken from the backlog. */
  | { readonly step: 'Accept'; readonly socket: SocketId }
  /** L3: its initial message; null: its end, or the read timeout. */
  | { readonly step: 'ReadInitial'; readonly said: Introduction | null }
  /** L4, L5. */
  | { readonly step: 'Answer' };

export interface ListenerContext {
  readonly sid: Sid;
  readonly profile: ThreadProfile;
}

/** Null: the event is not enabled. */
export function listenerStep(
  { sid: me, profile }: ListenerContext,
  manager: CnxManager,
  event: ListenerEvent,
): Done<CnxManager> | null {
  const { listener } = manager;
  switch (event.step) {
    case 'Bind':
      return listener.at === 'bind' ? bind(manager, listener.failures, event.ok) : null;
    case 'Accept':
      return listener.at === 'accept' ? done({ ...manager, listener: { at: 'read', socket: event.socket } }) : null;
    case 'ReadInitial':
      return listener.at === 'read' ? read(manager, listener.socket, event.said) : null;
    case 'Answer':
      return listener.at === 'answer' ? answer(manager, { ...listener, me, profile }) : null;
  }
}

/** L0: after three failures the thread ends, and as the socket could not be had, the process exits (L6). */
function bind(manager: CnxManager, failures: number, ok: boolean): Done<CnxManager> {
  if (ok) return done({ ...manager, listener: { at: 'accept' } }, [{ type: 'listen' }]);
  const failed = failures + 1;
  const listener =
    failed < BIND_RETRIES ? ({ at: 'bind', failures: failed } as const) : ({ at: 'ended', exits: true } as const);
  return done({ ...manager, listener });
}

/** L3. Whatever cannot be read closes that client; an unchecked exception ends the thread and leaves the socket behind. */
function read(manager: CnxManager, socket: SocketId, said: Introduction | null): Done<CnxManager> {
  if (said === null) return done({ ...manager, listener: { at: 'accept' } }, dropped(socket));
  switch (said.kind) {
    case 'malformed':
      if (!said.fatal) return done({ ...manager, listener: { at: 'accept' } }, dropped(socket));
      return done({ ...manager, listener: { at: 'ended', exits: false } }, [{ type: 'deaf' }]);
    case 'anonymous': {
      const sid = manager.observerCounter;
      return done({ ...manager, observerCounter: asSid(sid - 1n), listener: { at: 'answer', socket, sid } });
    }
    case 'sid':
      return done({ ...manager, listener: { at: 'answer', socket, sid: said.sid } });
  }
}

interface Answering extends ListenerContext {
  readonly me: Sid;
  readonly socket: SocketId;
}

/**
 * L4a: a smaller id only knocks: its old worker is retired, it is dialled back at the address it told. L4b: the own id is left
 * alone, its socket open. L4c: a larger id is kept. No membership is asked.
 */
function answer(manager: CnxManager, { me, sid, socket, profile }: Answering): Done<CnxManager> {
  const free: CnxManager = { ...manager, listener: { at: 'accept' } };
  if (sid === me) return done(free);
  const knocks = has(profile, 'tie-break by the smaller id') ? sid > me : sid < me;
  if (!knocks) return install(free, sid, socket, profile);
  const old = has(profile, 'ZOOKEEPER-453') ? undefined : free.senderWorkerMap.get(sid);
  const retired = old === undefined ? done(free) : finish(free, old, profile);
  return done(connectOne(retired.next, sid, true), [...retired.effects, ...dropped(socket)]);
}
