/**
 * Goal: each row of each thread does what QuorumCnxManager and FastLeaderElection.Messenger do at 3.8.0. Method: by hand, one row a
 * test; the expected value is read from the Java.
 */
import { describe, expect, test } from 'vitest';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid, type Sid } from '../../types/ids.js';
import type { Outgoing } from '../effect.js';
import { peerAtRest } from '../peer.js';
import { makePeerConfig } from '../peer-config.js';
import { ensemble } from '../testing.js';
import { connectOne, finish, install } from './connections.js';
import { requestStep } from './connection-request.js';
import type { Done } from './effect.js';
import { type ListenerEvent, listenerStep } from './listener.js';
import { startMessenger, startServer } from './process.js';
import { NO_DEFECTS, RECV_CAPACITY } from './profile.js';
import { haveDelivered } from './quorum-peer.js';
import { recvWorkerStep } from './recv-worker.js';
import { sendWorkerStep } from './send-worker.js';
import type { CnxManager, Connection, Message, Messenger } from './state.js';
import { runReceiver } from './worker-receiver.js';
import { workerSenderStep } from './worker-sender.js';

const sid = (n: number): Sid => asSid(BigInt(n));
const ME = { sid: sid(2), profile: NO_DEFECTS };
const [SMALLER, LARGER] = [sid(1), sid(3)];
const EMPTY_DISK = { lastZxid: asZxid(0n), currentEpoch: asPeerEpoch(0n), acceptedEpoch: asPeerEpoch(0n) };
const ENSEMBLE = ensemble(3);

