import { describe, expect, test } from 'vitest';
import { LogParser } from './log-parser.js';

const TIME = '2026-01-02 03:04:05,678';
const THREAD = 'QuorumPeer[myid=3](plain=[0:0:0:0:0:0:0:0]:2181)(secure=disabled)';
const NEW = 'New election. My id = 3, proposed zxid=0x0';
const TOOK = { what: 'timedOut', nextTimeoutMs: 400 };

function push(...lines: string[]): { parser: LogParser; found: unknown[] } {
  const parser = new LogParser('f');
  const found = lines.flatMap((line) =>
    parser.push(line).map((one) => ({ sid: one.sid, line: one.at.line, ...one.said })),
  );
  return { parser, found };
}

describe('layouts', () => {
  const MESSAGE = 'Notification time out: 400 ms';
  test.each<[string, string, bigint | null]>([
    ['log4j and logback as shipped', `${TIME} [myid:3] - INFO  [${THREAD}:FastLeaderElection@966] - ${MESSAGE}`, 3n],
    ['shortened packages', `${TIME} [myid:3] - INFO  [${THREAD}:o.a.z.s.q.FastLeaderElection@996] - ${MESSAGE}`, 3n],
    ['empty [myid:]', `${TIME} [myid:] - INFO  [${THREAD}:FastLeaderElection@966] - ${MESSAGE}`, 3n],
    ['no [myid:]', `${TIME} - INFO  [${THREAD}:FastLeaderElection@966] - ${MESSAGE}`, 3n],
    ['[myid:] only', `${TIME} [myid:-3] - INFO  [main:FastLeaderElection@966] - ${MESSAGE}`, -3n],
    ['[myid:] of a client', `${TIME} [myid:host:2181] - INFO  [main:FastLeaderElection@966] - ${MESSAGE}`, null],
    ['thread before [myid:]', `${TIME} [myid:9] - INFO  [${THREAD}:FastLeaderElection@966] - ${MESSAGE}`, 3n],
    ['context behind the head', `${TIME} [myid:3] - INFO  [${THREAD}:FastLeaderElection@966][] - ${MESSAGE}`, 3n],
    ['no caller data', `${TIME} [myid:3] - INFO  [${THREAD}:?@?] - ${MESSAGE}`, 3n],
    ['bare thread', `[${THREAD}:FastLeaderElection@966] - ${MESSAGE}`, 3n],
    ['date and [myid:] only', `${TIME} [myid:3] - ${MESSAGE}`, 3n],
    ['ISO date', `2026-01-02T03:04:05,678 [myid:] - INFO  [${THREAD}:FastLeaderElection@966] - ${MESSAGE}`, 3n],
    ['docker-compose', `zoo1_1  | ${TIME} [myid:3] - INFO  [${THREAD}:FastLeaderElection@966] - ${MESSAGE}`, 3n],
    ['Kafka', `[${TIME}] INFO ${MESSAGE} (org.apache.zookeeper.server.quorum.FastLeaderElection)`, null],
    ['Strimzi', `${TIME} INFO ${MESSAGE} (org.apache.zookeeper.server.quorum.FastLeaderElection) [${THREAD}]`, 3n],
    ['Hadoop', `${TIME} INFO org.apache.zookeeper.server.quorum.FastLeaderElection: ${MESSAGE}`, null],
    ['logback default', `03:04:05.678 [${THREAD}] INFO  o.a.z.s.q.FastLeaderElection -- ${MESSAGE}`, 3n],
    ['logback default, older', `${TIME} [${THREAD}] INFO  o.a.z.s.q.FastLeaderElection - ${MESSAGE}`, 3n],
    ['journald', `Jan 02 03:04:05 host-1 java[2847]: ${MESSAGE}`, null],
    ['journald, ISO', `2026-01-02T03:04:05+0000 host-1 java[2847]: ${MESSAGE}`, null],
    ['kubectl --timestamps', `2026-01-02T03:04:05.000000000Z ${MESSAGE}`, null],
    ['kubectl --prefix, Kafka', `[pod/zk-0/zookeeper] [${TIME}] INFO ${MESSAGE} (o.a.z.FastLeaderElection)`, null],
    ['CRI', `2026-01-02T03:04:05.000000000Z stdout F [${TIME}] INFO ${MESSAGE} (o.a.z.X)`, null],
    [
      'json-file',
      JSON.stringify({ log: `${TIME} [myid:3] - INFO  [${THREAD}:X@1] - ${MESSAGE}\n`, stream: 'stdout' }),
      3n,
    ],
    ['JSON event', JSON.stringify({ level: 'INFO', logger_name: 'a.B', thread_name: THREAD, message: MESSAGE }), 3n],
    ['colours', `\u001b[36mzoo1_1  |\u001b[0m ${TIME} [myid:3] - INFO  [${THREAD}:X@1] - ${MESSAGE}\u001b[0m`, 3n],
    ['quoted', `> ${TIME} [myid:3] - INFO  [${THREAD}:X@1] - ${MESSAGE}`, 3n],
    ['carriage return', `${TIME} [myid:3] - INFO  [${THREAD}:X@1] - ${MESSAGE}\r`, 3n],
    ['unknown layout', `03h04 <${THREAD}> says ${MESSAGE}`, 3n],
  ])('%s', (_name, line, sid) => {
    expect(push(line).found).toEqual([{ sid, line: 1, ...TOOK }]);
  });

  test('the logger of a layout decides too', () => {
    const logger = 'org.apache.zookeeper.server.quorum';
    for (const line of [
      `[${TIME}] INFO LOOKING (${logger}.QuorumPeer)`,
      `${TIME} INFO LOOKING (${logger}.QuorumPeer) [${THREAD}]`,
      `${TIME} INFO ${logger}.QuorumPeer: LOOKING`,
      `03:04:05.678 [${THREAD}] INFO  o.a.z.s.q.QuorumPeer -- LOOKING`,
      'Jan 02 03:04:05 host-1 java[2847]: LOOKING',
      JSON.stringify({ logger: `${logger}.QuorumPeer`, message: 'LOOKING' }),
    ]) {
      expect(push(line).found, line).toMatchObject([{ what: 'looking' }]);
      expect(
        push(line.replace('QuorumPeer)', 'Other)').replace('QuorumPeer:', 'Other:')).parser.counts.records,
      ).toBeLessThan(2);
    }
    expect(push(`[${TIME}] INFO LOOKING (kafka.server.Other)`).found).toEqual([]);
    expect(push('LOOKING').found).toEqual([]);
  });

  test('parentheses inside a DEBUG message are not taken for the logger', () => {
    const message =
      'Sending Notification: 2 (n.leader), 0x5 (n.zxid), 0x1 (n.round), 3 (recipient), 2 (myid), 0x7 (n.peerEpoch) ';
    const line = `[${TIME}] DEBUG ${message} (org.apache.zookeeper.server.quorum.FastLeaderElection)`;
    expect(push(line).found).toMatchObject([{ what: 'sending', sid: 2n, epoch: 7n }]);
  });

  test('the message names the server where nothing else does', () => {
    expect(push(`[${TIME}] INFO ${NEW} (a.FastLeaderElection)`).found).toMatchObject([
      { sid: 3n, what: 'newElection' },
    ]);
  });
});

