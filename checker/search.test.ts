/**
 * Goal: the fast search answers exactly what the naive one does. Method: random small systems and the toys are explored by
 * both; every counterexample is re-checked by a validator that shares no code with either.
 */
import { describe, expect, test } from 'vitest';
import { makeRng } from '../base/rng.js';
import { manyOf } from '../scripts/thorough.js';
import { OwnCrew } from './crew.js';
import { checkNaively } from './naive.js';
import { randomWalks } from './random-walk.js';
import { randomSystem } from './random-system.js';
import { type Progress, search } from './search.js';
import type { System } from './system.js';
import { linearEquation, peterson } from './toys.js';
import { validateTrace } from './validate-trace.js';

const PLENTY = { maxBytes: 2 ** 28 };

async function both(system: System) {
  const { bytesPerState, interrupted, collisions, untold, ...fast } = await search(system, new OwnCrew(system), PLENTY);
  expect(bytesPerState).toBeGreaterThan(0);
  expect([interrupted, collisions, untold]).toEqual([false, null, []]);
  return { fast, naive: checkNaively(system) };
}

describe('depth first', () => {
  test('random systems: the same states, and a violation wherever there is one', async () => {
    let violated = 0;
    for (let seed = 0; seed < manyOf(200); seed += 1) {
      const system = randomSystem(makeRng(seed));
      const naive = checkNaively(system);
      const deep = await search(system, new OwnCrew(system), { ...PLENTY, order: 'depth' });
      expect(deep.verdict, `seed ${seed}`).toBe(naive.verdict);
      if (deep.counterexample !== null) {
        violated += 1;
        expect(validateTrace(system, deep.counterexample), `seed ${seed}`).toBeNull();
        expect(deep.counterexample.steps.length).toBeGreaterThanOrEqual(naive.counterexample?.steps.length ?? Infinity);
      } else
        expect(deep).toMatchObject({ distinct: naive.distinct, generated: naive.generated, actions: naive.actions });
    }
    expect(violated).toBeGreaterThan(manyOf(20));
  });
});

describe('fingerprints', () => {
  test('random systems: the same counts, and the same is violated', async () => {
    for (let seed = 0; seed < manyOf(200); seed += 1) {
      const system = randomSystem(makeRng(seed));
      const naive = checkNaively(system);
      const told = await search(system, new OwnCrew(system), { ...PLENTY, fingerprints: true });
      const { verdict, distinct, generated, depth, actions } = naive;
      expect(told, `seed ${seed}`).toMatchObject({
        verdict,
        distinct,
        generated,
        depth,
        actions,
        counterexample: null,
      });
      if (naive.counterexample !== null) expect(told.untold, `seed ${seed}`).toContain(naive.counterexample.property);
      expect(told.collisions?.calculated).toBeLessThan(1e-9);
    }
  });

  test('rows are used again, and the table grows', async () => {
    const equation = linearEquation({ a: 2, b: 10, c: 14, m: 512 });
    const told = await search(equation, new OwnCrew(equation), { ...PLENTY, fingerprints: true });
    expect(told).toMatchObject({
      verdict: 'holds',
      distinct: 512 ** 2,
      generated: 2 * 512 ** 2 + 1,
      depth: 2 * 512 - 1,
    });
    expect(told.bytesPerState).toBeLessThan(18);
    expect(told.collisions?.actual).toBeGreaterThan(0);
  });
});

describe('many states', () => {
  // So many that half a fingerprint would not tell them apart, and values that outgrow the widths with which rows begin.
  test.each([true, false])('of values that need wider rows; fingerprints: %s', async (fingerprints) => {
    const equation = linearEquation({ a: 2, b: 10, c: 14, m: 512 });
    const told = await search(equation, new OwnCrew(equation), { ...PLENTY, fingerprints });
    expect(told).toMatchObject({ verdict: 'holds', distinct: 2 ** 18, generated: 2 ** 19 + 1, depth: 1023 });
  });
});

