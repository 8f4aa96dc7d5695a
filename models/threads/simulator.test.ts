/** Goal: a run can be repeated from its seed, and elections end. Method: short runs; the limits are those that Java's timers give. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_BOUNDS } from '../election/bounds.js';
import { configOf } from '../election/ensemble.js';
import type { SimulationReport } from './simulation.js';
import { simulate } from './simulate.js';

const run = (servers: number, seed: number, faultEveryMs: number | null, ms = 120_000): SimulationReport =>
  simulate({ config: configOf({ ...DEFAULT_BOUNDS, servers }), seed, ms, faultEveryMs });

describe('virtual time', () => {
  test('without faults: one election, decided by the finalize wait of 200 ms, and no more steps', () => {
    for (const servers of [2, 3, 4, 5]) {
      const { established, roles, longestGapMs, steps } = run(servers, servers, null);
      expect(established).toBe(1);
      expect(roles).toEqual(
        new Map([
          ['LEADING', 1],
          ['FOLLOWING', servers - 1],
        ]),
      );
      // Two waits of 200 ms at most, and roles are looked at every 100 ms.
      expect(longestGapMs).toBeGreaterThanOrEqual(200);
      expect(longestGapMs).toBeLessThan(600);
      expect(run(servers, servers, null, 240_000).steps).toBe(steps);
    }
  });

  test('with faults: elections end again and again', () => {
    const { established, faults, longestGapMs } = run(5, 1, 3_000, 600_000);
    expect(established).toBeGreaterThan(10);
    expect([...faults.keys()].sort()).toEqual(['connection breaks', 'machine dies', 'process dies']);
    // maxNotificationInterval: whoever waits, resends at least so often.
    expect(longestGapMs).toBeLessThan(60_000);
  });

  test('equal seeds, equal runs; other seeds, other runs', () => {
    const { worldAtEnd, ...first } = run(3, 7, 2_000);
    const { worldAtEnd: again, ...second } = run(3, 7, 2_000);
    expect(second).toEqual(first);
    expect(again.servers).toEqual(worldAtEnd.servers);
    expect(run(3, 8, 2_000).steps).not.toBe(first.steps);
  });
});
