import { describe, expect, it } from 'vitest';
import { threadKind } from '../../types/connection-line.js';
import { LogParser } from './log-parser.js';

const reading = (line: string): unknown => new LogParser('f', { connections: true }).push(line)[0]?.said ?? null;

const AT = '2026-11-23 20:39:41,656 [myid:3] - DEBUG';
const POOL = 'QuorumConnectionThread-[myid=3]-1';

describe('lines of QuorumCnxManager', () => {
  it.each<[string, string, object]>([
    [POOL, 'Opening channel to server 2', { what: 'openingChannel', peer: 2n }],
    [
      POOL,
      'Have larger server identifier, so keeping the connection: (myId:3 --> sid:-2)',
      { what: 'keeping', myId: 3n, peer: -2n },
    ],
    [
      'WorkerSender[myid=3]',
      'Server 3 knows 4 already, it is in the lastProposedView',
      { what: 'peerKnown', myId: 3n, peer: 4n, view: 'proposed' },
    ],
    [
      'ListenerHandler-/127.0.0.1:3888',
      'Initial message parsed by 3: InitialMessage{sid=4, electionAddr=[/127.0.0.1:41339]}',
      { what: 'initialMessage', myId: 3n, peer: 4n, announced: true },
    ],
    [
      'ListenerHandler-zk3/[0:0:0:0:0:0:0:1]:3888',
      'Initial message parsed by 3: InitialMessage{sid=4, electionAddr=[]}',
      { what: 'initialMessage', myId: 3n, peer: 4n, announced: false },
    ],
    ['SendWorker:4', 'Send worker leaving thread id 4 my id = 3', { what: 'senderLeft', peer: 4n, myId: 3n }],
    [
      'QuorumPeer[myid=3](plain=[0:0:0:0:0:0:0:0]:2181)(secure=disabled)',
      'Queue size: 1',
      { what: 'queueSize', size: 1n },
    ],
    ['QuorumPeerListener', 'Listener thread started, myId: 3', { what: 'listenerStarted', myId: 3n }],
    [
      'ListenerHandler-/0.0.0.0:3888',
      '3 is accepting connections now, my election bind port: /0.0.0.0:3888',
      { what: 'accepting', myId: 3n },
    ],
    [POOL, 'Opening channel to server x', { what: 'garbled', text: 'Opening channel to server x' }],
  ])('by %s: %s', (thread, text, message) => {
    for (const logger of ['QuorumCnxManager@377', 'o.a.z.s.q.QuorumCnxManager$SendWorker@1181']) {
      expect(reading(`${AT} [${thread}:${logger}] - ${text}`)).toEqual({ what: 'connection', thread, message });
    }
  });

  it('are found in other layouts, with their thread', () => {
    const expected = { what: 'connection', thread: 'SendWorker:4', message: { what: 'replaying', peer: 4n } };
    const text = 'Attempting to send lastMessage to sid=4';
    const logger = 'org.apache.zookeeper.server.quorum.QuorumCnxManager';
    expect(reading(`[2026-11-23 20:39:41,656] DEBUG ${text} (${logger}) [SendWorker:4]`)).toEqual(expected);
    expect(reading(`20:39:41.656 [SendWorker:4] DEBUG ${logger} -- ${text}`)).toEqual(expected);
    const event = { '@timestamp': '', message: text, logger_name: logger, thread_name: 'SendWorker:4' };
    expect(reading(JSON.stringify(event))).toEqual(expected);
    expect(reading(`[2026-11-23 20:39:41,656] DEBUG ${text} (${logger})`)).toEqual({ ...expected, thread: '' });
  });

  it('are not read unless asked for, and not of other loggers', () => {
    const line = `${AT} [SendWorker:4:QuorumCnxManager$SendWorker@1260] - Attempting to send lastMessage to sid=4`;
    expect(new LogParser('f').push(line)).toEqual([]);
    expect(reading(line.replaceAll('QuorumCnxManager', 'Learner'))).toBeNull();
  });

  it('equal lines are one object', () => {
    const line = `${AT} [SendWorker:4:QuorumCnxManager$SendWorker@1260] - Attempting to send lastMessage to sid=4`;
    expect(reading(line)).not.toBe(null);
    const parser = new LogParser('f', { connections: true });
    expect(parser.push(line)[0]?.said).toBe(parser.push(line)[0]?.said);
  });

  it('tell the kind of thread', () => {
    const names = ['QuorumPeer[myid=1](plain)', 'QuorumPeerListener', 'RecvWorker:-1', 'main', ''];
    expect(names.map(threadKind)).toEqual(['main', 'starter', 'recvWorker', 'other', 'other']);
  });
});
