/**
 * Hash tables of numbers from 0. An entry is 0 where it is empty. Else its lower bits hold the number plus one, and what is left
 * above holds bits of the hash: of two entries whose bits differ, the rows need not be compared.
 */
import { newTableMemory, Parts, PARTS, type TableMemory } from './parts.js';

/** So many rows are looked at together while a part grows. */
const BATCH = 2 ** 10;
/** Bits of a number in a new table; at most so many. */
export const FIRST_BITS = 18;
export const BITS_MAX = 31;

/** Where in the shape it stands how many bits a number has. */
const BITS_AT = 0;

/** A table with room for a few numbers. */
export function newNumberTable(): TableMemory {
  const memory = newTableMemory();
  new Int32Array(memory.shape)[BITS_AT] = FIRST_BITS;
  return memory;
}

/** The hash of two words; of more, the hash of the hash so far and the next. */
export function mixed(a: number, b: number): number {
  let h = Math.imul(a ^ (a >>> 16), 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  h = Math.imul(h, 0x297a2d39);
  return h ^ (h >>> 15);
}

/** Whoever has rows knows their hashes. */
export interface Hashes {
  /** As `mixed` gives it. */
  hashOf(number: number): number;
}

/** One thread's view of a table. */
export class PartTable extends Parts {
  /** The bits of an entry that are of the hash, and those of the number. */
  tagMask = 0;
  numberMask = 0;

  constructor(memory: TableMemory) {
    super(memory);
    this.look();
  }

  /** Sees what others changed between phases. */
  look(): void {
    const bits = this.bits;
    this.tagMask = -1 << bits;
    this.numberMask = ~this.tagMask;
  }

  get bits(): number {
    return this.shape[BITS_AT] as number;
  }

  /** Where numbers of this hash are sought first, from the beginning of their part. */
  static homeOf(hash: number, size: number): number {
    let place = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
    place ^= place >>> 15;
    return ((place >>> 4) * size * 2 ** -28) | 0;
  }

  /** A part grows in its place. Nobody else may use it meanwhile. */
  grow(part: number, hashes: Hashes): void {
    const { entries, sizes, numberMask, tagMask } = this;
    const start = part * this.stride;
    const before = entries.slice(start, start + (sizes[part] as number));
    const size = this.sizeGrown(part);
    entries.fill(0, start, start + before.length);
    sizes[part] = size;
    const end = start + size;
    const numbers = new Int32Array(BATCH);
    const batch = new Int32Array(BATCH);
    for (let at = 0; at < before.length;) {
      let count = 0;
      for (; at < before.length && count < BATCH; at += 1) {
        const entry = before[at] as number;
        numbers[count] = entry & numberMask;
        if (entry !== 0) count += 1;
      }
      // By themselves, so that the processor waits for many rows at once.
      for (let i = 0; i < count; i += 1) batch[i] = hashes.hashOf((numbers[i] as number) - 1);
      for (let i = 0; i < count; i += 1) {
        const hash = batch[i] as number;
        let place = start + PartTable.homeOf(hash, size);
        while (entries[place] !== 0) place = place + 1 === end ? start : place + 1;
        entries[place] = (hash & tagMask) | (numbers[i] as number);
      }
    }
  }

  /** Enters a number that is not there yet. */
  take(number: number, hash: number): void {
    const { entries, sizes, stride, tagMask } = this;
    const part = hash & (PARTS - 1);
    const start = part * stride;
    const end = start + (sizes[part] as number);
    const entry = (hash & tagMask) | (number + 1);
    let place = start + PartTable.homeOf(hash, end - start);
    while (Atomics.compareExchange(entries, place, 0, entry) !== 0) place = place + 1 === end ? start : place + 1;
  }

  /** Numbers get one bit more in this part: the lowest of the hash goes. `bits`: what they have had. */
  retag(part: number, bits: number): void {
    const start = part * this.stride;
    const end = start + (this.sizes[part] as number);
    const kept = ~(1 << bits);
    for (let place = start; place < end; place += 1) this.entries[place] = (this.entries[place] as number) & kept;
  }

  /** To be followed by `retag` of every part, and `look` of everybody. */
  widenNumbers(): void {
    this.shape[BITS_AT] = this.bits + 1;
  }

  /** The numbers of a part. */
  *numbersIn(part: number): Generator<number> {
    const start = part * this.stride;
    for (let place = start; place < start + (this.sizes[part] as number); place += 1) {
      const entry = this.entries[place] as number;
      if (entry !== 0) yield (entry & this.numberMask) - 1;
    }
  }
}

/** An empty table of the shape of another. */
export function emptyLike({ shape, entries }: TableMemory): TableMemory {
  const copy = new SharedArrayBuffer(shape.byteLength);
  new Int32Array(copy).set(new Int32Array(shape));
  return { shape: copy, entries: new SharedArrayBuffer(entries.byteLength) };
}
