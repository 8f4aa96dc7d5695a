/** Which path is told, of models as of systems, against an enumeration of all paths of random systems. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRng } from '../base/rng.js';
import { manyOf } from '../scripts/thorough.js';
import { encodeRow } from './encode.js';
import type { Model } from './model.js';
import { checkModelNaively, checkNaively } from './naive.js';
import { randomSystem } from './random-system.js';
import { DEADLOCK, DEADLOCK_WHY, type CheckResult } from './result.js';
import type { Label, Property, System, Value } from './system.js';
import { graph, never, reachable } from './toys.js';
import { validateTrace } from './validate-trace.js';

const texts = ({ counterexample }: CheckResult): readonly string[] | undefined =>
  counterexample?.steps.map(({ label }) => label.text);

describe('which path is told', () => {
  const two = (first: object, second: object, other: readonly [object, object]): CheckResult =>
    checkNaively(
      graph({
        initial: [0],
        edges: [
          { from: 0, to: 1, ...first },
          { from: 1, to: 9, ...second },
          { from: 0, to: 2, ...other[0] },
          { from: 2, to: 9, ...other[1] },
        ],
        properties: [never(9)],
      }),
    );

  it('has few faults rather than few context switches', () => {
    const result = two({ text: 'a', fault: true }, { text: 'a' }, [{ text: 'b', actor: 'x' }, { text: 'b' }]);
    expect(texts(result)).toEqual(['b', 'b']);
  });

  it('has few context switches rather than small texts', () => {
    const result = two({ text: 'a', actor: 'x' }, { text: 'a' }, [{ text: 'b' }, { text: 'b' }]);
    expect(texts(result)).toEqual(['b', 'b']);
  });

  it('has small texts, the first step first, rather than small rows', () => {
    const result = two({ text: 'b' }, { text: 'a' }, [{ text: 'a' }, { text: 'b' }]);
    expect(texts(result)).toEqual(['a', 'b']);
    const unicode = two({ text: 'ä' }, {}, [{ text: 'z' }, {}]);
    expect(texts(unicode)?.[0]).toBe('z');
  });

  it('has small rows if all texts are equal', () => {
    const result = two({ text: 'a' }, { text: 'a' }, [{ text: 'a' }, { text: 'a' }]);
    expect(result.counterexample?.steps.map(({ row }) => row)).toEqual([[1], [9]]);
  });

  it('keeps a dearer path to a state when only that one goes on without a switch', () => {
    const edges = [
      { from: 0, to: 1, text: 'a', actor: 'x' },
      { from: 0, to: 1, text: 'b', actor: 'y' },
      { from: 1, to: 9, text: 'c', actor: 'y' },
    ];
    expect(texts(checkNaively(graph({ initial: [0], edges, properties: [never(9)] })))).toEqual(['b', 'c']);
  });
});

describe('models', () => {
  const edges: Readonly<Record<number, readonly number[]>> = { 0: [1, 2], 1: [3, 7], 2: [3, 0], 3: [] };
  const model: Model<number> = {
    initial: () => [0],
    next: (state) =>
      (edges[state] ?? []).map((to) => ({
        label: { text: `${state}>${to}`, action: 'walk', actor: 'walker', fault: false },
        state: to,
      })),
    key: String,
    properties: [{ name: 'reaches 7', kind: 'reachable', holds: (state) => state === 7 }],
    within: (state) => state !== 7,
    show: String,
  };

  it('gives what the same graph gives', () => {
    const all = Object.entries(edges).flatMap(([from, tos]) => tos.map((to) => ({ from: Number(from), to })));
    const system = { initial: [0], edges: all, outside: [7] };
    expect(checkModelNaively(model)).toEqual(checkNaively(graph({ ...system, properties: [reachable(7)] })));
    expect(checkModelNaively({ ...model, mayEnd: () => false })).toEqual(
      checkNaively(graph({ ...system, properties: [reachable(7)], ends: [] })),
    );
  });

  it('tells a path of states', () => {
    const properties = [{ name: 'never 3', kind: 'always' as const, holds: (state: number) => state !== 3 }];
    expect(checkModelNaively({ ...model, properties }).counterexample).toMatchObject({
      property: 'never 3',
      why: 'never 3 does not hold',
      initial: [0],
      steps: [{ row: [1] }, { row: [3] }],
    });
  });
});

interface Told {
  readonly texts: readonly string[];
  readonly rows: readonly string[];
  readonly property: string;
  readonly why: string;
}

/** The least violation among all paths of at most so many steps, by walking every one of them; null: too many paths. */
function leastByEnumeration(system: System, steps: number, pathsMax: number): Told | null {
  type Row = readonly Value[];
  const found: { readonly cost: readonly number[]; readonly told: Told }[] = [];
  let paths = 0;
  const holds = ({ slots, project, holds: asks }: Omit<Property, 'name' | 'kind' | 'sentence'>, row: Row): boolean =>
    asks(row.map((value, slot) => (slots && !slots.includes(slot) ? null : project(value, slot))));
  const tell = (labels: readonly Label[], rows: readonly Row[], [property, why]: readonly [string, string]): void => {
    const switches = labels.filter(({ actor }, i) => i > 0 && labels[i - 1]?.actor !== actor).length;
    const cost = [labels.length, labels.filter(({ fault }) => fault).length, switches];
    found.push({ cost, told: { texts: labels.map(({ text }) => text), rows: rows.map(encodeRow), property, why } });
  };
  const walk = (labels: readonly Label[], rows: readonly Row[]): void => {
    const row = rows.at(-1) ?? [];
    paths += 1;
    if (paths > pathsMax || !row.every((value, slot) => system.within?.(system.slots[slot]?.kind ?? '', value) ?? true))
      return;
    for (const one of system.properties)
      if (one.kind === 'always' && !holds(one, row)) tell(labels, rows, [one.name, one.sentence]);
    let isStuck = true;
    for (const rule of system.rules) {
      for (const { label, writes, updates, breaks } of rule.step(rule.reads.map((slot) => row[slot]))) {
        isStuck = false;
        if (labels.length === steps) continue;
        const after = [...row];
        rule.reads.forEach((slot, i) => (after[slot] = writes[i]));
        for (const { slot, operation } of updates)
          after[slot] = system.update(system.slots[slot]?.kind ?? '', after[slot], operation);
        if (breaks) tell([...labels, label], [...rows, after], [breaks.property, breaks.why]);
        walk([...labels, label], [...rows, after]);
      }
    }
    if (isStuck && system.mayEnd && !holds(system.mayEnd, row)) tell(labels, rows, [DEADLOCK, DEADLOCK_WHY]);
  };
  for (const row of system.initial) walk([], [row]);
  if (paths > pathsMax) return null;
  const order = ({ cost, told }: (typeof found)[number]): readonly (number | string)[] => [
    ...cost,
    ...told.texts,
    ...told.rows,
    told.property,
    told.why,
  ];
  found.sort((one, other) => {
    const [ones, others] = [order(one), order(other)];
    const place = ones.findIndex((item, i) => item !== others[i]);
    return place < 0 ? 0 : (ones[place] ?? 0) < (others[place] ?? 0) ? -1 : 1;
  });
  return found[0]?.told ?? null;
}

describe('random systems', () => {
  const PATHS_MAX = 20_000;

  it('are equal for equal seeds, and have at most 3000 states', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const result = checkNaively(randomSystem(makeRng(seed)));
        expect(result.distinct).toBeLessThanOrEqual(3000);
        expect(checkNaively(randomSystem(makeRng(seed)))).toEqual(result);
      }),
      { numRuns: 50 },
    );
  });

  it('have the least of all paths as counterexample, and it is a real one', () => {
    let compared = 0;
    for (let seed = 0; seed < manyOf(400); seed += 1) {
      const system = randomSystem(makeRng(seed));
      const { counterexample } = checkNaively(system);
      if (counterexample === null) continue;
      expect(validateTrace(system, counterexample)).toBeNull();
      const least = leastByEnumeration(system, counterexample.steps.length, PATHS_MAX);
      if (least === null) continue;
      compared += 1;
      const { property, why, initial, steps } = counterexample;
      const rows = [initial, ...steps.map(({ row }) => row)];
      expect({ seed, ...least }).toEqual({
        seed,
        texts: steps.map(({ label }) => label.text),
        rows: rows.map(encodeRow),
        property,
        why,
      });
    }
    expect(compared).toBeGreaterThan(manyOf(80));
  });
});
