/** Which rules a row may enable at all, told slot by slot: for each value a mask of the rules that it does not rule out. */
import type { Pools } from './pools.js';
import type { Rule } from './system.js';

export class Candidates {
  /** Words of a mask. */
  readonly words: number;
  /** The answer of the last call of `of`. */
  readonly mask: Int32Array;
  readonly #rules: readonly Rule[];
  readonly #pools: Pools;
  /** By slot and number of its value; the bit behind the rules tells that it is known. */
  readonly #masks: Int32Array[];

  constructor(rules: readonly Rule[], pools: Pools) {
    this.#rules = rules;
    this.#pools = pools;
    this.words = Math.ceil((rules.length + 1) / 32);
    this.mask = new Int32Array(this.words);
    this.#masks = pools.kindOf.map(() => new Int32Array(0));
  }

  /** Fills `mask` for the row. */
  of(ids: Int32Array): void {
    const { words, mask } = this;
    const lastBit = 1 << (this.#rules.length & 31);
    mask.fill(-1);
    for (let slot = 0; slot < ids.length; slot += 1) {
      let masks = this.#masks[slot] as Int32Array;
      const at = (ids[slot] as number) * words;
      if (at >= masks.length || ((masks[at + words - 1] as number) & lastBit) === 0) {
        this.#learn(slot, ids[slot] as number);
        masks = this.#masks[slot] as Int32Array;
      }
      for (let word = 0; word < words; word += 1) mask[word] = (mask[word] as number) & (masks[at + word] as number);
    }
    mask[words - 1] = (mask[words - 1] as number) & (lastBit - 1);
  }

  #learn(slot: number, number: number): void {
    const { words } = this;
    const value = this.#pools.value(this.#pools.kindOf[slot] as number, number);
    const own = new Int32Array(words);
    const set = (bit: number): void => void (own[bit >> 5] = (own[bit >> 5] as number) | (1 << (bit & 31)));
    this.#rules.forEach(({ reads, needs }, rule) => {
      const place = reads.indexOf(slot);
      if (place === -1 || needs === undefined || needs(value, place)) set(rule);
    });
    set(this.#rules.length);
    const masks = withRoom(this.#masks[slot] as Int32Array, (number + 1) * words, 0);
    masks.set(own, number * words);
    this.#masks[slot] = masks;
  }
}

/** The same numbers with room for one at `place`; new places hold `empty`. */
export function withRoom(numbers: Int32Array, place: number, empty = -1): Int32Array {
  if (place < numbers.length) return numbers;
  const larger = new Int32Array(Math.max(64, 2 ** Math.ceil(Math.log2(place + 1))));
  if (empty !== 0) larger.fill(empty);
  larger.set(numbers);
  return larger;
}
