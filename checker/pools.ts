/** The values that a system's slots have held, numbered by kind. */
import { decode, encode } from './encode.js';
import type { SharedTexts } from './shared-texts.js';
import type { System, Value } from './system.js';

interface Pool {
  readonly kind: string;
  readonly numbers: Map<string, number>;
  readonly texts: string[];
  readonly values: (Value | undefined)[];
  /** 1: outside the system's constraint. */
  readonly outside: number[];
}

/** Values of one kind have numbers from 0. With `shared`, several threads agree on them. */
export class Pools {
  readonly #system: System;
  readonly #pools: Pool[] = [];
  readonly #kinds = new Map<string, number>();
  readonly #shared: SharedTexts | null;
  /** The kind of each slot, by number. */
  readonly kindOf: readonly number[];

  constructor(system: System, shared: SharedTexts | null = null) {
    this.#system = system;
    this.#shared = shared;
    this.kindOf = system.slots.map(({ kind }) => this.#kindNumber(kind));
  }

  get kinds(): number {
    return this.#pools.length;
  }

  #kindNumber(kind: string): number {
    const known = this.#kinds.get(kind);
    if (known !== undefined) return known;
    const number = this.#pools.push({ kind, numbers: new Map(), texts: [], values: [], outside: [] }) - 1;
    this.#kinds.set(kind, number);
    return number;
  }

  /** So many values of the kind are known. */
  size(kind: number): number {
    return this.#pool(kind).texts.length;
  }

  name(kind: number): string {
    return this.#pool(kind).kind;
  }

  number(kind: number, value: Value): number {
    const pool = this.#pool(kind);
    const text = encode(value);
    const known = pool.numbers.get(text);
    if (known !== undefined) return known;
    if (this.#shared === null) return this.#add(pool, text);
    this.#shared.agree(kind, text, (agreed, agreedText) => void this.#add(this.#pool(agreed), agreedText));
    const found = pool.numbers.get(text);
    if (found === undefined) throw new Error('internal error: a value has no number');
    return found;
  }

  /** Takes over what other threads have numbered. */
  catchUp(): void {
    this.#shared?.catchUp((kind, text) => void this.#add(this.#pool(kind), text));
  }

  /**
   * As read from its text, never as it was when a rule made it: maps are then filled in one order, and what a rule makes of them is
   * the same whichever thread asks.
   */
  value(kind: number, number: number): Value {
    const pool = this.#known(kind, number);
    const { values } = pool;
    if (!(number in values)) values[number] = decode(pool.texts[number] ?? '');
    return values[number];
  }

  text(kind: number, number: number): string {
    return this.#known(kind, number).texts[number] ?? '';
  }

  isOutside(kind: number, number: number): boolean {
    const pool = this.#known(kind, number);
    const known = pool.outside[number];
    if (known !== undefined) return known === 1;
    const outside = this.#system.within?.(pool.kind, this.value(kind, number)) === false;
    pool.outside[number] = outside ? 1 : 0;
    return outside;
  }

  /** The pool, with this number in it: another thread may have given it. */
  #known(kind: number, number: number): Pool {
    const pool = this.#pool(kind);
    if (number >= pool.texts.length) this.catchUp();
    return pool;
  }

  #add(pool: Pool, text: string): number {
    const number = pool.texts.push(text) - 1;
    pool.numbers.set(text, number);
    return number;
  }

  #pool(kind: number): Pool {
    const pool = this.#pools[kind];
    if (pool === undefined) throw new Error(`internal error: there is no kind ${kind}`);
    return pool;
  }
}
