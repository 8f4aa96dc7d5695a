import { describe, expect, it } from 'vitest';
import { makeRng } from '../../base/rng.js';
import { manyOf } from '../../scripts/thorough.js';
import { randomSystem } from '../random-system.js';
import { checkLive } from './check.js';
import { checkLiveNaively } from './naive.js';
import { randomQuestion, withoutClaims } from './random-question.js';

const MUCH = { maxBytes: 2 ** 30 };
const STATES_MOST = 120;

describe('random systems with random fairness', () => {
  it('both ways agree on states, verdict, and the length of the shortest lasso', async () => {
    const seen = { holds: 0, violated: 0, inconclusive: 0, standing: 0, long: 0 };
    for (let seed = 1, done = 0; done < manyOf(200); seed += 1) {
      const rng = makeRng(seed);
      const system = withoutClaims(randomSystem(rng));
      const question = randomQuestion(rng);
      const result = await checkLive(system, question, MUCH);
      if (result.distinct > STATES_MOST) continue;
      done += 1;
      const naive = checkLiveNaively(system, question);
      const told = [seed, result.distinct, result.cut, result.lasso !== null, result.lasso?.steps.length ?? null];
      expect(told).toEqual([seed, naive.distinct, naive.cut, naive.isViolated, naive.shortest]);
      expect(result.isShortest).toBe(true);
      seen[result.verdict] += 1;
      if (result.lasso === null) continue;
      const loop = result.lasso.steps.length - result.lasso.loop;
      seen.standing += loop === 0 ? 1 : 0;
      seen.long += loop > 2 ? 1 : 0;
    }
    console.log(seen);
    expect(Math.min(seen.holds, seen.violated, seen.inconclusive, seen.standing)).toBeGreaterThan(0);
  });
});
