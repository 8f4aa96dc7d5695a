/** Managers of connections in the states that the tests of threads begin with. Server 2 of three is meant. */
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid, type Sid } from '../../types/ids.js';
import type { Outgoing } from '../effect.js';
import { ensemble } from '../testing.js';
import type { Done } from './effect.js';
import { type ListenerEvent, listenerStep } from './listener.js';
import { startMessenger } from './process.js';
import { NO_DEFECTS } from './profile.js';
import type { CnxManager, Connection } from './state.js';

export const sid = (n: number): Sid => asSid(BigInt(n));
export const ME = { sid: sid(2), profile: NO_DEFECTS };
export const [SMALLER, LARGER] = [sid(1), sid(3)];
export const EMPTY_DISK = { lastZxid: asZxid(0n), currentEpoch: asPeerEpoch(0n), acceptedEpoch: asPeerEpoch(0n) };
export const ENSEMBLE = ensemble(3);

export function vote(leader: number): Outgoing {
  return {
    leader: sid(leader),
    zxid: asZxid(0n),
    round: asRound(1n),
    epoch: asPeerEpoch(0n),
    state: 'LOOKING',
    version: 2,
    configVersion: asConfigVersion(0n),
  };
}

export const started = (): CnxManager => ({ ...startMessenger().manager, listener: { at: 'accept' } });
export const worker = (peer: Sid, more: Partial<Connection> = {}): Connection => ({
  peer,
  running: true,
  send: { at: 'poll' },
  recv: { at: 'read' },
  ...more,
});

/** With one connection in use, socket 7. */
export function connected(peer: Sid, more: Partial<Connection> = {}): CnxManager {
  return {
    ...started(),
    queueSendMap: new Map([[peer, []]]),
    senderWorkerMap: new Map([[peer, 7]]),
    connections: new Map([[7, worker(peer, more)]]),
  };
}

export function must<T>(result: T | null): T {
  if (result === null) throw new Error('the step is not enabled');
  return result;
}

export function listened(manager: CnxManager, ...events: readonly ListenerEvent[]): Done<CnxManager> {
  let now: Done<CnxManager> = { next: manager, effects: [] };
  for (const event of events) now = must(listenerStep(ME, now.next, event));
  return now;
}

export const answered = (manager: CnxManager, from: Sid): Done<CnxManager> =>
  listened(
    manager,
    { step: 'Accept', socket: 9 },
    { step: 'ReadInitial', said: { kind: 'sid', sid: from } },
    { step: 'Answer' },
  );
