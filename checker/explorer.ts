/**
 * Expands states: every successor of a row is computed by look-ups in programs, entered into the store, and judged if it
 * is new. One explorer for each thread; they share the store and agree on numbers.
 */
import { encode } from './encode.js';
import { Judged } from './judged.js';
import type { Layout } from './layout.js';
import type { Pools } from './pools.js';
import { BEYOND, BREAKS, type Compiled, NoRoom, OUTSIDE, Programs } from './programs.js';
import { asAlways } from './properties.js';
import { NO_ROOM, type Store } from './store.js';
import type { System } from './system.js';

/** Where new states get their numbers from. */
export interface Numbering {
  /** The next free number of this thread: the same one until `use`. −1: there is no room. */
  free(): number;
  /** The free number was used. */
  use(): void;
}

/** What an explorer has met, beyond the states themselves. */
export interface Met {
  /** Names of 'always' and 'never' properties that are violated by a state that was entered. */
  readonly broken: Set<string>;
  /** Properties that steps break. */
  readonly brokenBySteps: Set<string>;
  deadlocks: number;
  /** Names of 'reachable' properties that were seen to hold. */
  readonly reached: Set<string>;
}

export class Explorer {
  readonly system: System;
  readonly pools: Pools;
  readonly programs: Programs;
  readonly met: Met = { broken: new Set(), brokenBySteps: new Set(), deadlocks: 0, reached: new Set() };
  layout: Layout;
  store: Store;
  /** Successors computed. */
  generated = 0;
  readonly #always: readonly (readonly [string, Judged])[];
  #toReach: readonly (readonly [string, Judged])[];
  readonly #mayEnd: Judged | null;
  readonly #ids: Int32Array;
  readonly #successor: Int32Array;
  /** The words of the state in hand, and of one of its successors. */
  #base: Uint32Array;
  #next: Uint32Array;
  readonly #places: Int32Array;
  #numbering: Numbering;

  constructor(system: System, pools: Pools, { layout, store, numbering }: Ground) {
    this.system = system;
    this.pools = pools;
    this.layout = layout;
    this.store = store;
    this.#numbering = numbering;
    this.programs = new Programs(system, pools, layout);
    const judged = (kind: string) =>
      system.properties
        .map(asAlways)
        .filter((one) => one.kind === kind)
        .map((one) => [one.name, new Judged(one, pools)] as const);
    this.#always = judged('always');
    this.#toReach = judged('reachable');
    this.#mayEnd = system.mayEnd === undefined ? null : new Judged(system.mayEnd, pools);
    this.#ids = new Int32Array(system.slots.length);
    this.#successor = new Int32Array(system.slots.length);
    this.#places = new Int32Array(system.rules.length);
    this.#base = new Uint32Array(layout.words);
    this.#next = new Uint32Array(layout.words);
  }

  /** Other memory, and perhaps another layout. */
  move({ layout, store, numbering }: Ground): void {
    if (layout !== this.layout) this.programs.relayout(layout);
    this.layout = layout;
    this.store = store;
    this.#numbering = numbering;
    this.#base = new Uint32Array(layout.words);
    this.#next = new Uint32Array(layout.words);
  }

