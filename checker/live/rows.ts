/** Rows of numbers, each kept once, numbered in the order in which they came. One word for each member. */
import { mixed } from '../part-table.js';

const FIRST = 1 << 12;
const LOAD_MAX = 0.6;

export class Rows {
  readonly #width: number;
  #count = 0;
  #rows: Uint32Array;
  #table: Int32Array;

  constructor(width: number) {
    this.#width = width;
    this.#rows = new Uint32Array(FIRST * width);
    this.#table = new Int32Array(FIRST * 2);
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#rows.byteLength + this.#table.byteLength;
  }

  /** A view, valid until the next row enters. */
  at(number: number): Uint32Array {
    return this.#rows.subarray(number * this.#width, (number + 1) * this.#width);
  }

  /** The number of an equal row; −1: there is none. */
  find(row: Uint32Array): number {
    return (this.#table[this.#placeOf(row)] as number) - 1;
  }

  /** The number of the row, the next one if it is new. */
  enter(row: Uint32Array): number {
    if (this.#count + 1 > this.#table.length * LOAD_MAX) this.#growTable();
    const place = this.#placeOf(row);
    const known = this.#table[place] as number;
    if (known !== 0) return known - 1;
    const number = this.#count;
    this.#count += 1;
    this.#table[place] = this.#count;
    if (this.#count * this.#width > this.#rows.length) this.#growRows();
    this.#rows.set(row, number * this.#width);
    return number;
  }

  #placeOf(row: Uint32Array): number {
    const mask = this.#table.length - 1;
    for (let place = row.reduce(mixed, 0) & mask; ; place = (place + 1) & mask) {
      const entry = this.#table[place] as number;
      if (entry === 0 || this.#isEqual(entry - 1, row)) return place;
    }
  }

  #isEqual(number: number, row: Uint32Array): boolean {
    const base = number * this.#width;
    for (let i = 0; i < row.length; i += 1) if (this.#rows[base + i] !== row[i]) return false;
    return true;
  }

  #growRows(): void {
    const larger = new Uint32Array(this.#rows.length * 2);
    larger.set(this.#rows);
    this.#rows = larger;
  }

  #growTable(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    for (let number = 0; number < this.#count; number += 1) this.#table[this.#placeOf(this.at(number))] = number + 1;
  }
}
