/** How the numbers of a row are packed into words of 32 bits. */
import { assert } from '../base/assert.js';
import type { System } from './system.js';

/** Numbers beyond this many bits are not supported: more values of one kind than memory holds. */
export const WIDTH_MAX = 30;

/** Each slot lies within one word; the slots of the left half come first. */
export class Layout {
  /** Words of a row. */
  readonly words: number;
  /** Words of its left half; the right one has at least one, too. */
  readonly split: number;
  /** By slot. */
  readonly word: Uint8Array;
  readonly shift: Uint8Array;
  /** Not shifted. */
  readonly mask: Uint32Array;
  /** Bits, by kind. */
  readonly widths: readonly number[];
  readonly #kinds: readonly number[];
  readonly #left: ReadonlySet<number>;

  /** `kinds`: the kind of each slot, by number. `left`: the slots of the left half. */
  constructor(kinds: readonly number[], widths: readonly number[], left: ReadonlySet<number>) {
    this.widths = widths;
    this.#kinds = kinds;
    this.#left = left;
    this.word = new Uint8Array(kinds.length);
    this.shift = new Uint8Array(kinds.length);
    this.mask = new Uint32Array(kinds.length);
    const halves: readonly number[][] = [[], []];
    const widest = kinds.map((kind, slot) => ({ slot, width: widths[kind] ?? 0 })).sort((a, b) => b.width - a.width);
    for (const { slot, width } of widest) {
      assert(width > 0 && width <= WIDTH_MAX, `a slot of ${width} bits`);
      const used = halves[left.has(slot) ? 0 : 1] as number[];
      let word = used.findIndex((bits) => bits + width <= 32);
      if (word === -1) word = used.push(0) - 1;
      const shift = used[word] ?? 0;
      this.word[slot] = word;
      this.shift[slot] = shift;
      this.mask[slot] = 2 ** width - 1;
      used[word] = shift + width;
    }
    const [leftWords, rightWords] = halves.map(({ length }) => Math.max(1, length)) as [number, number];
    this.split = leftWords;
    this.words = leftWords + rightWords;
    for (let slot = 0; slot < kinds.length; slot += 1)
      if (!left.has(slot)) this.word[slot] = leftWords + (this.word[slot] as number);
    assert(this.words <= 255, 'a row of more than 255 words');
  }

  /** The layout of the same slots with other widths. */
  withWidths(widths: readonly number[]): Layout {
    return new Layout(this.#kinds, widths, this.#left);
  }

  /** Is there room for so many values of this kind? */
  fits(kind: number, count: number): boolean {
    return count <= 2 ** (this.widths[kind] ?? 0);
  }

  read(words: Uint32Array, base: number, slot: number): number {
    const { word, shift, mask } = this;
    return (
      (((words[base + (word[slot] as number)] as number) >>> (shift[slot] as number)) & (mask[slot] as number)) >>> 0
    );
  }

  unpack(words: Uint32Array, base: number, ids: Int32Array): void {
    for (let slot = 0; slot < ids.length; slot += 1) ids[slot] = this.read(words, base, slot);
  }

  pack(ids: ArrayLike<number>, words: Uint32Array, base: number): void {
    words.fill(0, base, base + this.words);
    for (let slot = 0; slot < ids.length; slot += 1) {
      const at = base + (this.word[slot] as number);
      words[at] = ((words[at] as number) | ((ids[slot] as number) << (this.shift[slot] as number))) >>> 0;
    }
  }
}

/** The slots of the left half: those that the system says, or the first half of them. */
export function leftHalf({ slots, together }: Pick<System, 'slots' | 'together'>): ReadonlySet<number> {
  return new Set(together ?? Array.from({ length: Math.ceil(slots.length / 2) }, (_, slot) => slot));
}
