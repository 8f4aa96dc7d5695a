/**
 * Goal: the parts of the recorder that decide something do so rightly, without a server. Method: texts as Linux writes
 * them, seeds, and scenarios recorded by a stand-in.
 */
import { describe, expect, test } from 'vitest';
import { UsageError } from '../usage-error.js';
import { connectionsBetween, parseTcpTable, socketsOf } from './connections.js';
import { crashStorm } from './crash-storm.js';
import { record } from './record.js';
import { recordAll } from './record-all.js';
import type { Scenario } from './scenario.js';
import { SCENARIOS } from './scenarios.js';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 100 1 0000000000000000 100 0 0 10 0
   1: 0100007F:9C40 0100007F:0FA0 01 00000000:00000000 00:00000000 00000000     0        0 101 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:0FA0 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 102 1 0000000000000000 20 4 30 10 -1
   3: 0100007F:9C41 0100007F:0FA0 06 00000000:00000000 03:00000000 00000000     0        0 0 3 0000000000000000
   4: 0100007F:9C42 0100007F:0FA0 01 00000000:00000000 00:00000000 00000000     0        0 103 1 0000000000000000 20 4 30 10 -1
`;

const options = { zookeeper: null, signal: new AbortController().signal };

describe('connections', () => {
  test('only established ones are read', () => {
    expect(parseTcpTable(TABLE).map(({ inode }) => inode)).toEqual(['101', '102', '103']);
    expect(parseTcpTable('garbage\n\n 7: a b')).toEqual([]);
  });

  test('descriptors that are no sockets are passed over', () => {
    const links = new Map([
      [0, '/dev/null'],
      [5, 'socket:[101]'],
      [6, 'pipe:[101]'],
      [7, 'socket:[200]'],
    ]);
    expect([...socketsOf(links)]).toEqual([
      ['101', 5],
      ['200', 7],
    ]);
  });

  test('both ends must belong: a listener and a stranger do not', () => {
    const one = new Map([
      ['100', 3],
      ['102', 4],
    ]);
    const other = new Map([['101', 9]]);
    expect(connectionsBetween(TABLE, one, other)).toEqual([4]);
    expect(connectionsBetween(TABLE, other, one)).toEqual([9]);
    expect(connectionsBetween(TABLE, one, new Map([['103', 9]]))).toEqual([]);
  });
});

describe('the crash storm', () => {
  /** Who runs after each step; throws if a step makes no sense. */
  function running({ steps }: Scenario): readonly ReadonlySet<number>[] {
    const up = new Set<number>();
    return steps.map((step) => {
      if (step.do === 'crash') {
        if (!up.delete(step.sid)) throw new Error(`${step.sid} was not running`);
      } else if (step.do === 'start') {
        for (const sid of step.sids) {
          if (up.has(sid)) throw new Error(`${sid} was running`);
          up.add(sid);
        }
      }
      return new Set(up);
    });
  }

  test('is a function of its seed', () => {
    expect(crashStorm(4)).toEqual(crashStorm(4));
    const storms = new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(crashStorm(seed).steps)));
    expect(storms.size).toBe(20);
  });

  test('lasts as long as it is told', () => {
    const waited = (seconds: number): number =>
      crashStorm(4, seconds).steps.reduce((sum, step) => sum + (step.do === 'wait' ? step.seconds : 0), 0);
    for (const seconds of [5, 60]) {
      expect(waited(seconds)).toBeGreaterThanOrEqual(seconds);
      expect(waited(seconds)).toBeLessThan(seconds + 4);
    }
  });

  test('its seed and length belong to no other scenario', async () => {
    const wrong = { ...options, out: 'nowhere-yet', onProgress: () => undefined };
    await expect(record({ ...wrong, scenario: 'three-start', seed: 2 })).rejects.toThrow(/belong to crash-storm/);
    await expect(recordAll({ ...wrong, seconds: 30 })).rejects.toThrow(/belong to crash-storm/);
  });

  test.each(Array.from({ length: 50 }, (_, seed) => seed))('seed %i: crashes what runs, ends with all five', (seed) => {
    const all = running(crashStorm(seed));
    expect(all.at(-1)?.size).toBe(5);
    expect(Math.min(...all.slice(1).map(({ size }) => size))).toBeGreaterThanOrEqual(2);
    expect(crashStorm(seed).steps.filter((step) => step.do === 'crash').length).toBeGreaterThan(2);
  });
});

describe('record all', () => {
  test('one that fails is told, the others are recorded nevertheless', async () => {
    const lines: string[] = [];
    const places: string[] = [];
    const run = recordAll(
      { ...options, out: 'nowhere-yet', onProgress: (line) => lines.push(line) },
      async (scenario, place) => {
        if (scenario.name === 'leader-frozen') throw new UsageError('it melted.');
        places.push(place('3.8.0'));
        return [];
      },
    );
    await expect(run).rejects.toThrow(`1 of ${SCENARIOS.length} scenarios were not recorded: leader-frozen.`);
    expect(places).toHaveLength(SCENARIOS.length - 1);
    expect(places).toContain('nowhere-yet/3.8.0/crash-storm');
    expect(lines).toContain('  leader-frozen was not recorded: it melted.');
  });

  test('an error that nobody can mend ends it', async () => {
    let count = 0;
    const run = recordAll({ ...options, out: 'nowhere-yet', onProgress: () => undefined }, async () => {
      count += 1;
      throw new Error('a bug');
    });
    await expect(run).rejects.toThrow('a bug');
    expect(count).toBe(1);
  });

  test('the signal ends it at once', async () => {
    const controller = new AbortController();
    let count = 0;
    const all = { ...options, signal: controller.signal, out: 'nowhere-yet', onProgress: () => undefined };
    const run = recordAll(all, async () => {
      count += 1;
      controller.abort();
      throw new UsageError('stopped.');
    });
    await expect(run).rejects.toThrow('stopped.');
    expect(count).toBe(1);
  });
});
