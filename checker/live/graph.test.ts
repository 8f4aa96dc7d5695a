import { describe, expect, it } from 'vitest';
import { makeRng } from '../../base/rng.js';
import { checkNaively } from '../naive.js';
import { randomSystem } from '../random-system.js';
import { withoutClaims } from './random-question.js';
import { dieHard } from '../toys.js';
import { Graph } from './graph.js';

const NOTHING_NOTED = { fairness: [], restrictions: [] };
const MUCH = { maxBytes: 2 ** 30 };

describe('the whole graph', () => {
  // One jug is always full or empty: 16 states in 8 levels, six outcomes each.
  it('of the jugs', async () => {
    const graph = await Graph.of(dieHard(), NOTHING_NOTED, MUCH);
    expect([graph.states, graph.transitions, graph.depth, graph.cut, graph.bound]).toEqual([16, 96, 8, 0, null]);
    expect(graph.find([0, 0])).toBe(0);
    expect(graph.find([1, 1])).toBe(-1);
  });

  it('has the states and steps of the naive exploration, for random systems', async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const plain = withoutClaims(randomSystem(makeRng(seed)));
      const graph = await Graph.of(plain, NOTHING_NOTED, MUCH);
      const naive = checkNaively(plain);
      expect([graph.states, graph.transitions + plain.initial.length, graph.depth]).toEqual([
        naive.distinct,
        naive.generated,
        naive.depth,
      ]);
    }
  });

  it('ends at its bounds and says so', async () => {
    const aborted = AbortSignal.abort();
    expect((await Graph.of(dieHard(), NOTHING_NOTED, { ...MUCH, signal: aborted })).bound).toBe('interrupted');
    expect((await Graph.of(dieHard(), NOTHING_NOTED, { maxBytes: 1 })).bound).toBe('0 MB of memory');
  });
});
