/**
 * Goal: the machine made of the specification and the one made of `impl` judge alike, though they share no judgement.
 * Method: both judge recorded logs whole and with one false statement, and logs of simulated ensembles whole and with
 * one line altered. Whole verdicts are compared: kind, line, reason, elections, even the number of hypotheses.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { implMachine } from '../models/impl-machine.js';
import { simulateLogs, type SimulationOptions } from '../models/simulated-log.js';
import { specMachine } from '../models/spec-machine.js';
import { Judge } from '../traces/judge.js';
import type { Observation } from '../traces/observation.js';
import type { Verdict } from '../traces/verdict.js';
import type { EnsembleConfig } from '../types/ensemble.js';
import { asConfigVersion, asPeerEpoch, asSid, asZxid, type Sid } from '../types/ids.js';
import { LONG_MAX, LONG_MIN } from '../types/int64.js';
import { doctor } from './doctor.js';
import { manyOf } from '../scripts/thorough.js';
import { PROVABLE, UNDECIDABLE } from './doctored-cases.js';
import { OVER_THE_CORPUS } from './doctored-corpus.js';
import { judgeLines } from './recorded-log.js';

interface Both {
  readonly impl: Verdict;
  readonly spec: Verdict;
}

async function judgeRecorded(name: string, lines: readonly string[]): Promise<Both> {
  return {
    impl: await judgeLines(name, lines, { machine: implMachine }),
    spec: await judgeLines(name, lines, { machine: specMachine }),
  };
}

function expectAlike({ impl, spec }: Both, title: string): void {
  expect(spec, title).toEqual(impl);
}

describe('recorded logs, judged by both machines', () => {
  it.each([...PROVABLE, ...OVER_THE_CORPUS].map((one) => [one.title, one] as const))(
    'both see: %s',
    async (title, one) => {
      const both = await judgeRecorded(one.log, doctor(one).lines);
      expect(both.spec.kind).toBe('diverged');
      expect(both.spec.divergence?.reason).toMatch(one.names);
      expectAlike(both, title);
    },
  );

  it.each(UNDECIDABLE.map((one) => [one.title, one] as const))('neither calls false: %s', async (title, one) => {
    const both = await judgeRecorded(one.log, doctor(one).lines);
    expect(both.spec.kind).not.toBe('diverged');
    expectAlike(both, title);
  });
});

/** Sids, sometimes extreme; the last may be an observer; hierarchical from four servers on. */
const simulation = fc
  .record({
    sids: fc.uniqueArray(
      fc.oneof(
        { weight: 8, arbitrary: fc.bigInt({ min: 0n, max: 9n }) },
        { weight: 1, arbitrary: fc.constantFrom(LONG_MAX, -5n) },
      ),
      { minLength: 1, maxLength: 5 },
    ),
    observer: fc.boolean(),
    grouped: fc.boolean(),
    debug: fc.boolean(),
    seed: fc.integer(),
    disks: fc.array(
      fc.record({
        zxid: fc.constantFrom(0n, 1n, 0x1_0000_0000n, LONG_MAX, LONG_MIN + 1n, -1n),
        epoch: fc.bigInt({ min: 0n, max: 2n }),
      }),
      { minLength: 5, maxLength: 5 },
    ),
  })
  .map(({ sids, observer, grouped, debug, seed, disks }) => {
    const sorted = sids.toSorted((a, b) => (a < b ? -1 : 1)).map(asSid);
    const watching = observer && sorted.length > 1 ? sorted.at(-1) : undefined;
    const ensemble = ensembleOf(sorted, watching, grouped && sorted.length > 3);
    const durable: SimulationOptions['durable'] = (sid) => {
      const { zxid, epoch } = disks[sorted.indexOf(sid)] ?? { zxid: 0n, epoch: 0n };
      const currentEpoch = asPeerEpoch(epoch);
      return { lastZxid: asZxid(zxid), currentEpoch, acceptedEpoch: currentEpoch };
    };
    return { ensemble, durable, debug, seed, steps: 2500 };
  });

