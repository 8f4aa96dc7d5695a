/**
 * Goal: the finite models of threads hold, reductions hide nothing, and defects are found. Method: both explorers; with and without
 * the reduction; a defect is switched on.
 */
import { describe, expect, test } from 'vitest';
import { OwnCrew } from '../../../checker/crew.js';
import { checkNaively } from '../../../checker/naive.js';
import { search, type SearchResult } from '../../../checker/search.js';
import { validateTrace } from '../../../checker/validate-trace.js';
import { parseThreadBounds, TORN_READS } from '../bounds.js';
import { threadSystem } from './system.js';

function systemOf(options: Readonly<Record<string, string>>) {
  const bounds = parseThreadBounds(options);
  if (!bounds.ok) throw new Error(bounds.error);
  return threadSystem(bounds.value);
}

async function explored(options: Readonly<Record<string, string>>, only?: string): Promise<SearchResult> {
  const system = systemOf(options);
  // Torn reads are looked for one by one: what else is claimed would only cost time.
  const chosen = only === undefined ? system : { ...system, properties: [] };
  const result = await search(chosen, new OwnCrew(chosen), { maxBytes: 2 ** 28 });
  if (result.counterexample !== null) expect(validateTrace(chosen, result.counterexample)).toBeNull();
  return result;
}

const ONE_BEGINS = { start: 'bound', clocks: '0,1', receiver: 'atomic' };
const SETTLED = { start: 'settled', receiver: 'atomic', leaves: '1', rounds: '2' };

describe('both explorers', () => {
  test.each([ONE_BEGINS, { ...SETTLED, reduce: 'none' }, { ...ONE_BEGINS, bug: 'tie-break by the smaller id' }])(
    '%j',
    async (options) => {
      const { bytesPerState, interrupted, collisions, untold, ...fast } = await explored(options);
      expect([bytesPerState > 0, interrupted, collisions, untold]).toEqual([true, false, null, []]);
      expect(fast).toEqual(checkNaively(systemOf(options)));
    },
  );
});

describe('merging', () => {
  test.each([
    { ...ONE_BEGINS, cuts: '1' },
    { ...ONE_BEGINS, clocks: '1,0', timeouts: '1', start: 'unbound' },
    SETTLED,
    { ...SETTLED, receiver: 'steps' },
  ])('%j: fewer states, the same verdict, the same reached', async (options) => {
    const merged = await explored(options);
    const every = await explored({ ...options, reduce: 'none' });
    expect(merged.verdict).toBe('holds');
    expect(merged.distinct).toBeLessThan(every.distinct);
    expect([merged.verdict, merged.reached]).toEqual([every.verdict, every.reached]);
  });
});

describe('defects', () => {
  test.each([
    ['ZOOKEEPER-880', 'registered', { ...ONE_BEGINS, cuts: '1' }],
    ['tie-break by the smaller id', 'one connection', ONE_BEGINS],
  ])('%s breaks "%s"', async (bug, property, options) => {
    const result = await explored({ ...options, bug });
    expect(result.counterexample?.property).toBe(property);
  });
});

describe('torn reads', () => {
  const RESTARTED = { start: 'settled', leaves: '1', crashes: '1', rounds: '3', clocks: '2,2' };

  test.each([
    ['TR-A', 23],
    ['TR-B', 22],
    ['TR-E', 20],
  ])('%s is found, %i steps', async (torn, steps) => {
    const { counterexample } = await explored({ ...RESTARTED, torn }, torn);
    expect(counterexample).toMatchObject({ property: torn });
    expect(counterexample?.steps).toHaveLength(steps);
  });

  test('nobody looks for one unless asked', async () => {
    expect(TORN_READS).toHaveLength(7);
    const { verdict } = await explored({ ...SETTLED, receiver: 'steps' });
    expect(verdict).toBe('holds');
  });
});
