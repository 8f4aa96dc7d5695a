/** Random walks through a system: nothing is stored, nothing is exhausted; a long way in within seconds. */
import type { Rng } from '../base/rng.js';
import { encode } from './encode.js';
import { DEADLOCK, DEADLOCK_WHY, type Counterexample, type TraceStep } from './result.js';
import { asAlways } from './properties.js';
import type { Broken, Outcome, Property, Rule, System, Value } from './system.js';

export interface WalkOptions {
  readonly rng: Rng;
  readonly walks: number;
  /** Of a walk, at most. */
  readonly steps: number;
  /** Ends it early. */
  readonly isOver?: () => boolean;
}

export interface WalkResult {
  readonly walks: number;
  readonly steps: number;
  /** Not a shortest one; it says nothing that walks found none. */
  readonly counterexample: Counterexample | null;
  readonly reached: Readonly<Record<string, boolean>>;
  readonly actions: Readonly<Record<string, number>>;
}

type Row = readonly Value[];

/** Steps of rules, remembered by what they read. */
class Steps {
  readonly #known = new Map<Rule, Map<string, readonly Outcome[]>>();

  of(rule: Rule, row: Row): readonly Outcome[] {
    const read = rule.reads.map((slot) => row[slot]);
    let known = this.#known.get(rule);
    if (known === undefined) this.#known.set(rule, (known = new Map<string, readonly Outcome[]>()));
    const key = encode(read);
    let outcomes = known.get(key);
    if (outcomes === undefined) known.set(key, (outcomes = rule.step(read)));
    return outcomes;
  }
}

export function randomWalks(system: System, { rng, walks, steps, isOver = () => false }: WalkOptions): WalkResult {
  const memo = new Steps();
  const reached = Object.fromEntries(
    system.properties.filter(({ kind }) => kind === 'reachable').map(({ name }) => [name, false]),
  );
  const actions: Record<string, number> = {};
  const starts = system.initial.filter((row) => isWithin(system, row));
  let [done, taken] = [0, 0];
  for (; done < walks && !isOver(); done += 1) {
    const initial = starts[rng.below(starts.length)];
    if (initial === undefined) break;
    const path: TraceStep[] = [];
    let row = initial;
    for (;;) {
      for (const { name } of system.properties.filter((one) => one.kind === 'reachable' && holdsIn(one, row)))
        reached[name] = true;
      const choices = choicesAt(system, memo, row);
      const wrong = whatIsWrong(system, row, choices.length === 0);
      if (wrong !== null)
        return { walks: done + 1, steps: taken, counterexample: { ...wrong, initial, steps: path }, reached, actions };
      const choice = choices.length === 0 || path.length === steps ? undefined : choices[rng.below(choices.length)];
      if (choice === undefined) break;
      const { label, breaks } = choice.outcome;
      actions[label.action] = (actions[label.action] ?? 0) + 1;
      taken += 1;
      row = rowAfter(system, row, choice);
      path.push({ label, row });
      if (breaks !== undefined)
        return { walks: done + 1, steps: taken, counterexample: { ...breaks, initial, steps: path }, reached, actions };
      if (!isWithin(system, row)) break;
    }
  }
  return { walks: done, steps: taken, counterexample: null, reached, actions };
}

interface Choice {
  readonly rule: Rule;
  readonly outcome: Outcome;
}

function choicesAt(system: System, memo: Steps, row: Row): readonly Choice[] {
  return system.rules.flatMap((rule) => memo.of(rule, row).map((outcome) => ({ rule, outcome })));
}

function rowAfter(system: System, row: Row, { rule, outcome }: Choice): Row {
  const after = [...row];
  rule.reads.forEach((slot, i) => (after[slot] = outcome.writes[i]));
  for (const { slot, operation } of outcome.updates) {
    after[slot] = system.update(system.slots[slot]?.kind ?? '', after[slot], operation);
  }
  return after;
}

function isWithin({ slots, within }: System, row: Row): boolean {
  return within === undefined || slots.every(({ kind }, slot) => within(kind, row[slot]));
}

function whatIsWrong(system: System, row: Row, isEnd: boolean): Broken | null {
  const broken = system.properties
    .map(asAlways)
    .find((property) => property.kind === 'always' && !holdsIn(property, row));
  if (broken !== undefined) return { property: broken.name, why: broken.sentence };
  if (!isEnd || system.mayEnd === undefined || holdsIn(system.mayEnd, row)) return null;
  return { property: DEADLOCK, why: DEADLOCK_WHY };
}

function holdsIn({ slots, project, holds }: Pick<Property, 'slots' | 'project' | 'holds'>, row: Row): boolean {
  return holds(row.map((value, slot) => (slots === undefined || slots.includes(slot) ? project(value, slot) : null)));
}
