/**
 * Where states are kept: packed rows, numbered from 0 in the order of discovery, and a hash table of their numbers. Rows are
 * compared in full: no state is taken for another.
 */

/** States that were seen, by number or by fingerprint. */
export interface Store {
  readonly rows: Uint32Array;
  /** Rows that there is room for. */
  readonly capacity: number;
  /** States that there is room for in the table. */
  readonly room: number;
  /** The number of an equal row; −1: none, or it is not kept. */
  find(row: Uint32Array): number;
  /**
   * Enters the row that stands at number `free` already. Gives `free` if it is new; then `free` is used. Anything else: it
   * was entered before, by the number that is given if numbers are kept.
   */
  enter(free: number): number;
}

/** Memory of a store; shared buffers where several threads explore. */
export interface StoreMemory {
  readonly rows: ArrayBufferLike;
  readonly table: ArrayBufferLike;
}

/** So much of the table may be filled. */
const LOAD_MAX = 0.7;

/** Rows of `words` words, `table` a power of two of entries. Numbers are given by the caller. */
export class RowStore implements Store {
  readonly words: number;
  readonly rows: Uint32Array;
  readonly #table: Uint32Array | Int32Array;
  readonly #mask: number;
  readonly #shared: boolean;

  constructor(words: number, { rows, table }: StoreMemory) {
    this.words = words;
    this.rows = new Uint32Array(rows);
    this.#table = new Int32Array(table);
    this.#mask = this.#table.length - 1;
    this.#shared = table instanceof SharedArrayBuffer;
  }

  get capacity(): number {
    return Math.floor(this.rows.length / this.words);
  }

  get room(): number {
    return this.#table.length * LOAD_MAX;
  }

  find(row: Uint32Array): number {
    const table = this.#table;
    for (let place = hashOf(row, 0, this.words) & this.#mask; ; place = (place + 1) & this.#mask) {
      const entry = table[place] as number;
      if (entry === 0) return -1;
      if (this.#same(row, 0, entry - 1)) return entry - 1;
    }
  }

  enter(free: number): number {
    const { rows, words } = this;
    const table = this.#table;
    const at = free * words;
    for (let place = hashOf(rows, at, words) & this.#mask; ; place = (place + 1) & this.#mask) {
      let entry = table[place] as number;
      if (entry === 0) {
        if (!this.#shared) {
          table[place] = free + 1;
          return free;
        }
        entry = Atomics.compareExchange(table as Int32Array, place, 0, free + 1);
        if (entry === 0) return free;
      }
      if (this.#same(rows, at, (entry >>> 0) - 1)) return (entry >>> 0) - 1;
    }
  }

  #same(row: Uint32Array, at: number, number: number): boolean {
    const { rows, words } = this;
    const other = number * words;
    for (let word = 0; word < words; word += 1) if (row[at + word] !== rows[other + word]) return false;
    return true;
  }
}

export function hashOf(row: Uint32Array, at: number, words: number): number {
  let h = 0x811c9dc5;
  for (let word = 0; word < words; word += 1) {
    h = Math.imul(h ^ (row[at + word] as number), 0x9e3779b1);
    h ^= h >>> 15;
  }
  h = Math.imul(h, 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}
