/**
 * Goal: each row of each thread does what QuorumCnxManager and FastLeaderElection.Messenger do at 3.8.0. Method: by hand, one row a
 * test; the expected value is read from the Java.
 */
import { describe, expect, test } from 'vitest';
import type { Sid } from '../../types/ids.js';
import { connectOne, finish, install } from './connections.js';
import { requestStep } from './connection-request.js';
import { startMessenger } from './process.js';
import { NO_DEFECTS } from './profile.js';
import type { CnxManager } from './state.js';
import { ME, vote, started, connected, must, listened, answered, SMALLER, LARGER } from './testing.js';

describe('Listener', () => {
  test('L0, L6: binds; after three failures the thread ends and the process exits', () => {
    const { manager } = startMessenger();
    expect(listened(manager, { step: 'Bind', ok: true })).toMatchObject({
      next: { listener: { at: 'accept' } },
      effects: [{ type: 'listen' }],
    });
    const fails = { step: 'Bind', ok: false } as const;
    expect(listened(manager, fails, fails).next.listener).toEqual({ at: 'bind', failures: 2 });
    expect(listened(manager, fails, fails, fails).next.listener).toEqual({ at: 'ended', exits: true });
  });

  test('L3: what cannot be read, or never comes, closes that client and no other', () => {
    for (const said of [null, { kind: 'malformed', why: 'x', fatal: false }] as const) {
      const read = listened(started(), { step: 'Accept', socket: 9 }, { step: 'ReadInitial', said });
      expect(read.next.listener).toEqual({ at: 'accept' });
      expect(read.effects).toEqual([
        { type: 'close', socket: 9 },
        { type: 'release', socket: 9 },
      ]);
    }
  });

  test('L6: an unchecked exception ends the thread; the process lives on, deaf', () => {
    const read = listened(
      started(),
      { step: 'Accept', socket: 9 },
      { step: 'ReadInitial', said: { kind: 'malformed', why: 'port', fatal: true } },
    );
    expect(read).toMatchObject({ next: { listener: { at: 'ended', exits: false } }, effects: [{ type: 'deaf' }] });
  });

  test('observers without an id get -1, -2, and so on: smaller than any server', () => {
    const first = listened(
      started(),
      { step: 'Accept', socket: 9 },
      { step: 'ReadInitial', said: { kind: 'anonymous' } },
    );
    expect(first.next).toMatchObject({ observerCounter: -2n, listener: { at: 'answer', sid: -1n } });
  });

  test('L4a: a smaller id knocks: its worker is finished, its socket closed, it is dialled back', () => {
    const { next, effects } = answered(connected(SMALLER), SMALLER);
    expect(next.senderWorkerMap.size).toBe(0);
    expect(next.connections.get(7)?.running).toBe(false);
    expect(next.requests.get(SMALLER)).toEqual({ at: 'connect' });
    expect(effects.map(({ type }) => type)).toEqual(['close', 'close', 'release']);
    expect(effects[0]).toEqual({ type: 'close', socket: 7 });
  });

  test('L4b: the own id: the socket is left open, nobody is dialled', () => {
    expect(answered(started(), ME.sid)).toEqual({ next: started(), effects: [] });
  });

  test('L4c: a larger id is kept; an older connection to it is finished', () => {
    const { next, effects } = answered(connected(LARGER), LARGER);
    expect(next.senderWorkerMap.get(LARGER)).toBe(9);
    expect(next.connections.get(9)).toMatchObject({ running: true, send: { at: 'start' }, recv: { at: 'read' } });
    expect(next.connections.get(7)?.running).toBe(false);
    expect(effects).toEqual([{ type: 'close', socket: 7 }]);
  });
});

describe('connection requests', () => {
  test('C0, C1: none if there is a worker, a request, or no address', () => {
    expect(connectOne(connected(LARGER), LARGER, true).requests.size).toBe(0);
    expect(connectOne(started(), LARGER, false).requests.size).toBe(0);
    const dialling = connectOne(started(), LARGER, true);
    expect(connectOne(dialling, LARGER, true)).toBe(dialling);
  });

  const dialled = (peer: Sid): CnxManager => {
    const first = must(requestStep(ME, connectOne(started(), peer, true), { step: 'Connect', peer, socket: 4 }));
    return must(requestStep(ME, first.next, { step: 'Introduce', peer, ok: true })).next;
  };

  test('C2: refused, the request ends', () => {
    const refused = must(
      requestStep(ME, connectOne(started(), LARGER, true), { step: 'Connect', peer: LARGER, socket: null }),
    );
    expect(must(requestStep(ME, refused.next, { step: 'Retire', peer: LARGER })).next.requests.size).toBe(0);
  });

  test('C3: the own id is said; if that fails the socket is closed', () => {
    const open = must(
      requestStep(ME, connectOne(started(), LARGER, true), { step: 'Connect', peer: LARGER, socket: 4 }),
    ).next;
    expect(must(requestStep(ME, open, { step: 'Introduce', peer: LARGER, ok: true })).effects).toEqual([
      { type: 'introduce', socket: 4, sid: 2n },
    ]);
    expect(
      must(requestStep(ME, open, { step: 'Introduce', peer: LARGER, ok: false })).next.requests.get(LARGER),
    ).toEqual({ at: 'done' });
  });

  test('C4a: towards a larger id the socket is closed, C4b: towards a smaller one it is kept', () => {
    const knocked = must(requestStep(ME, dialled(LARGER), { step: 'Decide', peer: LARGER }));
    expect(knocked.effects.map(({ type }) => type)).toEqual(['close', 'release']);
    expect(knocked.next.senderWorkerMap.size).toBe(0);
    const kept = must(requestStep(ME, dialled(SMALLER), { step: 'Decide', peer: SMALLER }));
    expect(kept.next.senderWorkerMap.get(SMALLER)).toBe(4);
    expect(kept.next.queueSendMap.get(SMALLER)).toEqual([]);
    expect(kept.next.requests.get(SMALLER)).toEqual({ at: 'done' });
  });
});

describe('finish', () => {
  test('S9: once only; a newer registration stays', () => {
    const newer: CnxManager = { ...connected(LARGER), senderWorkerMap: new Map([[LARGER, 8]]) };
    const finished = finish(newer, 7, NO_DEFECTS);
    expect(finished.next.senderWorkerMap.get(LARGER)).toBe(8);
    expect(finished.effects).toEqual([{ type: 'close', socket: 7 }]);
    expect(finish(finished.next, 7, NO_DEFECTS)).toEqual({ next: finished.next, effects: [] });
  });

  test('a waiting message survives the change of connection', () => {
    const waiting: CnxManager = { ...connected(LARGER), queueSendMap: new Map([[LARGER, [vote(1)]]]) };
    expect(install(waiting, LARGER, 9, NO_DEFECTS).next.queueSendMap.get(LARGER)).toEqual([vote(1)]);
  });
});
