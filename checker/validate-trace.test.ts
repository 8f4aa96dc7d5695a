import { describe, expect, it } from 'vitest';
import { checkNaively } from './naive.js';
import { DEADLOCK, type Counterexample } from './result.js';
import type { System } from './system.js';
import { always, dieHard, graph, neverFourGallons, peterson, philosophers } from './toys.js';
import { validateTrace } from './validate-trace.js';

function traceOf(system: System): Counterexample {
  const { counterexample } = checkNaively(system);
  if (counterexample === null) throw new Error(`${system.name} violates nothing`);
  return counterexample;
}

/** The trace with something else in one step, counted from 1. */
function withStep(trace: Counterexample, at: number, change: object): Counterexample {
  return { ...trace, steps: trace.steps.map((step, i) => (i === at - 1 ? { ...step, ...change } : step)) };
}

const jugs = dieHard(neverFourGallons());
const measured = traceOf(jugs);
const breaks = { property: 'one way', why: 'it goes back' };
const edges = [
  { from: 0, to: 1 },
  { from: 1, to: 0, breaks },
  { from: 1, to: 7, breaks: { property: 'stays', why: 'it leaves' } },
  { from: 1, to: 7, text: 'out' },
  { from: 7, to: 8 },
];
const maze = graph({ initial: [0, 7], edges, outside: [7], properties: [always('never 7', ([node]) => node !== '7')] });

describe('accepts', () => {
  it('a state that violates a property', () => {
    expect(validateTrace(jugs, measured)).toBeNull();
    const slow = peterson({ fence: false });
    expect(validateTrace(slow, traceOf(slow))).toBeNull();
  });

  it('a step that breaks a property, also to a state outside the constraint', () => {
    expect(validateTrace(maze, traceOf(maze))).toBeNull();
    const [first, second] = traceOf(maze).steps;
    if (first === undefined || second === undefined) throw new Error('two steps');
    const label = { ...second.label, text: '1>7' };
    const out = { property: 'stays', why: '', initial: [0], steps: [first, { label, row: [7] }] };
    expect(validateTrace(maze, out)).toBeNull();
  });

  it('a deadlock', () => {
    for (const count of [2, 3]) expect(validateTrace(philosophers(count), traceOf(philosophers(count)))).toBeNull();
  });

  it('an initial state that violates a property', () => {
    const system = dieHard(always('never empty', ([small]) => small !== '0'));
    expect(traceOf(system).steps).toEqual([]);
    expect(validateTrace(system, traceOf(system))).toBeNull();
  });

  it('a longer way than the least one', () => {
    const idle = { label: { text: 'empty big', action: 'empty big', actor: 'hero', fault: false }, row: [0, 0] };
    expect(validateTrace(jugs, { ...measured, steps: [idle, ...measured.steps] })).toBeNull();
  });
});

