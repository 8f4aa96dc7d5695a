/** The workers, as threads.test.ts has Listener and connections: by hand, one row a test, read from the Java of 3.8.0. */
import { describe, expect, test } from 'vitest';
import { peerAtRest } from '../peer.js';
import { makePeerConfig } from '../peer-config.js';
import type { Done } from './effect.js';
import { startMessenger, startServer } from './process.js';
import { NO_DEFECTS, RECV_CAPACITY } from './profile.js';
import { haveDelivered } from './quorum-peer.js';
import { recvWorkerStep } from './recv-worker.js';
import { sendWorkerStep } from './send-worker.js';
import type { CnxManager, Connection, Message, Messenger } from './state.js';
import { runReceiver } from './worker-receiver.js';
import { sid, ME, EMPTY_DISK, ENSEMBLE, vote, started, connected, must, SMALLER, LARGER } from './testing.js';
import { workerSenderStep } from './worker-sender.js';

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
