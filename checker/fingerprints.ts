/**
 * Seen states as fingerprints of 64 bits: eight bytes each, and rows only while they wait to be expanded. Two states may have
 * one fingerprint; then one of them is never looked at. How likely that is, is estimated.
 */
import type { Layout } from './layout.js';
import { Parts, PARTS, type TableMemory } from './parts.js';
import type { Store } from './store.js';

export interface FingerprintMemory {
  /** Rows that wait to be expanded. */
  readonly rows: SharedArrayBuffer;
  /** Entries have two words. */
  readonly table: TableMemory;
  /** Numbers of blocks of rows that may be used again. */
  readonly freeBlocks: SharedArrayBuffer;
}

/** Words of an entry. */
export const FINGERPRINT_WORDS = 2;

/**
 * The part of a fingerprint in its table is told by its highest bits. Of the two words of an entry the lower one is 0 where it is
 * empty, neither is 0 where it is not.
 */
export class FingerprintStore implements Store {
  readonly #rows: Uint32Array;
  readonly #layout: Layout;
  readonly #table: Parts;
  readonly #slots: number;
  readonly #alone: boolean;
  #low = 0;
  #high = 0;

  /** `alone`: no other thread uses it. */
  constructor(layout: Layout, { rows, table }: FingerprintMemory, alone: boolean) {
    this.#layout = layout;
    this.#rows = new Uint32Array(rows);
    this.#table = new Parts(table, FINGERPRINT_WORDS);
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
    const { entries: table, sizes, stride } = this.#table;
    const part = high >>> 24;
    const start = part * stride;
    const end = start + (sizes[part] as number);
    const home = start + (((low ^ Math.imul(high, 0x9e3779b1)) >>> 0) % (end - start));
    for (let place = home; ; place = place + 1 === end ? start : place + 1) {
      const at = place * FINGERPRINT_WORDS;
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

  /** A part grows in its place. Nobody else may use it meanwhile. */
  grow(part: number): void {
    const { entries, sizes, stride } = this.#table;
    const start = part * stride * FINGERPRINT_WORDS;
    const before = entries.slice(start, start + (sizes[part] as number) * FINGERPRINT_WORDS);
    entries.fill(0, start, start + before.length);
    sizes[part] = this.#table.sizeGrown(part);
    for (let at = 0; at < before.length; at += FINGERPRINT_WORDS)
      if (before[at] !== 0) this.#insert(before[at] as number, before[at + 1] as number);
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
  memory: TableMemory,
  { distinct, generated }: { readonly distinct: number; readonly generated: number },
): CollisionEstimates {
  const { sizes, stride } = new Parts(memory, FINGERPRINT_WORDS);
  let least = 2n ** 64n;
  let before: bigint | null = null;
  // Parts follow one another as the fingerprints in them do.
  for (let part = 0; part < PARTS; part += 1) {
    const place = part * stride * FINGERPRINT_WORDS * 4;
    const entries = new BigUint64Array(memory.entries, place, sizes[part]).filter((entry) => entry !== 0n).sort();
    for (const entry of entries) {
      if (before !== null && entry - before < least) least = entry - before;
      before = entry;
    }
  }
  return { calculated: (distinct * (generated - distinct)) / 2 ** 64, actual: 1 / Number(least) };
}
