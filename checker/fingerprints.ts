/**
 * Seen states as fingerprints of 64 bits: eight bytes each, and rows only while they wait to be expanded. Two states may have
 * one fingerprint; then one of them is never looked at. How likely that is, is estimated.
 */
import type { Layout } from './layout.js';
import type { Store } from './store.js';

export interface FingerprintMemory {
  /** Rows that wait to be expanded. */
  readonly rows: SharedArrayBuffer;
  readonly table: SharedArrayBuffer;
  /** Numbers of blocks of rows that may be used again. */
  readonly freeBlocks: SharedArrayBuffer;
}

/** So much of the table may be filled. */
const FULL = 0.85;
/** How much larger the next table is: little, since this is for those who lack memory. */
export const FINGERPRINT_GROWTH = 1.4;

/** States that there is room for in a table. */
export function fingerprintRoom(table: SharedArrayBuffer): number {
  return (table.byteLength / 8) * FULL;
}

/** The table has two words for each entry; the lower one is 0 where it is empty, neither is 0 where it is not. */
export class FingerprintStore implements Store {
  readonly #rows: Uint32Array;
  readonly #layout: Layout;
  readonly #table: Int32Array;
  readonly #entries: number;
  readonly #slots: number;
  readonly #alone: boolean;
  #low = 0;
  #high = 0;

  /** `alone`: no other thread uses it. */
  constructor(layout: Layout, { rows, table }: FingerprintMemory, alone: boolean) {
    this.#layout = layout;
    this.#rows = new Uint32Array(rows);
    this.#table = new Int32Array(table);
    this.#entries = this.#table.length / 2;
    this.#slots = layout.word.length;
    this.#alone = alone;
  }

  load(number: number, words: Uint32Array): void {
    const at = number * this.#layout.words;
    for (let word = 0; word < this.#layout.words; word += 1) words[word] = this.#rows[at + word] as number;
  }

  /** Keeps the row of these values at a number that it has already. */
  write(number: number, ids: ArrayLike<number>): void {
    this.#layout.pack(ids, this.#rows, number * this.#layout.words);
  }

  find(): number {
    return -1;
  }

  enter(words: Uint32Array, free: number): number {
    this.#take(words);
    if (!this.#insert(this.#low, this.#high)) return -1;
    this.#rows.set(words, free * this.#layout.words);
    return free;
  }

  /** The fingerprint is of the numbers of the values, not of their packing: that changes. */
  #take(words: Uint32Array): void {
    let low = 0x811c9dc5;
    let high = 0x7f4a7c15;
    for (let slot = 0; slot < this.#slots; slot += 1) {
      const number = this.#layout.read(words, 0, slot);
      low = Math.imul(low ^ number, 0x9e3779b1);
      low ^= low >>> 15;
      high = Math.imul(high + number + 0x6d2b79f5, 0x85ebca6b);
      high ^= high >>> 13;
    }
    low = Math.imul(low ^ (low >>> 16), 0xc2b2ae35);
    high = Math.imul(high ^ (high >>> 16), 0x27d4eb2f);
    this.#low = low ^ (low >>> 13) || 1;
    this.#high = high ^ (high >>> 15) || 1;
  }

  #insert(low: number, high: number): boolean {
    const table = this.#table;
    const entries = this.#entries;
    const start = ((low ^ Math.imul(high, 0x9e3779b1)) >>> 0) % entries;
    for (let place = start; ; place = place + 1 === entries ? 0 : place + 1) {
      const at = place * 2;
      let known = table[at] as number;
      if (known === 0) {
        if (this.#alone) table[at] = low;
        else known = Atomics.compareExchange(table, at, 0, low);
        if (known === 0) {
          if (this.#alone) table[at + 1] = high;
          else Atomics.store(table, at + 1, high);
          return true;
        }
      }
      if (known !== low) continue;
      let other = table[at + 1] as number;
      // Another thread has entered the lower word and is about to enter the higher.
      while (other === 0) other = Atomics.load(table, at + 1);
      if (other === high) return false;
    }
  }

  /** Takes over entries of an older table, from `start` to `end`. */
  takeOver(old: Int32Array, start: number, end: number): void {
    for (let entry = start; entry < end; entry += 1) {
      const low = old[entry * 2] as number;
      if (low !== 0) this.#insert(low, old[entry * 2 + 1] as number);
    }
  }
}

/** TLC's two estimates that some state was taken for another. */
export interface CollisionEstimates {
  /** From the counts alone: distinct times (generated − distinct) / 2^64. */
  readonly calculated: number;
  /** From the fingerprints: one divided by the smallest distance of two. */
  readonly actual: number;
}

export function estimateCollisions(
  table: ArrayBufferLike,
  { distinct, generated }: { readonly distinct: number; readonly generated: number },
): CollisionEstimates {
  const entries = new BigUint64Array(table).filter((entry) => entry !== 0n).sort();
  let least = 2n ** 64n;
  for (let i = 1; i < entries.length; i += 1) {
    const distance = (entries[i] ?? 0n) - (entries[i - 1] ?? 0n);
    if (distance < least) least = distance;
  }
  return { calculated: (distinct * (generated - distinct)) / 2 ** 64, actual: 1 / Number(least) };
}
