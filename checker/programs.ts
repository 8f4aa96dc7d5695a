/**
 * Steps of rules, computed once for each combination of the values that they read, and kept as short programs of
 * integers: which words of a row to change and how, and which operations to apply to further slots.
 */
import { encode } from './encode.js';
import type { Layout } from './layout.js';
import { Candidates, withRoom } from './candidates.js';
import { PairMap, TupleNumbers } from './pair-map.js';
import type { Pools } from './pools.js';
import type { Broken, Label, Outcome, Rule, System, Value } from './system.js';

/** Flags of an outcome. */
export const OUTSIDE = 1;
export const BREAKS = 2;

/** The program of a rule that is not enabled. */
export const NOTHING = 0;
/** A value of an update table: not yet computed; outside the constraint. */
export const UNKNOWN = -1;
export const BEYOND = -2;

/** More values of a kind than the layout has room for. */
export class NoRoom extends Error {
  readonly kind: number;

  constructor(kind: number) {
    super('no room for another value');
    this.kind = kind;
  }
}

/** One outcome, values as numbers. */
export interface Compiled {
  readonly label: Label;
  readonly writes: readonly number[];
  readonly updates: readonly { readonly slot: number; readonly table: number }[];
  readonly outside: boolean;
  readonly breaks: Broken | null;
}

interface UpdateTable {
  readonly kind: number;
  /** Applied one after the other: only what comes out at the end must be within the constraint. */
  readonly operations: readonly Value[];
  /** By the number of the value before. */
  results: Int32Array;
}

/** A rule with what it is known to do. */
interface RuleMemo {
  readonly rule: Rule;
  /** The first two slots that it reads; −1: it reads fewer. */
  readonly first: number;
  readonly second: number;
  /** Places in `code` of a rule that reads two slots. */
  pairs: PairMap | null;
  /** Of one that reads more, the numbers of what it read. */
  readonly tuples: TupleNumbers | null;
  readonly tuple: Int32Array;
  /** Of those numbers, or, reading one slot, of that slot's: places in `code`; −1: not yet known. */
  places: Int32Array;
}

export class Programs {
  readonly #system: System;
  readonly #pools: Pools;
  #layout: Layout;
  readonly #memos: RuleMemo[];
  readonly candidates: Candidates;
  readonly #tables: UpdateTable[] = [];
  readonly #tableNumbers = new Map<string, number>();
  /** [ordinal, outcomes, then for each: flags, changes, (word, and, or)..., updates, (slot, table)...] */
  code = new Int32Array(1 << 12);
  #length = 2;
  /** By ordinal. */
  readonly outcomes: (readonly Compiled[])[] = [[]];
  readonly #rules: number[] = [-1];
  /** How often each was executed, by ordinal. */
  counts = new Float64Array(1 << 10);