function vote(leader: number): Outgoing {
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

const started = (): CnxManager => ({ ...startMessenger().manager, listener: { at: 'accept' } });
const worker = (peer: Sid, more: Partial<Connection> = {}): Connection => ({
  peer,
  running: true,
  send: { at: 'poll' },
  recv: { at: 'read' },
  ...more,
});

/** With one connection in use, socket 7. */
function connected(peer: Sid, more: Partial<Connection> = {}): CnxManager {
  return {
    ...started(),
    queueSendMap: new Map([[peer, []]]),
    senderWorkerMap: new Map([[peer, 7]]),
    connections: new Map([[7, worker(peer, more)]]),
  };
}

function must<T>(result: T | null): T {
  if (result === null) throw new Error('the step is not enabled');
  return result;
}

function listened(manager: CnxManager, ...events: readonly ListenerEvent[]): Done<CnxManager> {
  let now: Done<CnxManager> = { next: manager, effects: [] };
  for (const event of events) now = must(listenerStep(ME, now.next, event));
  return now;
}

const answered = (manager: CnxManager, from: Sid): Done<CnxManager> =>
  listened(
    manager,
    { step: 'Accept', socket: 9 },
    { step: 'ReadInitial', said: { kind: 'sid', sid: from } },
    { step: 'Answer' },
  );

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

describe('SendWorker', () => {
  const at = (connection: Partial<Connection>, more: Partial<CnxManager> = {}): CnxManager => ({
    ...connected(LARGER, connection),
    ...more,
  });
  const step = (manager: CnxManager, event: Parameters<typeof sendWorkerStep>[2]): Done<CnxManager> =>
    must(sendWorkerStep(NO_DEFECTS, manager, event));
  const last = new Map([[LARGER, vote(1)]]);
  const waiting = new Map([[LARGER, [vote(3)]]]);
  const start = { step: 'Start', socket: 7, ok: true } as const;

  test('S0: repeats the last message if nothing waits', () => {
    const fresh: Partial<Connection> = { send: { at: 'start' } };
    expect(step(at(fresh, { lastMessageSent: last }), start).effects).toEqual([
      { type: 'write', socket: 7, frame: vote(1) },
    ]);
    expect(step(at(fresh, { lastMessageSent: last, queueSendMap: waiting }), start).effects).toEqual([]);
    expect(step(at(fresh), start).effects).toEqual([]);
    expect(step(at(fresh, { lastMessageSent: last }), { ...start, ok: false }).next.connections.get(7)?.send).toEqual({
      at: 'finish',
    });
  });

  test('S1 to S3: taken, noted, written; a failed write leaves it as the last message', () => {
    const taken = step(at({}, { queueSendMap: waiting }), { step: 'Poll', socket: 7 });
    expect(taken.next.queueSendMap.get(LARGER)).toEqual([]);
    expect(taken.next.lastMessageSent.size).toBe(0);
    const noted = step(taken.next, { step: 'Note', socket: 7 });
    expect(noted.next.lastMessageSent.get(LARGER)).toEqual(vote(3));
    expect(step(noted.next, { step: 'Write', socket: 7, ok: true }).effects).toEqual([
      { type: 'write', socket: 7, frame: vote(3) },
    ]);
    const failed = step(noted.next, { step: 'Write', socket: 7, ok: false });
    expect(failed.next.connections.get(7)?.send).toEqual({ at: 'finish' });
    expect(failed.next.lastMessageSent.get(LARGER)).toEqual(vote(3));
  });

  test('S1: waits while nothing waits; stopped, it goes', () => {
    expect(sendWorkerStep(NO_DEFECTS, at({}), { step: 'Poll', socket: 7 })).toBeNull();
    expect(
      step(at({ running: false }, { queueSendMap: waiting }), { step: 'Poll', socket: 7 }).next.queueSendMap,
    ).toEqual(waiting);
  });

  test('S9: its end finishes both; the connection is forgotten when both have ended', () => {
    const ended = step(at({ send: { at: 'finish' } }), { step: 'FinishSending', socket: 7 });
    expect(ended.next.senderWorkerMap.size).toBe(0);
    expect(ended.effects).toEqual([{ type: 'close', socket: 7 }]);
    const both = step(at({ send: { at: 'finish' }, recv: { at: 'ended' } }), { step: 'FinishSending', socket: 7 });
    expect(both.next.connections.size).toBe(0);
    expect(both.effects.map(({ type }) => type)).toEqual(['close', 'release']);
  });
});

describe('RecvWorker', () => {
  const step = (manager: CnxManager, recvQueue: readonly Message[], event: Parameters<typeof recvWorkerStep>[2]) =>
    must(recvWorkerStep(NO_DEFECTS, { manager, recvQueue }, event));

  test('R1 to R4: a frame enters recvQueue under the id of the connection', () => {
    const read = step(connected(SMALLER), [], { step: 'Read', socket: 7, frame: vote(1) });
    const { next } = step(read.next.manager, read.next.recvQueue, { step: 'Append', socket: 7 });
    expect(next.recvQueue).toEqual([{ from: SMALLER, frame: vote(1) }]);
    expect(next.manager.connections.get(7)?.recv).toEqual({ at: 'read' });
  });

  test('R4: a full recvQueue gives up its oldest, whoever sent it', () => {
    const full = Array.from({ length: RECV_CAPACITY }, (_, i): Message => ({ from: sid(i), frame: vote(i) }));
    const { next } = step(connected(SMALLER, { recv: { at: 'append', frame: vote(1) } }), full, {
      step: 'Append',
      socket: 7,
    });
    expect(next.recvQueue).toHaveLength(RECV_CAPACITY);
    expect(next.recvQueue[0]?.from).toBe(sid(1));
    expect(next.recvQueue.at(-1)?.from).toBe(SMALLER);
  });

  test('R4 after finish: the message in hand is still appended, then the thread goes', () => {
    const { next } = step(connected(SMALLER, { running: false, recv: { at: 'append', frame: vote(1) } }), [], {
      step: 'Append',
      socket: 7,
    });
    expect(next.recvQueue).toHaveLength(1);
    expect(next.manager.connections.get(7)?.recv).toEqual({ at: 'finish' });
  });

  test('R9: the end of the stream ends both workers', () => {
    const read = step(connected(SMALLER), [], { step: 'Read', socket: 7, frame: null });
    const ended = step(read.next.manager, [], { step: 'FinishReceiving', socket: 7 });
    expect(ended.next.manager.senderWorkerMap.size).toBe(0);
    expect(ended.next.manager.connections.get(7)).toMatchObject({ running: false, recv: { at: 'ended' } });
    expect(ended.effects).toEqual([{ type: 'close', socket: 7 }]);
  });
});

describe('WorkerSender', () => {
  const context = { ...ME, known: () => true };
  const handed = (messenger: Messenger): Messenger => {
    const taken = must(workerSenderStep(context, messenger, { step: 'Take' }));
    return must(workerSenderStep(context, taken, { step: 'HandOver' }));
  };

  test('WS3: an own copy goes to recvQueue, without a connection', () => {
    const after = handed({ ...startMessenger(), sendqueue: [{ to: ME.sid, message: vote(2) }] });
    expect(after.recvQueue).toEqual([{ from: ME.sid, frame: vote(2) }]);
    expect(after.manager.requests.size).toBe(0);
    expect(after.manager.queueSendMap.size).toBe(0);
  });

  test('a newer message replaces the one that waits, and the peer is dialled', () => {
    const messenger: Messenger = {
      ...startMessenger(),
      manager: { ...started(), queueSendMap: new Map([[LARGER, [vote(1)]]]) },
      sendqueue: [{ to: LARGER, message: vote(3) }],
    };
    const after = handed(messenger);
    expect(after.manager.queueSendMap.get(LARGER)).toEqual([vote(3)]);
    expect(after.manager.requests.get(LARGER)).toEqual({ at: 'connect' });
  });
});

describe('WorkerReceiver', () => {
  test('WR2: a frame that is no notification is taken and skipped; nobody is answered', () => {
    const config = makePeerConfig({ sid: ME.sid, membership: { committed: ENSEMBLE, lastSeen: null } });
    const { server: peer } = startServer({ config, profile: NO_DEFECTS }, peerAtRest(EMPTY_DISK));
    const recvQueue: readonly Message[] = [
      { from: SMALLER, frame: { malformed: 'endsInEpoch' } },
      { from: SMALLER, frame: vote(1) },
    ];
    const skipped = must(runReceiver(config, { peer: peer.peer, recvQueue }, { step: 'Receive' }));
    expect(skipped).toEqual({ peer: peer.peer, recvQueue: [{ from: SMALLER, frame: vote(1) }], effects: [] });
    const taken = must(runReceiver(config, skipped, { step: 'Receive' }));
    expect(taken.peer.process?.worker).toMatchObject({ stage: 'printed', notification: { from: SMALLER, leader: 1n } });
  });
});

describe('haveDelivered', () => {
  test('true if any queue is empty, false if there is none', () => {
    expect(haveDelivered(started())).toBe(false);
    expect(haveDelivered({ ...started(), queueSendMap: new Map([[LARGER, [vote(1)]]]) })).toBe(false);
    expect(
      haveDelivered({
        ...started(),
        queueSendMap: new Map([
          [LARGER, [vote(1)]],
          [SMALLER, []],
        ]),
      }),
    ).toBe(true);
  });
});