describe('bounds', () => {
  const equation = linearEquation({ a: 2, b: 10, c: 14, m: 256 });

  test.each([false, true])('memory: inconclusive, never holds; fingerprints: %s', async (fingerprints) => {
    const maxBytes = 2 ** 19;
    const result = await search(equation, new OwnCrew(equation), { maxBytes, fingerprints });
    expect(result).toMatchObject({ verdict: 'inconclusive', counterexample: null, unreached: [] });
    expect(result.bound).toMatch(/^1 MB of memory$/);
    expect(result.distinct).toBeGreaterThan(1000);
    // Nothing more is taken than was given.
    expect(result.bytesPerState * result.distinct).toBeLessThanOrEqual(maxBytes);
  });

  test('depth', async () => {
    const result = await search(equation, new OwnCrew(equation), { ...PLENTY, maxDepth: 10 });
    expect(result).toMatchObject({ verdict: 'inconclusive', bound: 'depth 10', depth: 11 });
  });

  test('a signal that came before it began ends it, too', async () => {
    const result = await search(equation, new OwnCrew(equation), { ...PLENTY, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ verdict: 'inconclusive', bound: 'interrupted', interrupted: true, distinct: 1 });
  });

  test('a signal ends it', async () => {
    const controller = new AbortController();
    const crew = new OwnCrew(equation, async () => controller.abort());
    const result = await search(equation, crew, { ...PLENTY, signal: controller.signal });
    expect(result).toMatchObject({ verdict: 'inconclusive', interrupted: true });
  });

  test('progress is told, and memory grows with the states', async () => {
    const looks: Progress[] = [];
    let look = (): Progress | null => null;
    const crew = new OwnCrew(equation, async () => {
      const now = look();
      if (now !== null) looks.push(now);
    });
    const result = await search(equation, crew, { ...PLENTY, watch: (how) => (look = how) });
    expect(result).toMatchObject({ verdict: 'holds', distinct: 65_536, generated: 131_073, depth: 511 });
    expect(looks.length).toBeGreaterThan(100);
    expect(looks.at(-1)?.distinct).toBeGreaterThan(looks[10]?.distinct ?? Infinity);
    expect(result.bytesPerState).toBeLessThan(40);
  });
});

describe('random walks', () => {
  test('find what is there, and steps that are real', () => {
    for (let seed = 0; seed < manyOf(200); seed += 1) {
      const system = randomSystem(makeRng(seed));
      const naive = checkNaively(system);
      const walked = randomWalks(system, { rng: makeRng(seed), walks: 30, steps: 20 });
      if (walked.counterexample !== null)
        expect(validateTrace(system, walked.counterexample), `seed ${seed}`).toBeNull();
      if (naive.counterexample === null) expect(walked.counterexample).toBeNull();
      if (naive.verdict !== 'holds') continue;
      for (const [name, reached] of Object.entries(walked.reached)) if (reached) expect(naive.reached[name]).toBe(true);
    }
    const bad = peterson({ fence: false });
    expect(randomWalks(bad, { rng: makeRng(1), walks: 500, steps: 50 }).counterexample).not.toBeNull();
  });
});

describe('random systems', () => {
  test('the same counts, verdict and counterexample', async () => {
    const verdicts: Record<string, number> = {};
    for (let seed = 0; seed < manyOf(500); seed += 1) {
      const system = randomSystem(makeRng(seed));
      const { fast, naive } = await both(system);
      expect(fast, `seed ${seed}`).toEqual(naive);
      if (fast.counterexample !== null) expect(validateTrace(system, fast.counterexample), `seed ${seed}`).toBeNull();
      verdicts[fast.verdict] = (verdicts[fast.verdict] ?? 0) + 1;
    }
    expect(verdicts['holds']).toBeGreaterThan(manyOf(50));
    expect(verdicts['violated']).toBeGreaterThan(manyOf(50));
  });
});