  /** Numbers that stay at hand until the next call: the slots of a row. */
  idsOf(number: number): Int32Array {
    this.store.load(number, this.#base);
    this.layout.unpack(this.#base, 0, this.#ids);
    return this.#ids;
  }

  /** Enters the row whose values have these numbers. Gives its number, −1 if it was known; null: no room. */
  enterIds(ids: ArrayLike<number>): number | null {
    const free = this.#numbering.free();
    if (free < 0) return null;
    this.layout.pack(ids, this.#next, 0);
    return this.#enter(free);
  }

  /** Enters the successor in hand. */
  #enter(free: number): number | null {
    const number = this.store.enter(this.#next, free);
    if (number === NO_ROOM) return null;
    if (number !== free) return -1;
    this.#numbering.use();
    if (this.#always.length > 0 || this.#toReach.length > 0) this.#judge();
    return number;
  }

  #judge(): void {
    const ids = this.#successor;
    this.layout.unpack(this.#next, 0, ids);
    for (const [name, judged] of this.#always) if (!judged.holds(ids)) this.met.broken.add(name);
    for (const [name, judged] of this.#toReach) {
      if (!judged.holds(ids)) continue;
      this.met.reached.add(name);
      this.#toReach = this.#toReach.filter(([other]) => other !== name);
    }
  }

  /** Enters all successors. False: there was no room for one; the state is to be expanded again. Throws NoRoom. */
  expand(number: number): boolean {
    const { programs, met } = this;
    const enabled = programs.enabled(this.idsOf(number), this.#places);
    let outcomes = 0;
    for (let i = 0; i < enabled; i += 1) {
      let at = (this.#places[i] as number) + 1;
      outcomes += programs.code[at] as number;
      for (let left = programs.code[at++] as number; left > 0; left -= 1) {
        const flags = programs.code[at] as number;
        if ((flags & BREAKS) !== 0) this.#noteBroken(this.#places[i] as number);
        const free = (flags & OUTSIDE) === 0 ? this.#numbering.free() : 0;
        if (free < 0) return false;
        at = (flags & OUTSIDE) === 0 ? this.#successorAt(at) : this.#skip(at);
        if (this.#inside && (flags & OUTSIDE) === 0 && this.#enter(free) === null) return false;
      }
    }
    if (enabled === 0 && this.#mayEnd !== null && !this.#mayEnd.holds(this.#ids)) met.deadlocks += 1;
    this.generated += outcomes;
    for (let i = 0; i < enabled; i += 1) {
      const ordinal = programs.code[this.#places[i] as number] as number;
      programs.counts[ordinal] = (programs.counts[ordinal] as number) + 1;
    }
    return true;
  }

  #inside = true;

  /** Makes the successor of one outcome; `#inside` tells whether it is within. Gives the place behind. */
  #successorAt(outcome: number): number {
    const { programs, layout } = this;
    const base = this.#base;
    const next = this.#next;
    for (let word = 0; word < next.length; word += 1) next[word] = base[word] as number;
    let { code } = programs;
    let at = outcome + 1;
    for (let left = code[at++] as number; left > 0; left -= 1) {
      const word = code[at] as number;
      next[word] = ((next[word] as number) & (code[at + 1] as number)) | (code[at + 2] as number);
      at += 3;
    }
    this.#inside = true;
    for (let left = code[at++] as number; left > 0; left -= 1) {
      const slot = code[at] as number;
      const after = programs.updated(code[at + 1] as number, layout.read(next, 0, slot));
      code = programs.code;
      at += 2;
      if (after === BEYOND) {
        this.#inside = false;
        return at + 2 * (left - 1);
      }
      const word = layout.word[slot] as number;
      const shift = layout.shift[slot] as number;
      next[word] = ((next[word] as number) & ~((layout.mask[slot] as number) << shift)) | (after << shift);
    }
    return at;
  }

  /**
   * Every outcome of a state, none entered. `target`: its number; −1: it has none, as it is outside or was not entered.
   * `row`: the values as texts, also of an outcome outside.
   */
  eachSuccessor(
    number: number,
    visit: (outcome: Compiled, target: number, row: () => readonly string[]) => void,
  ): void {
    const { programs, layout, store } = this;
    const scratch = new Uint32Array(layout.words);
    const before = Int32Array.from(this.idsOf(number));
    const enabled = programs.enabled(before, this.#places);
    for (const place of this.#places.slice(0, enabled)) {
      const rule = programs.ruleAt(place);
      for (const outcome of programs.outcomes[programs.code[place] as number] ?? []) {
        const ids = Int32Array.from(before);
        let { outside } = outcome;
        this.system.rules[rule]?.reads.forEach((slot, i) => (ids[slot] = outcome.writes[i] as number));
        for (const { slot, table } of outcome.updates) {
          const after = outside ? BEYOND : programs.updated(table, ids[slot] as number);
          if (after === BEYOND) outside = true;
          else ids[slot] = after;
        }
        if (outside) {
          visit(outcome, -1, () => this.#textsOutside(rule, before, outcome));
          continue;
        }
        layout.pack(ids, scratch, 0);
        visit(outcome, store.find(scratch), () => this.#texts(ids));
      }
    }
  }

  #texts(ids: Int32Array): readonly string[] {
    return [...ids].map((id, slot) => this.pools.text(this.pools.kindOf[slot] as number, id));
  }

  /** The row that an outcome leads to although it is outside. */
  #textsOutside(rule: number, before: Int32Array, { writes, updates }: Compiled): readonly string[] {
    const { pools, programs, system } = this;
    const ids = Int32Array.from(before);
    system.rules[rule]?.reads.forEach((slot, i) => (ids[slot] = writes[i] as number));
    const values = [...ids].map((id, slot) => pools.value(pools.kindOf[slot] as number, id));
    for (const { slot, table } of updates) {
      const kind = system.slots[slot]?.kind ?? '';
      for (const operation of programs.operations(table)) values[slot] = system.update(kind, values[slot], operation);
    }
    return values.map(encode);
  }

  /** The 'always' and 'never' properties that the state violates. */
  brokenIn(number: number): readonly { readonly property: string; readonly why: string }[] {
    const ids = Int32Array.from(this.idsOf(number));
    return this.#always.flatMap(([property, judged]) => {
      if (judged.holds(ids)) return [];
      return [{ property, why: this.system.properties.find(({ name }) => name === property)?.sentence ?? '' }];
    });
  }

  isDeadlock(number: number): boolean {
    const ids = Int32Array.from(this.idsOf(number));
    if (this.#mayEnd === null || this.#mayEnd.holds(ids)) return false;
    try {
      return this.programs.enabled(ids, this.#places) === 0;
    } catch (error) {
      // A step that leads to a value without room is a step.
      if (error instanceof NoRoom) return false;
      throw error;
    }
  }

  /** The values of a row as texts. */
  rowTexts(number: number): readonly string[] {
    return this.#texts(Int32Array.from(this.idsOf(number)));
  }

  #skip(outcome: number): number {
    const { code } = this.programs;
    const updates = outcome + 2 + 3 * (code[outcome + 1] as number);
    return updates + 1 + 2 * (code[updates] as number);
  }

  #noteBroken(place: number): void {
    const outcomes = this.programs.outcomes[this.programs.code[place] as number] ?? [];
    for (const { breaks } of outcomes) if (breaks !== null) this.met.brokenBySteps.add(breaks.property);
  }
}

/** What an explorer stands on. */
export interface Ground {
  readonly layout: Layout;
  readonly store: Store;
  readonly numbering: Numbering;
}
