/**
 * The oracle: breadth-first exploration in the plainest way, of a system or of a model. States are rows of values, the
 * visited ones a map by text; nothing is remembered about steps. Slow, and meant to be obviously right: the engine must
 * give equal results on every small system. What a result means is told in result.ts.
 *
 * After a violation the level in hand is still expanded completely, and none after it: the counts are those of the levels
 * expanded completely. Violations in initial states are found before any expansion.
 */
import { assert } from '../base/assert.js';
import { encodeRow } from './encode.js';
import type { Model } from './model.js';
import { DEADLOCK, DEADLOCK_WHY, type CheckResult, type TraceStep } from './result.js';
import type { Broken, Label, Outcome, Property, Rule, System, Value } from './system.js';

/** Stops as inconclusive after the level with which more than `limit` states are stored. */
export function checkNaively(system: System, limit = Infinity): CheckResult {
  return new Exploration(subjectOfSystem(system), limit).run();
}

/** The same for a model: its states are rows of one slot, its property sentences "... does not hold". */
export function checkModelNaively<State>(model: Model<State>, limit = Infinity): CheckResult {
  return new Exploration(subjectOfModel(model), limit).run();
}

/** What is explored: a system and a model look alike from here. */
interface Subject<State> {
  readonly initial: readonly State[];
  /** The text by which states are told apart and ordered. */
  key(state: State): string;
  row(state: State): readonly Value[];
  next(state: State): readonly Step<State>[];
  isWithin(state: State): boolean;
  readonly reachable: readonly { readonly name: string; holds(state: State): boolean }[];
  /** The `always` properties that are false here, and the `never` ones that are true. */
  broken(state: State): readonly Broken[];
  mayEnd(state: State): boolean;
}

interface Step<State> {
  readonly label: Label;
  readonly state: State;
  readonly breaks?: Broken | undefined;
}

function subjectOfSystem(system: System): Subject<readonly Value[]> {
  const holds = (property: Pick<Property, 'slots' | 'project' | 'holds'>, row: readonly Value[]): boolean =>
    property.holds(
      row.map((value, slot) => (property.slots?.includes(slot) === false ? null : property.project(value, slot))),
    );
  return {
    initial: system.initial,
    key: encodeRow,
    row: (row) => row,
    next: (row) =>
      system.rules.flatMap((rule) =>
        rule.step(rule.reads.map((slot) => row[slot])).map((outcome) => ({
          label: outcome.label,
          state: rowAfter(system, rule, { row, outcome }),
          breaks: outcome.breaks,
        })),
      ),
    isWithin: (row) => system.slots.every(({ kind }, slot) => system.within?.(kind, row[slot]) ?? true),
    reachable: system.properties
      .filter(({ kind }) => kind === 'reachable')
      .map((property) => ({ name: property.name, holds: (row) => holds(property, row) })),
    broken: (row) =>
      system.properties
        .filter((property) => property.kind !== 'reachable' && holds(property, row) === (property.kind === 'never'))
        .map(({ name, sentence }) => ({ property: name, why: sentence })),
    mayEnd: (row) => system.mayEnd === undefined || holds(system.mayEnd, row),
  };
}

/** Only the row at the end counts: between two updates of a slot its value may be outside the constraint. */
function rowAfter(
  system: System,
  rule: Rule,
  { row, outcome }: { readonly row: readonly Value[]; readonly outcome: Outcome },
): readonly Value[] {
  assert(outcome.writes.length === rule.reads.length, `${rule.name} writes as many values as it reads`);
  const after = [...row];
  rule.reads.forEach((slot, place) => (after[slot] = outcome.writes[place]));
  for (const { slot, operation } of outcome.updates) {
    const kind = system.slots[slot]?.kind;
    assert(kind !== undefined && !rule.reads.includes(slot), `${rule.name} updates only slots that it does not read`);
    after[slot] = system.update(kind, after[slot], operation);
  }
  return after;
}

