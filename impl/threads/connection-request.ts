/** One request of the connection pool: thread QuorumConnectionReqThread, steps C2 to C5 (QuorumCnxManager, 3.8.0). */
import type { Sid } from '../../types/ids.js';
import { withEntry, without } from './collections.js';
import { dropped, install } from './connections.js';
import { type Done, done } from './effect.js';
import type { ListenerContext } from './listener.js';
import { has } from './profile.js';
import type { CnxManager, Request } from './state.js';

export type RequestEvent =
  /** C2. `socket`: connected; null: refused, or nothing within 5 s. */
  | { readonly step: 'Connect'; readonly peer: Sid; readonly socket: number | null }
  /** C3. */
  | { readonly step: 'Introduce'; readonly peer: Sid; readonly ok: boolean }
  /** C4. */
  | { readonly step: 'Decide'; readonly peer: Sid }
  /** C5. */
  | { readonly step: 'Retire'; readonly peer: Sid };

const DONE: Request = { at: 'done' };

/** Null: the event is not enabled. */
export function requestStep(
  { sid: me, profile }: ListenerContext,
  manager: CnxManager,
  event: RequestEvent,
): Done<CnxManager> | null {
  const { peer } = event;
  const request = manager.requests.get(peer);
  const now = (next: Request): CnxManager => ({ ...manager, requests: withEntry(manager.requests, peer, next) });
  switch (event.step) {
    case 'Connect':
      if (request?.at !== 'connect') return null;
      return done(now(event.socket === null ? DONE : { at: 'introduce', socket: event.socket }));
    case 'Introduce': {
      if (request?.at !== 'introduce') return null;
      const { socket } = request;
      if (!event.ok) return done(now(DONE), dropped(socket));
      return done(now({ at: 'decide', socket }), [{ type: 'introduce', socket, sid: me }]);
    }
    case 'Decide': {
      if (request?.at !== 'decide') return null;
      const gives = has(profile, 'tie-break by the smaller id') ? peer < me : peer > me;
      return gives ? done(now(DONE), dropped(request.socket)) : install(now(DONE), peer, request.socket, profile);
    }
    case 'Retire':
      return request?.at === 'done' ? done({ ...manager, requests: without(manager.requests, peer) }) : null;
  }
}
