/**
 * Hash tables in parts. A part lies at its place in reserved memory and grows there, one part at a time, so that nobody waits
 * long; sizes are staggered, so that parts do not all grow at once. What an entry is, and how many words it has, others know.
 */

/** Parts, by eight bits of a hash. */
export const PARTS = 256;
/** How much larger a part becomes. */
export const GROWTH = 1.5;
/** So many entries are entered anew while nobody explores, if parts are small. */
const AT_ONCE = 2 ** 19;
/** Entries of the smallest part of a new table. */
const FIRST_PART = 48;
/** So much of a part may be filled, and how many standard deviations may be more there than on average. */
const FULL = 0.86;
const DEVIATIONS = 6;

/** Memory of a table; shared where several threads use it. */
export interface TableMemory {
  /** Words of the entries, `PARTS` times as many as a part can have. */
  readonly entries: SharedArrayBuffer;
  /** Words: one for whoever has the table, then the sizes of the parts. */
  readonly shape: SharedArrayBuffer;
}

const SIZES_AT = 1;

/**
 * How many entries lie between the beginnings of two parts: close together at first, since a system may give whole huge
 * pages to each part, and at last so many as are reserved.
 */
const STRIDES = [2 ** 9, 2 ** 14, 2 ** 18] as const;

/** A table with room for a few. */
export function newTableMemory(entryWords = 1): TableMemory {
  const shape = new SharedArrayBuffer((SIZES_AT + PARTS) * 4);
  const words = new Int32Array(shape);
  for (let part = 0; part < PARTS; part += 1) words[SIZES_AT + part] = sizeAfter(part);
  return { shape, entries: new SharedArrayBuffer(PARTS * STRIDES[0] * entryWords * 4) };
}

/** The same table with its parts farther apart; null: it has all that is reserved, `bytesMax`. */
export function spreadOut({ shape, entries }: TableMemory, bytesMax: number, entryWords = 1): TableMemory | null {
  const stride = entries.byteLength / 4 / entryWords / PARTS;
  const larger = STRIDES.find((one) => one > stride) ?? Infinity;
  const most = Math.floor(bytesMax / 4 / entryWords / PARTS);
  if (stride >= most) return null;
  const wide = new Int32Array(new SharedArrayBuffer(PARTS * Math.min(larger, most) * entryWords * 4));
  const sizes = new Int32Array(shape).subarray(SIZES_AT);
  const old = new Int32Array(entries);
  for (let part = 0; part < PARTS; part += 1) {
    const start = part * stride * entryWords;
    wide.set(old.subarray(start, start + (sizes[part] as number) * entryWords), part * (wide.length / PARTS));
  }
  return { shape, entries: wide.buffer };
}

/** Entries of a part after so many parts have grown, it being the last: sizes are evenly staggered. */
function sizeAfter(grown: number): number {
  return Math.ceil(FIRST_PART * GROWTH ** (grown / PARTS));
}

/** One thread's view of the parts of a table. */
export class Parts {
  readonly entries: Int32Array;
  readonly sizes: Int32Array;
  /** Entries between the beginnings of two parts. */
  readonly stride: number;
  protected readonly shape: Int32Array;

  constructor({ entries, shape }: TableMemory, entryWords = 1) {
    this.entries = new Int32Array(entries);
    this.shape = new Int32Array(shape);
    this.sizes = this.shape.subarray(SIZES_AT);
    this.stride = this.entries.length / entryWords / PARTS;
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
}

/** Numbers n on average for which n and six times its root fill no more than FULL. */
function roomOfPart(size: number): number {
  return Math.floor((Math.sqrt((DEVIATIONS / 2) ** 2 + FULL * size) - DEVIATIONS / 2) ** 2);
}