function subjectOfModel<State>(model: Model<State>): Subject<State> {
  const { properties } = model;
  return {
    initial: model.initial(),
    key: (state) => model.key(state),
    row: (state) => [state],
    next: (state) => model.next(state),
    isWithin: (state) => model.within?.(state) ?? true,
    reachable: properties.filter(({ kind }) => kind === 'reachable'),
    broken: (state) =>
      properties
        .filter((property) => property.kind === 'always' && !property.holds(state))
        .map(({ name }) => ({ property: name, why: `${name} does not hold` })),
    mayEnd: (state) => model.mayEnd?.(state) ?? true,
  };
}

/** A way to a state: its last step and the way before; at an initial state neither. */
interface Path<State> {
  readonly state: State;
  readonly key: string;
  readonly last: { readonly label: Label; readonly before: Path<State> } | null;
  readonly faults: number;
  readonly switches: number;
}

interface Violation<State> extends Broken {
  readonly path: Path<State>;
}

/**
 * A stored state with the least path to it for each actor of the last step (null: none). That is enough to find the
 * least path to whatever follows: all paths to a state have equally many steps, and of two paths that end in the same
 * state by the same actor, the lesser remains the lesser whatever steps both are continued by.
 */
interface Node<State> {
  readonly state: State;
  readonly best: Map<string | null, Path<State>>;
}

class Exploration<State> {
  readonly #subject: Subject<State>;
  readonly #limit: number;
  readonly #visited = new Map<string, Node<State>>();
  readonly #actions = new Map<string, number>();
  readonly #reached = new Set<string>();
  #generated = 0;
  /** The states stored last, none of which is expanded. */
  #level: Node<State>[] = [];

  constructor(subject: Subject<State>, limit: number) {
    this.#subject = subject;
    this.#limit = limit;
  }

