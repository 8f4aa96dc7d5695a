/** Lines in the layouts that are read; the stamp is what the server itself printed. */
import { describe, expect, it } from 'vitest';
import { LogParser } from './log-parser.js';

const LOOKING = 'LOOKING';
const HEAD = '[myid:1] - INFO  [QuorumPeer[myid=1]/0.0.0.0:2181:QuorumPeer@1371] - ';

const timeOf = (line: string): string | undefined => new LogParser('a.log').push(line)[0]?.at.time;

describe('the time of an observation', () => {
  it.each([
    ['log4j', `2026-11-23 13:48:51,944 ${HEAD}${LOOKING}`, '2026-11-23 13:48:51,944'],
    ['logback with a zone', `2026-11-23T13:48:51,944+01:00 ${HEAD}${LOOKING}`, '2026-11-23T13:48:51,944+01:00'],
    [
      'Kafka',
      `[2026-11-23 13:48:51,944] INFO ${LOOKING} (org.apache.zookeeper.server.quorum.QuorumPeer)`,
      '2026-11-23 13:48:51,944',
    ],
    ['docker-compose', `zoo1  | 2026-11-23 13:48:51,944 ${HEAD}${LOOKING}`, '2026-11-23 13:48:51,944'],
    [
      'Kubernetes: the server’s own stamp, not the collector’s',
      `2026-11-23T13:50:00.123456789Z stdout F 2026-11-23 13:48:51,944 ${HEAD}${LOOKING}`,
      '2026-11-23 13:48:51,944',
    ],
    [
      'JSON',
      `{"@timestamp":"2026-11-23T13:48:51.944Z","message":"${LOOKING}","logger_name":"QuorumPeer"}`,
      '2026-11-23T13:48:51.944Z',
    ],
    ['none', `${HEAD}${LOOKING}`, undefined],
  ])('%s', (_, line, time) => {
    expect(new LogParser('a.log').push(line)[0]?.said.what).toBe('looking');
    expect(timeOf(line)).toBe(time);
  });

  it('of two records in one line each has its own', () => {
    const line = `2026-11-23 13:48:51,944 ${HEAD}${LOOKING}2026-11-23 13:48:52,001 ${HEAD}${LOOKING}`;
    const times = new LogParser('a.log').push(line).map(({ at }) => at.time);
    expect(times.at(-1)).toBe('2026-11-23 13:48:52,001');
  });
});
