import { describe, expect, it } from 'vitest';
import { checkNaively } from './naive.js';
import { DEADLOCK, DEADLOCK_WHY, type CheckResult } from './result.js';
import type { Property, Rule, System } from './system.js';
import {
  always,
  binaryClock,
  dieHard,
  graph,
  linearEquation,
  neverFourGallons,
  peterson,
  philosophers,
  never,
  reachable,
} from './toys.js';

const texts = ({ counterexample }: CheckResult): readonly string[] | undefined =>
  counterexample?.steps.map(({ label }) => label.text);
const counts = ({ distinct, generated, depth }: CheckResult): unknown => ({ distinct, generated, depth });

describe('toys, derived by hand', () => {
  it('counts the clock: two initial states, each generates the other', () => {
    expect(checkNaively(binaryClock())).toEqual({
      verdict: 'holds',
      distinct: 2,
      generated: 4,
      depth: 1,
      counterexample: null,
      reached: {},
      unreached: [],
      actions: { tick: 2 },
      bound: null,
    });
  });

  // Levels 1, 2, 3, 2, 2, 2, 2, 2: one jug is always full or empty. Every state has six outcomes.
  it('counts the jugs', () => {
    const result = checkNaively(dieHard());
    expect(result.verdict).toBe('holds');
    expect(counts(result)).toEqual({ distinct: 16, generated: 1 + 16 * 6, depth: 8 });
    expect(result.actions['big to small']).toBe(16);
  });

  it('measures four gallons in six steps, after six levels expanded', () => {
    const result = checkNaively(dieHard(neverFourGallons()));
    expect(result.verdict).toBe('violated');
    expect(texts(result)).toEqual([
      'fill big',
      'big to small',
      'empty small',
      'big to small',
      'fill big',
      'big to small',
    ]);
    expect(result.counterexample?.steps.map(({ row }) => row)).toEqual([
      [0, 5],
      [3, 2],
      [0, 2],
      [2, 0],
      [2, 5],
      [3, 4],
    ]);
    expect(result.counterexample?.initial).toEqual([0, 0]);
    expect(counts(result)).toEqual({ distinct: 14, generated: 1 + 12 * 6, depth: 7 });
  });

  it('explores a whole equation, with a solution and without', () => {
    const unsolvable = checkNaively(linearEquation({ a: 2, b: 4, c: 7, m: 16 }));
    expect(counts(unsolvable)).toEqual({ distinct: 256, generated: 1 + 2 * 256, depth: 31 });
    expect(unsolvable).toMatchObject({ verdict: 'violated', counterexample: null, unreached: ['solvable'] });
    expect(unsolvable.reached).toEqual({ solvable: false });
    const solvable = checkNaively(linearEquation({ a: 2, b: 10, c: 14, m: 16 }));
    expect(solvable).toMatchObject({ verdict: 'holds', reached: { solvable: true }, unreached: [] });
    expect(counts(solvable)).toEqual(counts(unsolvable));
  });

  it('explores a deep system: the equation modulo 128', () => {
    const result = checkNaively(linearEquation({ a: 1, b: 1, c: 3, m: 128 }));
    expect(counts(result)).toEqual({ distinct: 2 ** 14, generated: 1 + 2 ** 15, depth: 255 });
  });

  it('lets both processes in when writes may wait: three steps each, one context switch', () => {
    const result = checkNaively(peterson({ fence: false }));
    expect(texts(result)).toEqual(['0 flagged', '0 waiting', '0 critical', '1 flagged', '1 waiting', '1 critical']);
    expect(result.counterexample?.property).toBe('mutual exclusion');
    expect(checkNaively(peterson({ fence: true }))).toMatchObject({
      verdict: 'holds',
      reached: { 'process 1 gets in': true },
    });
  });

  it('starves two philosophers: each holds one fork', () => {
    const result = checkNaively(philosophers(2));
    expect(result.counterexample).toMatchObject({ property: DEADLOCK, why: DEADLOCK_WHY });
    expect(texts(result)).toEqual(['0 takes left', '1 takes left']);
    // TT; LT, TL; ET, TE, LL. The level of the deadlock is expanded.
    expect(counts(result)).toEqual({ distinct: 6, generated: 1 + 2 + 4 + 2, depth: 3 });
    expect(result.counterexample?.steps.at(-1)?.row).toEqual(['waits', 'waits', 'taken', 'taken']);
  });
});