describe('refuses', () => {
  it('a wrong initial state', () => {
    expect(validateTrace(jugs, { ...measured, initial: [0, 5], steps: measured.steps.slice(1) })).toBe(
      'step 0: this is no initial state of the system',
    );
    expect(validateTrace(jugs, { ...measured, initial: [0] })).toMatch(/^step 0: /);
  });

  it('a wrong row', () => {
    expect(validateTrace(jugs, withStep(measured, 2, { row: [3, 3] }))).toBe(
      'step 2: the step "big to small" leads elsewhere: big is 2 gallons and not 3',
    );
    expect(validateTrace(jugs, withStep(measured, 6, { row: [2, 4] }))).toBe(
      'step 6: the step "big to small" leads elsewhere: small is 3 gallons and not 2',
    );
    expect(validateTrace(jugs, withStep(measured, 1, { row: [0, 5, 0] }))).toBe(
      'step 1: the step "fill big" leads elsewhere: a state has 2 values, not 3',
    );
    expect(validateTrace(jugs, withStep(measured, 1, { row: [0, 5n] }))).toMatch(
      /^step 1: .* big is 5 gallons and not 5n/,
    );
  });

  it('a row that updates do not give', () => {
    const slow = peterson({ fence: false });
    const trace = traceOf(slow);
    const row = trace.steps[1]?.row.map((value, slot) => (slot === 2 ? [] : value));
    expect(validateTrace(slow, withStep(trace, 2, { row }))).toMatch(/^step 2: .*buffer 0 is .* and not \[\]/);
  });

  it('a wrong label', () => {
    const label = measured.steps[2]?.label;
    expect(validateTrace(jugs, withStep(measured, 3, { label: { ...label, text: 'drink' } }))).toBe(
      'step 3: no step "drink" is possible here',
    );
    for (const wrong of [{ actor: 'villain' }, { fault: true }, { action: 'drink' }])
      expect(validateTrace(jugs, withStep(measured, 3, { label: { ...label, ...wrong } }))).toBe(
        'step 3: the step "empty small" has another action, another actor, or is a fault where this is none',
      );
  });

  it('a step left out or put in', () => {
    expect(validateTrace(jugs, { ...measured, steps: measured.steps.toSpliced(2, 1) })).toMatch(/^step 3: /);
    const [first] = measured.steps;
    expect(
      validateTrace(jugs, { ...measured, steps: measured.steps.flatMap((s) => (s === first ? [s, s] : [s])) }),
    ).toBe(null);
  });

  it('an end that violates nothing', () => {
    expect(validateTrace(jugs, { ...measured, steps: measured.steps.slice(0, 5) })).toBe(
      'step 5, the last: the state does not violate never four gallons',
    );
    expect(validateTrace(jugs, { ...measured, property: 'never thirsty' })).toBe(
      'step 6, the last: the system has no property never thirsty of all states, and the step does not break one of this name',
    );
    expect(validateTrace(maze, { ...traceOf(maze), property: 'stays' })).toMatch(
      /^step 2, the last: the system has no/,
    );
  });

  it('a step that broke the property before the last one', () => {
    const trace = traceOf(maze);
    const [again] = trace.steps;
    if (again === undefined) throw new Error('a step');
    expect(validateTrace(maze, { ...trace, steps: [...trace.steps, again] })).toMatch(/^step 3, the last: /);
  });

  it('a property that would be violated if it saw more slots than it names', () => {
    const narrow = dieHard({ ...neverFourGallons(), slots: [0] });
    expect(validateTrace(narrow, measured)).toBe('step 6, the last: the state does not violate never four gallons');
    expect(validateTrace(dieHard({ ...neverFourGallons(), slots: [1] }), measured)).toBeNull();
  });

  it('a property that is only to be reachable', () => {
    const fine = dieHard({ ...neverFourGallons(), kind: 'reachable' });
    expect(validateTrace(fine, measured)).toMatch(/^step 6, the last: the system has no property/);
  });

  it('what is outside the constraint: as an end, and before a step', () => {
    const [first] = traceOf(maze).steps;
    if (first === undefined) throw new Error('a step');
    const out = { label: { ...first.label, text: 'out' }, row: [7] };
    const trace = { property: 'never 7', why: '', initial: [0], steps: [first, out] };
    expect(validateTrace(maze, trace)).toBe(
      'step 2, the last: node is outside the constraint, where properties are not asked',
    );
    const on = { label: { ...first.label, text: '7>8' }, row: [8] };
    expect(validateTrace(maze, { ...trace, steps: [first, out, on] })).toBe(
      'step 2: no step follows, for node is outside the constraint',
    );
    expect(validateTrace(maze, { ...trace, initial: [7], steps: [] })).toMatch(/^step 0, the last: node is outside/);
  });

  it('a deadlock that is none', () => {
    const stuck = { property: DEADLOCK, why: '', initial: [0], steps: [] };
    const way = { initial: [0], edges: [{ from: 0, to: 1 }] };
    expect(validateTrace(graph({ ...way, ends: [] }), stuck)).toBe(
      'step 0, the last: no deadlock: the step "0>1" is possible',
    );
    const end = { initial: [0], edges: [] };
    expect(validateTrace(graph({ ...end, ends: [0] }), stuck)).toBe(
      'step 0, the last: no deadlock: this state may be the end',
    );
    expect(validateTrace(graph(end), stuck)).toMatch(/has no property deadlock/);
    expect(validateTrace(graph({ ...end, ends: [] }), stuck)).toBeNull();
  });
});
