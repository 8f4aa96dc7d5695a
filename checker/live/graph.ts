/**
 * The whole graph of a small system, kept: states by number in the order of a breadth-first exploration, and every step
 * between two different ones. Steps are computed once for each combination of values, as the search does.
 */
import { assert } from '../../base/assert.js';
import { withRoom } from '../candidates.js';
import { decode } from '../encode.js';
import { Judged } from '../judged.js';
import { Layout, WIDTH_MAX } from '../layout.js';
import { Pools } from '../pools.js';
import { BEYOND, type Compiled, Programs } from '../programs.js';
import type { Label, System, Value } from '../system.js';
import { Rows } from './rows.js';
import type { FairSteps, Predicate, Restriction } from './question.js';

/** What is noted of steps while they are computed. */
export interface Noted {
  readonly fairness: readonly FairSteps[];
  readonly restrictions: readonly Restriction[];
}

export interface GraphOptions {
  /** Bytes that states and steps may take. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** Called now and then: lets the process hear signals. */
  readonly pause?: () => Promise<void>;
  readonly watch?: (look: () => GraphProgress) => void;
}

export interface GraphProgress {
  readonly distinct: number;
  readonly transitions: number;
  readonly depth: number;
  readonly queue: number;
  readonly bytes: number;
}

const SLICE = 4096;
const FIRST = 1 << 12;

export class Graph {
  readonly system: System;
  /** By number of a step kind: its label. */
  readonly labels: Label[] = [];
  /** Numbers of the initial states. */
  readonly initial: number[] = [];
  transitions = 0;
  cut = 0;
  depth = 0;
  bound: string | null = null;
  /** By state: where its steps begin in `targets`; one more entry at the end. */
  first: Int32Array = new Int32Array(FIRST);
  targets: Int32Array = new Int32Array(FIRST);
  /** The label of each step. */
  kinds: Int32Array = new Int32Array(FIRST);
  /** By state: the number of the set of fair steps that are possible. */
  possible: Int32Array = new Int32Array(FIRST);
  /** Sets of fair steps, by number: indices into the question's fairness, ascending. */
  readonly sets: (readonly number[])[] = [];
  /** By label: the fair steps that it belongs to. */
  readonly fairOf: (readonly number[])[] = [];
  readonly #pools: Pools;
  readonly #programs: Programs;
  readonly #fairness: readonly FairSteps[];
  readonly #restrictions: readonly { readonly has: (label: Label) => boolean; readonly when: Judged }[];
  readonly #rows: Rows;
  #edges = 0;
  readonly #labelNumbers = new Map<string, number>();
  /** By ordinal of a program: the labels of its outcomes. */
  readonly #labelsOf: Int32Array[] = [];
  /** By label: which restrictions it is subject to. */
  readonly #restrictedBy: (readonly number[])[] = [];
  readonly #setNumbers = new Map<string, number>();