describe('what is counted', () => {
  it('counts initial states and outcomes each time, stored states once', () => {
    const edges = [
      { from: 0, to: 1 },
      { from: 0, to: 1, text: 'again' },
      { from: 1, to: 1 },
      { from: 1, to: 0 },
    ];
    const result = checkNaively(graph({ initial: [0, 0], edges }));
    expect(counts(result)).toEqual({ distinct: 2, generated: 6, depth: 2 });
    expect(result.actions).toEqual({ walk: 4 });
  });

  it('generates what is outside, without storing, expanding or judging it', () => {
    const edges = [
      { from: 0, to: 7 },
      { from: 0, to: 1 },
      { from: 7, to: 2 },
    ];
    const outside = { initial: [0, 7], edges, outside: [7] };
    const result = checkNaively(graph({ ...outside, properties: [never(7), reachable(7), reachable(1)], ends: [1] }));
    expect(counts(result)).toEqual({ distinct: 2, generated: 4, depth: 2 });
    expect(result).toMatchObject({ verdict: 'violated', counterexample: null, unreached: ['reaches 7'] });
    expect(result.reached).toEqual({ 'reaches 7': false, 'reaches 1': true });
  });

  it('asks only of the state at the end of a step what is within, not between two updates of a slot', () => {
    const label = { text: 'up and down', action: 'count', actor: 'counter', fault: false };
    const step: Rule['step'] = ([turn]) => {
      const updates = [5, turn === 0 ? -4 : 4].map((operation) => ({ slot: 1, operation }));
      return [{ label, writes: [1], updates }];
    };
    const system: System = {
      name: 'counter',
      slots: ['turn', 'count'].map((name) => ({ name, kind: name })),
      initial: [[0, 0]],
      rules: [{ name: 'count', reads: [0], step }],
      properties: [reachable(1)],
      update: (_kind, value, operation) => Number(value) + Number(operation),
      within: (_kind, value) => Number(value) < 5,
      show: (_kind, value) => String(value),
    };
    const result = checkNaively(system);
    expect(counts(result)).toEqual({ distinct: 2, generated: 3, depth: 2 });
    expect(result.verdict).toBe('holds');
  });

  it('shows a property only the slots that it names', () => {
    const seen: unknown[] = [];
    const onlyBig: Property = {
      ...always('big', () => true),
      slots: [1],
      project: (_value, slot) => `slot ${slot}`,
      holds: (projections) => seen.push(projections) > 0,
    };
    expect(checkNaively(dieHard(onlyBig)).verdict).toBe('holds');
    expect(new Set(seen.map((one) => JSON.stringify(one)))).toEqual(new Set(['[null,"slot 1"]']));
  });

  it('has depth 0 if no initial state is within', () => {
    const result = checkNaively(graph({ initial: [7], edges: [{ from: 7, to: 0 }], outside: [7] }));
    expect(result.verdict).toBe('holds');
    expect(counts(result)).toEqual({ distinct: 0, generated: 1, depth: 0 });
  });

  it('counts no deadlock where the one outcome is outside or the same state', () => {
    const edges = [
      { from: 0, to: 7 },
      { from: 1, to: 1 },
    ];
    expect(checkNaively(graph({ initial: [0, 1], edges, outside: [7], ends: [] })).verdict).toBe('holds');
  });

  it('expands nothing after a violation in an initial state', () => {
    const result = checkNaively(graph({ initial: [0, 1], edges: [{ from: 0, to: 2 }], properties: [never(1)] }));
    expect(result.counterexample).toEqual({
      property: 'never 1',
      why: 'never 1 is violated',
      initial: [1],
      steps: [],
    });
    expect(counts(result)).toEqual({ distinct: 2, generated: 2, depth: 1 });
  });

  it('completes the level in hand, and names no unreached property then', () => {
    const edges = [
      { from: 0, to: 2 },
      { from: 1, to: 3 },
      { from: 3, to: 4 },
    ];
    const result = checkNaively(graph({ initial: [0, 1], edges, properties: [never(2), reachable(3), reachable(4)] }));
    expect(counts(result)).toEqual({ distinct: 4, generated: 4, depth: 2 });
    expect(result.unreached).toEqual([]);
    expect(result.reached).toEqual({ 'reaches 3': true, 'reaches 4': false });
  });

  it('stops at a limit only if something is left to expand', () => {
    const chain = { initial: [0], edges: [0, 1, 2].map((from) => ({ from, to: from + 1 })) };
    const stopped = checkNaively(graph({ ...chain, properties: [reachable(3)] }), 2);
    expect(stopped).toMatchObject({ verdict: 'inconclusive', bound: 'more than 2 states', unreached: [] });
    expect(counts(stopped)).toEqual({ distinct: 3, generated: 3, depth: 3 });
    expect(checkNaively(graph({ ...chain, properties: [never(2)] }), 2).verdict).toBe('violated');
    expect(checkNaively(graph(chain), 4).verdict).toBe('holds');
  });
});

