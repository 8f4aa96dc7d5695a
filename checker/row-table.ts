/** Rows of a few words, each kept once and numbered: halves of states, and states as pairs of numbers of halves. */
import { type Hashes, mixed, PartTable } from './part-table.js';
import type { TableMemory } from './parts.js';

export interface RowMemory extends TableMemory {
  /** Words. */
  readonly rows: SharedArrayBuffer;
}

/** Pairs of words, numbered by the caller. */
export class PairTable implements Hashes {
  readonly rows: Uint32Array;
  readonly table: PartTable;
  readonly #alone: boolean;

  /** `alone`: no other thread uses it. */
  constructor(memory: RowMemory, alone: boolean) {
    this.rows = new Uint32Array(memory.rows);
    this.table = new PartTable(memory);
    this.#alone = alone;
  }

  hashOf(number: number): number {
    return mixed(this.rows[number * 2] as number, this.rows[number * 2 + 1] as number);
  }

  find(a: number, b: number): number {
    const { rows } = this;
    const { entries, sizes, stride, tagMask, numberMask } = this.table;
    const hash = mixed(a, b);
    const part = hash & 255;
    const size = sizes[part] as number;
    const start = part * stride;
    for (let place = start + PartTable.homeOf(hash, size); ; place = place + 1 === start + size ? start : place + 1) {
      const entry = entries[place] as number;
      if (entry === 0) return -1;
      if (((entry ^ hash) & tagMask) !== 0) continue;
      const number = (entry & numberMask) - 1;
      if (rows[number * 2] === a && rows[number * 2 + 1] === b) return number;
    }
  }

  /** The number of this pair: `free` if it is new, then its row is written. */
  enter(a: number, b: number, free: number): number {
    const { rows } = this;
    const { entries, sizes, stride, tagMask, numberMask } = this.table;
    const hash = mixed(a, b);
    const part = hash & 255;
    const size = sizes[part] as number;
    const start = part * stride;
    let place = start + PartTable.homeOf(hash, size);
    for (;;) {
      let entry = entries[place] as number;
      if (entry === 0) {
        rows[free * 2] = a;
        rows[free * 2 + 1] = b;
        const own = (hash & tagMask) | (free + 1);
        if (this.#alone) {
          entries[place] = own;
          return free;
        }
        entry = Atomics.compareExchange(entries, place, 0, own);
        if (entry === 0) return free;
      }
      if (((entry ^ hash) & tagMask) === 0) {
        const number = (entry & numberMask) - 1;
        if (rows[number * 2] === a && rows[number * 2 + 1] === b) return number;
      }
      place = place + 1 === start + size ? start : place + 1;
    }
  }
}

/** Where a thread gets numbers for new halves from. */
export interface HalfNumbers {
  /** The next free number: the same one until `use`; −1: there is no room. */
  free(): number;
  use(): void;
}

/** Rows of equal length, from 1 word. */
export class HalfTable implements Hashes {
  readonly words: number;
  readonly rows: Uint32Array;
  readonly table: PartTable;
  readonly #alone: boolean;
  readonly #numbers: HalfNumbers;

  constructor(words: number, memory: RowMemory, { alone, numbers }: { alone: boolean; numbers: HalfNumbers }) {
    this.words = words;
    this.rows = new Uint32Array(memory.rows);
    this.table = new PartTable(memory);
    this.#alone = alone;
    this.#numbers = numbers;
  }

  hashOf(number: number): number {
    return hashOfRow(this.rows, number * this.words, this.words);
  }

  find(row: Uint32Array, at: number): number {
    const { words } = this;
    const { entries, sizes, stride, tagMask, numberMask } = this.table;
    const hash = hashOfRow(row, at, words);
    const part = hash & 255;
    const size = sizes[part] as number;
    const start = part * stride;
    for (let place = start + PartTable.homeOf(hash, size); ; place = place + 1 === start + size ? start : place + 1) {
      const entry = entries[place] as number;
      if (entry === 0) return -1;
      if (((entry ^ hash) & tagMask) === 0 && this.#same(row, at, (entry & numberMask) - 1))
        return (entry & numberMask) - 1;
    }
  }

  /** The number of the row that begins at `at`; −1: it is new, and there is no room. */
  enter(row: Uint32Array, at: number): number {
    const { words } = this;
    const { entries, sizes, stride, tagMask, numberMask } = this.table;
    const hash = hashOfRow(row, at, words);
    const part = hash & 255;
    const size = sizes[part] as number;
    const start = part * stride;
    let place = start + PartTable.homeOf(hash, size);
    for (;;) {
      let entry = entries[place] as number;
      if (entry === 0) {
        const free = this.#numbers.free();
        if (free < 0) return -1;
        for (let word = 0; word < words; word += 1) this.rows[free * words + word] = row[at + word] as number;
        entry = this.#claim(place, (hash & tagMask) | (free + 1));
        if (entry === 0) {
          this.#numbers.use();
          return free;
        }
      }
      if (((entry ^ hash) & tagMask) === 0 && this.#same(row, at, (entry & numberMask) - 1))
        return (entry & numberMask) - 1;
      place = place + 1 === start + size ? start : place + 1;
    }
  }

  /** Gives 0, or what stands there already. */
  #claim(place: number, entry: number): number {
    const { entries } = this.table;
    if (!this.#alone) return Atomics.compareExchange(entries, place, 0, entry);
    entries[place] = entry;
    return 0;
  }

  #same(row: Uint32Array, at: number, number: number): boolean {
    const { rows, words } = this;
    const other = number * words;
    for (let word = 0; word < words; word += 1) if (row[at + word] !== rows[other + word]) return false;
    return true;
  }
}

function hashOfRow(row: Uint32Array, at: number, words: number): number {
  let hash = mixed(words, row[at] as number);
  for (let word = 1; word < words; word += 1) hash = mixed(hash, row[at + word] as number);
  return hash;
}