  run(): CheckResult {
    this.#enterInitial();
    let depth = this.#level.length > 0 ? 1 : 0;
    let violations = this.#brokenInLevel();
    while (violations.length === 0 && this.#level.length > 0) {
      if (this.#visited.size > this.#limit) return this.#result(depth, { bound: `more than ${this.#limit} states` });
      const deadlocks = this.#deadlocksInLevel();
      const breaking = this.#expandLevel();
      if (this.#level.length > 0) depth += 1;
      // A deadlock in the level just expanded is a step nearer than whatever its expansion met.
      if (deadlocks.length > 0) return this.#result(depth, { violations: deadlocks });
      violations = [...breaking, ...this.#brokenInLevel()];
    }
    if (violations.length > 0) violations.push(...this.#deadlocksInLevel());
    return this.#result(depth, { violations });
  }

  #enterInitial(): void {
    const reached: Path<State>[] = [];
    for (const state of this.#subject.initial) {
      this.#generated += 1;
      reached.push({ state, key: this.#subject.key(state), last: null, faults: 0, switches: 0 });
    }
    this.#storeLevel(reached);
  }

  /** Expands every state of the level, which then is the next one. Gives the steps that break a property. */
  #expandLevel(): Violation<State>[] {
    const reached: Path<State>[] = [];
    const breaking: Violation<State>[] = [];
    for (const { state, best } of this.#level) {
      for (const step of this.#subject.next(state)) {
        this.#generated += 1;
        this.#actions.set(step.label.action, (this.#actions.get(step.label.action) ?? 0) + 1);
        const key = this.#subject.key(step.state);
        for (const before of best.values()) {
          const path = pathAfter(before, step, key);
          reached.push(path);
          if (step.breaks !== undefined) breaking.push({ ...step.breaks, path });
        }
      }
    }
    this.#storeLevel(reached);
    return breaking;
  }

  /** Stores the states that are within and new. */
  #storeLevel(reached: readonly Path<State>[]): void {
    const level = new Map<string, Node<State>>();
    for (const path of reached) {
      const { state, key } = path;
      if (this.#visited.has(key) || !this.#subject.isWithin(state)) continue;
      const node = level.get(key) ?? { state, best: new Map() };
      level.set(key, node);
      const actor = path.last?.label.actor ?? null;
      const known = node.best.get(actor);
      if (known === undefined || comparePaths(path, known) < 0) node.best.set(actor, path);
    }
    for (const [key, node] of level) {
      this.#visited.set(key, node);
      for (const property of this.#subject.reachable) if (property.holds(node.state)) this.#reached.add(property.name);
    }
    this.#level = [...level.values()];
  }

  #brokenInLevel(): Violation<State>[] {
    return this.#level.flatMap(({ state, best }) =>
      this.#subject.broken(state).flatMap((broken) => [...best.values()].map((path) => ({ ...broken, path }))),
    );
  }

  #deadlocksInLevel(): Violation<State>[] {
    return this.#level
      .filter(({ state }) => this.#subject.next(state).length === 0 && !this.#subject.mayEnd(state))
      .flatMap(({ best }) => [...best.values()].map((path) => ({ property: DEADLOCK, why: DEADLOCK_WHY, path })));
  }

  #result(depth: number, end: { violations?: readonly Violation<State>[]; bound?: string }): CheckResult {
    const { violations = [], bound = null } = end;
    const names = this.#subject.reachable.map(({ name }) => name);
    const isComplete = violations.length === 0 && bound === null;
    const unreached = isComplete ? names.filter((name) => !this.#reached.has(name)) : [];
    const isViolated = violations.length > 0 || unreached.length > 0;
    const [least] = violations.toSorted(compareViolations);
    return {
      verdict: isViolated ? 'violated' : isComplete ? 'holds' : 'inconclusive',
      distinct: this.#visited.size,
      generated: this.#generated,
      depth,
      counterexample:
        least === undefined ? null : { property: least.property, why: least.why, ...this.#trace(least.path) },
      reached: Object.fromEntries(names.map((name) => [name, this.#reached.has(name)])),
      unreached,
      actions: Object.fromEntries(this.#actions),
      bound,
    };
  }

  #trace(path: Path<State>): { readonly initial: readonly Value[]; readonly steps: readonly TraceStep[] } {
    const rowOf = ({ state }: Path<State>): readonly Value[] => this.#subject.row(state);
    const [initial = path, ...paths] = prefixes(path);
    const steps = paths.flatMap((one) => (one.last === null ? [] : [{ label: one.last.label, row: rowOf(one) }]));
    return { initial: rowOf(initial), steps };
  }
}

function pathAfter<State>(before: Path<State>, { label, state }: Step<State>, key: string): Path<State> {
  const isSwitch = before.last !== null && before.last.label.actor !== label.actor;
  return {
    state,
    key,
    last: { label, before },
    faults: before.faults + (label.fault ? 1 : 0),
    switches: before.switches + (isSwitch ? 1 : 0),
  };
}

/** From the initial state, which is first, to the whole path, which is last. */
function prefixes<State>(path: Path<State>): readonly Path<State>[] {
  const reversed = [path];
  for (let at = path; at.last !== null; at = at.last.before) reversed.push(at.last.before);
  return reversed.reverse();
}

/** Of two paths with equally many steps: negative if the first is the lesser one. */
function comparePaths<State>(one: Path<State>, other: Path<State>): number {
  const costs = one.faults - other.faults || one.switches - other.switches;
  if (costs !== 0) return costs;
  const ones = prefixes(one);
  const others = prefixes(other);
  const text = ({ last }: Path<State>): string => last?.label.text ?? '';
  return (
    firstDifference(ones.map(text), others.map(text)) ||
    firstDifference(
      ones.map(({ key }) => key),
      others.map(({ key }) => key),
    )
  );
}

function compareViolations<State>(one: Violation<State>, other: Violation<State>): number {
  return comparePaths(one.path, other.path) || firstDifference([one.property, one.why], [other.property, other.why]);
}

function firstDifference(ones: readonly string[], others: readonly string[]): number {
  const place = ones.findIndex((text, i) => text !== others[i]);
  return place < 0 ? 0 : (ones[place] as string) < (others[place] as string) ? -1 : 1;
}
