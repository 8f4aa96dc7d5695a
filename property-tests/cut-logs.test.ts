/**
 * Goal: a log may begin anywhere, in any release, and no beginning makes what took place look impossible.
 * Method: ensembles of real peers write logs, with threads as late as they like; each log loses its beginning at a random line, and is
 * judged alone and with the others.
 */
import { describe, expect, it } from 'vitest';
import { makeRng } from '../base/rng.js';
import { implMachine } from '../models/impl-machine.js';
import { generateEnsemble } from '../models/simulated-log/ensemble.js';
import { specMachine } from '../models/spec-machine.js';
import { RELEASES } from '../scripts/releases.mjs';
import { manyOf, THOROUGH } from '../scripts/thorough.js';
import { judgeLog } from '../traces/judge-log.js';
import type { Observation } from '../traces/observation.js';
import type { Verdict } from '../traces/verdict.js';
import type { EnsembleConfig } from '../types/ensemble.js';
import type { Sid } from '../types/ids.js';
import { judgeLogs, readEnsemble } from './ensemble-judging.js';
import { recordedNames, recordedScenarios } from './recorded-log.js';

const releaseOf = (seed: number): string => RELEASES[seed % RELEASES.length] ?? '3.8.0';

interface Cut {
  readonly sid: Sid;
  readonly log: readonly Observation[];
  readonly config: EnsembleConfig;
  readonly release: string;
}

function judgeAlone({ sid, log, config, release }: Cut, machine = implMachine): Promise<Verdict> {
  const batches = (async function* () {
    yield log;
  })();
  return judgeLog(machine, batches, { sid, config, survey: null, release, gaps: false });
}

/** Each log from three of its lines on. */
function* cutsOf(seed: number): Generator<Cut> {
  const release = releaseOf(seed);
  const { logs, ensemble: config } = generateEnsemble(seed, { steps: 1500, release });
  const rng = makeRng(seed);
  for (const [sid, log] of logs) {
    for (let cut = 0; cut < 3; cut += 1) yield { sid, log: log.slice(rng.below(log.length)), config, release };
  }
}

describe('a log without its beginning', () => {
  /**
   * A message outlives the exit that empties recvqueue, or is printed in a role and queued in the next election; a change of state is read
   * late; an answer carries the vote of an election that was not seen.
   */
  it.each([97, 130, 133, 314, 463, 634, 707, 724, 746])('was once held to be impossible: seed %i', async (seed) => {
    for (const cut of cutsOf(seed)) {
      for (const machine of [implMachine, specMachine]) {
        const { kind, divergence } = await judgeAlone(cut, machine);
        expect(kind, `server ${cut.sid} from ${cut.log[0]?.at.line}: ${divergence?.reason}`).not.toBe('diverged');
      }
    }
  });

  it('is never called impossible, and mostly its next election is judged', async () => {
    let [judged, whole] = [0, 0];
    for (let seed = 1000; seed < 1000 + manyOf(240); seed += 1) {
      for (const cut of cutsOf(seed)) {
        const { kind, divergence } = await judgeAlone(cut);
        expect(kind, `seed ${seed}, server ${cut.sid} from ${cut.log[0]?.at.line}: ${divergence?.reason}`).not.toBe(
          'diverged',
        );
        const begins = cut.log.findIndex(({ said }) => said.what === 'newElection');
        const isLooking = cut.log.slice(0, begins).some(({ said }) => said.what === 'looking');
        if (begins < 0 || !isLooking) continue;
        whole += 1;
        if (kind === 'accepted') judged += 1;
      }
    }
    expect(whole).toBeGreaterThan(manyOf(240));
    expect(judged / whole).toBeGreaterThan(0.9);
  });

  /** The same vote of an earlier process is heard in between; a follower's log begins after it followed. */
  it.each([
    { seed: 5598, from: { 1: 52, 2: 48, 3: 12 } },
    { seed: 5409, from: { 1: 1, 2: 1, 3: 23, 4: 1 } },
  ])('was once held to contradict others: seed $seed', async ({ seed, from }) => {
    const release = releaseOf(seed);
    const { logs, ensemble } = generateEnsemble(seed, { steps: 1500, release });
    const first = new Map(Object.entries(from));
    const cut = [...logs].map(
      ([sid, log]) => [sid, log.filter(({ at }) => at.line >= (first.get(`${sid}`) ?? 1))] as const,
    );
    const { kind, divergence } = await judgeLogs(new Map(cut), ensemble, { release });
    expect(kind, divergence?.reason).not.toBe('diverged');
  });

  it('nor with the logs of others, some of them whole', async () => {
    for (let seed = 1; seed <= manyOf(160); seed += 1) {
      const release = releaseOf(seed);
      const { logs, ensemble } = generateEnsemble(seed, { steps: 1500, release });
      const rng = makeRng(seed);
      const cut = [...logs].map(
        ([sid, log]) => [sid, rng.chance(0.5) ? log : log.slice(rng.below(log.length))] as const,
      );
      const { kind, divergence } = await judgeLogs(new Map(cut), ensemble, { release });
      expect(kind, `seed ${seed}: ${divergence?.reason}`).not.toBe('diverged');
    }
  });
});

describe('recorded ensembles without their beginnings', () => {
  /** Server 3 answered server 2 before it left its role; its own vote of the next round overtook the answer. */
  it('were once held to contradict each other: an answer that was overtaken', async () => {
    const from: Readonly<Record<string, number>> = { 2: 11, 3: 65 };
    const { logs, ensemble } = readEnsemble(['2', '3'].map((sid) => `3.9.5/hierarchical/info/server-${sid}`));
    const cut = [...logs].map(([sid, log]) => [sid, log.filter(({ at }) => at.line >= (from[`${sid}`] ?? 1))] as const);
    const { kind, divergence } = await judgeLogs(new Map(cut), ensemble, { release: '3.9.5' });
    expect([kind, divergence?.reason]).toEqual(['accepted', undefined]);
  });

  it.each(recordedScenarios)('%s', async (scenario) => {
    for (let seed = 1; seed <= (THOROUGH ? 24 : 1); seed += 1) {
      const rng = makeRng(seed);
      for (const level of ['info', 'debug']) {
        const names = recordedNames(scenario).filter((name) => name.includes(`/${level}/`));
        const { logs, ensemble } = readEnsemble(names);
        const cut = [...logs].map(
          ([sid, log]) => [sid, rng.chance(0.3) ? log : log.slice(rng.below(log.length))] as const,
        );
        const { kind, divergence } = await judgeLogs(new Map(cut), ensemble, { release: scenario.slice(0, 5) });
        expect(kind, `${level}, seed ${seed}: ${divergence?.reason}`).not.toBe('diverged');
      }
    }
  });
});

describe('an observer', () => {
  // 3.5.10 tells nothing of its zxid but in the vote with which its process started, and that it answers just before its first role.
  it('may answer with a vote that only its disk knows', async () => {
    const { logs, ensemble } = generateEnsemble(2765, { steps: 1500, release: '3.5.10' });
    for (const machine of [implMachine, specMachine]) {
      const { kind, divergence } = await judgeLogs(logs, ensemble, { machine });
      expect([kind, divergence?.reason]).toEqual(['accepted', undefined]);
    }
  });
});
