/**
 * The oracle for liveness, in the plainest way: the graph as maps of texts, fair loops by fixpoints of sets, for every choice of
 * strongly fair steps that are never possible in the loop. No code of the other way is used, and nothing is fast.
 */
import { assert } from '../../base/assert.js';
import { encodeRow } from '../encode.js';
import type { Label, System, Value } from '../system.js';
import type { LiveQuestion, Predicate } from './question.js';

interface Node {
  readonly row: readonly Value[];
  /** Steps to other states. */
  readonly steps: { readonly label: Label; readonly to: string }[];
  /** The fair steps that are possible, by index. */
  readonly possible: Set<number>;
}

export interface NaiveAnswer {
  readonly isViolated: boolean;
  /** Steps of a shortest lasso; null: there is none. */
  readonly shortest: number | null;
  readonly distinct: number;
  readonly cut: number;
}

export function checkLiveNaively(system: System, question: LiveQuestion): NaiveAnswer {
  const { nodes, initial, cut } = explore(system, question);
  const holds = (predicate: Predicate): Set<string> =>
    new Set([...nodes].filter(([, { row }]) => isTrue(predicate, row)).map(([key]) => key));
  const goal = holds(question.property.goal);
  const { kind, from } = question.property;
  const all = new Set(nodes.keys());
  const away = new Set([...all].filter((key) => !goal.has(key)));
  const stay = kind === 'in the end' ? all : away;
  const needed = kind === 'in the end' ? away : all;
  const far = distances(nodes, new Map(initial.map((key) => [key, 0])), all);
  const triggers = kind === 'leads to' && from !== undefined ? holds(from) : all;
  const sources = kind === 'eventually' ? new Map(initial.map((key) => [key, 0])) : far;
  const begins = new Map([...sources].filter(([key]) => triggers.has(key) && stay.has(key)));
  const near = distances(nodes, begins, stay);
  const world: World = { nodes, question, needed };
  const reached = new Set(near.keys());
  const entries = subsets(strongOf(question)).flatMap((avoided) => fairEntries(world, reached, avoided));
  const lengths = entries.map(
    ({ key, avoided, allowed }) => (near.get(key) ?? 0) + shortestLoop(world, { key, avoided, allowed }),
  );
  return {
    isViolated: entries.length > 0,
    shortest: lengths.length === 0 ? null : Math.min(...lengths),
    distinct: nodes.size,
    cut,
  };
}

function isTrue({ slots, project, holds }: Predicate, row: readonly Value[]): boolean {
  return holds(row.map((value, slot) => (slots === undefined || slots.includes(slot) ? project(value, slot) : null)));
}

function explore(
  system: System,
  { fairness, restrictions }: LiveQuestion,
): { readonly nodes: Map<string, Node>; readonly initial: readonly string[]; readonly cut: number } {
  const isWithin = (row: readonly Value[]): boolean =>
    system.slots.every(({ kind }, slot) => system.within?.(kind, row[slot]) ?? true);
  const nodes = new Map<string, Node>();
  const queue: string[] = [];
  const enter = (row: readonly Value[]): string => {
    const key = encodeRow(row);
    if (!nodes.has(key)) {
      nodes.set(key, { row, steps: [], possible: new Set() });
      queue.push(key);
    }
    return key;
  };
  const initial = system.initial.filter(isWithin).map(enter);
  let cut = 0;
  for (const key of queue) {
    const node = nodes.get(key);
    assert(node !== undefined, 'what waits is known');
    for (const { label, row } of successors(system, node.row)) {
      if (restrictions.some(({ has, when }) => has(label) && !isTrue(when, node.row))) continue;
      if (encodeRow(row) === key) continue;
      fairness.forEach(({ has }, index) => has(label) && node.possible.add(index));
      if (isWithin(row)) node.steps.push({ label, to: enter(row) });
      else cut += 1;
    }
  }
  return { nodes, initial, cut };
}

function* successors(
  { rules, slots, update }: System,
  row: readonly Value[],
): Generator<{ readonly label: Label; readonly row: readonly Value[] }> {
  for (const { reads, step } of rules) {
    for (const { label, writes, updates } of step(reads.map((slot) => row[slot]))) {
      const after = [...row];
      reads.forEach((slot, place) => (after[slot] = writes[place]));
      for (const { slot, operation } of updates) after[slot] = update(slots[slot]?.kind ?? '', after[slot], operation);
      yield { label, row: after };
    }
  }
}

