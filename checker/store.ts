/** Where states are kept: exactly, as pairs of numbered halves, or as fingerprints (fingerprints.ts). */
import type { Layout } from './layout.js';
import { type HalfNumbers, HalfTable, PairTable, type RowMemory } from './row-table.js';

/** `enter` found no room for a half. */
export const NO_ROOM = -2;

/** States that were seen, by number or by fingerprint. A state outside is its packed words. */
export interface Store {
  /** Writes the words of a state. They stay untouched until the next call: what is entered is compared with them. */
  load(number: number, words: Uint32Array): void;
  /** The number of an equal state; −1: none, or it is not kept. */
  find(words: Uint32Array): number;
  /**
   * Enters a state under the number `free` if it is new; then `free` is given, and used. NO_ROOM; anything else: it was
   * entered before, by the number that is given if numbers are kept.
   */
  enter(words: Uint32Array, free: number): number;
}

/** Memory of exact states. */
export interface StateMemory {
  readonly states: RowMemory;
  readonly left: RowMemory;
  readonly right: RowMemory;
}

export interface StoreOptions {
  /** Only one thread explores. */
  readonly alone: boolean;
  readonly left: HalfNumbers;
  readonly right: HalfNumbers;
}

/** A state is the pair of the numbers of its halves: equal pairs are equal states. */
export class StateStore implements Store {
  readonly states: PairTable;
  readonly left: HalfTable;
  readonly right: HalfTable;
  readonly #split: number;
  readonly #words: number;
  /** Loaded last. */
  #present: Uint32Array | null = null;
  #presentLeft = -1;
  #presentRight = -1;

  constructor({ split, words }: Layout, memory: StateMemory, { alone, left, right }: StoreOptions) {
    this.#split = split;
    this.#words = words;
    this.states = new PairTable(memory.states, alone);
    this.left = new HalfTable(split, memory.left, { alone, numbers: left });
    this.right = new HalfTable(words - split, memory.right, { alone, numbers: right });
  }

  load(number: number, words: Uint32Array): void {
    const split = this.#split;
    const left = this.states.rows[number * 2] as number;
    const right = this.states.rows[number * 2 + 1] as number;
    const leftRows = this.left.rows;
    const rightRows = this.right.rows;
    for (let word = 0, at = left * split; word < split; word += 1) words[word] = leftRows[at + word] as number;
    const more = this.#words - split;
    for (let word = 0, at = right * more; word < more; word += 1) words[split + word] = rightRows[at + word] as number;
    this.#present = words;
    this.#presentLeft = left;
    this.#presentRight = right;
  }

  find(words: Uint32Array): number {
    const left = this.left.find(words, 0);
    const right = left < 0 ? -1 : this.right.find(words, this.#split);
    return right < 0 ? -1 : this.states.find(left, right);
  }

  enter(words: Uint32Array, free: number): number {
    const left = this.#differs(words, 0, this.#split) ? this.left.enter(words, 0) : this.#presentLeft;
    const right = this.#differs(words, this.#split, this.#words)
      ? this.right.enter(words, this.#split)
      : this.#presentRight;
    return left < 0 || right < 0 ? NO_ROOM : this.states.enter(left, right, free);
  }

  #differs(words: Uint32Array, start: number, end: number): boolean {
    const present = this.#present;
    if (present === null) return true;
    for (let word = start; word < end; word += 1) if (words[word] !== present[word]) return true;
    return false;
  }
}
