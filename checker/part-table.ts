/**
 * Hash tables of numbers from 0, in parts. A part lies at its place in reserved memory and grows there, one part at a time,
 * so that nobody waits long; sizes are staggered, so that parts do not all grow at once.
 *
 * An entry is 0 where it is empty. Else its lower bits hold the number plus one, and what is left above holds bits of the
 * hash: of two entries whose bits differ, the rows need not be compared.
 */

/** Parts, by the lowest bits of the hash. */
export const PARTS = 256;
/** How much larger a part becomes. */
export const GROWTH = 1.5;
/** So many entries are entered anew while nobody explores, if parts are small. */
const AT_ONCE = 2 ** 19;
/** So many rows are looked at together while a part grows. */
const BATCH = 2 ** 10;
/** Entries of the smallest part of a new table. */
const FIRST_PART = 48;
/** So much of a part may be filled, and how many standard deviations may be more there than on average. */
const FULL = 0.86;
const DEVIATIONS = 6;
/** Bits of a number in a new table; at most so many. */
export const FIRST_BITS = 18;
export const BITS_MAX = 31;

/** Memory of a table; shared where several threads use it. */
export interface TableMemory {
  /** Words of the entries, `PARTS` times as many as a part can have. */
  readonly entries: SharedArrayBuffer;
  /** Words: how many bits a number has, then the sizes of the parts. */
  readonly shape: SharedArrayBuffer;
}

const SHAPE = { bits: 0, sizes: 1, words: 1 + PARTS } as const;

/**
 * How many entries lie between the beginnings of two parts: close together at first, since a system may give whole huge
 * pages to each part, and at last so many as are reserved.
 */
const STRIDES = [2 ** 9, 2 ** 14, 2 ** 18] as const;

/** A table with room for a few. */
export function newTableMemory(): TableMemory {
  const shape = new SharedArrayBuffer(SHAPE.words * 4);
  const words = new Int32Array(shape);
  words[SHAPE.bits] = FIRST_BITS;
  for (let part = 0; part < PARTS; part += 1) words[SHAPE.sizes + part] = sizeAfter(part);
  return { shape, entries: new SharedArrayBuffer(PARTS * STRIDES[0] * 4) };
}

/** The same table with its parts farther apart; null: it has all that is reserved, `bytesMax`. */
export function spreadOut({ shape, entries }: TableMemory, bytesMax: number): TableMemory | null {
  const stride = entries.byteLength / 4 / PARTS;
  const larger = STRIDES.find((one) => one > stride) ?? Infinity;
  const most = Math.floor(bytesMax / 4 / PARTS);
  if (stride >= most) return null;
  const wide = new Int32Array(new SharedArrayBuffer(PARTS * Math.min(larger, most) * 4));
  const sizes = new Int32Array(shape).subarray(SHAPE.sizes);
  const old = new Int32Array(entries);
  for (let part = 0; part < PARTS; part += 1)
    wide.set(old.subarray(part * stride, part * stride + (sizes[part] as number)), part * (wide.length / PARTS));
  return { shape, entries: wide.buffer };
}

/** Entries of a part after so many parts have grown, it being the last: sizes are evenly staggered. */
function sizeAfter(grown: number): number {
  return Math.ceil(FIRST_PART * GROWTH ** (grown / PARTS));
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
export class PartTable {
  readonly entries: Int32Array;
  readonly sizes: Int32Array;
  /** Entries between the beginnings of two parts. */
  readonly stride: number;
  readonly #shape: Int32Array;
  /** The bits of an entry that are of the hash, and those of the number. */
  tagMask = 0;
  numberMask = 0;

  constructor({ entries, shape }: TableMemory) {
    this.entries = new Int32Array(entries);
    this.#shape = new Int32Array(shape);
    this.sizes = this.#shape.subarray(SHAPE.sizes);
    this.stride = this.entries.length / PARTS;
    this.look();
  }

  /** Sees what others changed between phases. */
  look(): void {
    const bits = this.bits;
    this.tagMask = -1 << bits;
    this.numberMask = ~this.tagMask;
  }

  get bits(): number {
    return this.#shape[SHAPE.bits] as number;
  }

  /** Entries in use of all parts. */
  get length(): number {
    return this.sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Numbers that there is room for, as a hash spreads them. */
  get room(): number {
    return PARTS * roomOfPart(this.sizes.reduce((least, size) => Math.min(least, size)));
  }

  /** Entries of the largest part. */
  get largest(): number {
    return this.sizes.reduce((most, size) => Math.max(most, size));
  }

  /** All parts, those that grow next first. */
  #smallest(): readonly number[] {
    const parts = Array.from(this.sizes, (_, part) => part);
    return parts.sort((a, b) => (this.sizes[a] as number) - (this.sizes[b] as number) || a - b);
  }

  /** The parts that must grow until there is room for `wanted`; more while they are small, or fewer than `hands`. */
  partsToGrow(wanted: number, hands: number): readonly number[] {
    const order = this.#smallest();
    let entries = 0;
    const count = order.findIndex((part, i) => {
      const size = this.sizes[part] as number;
      entries += size;
      return i >= hands && entries > AT_ONCE && PARTS * roomOfPart(size) >= wanted;
    });
    return count < 0 ? order : order.slice(0, count);
  }

  /** Is there space for a part to grow in? */
  hasSpaceFor(part: number): boolean {
    return this.sizeGrown(part) <= this.stride;
  }

  /** From the number of the part, so that sizes stay evenly staggered. */
  sizeGrown(part: number): number {
    const grown = Math.log((this.sizes[part] as number) / FIRST_PART) / Math.log(GROWTH) - part / PARTS;
    return sizeAfter(part + PARTS * (Math.round(grown) + 1));
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
    this.#shape[SHAPE.bits] = this.bits + 1;
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

/** Numbers n on average for which n and six times its root fill no more than FULL. */
function roomOfPart(size: number): number {
  return Math.floor((Math.sqrt((DEVIATIONS / 2) ** 2 + FULL * size) - DEVIATIONS / 2) ** 2);
}
