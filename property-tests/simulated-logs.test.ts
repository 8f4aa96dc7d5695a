/**
 * Goal: the search finds an explanation for every log that faithful servers can print, and only for such.
 * Method: an ensemble of peers walks at random, every thread printing in its own time; each server's log is judged.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { implMachine } from '../models/impl-machine.js';
import { simulateLogs, type SimulationOptions } from '../models/simulated-log.js';
import { Judge } from '../traces/judge.js';
import type { Observation } from '../traces/observation.js';
import type { Verdict } from '../traces/verdict.js';
import { manyOf } from '../scripts/thorough.js';
import type { EnsembleConfig } from '../types/ensemble.js';
import { asConfigVersion, asPeerEpoch, asSid, asZxid, type Sid } from '../types/ids.js';
import { LONG_MAX, LONG_MIN } from '../types/int64.js';

function judge(sid: Sid, log: readonly Observation[], ensemble: EnsembleConfig, debug: boolean): Verdict {
  const hints = { sid, configs: [ensemble], debug, maxNotificationIntervalMs: null };
  const judging = new Judge(implMachine, hints);
  for (const observation of log) judging.push(observation);
  return judging.finish();
}

function ensembleOf(sids: readonly bigint[], observers: number, grouped: boolean): EnsembleConfig {
  const sorted = [...sids].sort((a, b) => (a < b ? -1 : 1)).map(asSid);
  const members = sorted.map((sid, index) => ({
    sid,
    type: index < sorted.length - observers ? ('PARTICIPANT' as const) : ('OBSERVER' as const),
    addresses: [],
    clientAddress: null,
  }));
  const voters = members.filter(({ type }) => type === 'PARTICIPANT').map(({ sid }) => sid);
  return {
    version: asConfigVersion(0n),
    members,
    quorumSystem: !grouped
      ? { kind: 'majority' }
      : voters.length === 2
        ? { kind: 'oracle', oraclePath: '/oracle' }
        : {
            kind: 'hierarchical',
            groups: new Map(voters.map((sid, index) => [sid, BigInt(index % 3)])),
            weights: new Map(voters.map((sid, index) => [sid, index === 0 ? 0n : BigInt(1 + (index % 2))])),
          },
  };
}

const sids = fc.uniqueArray(
  fc.oneof(
    { weight: 8, arbitrary: fc.bigInt({ min: 0n, max: 9n }) },
    { weight: 1, arbitrary: fc.constantFrom(LONG_MAX, -5n, LONG_MAX - 1n) },
  ),
  { minLength: 1, maxLength: 5 },
);

const simulation = fc
  .record({
    sids,
    observers: fc.integer({ min: 0, max: 1 }),
    grouped: fc.boolean(),
    debug: fc.boolean(),
    seed: fc.integer(),
    zxids: fc.array(fc.constantFrom(0n, 1n, 2n, 0x1_0000_0000n, LONG_MAX, LONG_MIN + 1n), {
      minLength: 5,
      maxLength: 5,
    }),
    epochs: fc.array(fc.bigInt({ min: 0n, max: 2n }), { minLength: 5, maxLength: 5 }),
  })
  .map(({ sids: ids, observers, grouped, debug, seed, zxids, epochs }) => {
    const watching = ids.length > 1 ? observers : 0;
    const special = ids.length > 3 || ids.length - watching === 2;
    const ensemble = ensembleOf(ids, watching, grouped && special);
    const place = (sid: Sid): number => ensemble.members.findIndex((member) => member.sid === sid);
    const durable: SimulationOptions['durable'] = (sid) => {
      const currentEpoch = asPeerEpoch(epochs[place(sid)] ?? 0n);
      return { lastZxid: asZxid(zxids[place(sid)] ?? 0n), currentEpoch, acceptedEpoch: currentEpoch };
    };
    return { ensemble, durable, debug, seed, steps: 2500 };
  });

describe('logs of simulated ensembles', () => {
  it('are explained, whatever the schedule, the faults and the level', () => {
    let elections = 0;
    let lines = 0;
    fc.assert(
      fc.property(simulation, (options) => {
        for (const [sid, log] of simulateLogs(options)) {
          const verdict = judge(sid, log, options.ensemble, options.debug);
          expect(verdict.divergence, `server ${sid}, seed ${options.seed}`).toBeNull();
          expect(verdict.kind).not.toBe('diverged');
          elections += verdict.elections.length;
          lines += verdict.judged;
        }
      }),
      { numRuns: manyOf(200) },
    );
    expect(elections).toBeGreaterThan(manyOf(160));
    expect(lines).toBeGreaterThan(manyOf(8000));
  });
});