describe('damaged text', () => {
  const LOOKING = `${TIME} [myid:3] - INFO  [${THREAD}:QuorumPeer@1455] - LOOKING`;

  test('NUL bytes are a seam; complete records on both sides are read', () => {
    const { found, parser } = push(`${LOOKING}\0\0\0${TIME} [myid:3] - INFO  [${THREAD}:QuorumPeer@1] - FOLLOWING`);
    expect(found).toMatchObject([{ what: 'looking' }, { what: 'seam' }, { what: 'roleEntered' }]);
    expect(parser.counts).toMatchObject({ lines: 1, seams: 1 });
    expect(push('\0').found).toMatchObject([{ what: 'seam' }]);
    expect(push('a\0Notification time out: 4\0b').found).toMatchObject([{ what: 'seam' }, { what: 'unreadable' }]);
  });

  test('two records in one line are both read; a torn one of the election is unreadable', () => {
    const second = `${TIME} [myid:1] - INFO  [QuorumPeer[myid=1]/0.0.0.0:2181:FastLeaderElection@1] - ${NEW.replace('3', '1')}`;
    expect(push(LOOKING + second).found).toMatchObject([
      { what: 'looking', sid: 3n },
      { what: 'newElection', sid: 1n },
    ]);
    expect(push(LOOKING.slice(0, -2) + second).found).toMatchObject([
      { what: 'unreadable', sid: 3n },
      { what: 'newElection', sid: 1n },
    ]);
    expect(push(`${TIME} [myid:3] - INFO  [main:Other@7] - Sta${second}`).found).toMatchObject([
      { what: 'newElection' },
    ]);
  });

  test('a head that lost its beginning still gives its message', () => {
    expect(push(`aderElection@946] - ${NEW}`).found).toMatchObject([{ what: 'newElection', sid: 3n }]);
  });

  test('a long line is looked at up to 4096 characters, and an election line so long is unreadable', () => {
    const { found, parser } = push(
      `${TIME} [myid:3] - INFO  [${THREAD}:X@1] - ${NEW}${'0'.repeat(5000)}`,
      `${TIME} [myid:3] - INFO  [${THREAD}:X@1] - Server environment:java.class.path=${'x'.repeat(5_000_000)}`,
      `Notification time out: 400 ms${' '.repeat(5000)}`,
    );
    expect(found).toMatchObject([{ what: 'unreadable' }, { what: 'unreadable' }]);
    expect(parser.counts).toMatchObject({ lines: 3, longLines: 3, unreadable: 2, records: 2 });
  });

  test('stack traces, shell traces and prose give nothing', () => {
    const { found, parser } = push(
      'java.net.ConnectException: Connection refused (Connection refused)',
      '\tat java.net.PlainSocketImpl.socketConnect(Native Method)',
      '\t... 7 more',
      '+ source /conf/env.sh',
      '',
      '{not json',
      '[1, 2, 3]',
      'the election is over',
    );
    expect(found).toEqual([]);
    expect(parser.counts).toMatchObject({ lines: 8, records: 0, observations: 0 });
  });

  test('election words in prose are counted, not judged', () => {
    expect(push('then it says "Notification time out: 400" again').found).toMatchObject([{ what: 'unreadable' }]);
  });

  test('nasty input stays fast', () => {
    const started = performance.now();
    push(
      `${TIME} [${'['.repeat(4000)}`,
      `${TIME} INFO ${'(a) ['.repeat(800)}`,
      `${'a.'.repeat(2000)}| x`,
      ' '.repeat(4090),
      `${TIME} ${'[x] '.repeat(1000)}`,
      '] - '.repeat(1000),
      `@1] - ${'@1] - '.repeat(600)}`,
      `{"log":"${'\\"'.repeat(1000)}`,
    );
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('what only a broken or forged log holds', () => {
  const by = (name: string, message: string): string => `${TIME} [myid:3] - INFO  [${THREAD}:${name}@1] - ${message}`;

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('a state called %s', (word) => {
    const { found } = push(by('QuorumPeer', `Peer state changed: ${word}`));
    expect(found).toMatchObject([
      { what: 'unreadable', why: expect.stringContaining('does not begin with a server state') },
    ]);
  });

  test('an interval that no number holds exactly is not read', () => {
    const setting = (ms: string): string =>
      by('FastLeaderElection', `zookeeper.fastleader.maxNotificationInterval = ${ms} ms`);
    expect(push(setting('60000')).found).toMatchObject([{ what: 'intervalSetting', ms: 60_000 }]);
    expect(push(setting('9007199254740993')).found).toEqual([]);
  });

  test('supporters of more servers than there can be', () => {
    const sids = Array.from({ length: 600 }, (_, sid) => sid);
    const { found } = push(
      by(
        'Leader',
        `Have quorum of supporters, sids: [[${sids.join(', ')}]]; starting up and setting last processed zxid: 0x0`,
      ),
    );
    expect(found).toMatchObject([{ what: 'unreadable', why: 'more than 512 servers' }]);
  });

  test('what stands between NUL bytes is kept in part', () => {
    const { found } = push(`\0Notification time out: ${'x'.repeat(60_000)}\0`);
    const texts = found.map((one) => (one as { text?: string }).text?.length ?? 0);
    expect(texts.some((length) => length > 1000)).toBe(true);
    expect(Math.max(...texts)).toBeLessThanOrEqual(4096);
  });

  test('a hundred thousand releases: the last one counts, a few are kept', () => {
    const parser = new LogParser('f');
    const started = performance.now();
    for (let patch = 0; patch < 100_000; patch += 1) {
      parser.push(by('Environment', `Server environment:zookeeper.version=3.8.${patch}-x, built on y`));
    }
    expect(parser.counts.release).toBe('3.8.99999');
    expect(parser.counts.releases).toHaveLength(16);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

test('a clock that goes back by more than a second is counted', () => {
  const at = (time: string): string => `2026-01-${time} [myid:3] - INFO  [main:X@1] - y`;
  const { parser } = push(
    at('02 03:04:05,001'),
    at('02 03:04:04,999'),
    at('02 03:04:02,000'),
    at('01 23:59:59,000'),
    'y',
  );
  expect(parser.counts).toMatchObject({ timeJumps: 2, records: 4, lines: 5 });
});