function ensembleOf(sids: readonly Sid[], observer: Sid | undefined, grouped: boolean): EnsembleConfig {
  const voters = sids.filter((sid) => sid !== observer);
  return {
    version: asConfigVersion(0n),
    members: sids.map((sid) => ({
      sid,
      type: sid === observer ? 'OBSERVER' : 'PARTICIPANT',
      addresses: [],
      clientAddress: null,
    })),
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

function judgeSimulated(
  sid: Sid,
  log: readonly Observation[],
  { ensemble, debug }: { readonly ensemble: EnsembleConfig; readonly debug: boolean },
): Both {
  const judge = (machine: typeof implMachine): Verdict => {
    const judging = new Judge(machine, { sid, configs: [ensemble], debug, maxNotificationIntervalMs: null });
    for (const observation of log) judging.push(observation);
    return judging.finish();
  };
  return { impl: judge(implMachine), spec: judge(specMachine) };
}

/** One observation is left out, said twice, exchanged with the next, or of another round. */
function altered(log: readonly Observation[], place: number, how: number): readonly Observation[] {
  const index = place % log.length;
  const [one, next] = [log[index], log[index + 1]];
  if (one === undefined) return log;
  const rest = log.slice(index + 1);
  const { said } = one;
  let instead: readonly Observation[] = [];
  if (how === 1) instead = [one, one];
  else if (how === 2 && next !== undefined) return [...log.slice(0, index), next, one, ...log.slice(index + 2)];
  else if (how === 3 && said.what === 'notification') {
    const { notification: n } = said;
    const other = { ...n, state: n.state === 'LOOKING' ? ('LEADING' as const) : ('LOOKING' as const) };
    instead = [{ ...one, said: { ...said, notification: other } }];
  } else if (how === 4 && said.what === 'notification') {
    const { notification: n } = said;
    instead = [{ ...one, said: { ...said, notification: { ...n, zxid: asZxid(n.zxid ^ 1n) } } }];
  }
  return [...log.slice(0, index), ...instead, ...rest];
}

describe('logs of simulated ensembles, judged by both machines', () => {
  it('are explained by both alike', () => {
    let elections = 0;
    fc.assert(
      fc.property(simulation, (options) => {
        for (const [sid, log] of simulateLogs(options)) {
          const both = judgeSimulated(sid, log, options);
          expect(both.spec.divergence, `server ${sid}, seed ${options.seed}`).toBeNull();
          expectAlike(both, `server ${sid}, seed ${options.seed}`);
          elections += both.spec.elections.length;
        }
      }),
      { numRuns: manyOf(80) },
    );
    expect(elections).toBeGreaterThan(manyOf(60));
  });

  // Found by simulation: an answer to itself was captured in one leadership and sent in the next, or while LOOKING.
  it.each([
    { servers: 2, seed: 221 },
    { servers: 3, seed: 344 },
    { servers: 3, seed: 4480 },
  ])('a late answer may carry the epoch of its capture: $servers servers, seed $seed', ({ servers, seed }) => {
    const sids = Array.from({ length: servers }, (_, index) => asSid(BigInt(index + 1)));
    const ensemble = ensembleOf(sids, undefined, false);
    const epoch = asPeerEpoch(0n);
    const durable = () => ({ lastZxid: asZxid(0n), currentEpoch: epoch, acceptedEpoch: epoch });
    for (const [sid, log] of simulateLogs({ ensemble, durable, debug: true, seed, steps: 2500 })) {
      const both = judgeSimulated(sid, log, { ensemble, debug: true });
      expect(both.spec.divergence, `server ${sid}`).toBeNull();
      expectAlike(both, `server ${sid}`);
    }
  });

  it('with one line altered are judged alike, and often found out', () => {
    let diverged = 0;
    fc.assert(
      fc.property(simulation, fc.nat(), fc.nat({ max: 4 }), (options, place, how) => {
        for (const [sid, log] of simulateLogs({ ...options, steps: 1000 })) {
          const both = judgeSimulated(sid, altered(log, place, how), options);
          expectAlike(both, `server ${sid}, seed ${options.seed}, altered at ${place} (${how})`);
          if (both.spec.kind === 'diverged') diverged += 1;
        }
      }),
      { numRuns: manyOf(80) },
    );
    expect(diverged).toBeGreaterThan(manyOf(24));
  });
});