  private constructor(system: System, { fairness, restrictions }: Noted) {
    this.system = system;
    this.#fairness = fairness;
    this.#pools = new Pools(system);
    const { kindOf } = this.#pools;
    // Every slot has a word of its own: a row is the numbers of its values.
    const widths = Array.from({ length: this.#pools.kinds }, () => WIDTH_MAX);
    this.#programs = new Programs(system, this.#pools, new Layout(kindOf, widths, new Set()));
    this.#restrictions = restrictions.map(({ has, when }) => ({ has, when: new Judged(when, this.#pools) }));
    this.#rows = new Rows(system.slots.length);
  }

  get states(): number {
    return this.#rows.count;
  }

  /** Explores everything; `bound` tells what ended it before it was complete. */
  static async of(system: System, noted: Noted, options: GraphOptions): Promise<Graph> {
    const graph = new Graph(system, noted);
    await graph.#explore(options);
    return graph;
  }

  async #explore({ maxBytes, signal, pause, watch }: GraphOptions): Promise<void> {
    for (const row of this.system.initial) this.#enterInitial(row);
    let next = 0;
    let levelEnd = 0;
    watch?.(() => ({
      distinct: this.states,
      transitions: this.transitions,
      depth: this.depth,
      queue: this.states - next,
      bytes: this.bytes,
    }));
    for (; next < this.states && this.bound === null; next += 1) {
      if (next === levelEnd) {
        this.depth += 1;
        levelEnd = this.states;
      }
      this.#expand(next);
      if (next % SLICE !== 0) continue;
      await pause?.();
      if (signal?.aborted === true) this.bound = 'interrupted';
      else if (this.bytes > maxBytes) this.bound = `${Math.round(maxBytes / 2 ** 20)} MB of memory`;
    }
    // What was not expanded has no steps.
    for (let state = next; state < this.states; state += 1) this.#close(state);
  }

  get bytes(): number {
    return (
      this.#rows.bytes +
      [this.first, this.possible, this.targets, this.kinds].reduce((sum, { byteLength }) => sum + byteLength, 0)
    );
  }

  #enterInitial(row: readonly Value[]): void {
    const { kindOf } = this.#pools;
    const ids = Uint32Array.from(row, (value, slot) => this.#pools.number(kindOf[slot] ?? 0, value));
    if ([...ids].some((id, slot) => this.#pools.isOutside(kindOf[slot] ?? 0, id))) return;
    const number = this.#rows.enter(ids);
    if (!this.initial.includes(number)) this.initial.push(number);
  }

  /** The number of a row; −1: it is no state of the graph. */
  find(row: readonly Value[]): number {
    return this.findNumbered(Uint32Array.from(row, (value, slot) => this.numberOf(slot, value)));
  }

  /** The same for a row of numbers of values. */
  findNumbered(ids: Uint32Array): number {
    return this.#rows.find(ids);
  }

  /** The number of a value in this slot; slots of one kind number together. */
  numberOf(slot: number, value: Value): number {
    return this.#pools.number(this.#pools.kindOf[slot] ?? 0, value);
  }

  valueOf(slot: number, number: number): Value {
    return this.#pools.value(this.#pools.kindOf[slot] ?? 0, number);
  }

  /** The numbers of a state's values, by slot. Not a copy. */
  numbered(state: number): Uint32Array {
    return this.#rows.at(state);
  }

  /** The values of a state. */
  values(number: number): readonly Value[] {
    return [...this.#rows.at(number)].map((id, slot) => decode(this.#pools.text(this.#pools.kindOf[slot] ?? 0, id)));
  }

  #places = new Int32Array(0);

  #expand(number: number): void {
    const before = Int32Array.from(this.#rows.at(number));
    if (this.#places.length === 0) this.#places = new Int32Array(this.system.rules.length);
    const enabled = this.#programs.enabled(before, this.#places);
    const possible = new Set<number>();
    this.#open(number);
    for (const place of this.#places.slice(0, enabled)) {
      const ordinal = this.#programs.code[place] as number;
      const rule = this.#programs.ruleAt(place);
      const outcomes = this.#programs.outcomes[ordinal] ?? [];
      const labels = this.#labelsOf[ordinal] ?? this.#learnLabels(ordinal, outcomes);
      outcomes.forEach((outcome, i) => {
        const label = labels[i] as number;
        if (!this.#isAllowed(label, before)) return;
        this.transitions += 1;
        const ids = this.#successor(rule, before, outcome);
        const target = ids === null ? -1 : this.#rows.enter(ids);
        if (target === number) return;
        for (const index of this.fairOf[label] ?? []) possible.add(index);
        if (target < 0) this.cut += 1;
        else this.#addEdge(target, label);
      });
    }
    this.possible[number] = this.#setNumber([...possible].sort((a, b) => a - b));
    this.#close(number);
  }

  #open(number: number): void {
    this.first = withRoom(this.first, number + 1);
    this.possible = withRoom(this.possible, number + 1);
    this.first[number] = this.#edges;
  }

  #close(number: number): void {
    this.first = withRoom(this.first, number + 1);
    this.possible = withRoom(this.possible, number + 1);
    this.first[number + 1] = this.#edges;
  }

  #isAllowed(label: number, before: Int32Array): boolean {
    for (const index of this.#restrictedBy[label] ?? []) {
      if (this.#restrictions[index]?.when.holds(before) !== true) return false;
    }
    return true;
  }

  /** null: outside. */
  #successor(rule: number, before: Int32Array, outcome: Compiled): Uint32Array | null {
    if (outcome.outside) return null;
    const ids = Uint32Array.from(before);
    this.system.rules[rule]?.reads.forEach((slot, i) => (ids[slot] = outcome.writes[i] as number));
    for (const { slot, table } of outcome.updates) {
      const after = this.#programs.updated(table, ids[slot] as number);
      if (after === BEYOND) return null;
      ids[slot] = after;
    }
    return ids;
  }

  #addEdge(target: number, label: number): void {
    this.targets = withRoom(this.targets, this.#edges);
    this.kinds = withRoom(this.kinds, this.#edges);
    this.targets[this.#edges] = target;
    this.kinds[this.#edges] = label;
    this.#edges += 1;
  }

  #learnLabels(ordinal: number, outcomes: readonly Compiled[]): Int32Array {
    const numbers = Int32Array.from(outcomes, ({ label }) => this.#labelNumber(label));
    this.#labelsOf[ordinal] = numbers;
    return numbers;
  }

  #labelNumber(label: Label): number {
    const key = `${label.text}\n${label.action}\n${label.actor}\n${label.fault}`;
    const known = this.#labelNumbers.get(key);
    if (known !== undefined) return known;
    const number = this.labels.push(label) - 1;
    this.#labelNumbers.set(key, number);
    this.fairOf[number] = indicesOf(this.#fairness, label);
    this.#restrictedBy[number] = indicesOf(this.#restrictions, label);
    return number;
  }

  #setNumber(indices: readonly number[]): number {
    const key = indices.join();
    const known = this.#setNumbers.get(key);
    if (known !== undefined) return known;
    const number = this.sets.push(indices) - 1;
    this.#setNumbers.set(key, number);
    return number;
  }

  /** By state: 1 where the predicate holds. */
  holding(predicate: Predicate): Uint8Array {
    const judged = new Judged(predicate, this.#pools);
    const marks = new Uint8Array(this.states);
    for (let state = 0; state < this.states; state += 1) {
      if (judged.holds(Int32Array.from(this.#rows.at(state)))) marks[state] = 1;
    }
    return marks;
  }

  /** The fair steps that are possible in a state: indices, ascending. */
  possibleIn(state: number): readonly number[] {
    const set = this.sets[this.possible[state] as number];
    assert(set !== undefined, 'every state has its set');
    return set;
  }
}

function indicesOf(all: readonly { has(label: Label): boolean }[], label: Label): readonly number[] {
  return all.flatMap((one, index) => (one.has(label) ? [index] : []));
}