describe('which violation is told', () => {
  const bad = (property: string): { readonly property: string; readonly why: string } => ({ property, why: 'bad' });

  it('takes a step that breaks a property, wherever it leads', () => {
    const edges = [
      { from: 0, to: 1 },
      { from: 1, to: 0, breaks: bad('back') },
    ];
    expect(checkNaively(graph({ initial: [0], edges })).counterexample).toMatchObject({ property: 'back', why: 'bad' });
    const out = [{ from: 0, to: 7, breaks: bad('out') }];
    const result = checkNaively(graph({ initial: [0], edges: out, outside: [7], properties: [never(7)] }));
    expect(result.counterexample).toMatchObject({ property: 'out', steps: [{ row: [7] }] });
    expect(counts(result)).toEqual({ distinct: 1, generated: 2, depth: 1 });
  });

  it('prefers a deadlock to what the expansion of its level meets', () => {
    const edges = [
      { from: 0, to: 1 },
      { from: 0, to: 2 },
      { from: 1, to: 3, breaks: bad('step') },
    ];
    const result = checkNaively(graph({ initial: [0], edges, properties: [never(3)], ends: [] }));
    expect(result.counterexample).toMatchObject({ property: DEADLOCK, steps: [{ row: [2] }] });
    expect(counts(result)).toEqual({ distinct: 4, generated: 4, depth: 3 });
  });

  it('lets deadlocks of the last level stored compete with violations there, uncounted', () => {
    const edges = [
      { from: 0, to: 1, text: 'b' },
      { from: 0, to: 2, text: 'a' },
      { from: 1, to: 0 },
    ];
    const result = checkNaively(graph({ initial: [0], edges, properties: [never(1)], ends: [] }));
    expect(result.counterexample).toMatchObject({ property: DEADLOCK, steps: [{ row: [2] }] });
    expect(counts(result)).toEqual({ distinct: 3, generated: 3, depth: 2 });
  });

  it('tells the smaller of two reasons', () => {
    const edges = ['z', 'y', 'x'].map((why, i) => ({ from: 0, to: 1, breaks: { property: `p${i >> 1}`, why } }));
    expect(checkNaively(graph({ initial: [0], edges })).counterexample).toMatchObject({ property: 'p0', why: 'y' });
  });

  it('takes the initial state with the smallest text, then the property with the smallest name', () => {
    const properties = [never(2, 10), never(10), never(2, 3)];
    const result = checkNaively(graph({ initial: [2, 3, 10], edges: [], properties }));
    expect(result.counterexample).toMatchObject({ initial: [10], property: 'never 10' });
  });
});