/** The fewest steps to each state, on ways that stay within. */
function distances(
  nodes: ReadonlyMap<string, Node>,
  begins: ReadonlyMap<string, number>,
  within: ReadonlySet<string>,
): Map<string, number> {
  const found = new Map(begins);
  for (let changed = true; changed;) {
    changed = false;
    for (const [key, steps] of found) {
      for (const { to } of nodes.get(key)?.steps ?? []) {
        if (!within.has(to) || (found.get(to) ?? Infinity) <= steps + 1) continue;
        found.set(to, steps + 1);
        changed = true;
      }
    }
  }
  return found;
}

interface World {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly question: LiveQuestion;
  /** A loop comes by one of these. */
  readonly needed: ReadonlySet<string>;
}

interface Entry {
  readonly key: string;
  readonly avoided: readonly number[];
  /** States in which none of the avoided is possible, and from which a fair loop can be reached. */
  readonly allowed: ReadonlySet<string>;
}

function strongOf({ fairness }: LiveQuestion): readonly number[] {
  return fairness.flatMap(({ kind }, index) => (kind === 'strong' ? [index] : []));
}

function subsets(items: readonly number[]): readonly (readonly number[])[] {
  return items.reduce<readonly (readonly number[])[]>(
    (sets, item) => [...sets, ...sets.map((set) => [...set, item])],
    [[]],
  );
}

/** What a loop must do: in a state, or on a step. */
interface Duty {
  inState(key: string, node: Node): boolean;
  onStep(label: Label): boolean;
}

function dutiesOf({ question, needed }: World, avoided: readonly number[]): readonly Duty[] {
  const duties = question.fairness.flatMap(({ kind, has }, index): readonly Duty[] => {
    if (avoided.includes(index)) return [];
    const inState: Duty['inState'] = (_, { possible }) => kind === 'weak' && !possible.has(index);
    return [{ inState, onStep: has }];
  });
  return [...duties, { inState: (key) => needed.has(key), onStep: () => false }];
}

/**
 * States on fair loops. Emerson and Lei: the greatest set from each state of which every duty can be done within the set, again and
 * again. A standstill is a step from a state to itself that does nothing.
 */
function fairEntries(world: World, reached: ReadonlySet<string>, avoided: readonly number[]): readonly Entry[] {
  const { nodes } = world;
  const clear = [...reached].filter((key) => avoided.every((index) => nodes.get(key)?.possible.has(index) !== true));
  const duties = dutiesOf(world, avoided);
  let allowed = new Set(clear);
  for (;;) {
    const kept = duties.reduce((set, duty) => canDo(nodes, set, duty), allowed);
    if (kept.size === allowed.size) break;
    allowed = kept;
  }
  return [...allowed]
    .filter((key) => Number.isFinite(shortestLoop(world, { key, avoided, allowed })))
    .map((key) => ({ key, avoided, allowed }));
}

/** Those states of the set from which the duty can be done without leaving it. */
function canDo(nodes: ReadonlyMap<string, Node>, set: ReadonlySet<string>, duty: Duty): Set<string> {
  const inner = (key: string): Node['steps'] => (nodes.get(key)?.steps ?? []).filter(({ to }) => set.has(to));
  const good = new Set(
    [...set].filter((key) => {
      const node = nodes.get(key);
      return node !== undefined && (duty.inState(key, node) || inner(key).some(({ label }) => duty.onStep(label)));
    }),
  );
  for (let changed = true; changed;) {
    changed = false;
    for (const key of set) {
      if (good.has(key) || !inner(key).some(({ to }) => good.has(to))) continue;
      good.add(key);
      changed = true;
    }
  }
  return good;
}

/** Steps of the shortest fair loop through the state; 0: it may stand still; Infinity: there is none. */
function shortestLoop(world: World, { key: start, avoided, allowed }: Entry): number {
  const duties = dutiesOf(world, avoided);
  const { nodes } = world;
  const doneIn = (key: string, done: readonly boolean[]): boolean[] => {
    const node = nodes.get(key);
    return duties.map((duty, i) => done[i] === true || (node !== undefined && duty.inState(key, node)));
  };
  const first = doneIn(start, []);
  if (first.every(Boolean)) return 0;
  const seen = new Set([`${start} ${first.join()}`]);
  let level = [{ key: start, done: first }];
  for (let steps = 1; level.length > 0; steps += 1) {
    const next: typeof level = [];
    for (const { key, done } of level) {
      for (const { label, to } of nodes.get(key)?.steps ?? []) {
        if (!allowed.has(to)) continue;
        const after = doneIn(
          to,
          duties.map((duty, i) => done[i] === true || duty.onStep(label)),
        );
        if (to === start && after.every(Boolean)) return steps;
        const text = `${to} ${after.join()}`;
        if (seen.has(text)) continue;
        seen.add(text);
        next.push({ key: to, done: after });
      }
    }
    level = next;
  }
  return Infinity;
}