  constructor(system: System, pools: Pools, layout: Layout) {
    this.#system = system;
    this.#pools = pools;
    this.#layout = layout;
    this.#memos = system.rules.map((rule) => {
      const { reads } = rule;
      return {
        rule,
        first: reads[0] ?? -1,
        second: reads[1] ?? -1,
        pairs: reads.length === 2 ? new PairMap() : null,
        tuples: reads.length > 2 ? new TupleNumbers(reads.length) : null,
        tuple: new Int32Array(reads.length),
        places: new Int32Array(0),
      };
    });
    this.candidates = new Candidates(system.rules, pools);
  }

  /** Another layout: all programs are written anew, when they are needed. What was executed stays counted. */
  relayout(layout: Layout): void {
    this.#layout = layout;
    this.#length = 2;
    for (const memo of this.#memos) {
      memo.places.fill(-1);
      if (memo.pairs !== null) memo.pairs = new PairMap();
    }
  }

  /**
   * Writes the places of the programs that are enabled for these values into `places`; gives how many. A rule is asked only
   * if each value that it reads lets it be enabled. Throws NoRoom.
   */
  enabled(ids: Int32Array, places: Int32Array): number {
    const { candidates } = this;
    candidates.of(ids);
    let count = 0;
    for (let word = 0; word < candidates.words; word += 1) {
      for (let left = candidates.mask[word] as number; left !== 0; left &= left - 1) {
        const place = this.#placeOf(word * 32 + 31 - Math.clz32(left & -left), ids);
        if (place !== NOTHING) places[count++] = place;
      }
    }
    return count;
  }

  #placeOf(ruleNumber: number, ids: Int32Array): number {
    const memo = this.#memos[ruleNumber] as RuleMemo;
    const { first, second, pairs } = memo;
    if (pairs !== null) {
      const place = pairs.get(ids[first] as number, ids[second] as number);
      return place >= 0 ? place : this.#learn(memo, ids);
    }
    const key = memo.tuples === null ? (first < 0 ? 0 : (ids[first] as number)) : this.#tupleOf(memo, ids);
    const place = key < memo.places.length ? (memo.places[key] as number) : -1;
    return place >= 0 ? place : this.#learn(memo, ids);
  }

  #tupleOf({ rule, tuples, tuple }: RuleMemo, ids: Int32Array): number {
    const { reads } = rule;
    for (let i = 0; i < reads.length; i += 1) tuple[i] = ids[reads[i] as number] as number;
    return tuples?.of(tuple) ?? 0;
  }

  #learn(memo: RuleMemo, ids: Int32Array): number {
    const { rule } = memo;
    const values = rule.reads.map((slot) => this.#pools.value(this.#kindOf(slot), ids[slot] as number));
    const compiled = rule.step(values).map((outcome) => this.#compile(rule, outcome));
    const place = compiled.length === 0 ? NOTHING : this.#write(rule, compiled);
    if (place !== NOTHING) this.#rules.push(this.#memos.indexOf(memo));
    if (memo.pairs !== null) memo.pairs.set(ids[memo.first] as number, ids[memo.second] as number, place);
    else {
      const key = memo.tuples === null ? (memo.first < 0 ? 0 : (ids[memo.first] as number)) : this.#tupleOf(memo, ids);
      memo.places = withRoom(memo.places, key);
      memo.places[key] = place;
    }
    return place;
  }

  /** The number of the rule whose program begins there. */
  ruleAt(place: number): number {
    return this.#rules[this.code[place] as number] as number;
  }

  operations(table: number): readonly Value[] {
    return this.#tables[table]?.operations ?? [];
  }

  #kindOf(slot: number): number {
    return this.#pools.kindOf[slot] as number;
  }

  #compile(rule: Rule, { label, writes, updates, breaks }: Outcome): Compiled {
    let outside = false;
    const numbers = rule.reads.map((slot, i) => {
      const kind = this.#kindOf(slot);
      const number = this.#pools.number(kind, writes[i]);
      if (this.#pools.isOutside(kind, number)) outside = true;
      else this.#demandRoom(kind, number);
      return number;
    });
    const bySlot = new Map<number, Value[]>();
    for (const { slot, operation } of updates) bySlot.set(slot, [...(bySlot.get(slot) ?? []), operation]);
    const operations = [...bySlot].map(([slot, all]) => ({ slot, table: this.#tableOf(this.#kindOf(slot), all) }));
    return { label, writes: numbers, updates: operations, outside, breaks: breaks ?? null };
  }

  #demandRoom(kind: number, number: number): void {
    if (!this.#layout.fits(kind, number + 1)) throw new NoRoom(kind);
  }

  #tableOf(kind: number, operations: readonly Value[]): number {
    const text = `${kind} ${encode(operations)}`;
    const known = this.#tableNumbers.get(text);
    if (known !== undefined) return known;
    const number = this.#tables.push({ kind, operations, results: new Int32Array(0) }) - 1;
    this.#tableNumbers.set(text, number);
    return number;
  }

  #write(rule: Rule, compiled: readonly Compiled[]): number {
    const place = this.#length;
    const ordinal = this.outcomes.push(compiled) - 1;
    if (ordinal >= this.counts.length) {
      const larger = new Float64Array(this.counts.length * 2);
      larger.set(this.counts);
      this.counts = larger;
    }
    this.#put(ordinal, compiled.length);
    for (const { writes, updates, outside, breaks } of compiled) {
      this.#put((outside ? OUTSIDE : 0) | (breaks === null ? 0 : BREAKS));
      const changes = this.#changes(rule, writes);
      this.#put(changes.size, ...[...changes].flatMap(([word, { and, or }]) => [word, and, or]));
      this.#put(updates.length, ...updates.flatMap(({ slot, table }) => [slot, table]));
    }
    return place;
  }

  /** By word: what to keep, and what to set. */
  #changes(rule: Rule, writes: readonly number[]): Map<number, { and: number; or: number }> {
    const changes = new Map<number, { and: number; or: number }>();
    rule.reads.forEach((slot, i) => {
      const word = this.#layout.word[slot] as number;
      const shift = this.#layout.shift[slot] as number;
      const change = changes.get(word) ?? { and: -1, or: 0 };
      change.and &= ~((this.#layout.mask[slot] as number) << shift);
      change.or |= (writes[i] as number) << shift;
      changes.set(word, change);
    });
    return changes;
  }

  #put(...numbers: readonly number[]): void {
    if (this.#length + numbers.length > this.code.length) {
      const larger = new Int32Array(this.code.length * 2 + numbers.length);
      larger.set(this.code);
      this.code = larger;
    }
    this.code.set(numbers, this.#length);
    this.#length += numbers.length;
  }

  /** The value after an operation, by number; BEYOND the constraint. Throws NoRoom. */
  updated(table: number, number: number): number {
    const { results } = this.#tables[table] as UpdateTable;
    const known = number < results.length ? (results[number] as number) : UNKNOWN;
    return known === UNKNOWN ? this.#update(this.#tables[table] as UpdateTable, number) : known;
  }

  #update(table: UpdateTable, number: number): number {
    table.results = withRoom(table.results, number);
    const { kind, operations } = table;
    const name = this.#pools.name(kind);
    const before = this.#pools.value(kind, number);
    const after = operations.reduce((value, operation) => this.#system.update(name, value, operation), before);
    let result = this.#pools.number(kind, after);
    if (this.#pools.isOutside(kind, result)) result = BEYOND;
    else this.#demandRoom(kind, result);
    table.results[number] = result;
    return result;
  }
}
