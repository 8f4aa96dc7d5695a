/** Properties of states, judged once for each combination of what they see of the slots. */
import { TupleNumbers } from './pair-map.js';
import type { Pools } from './pools.js';
import type { Property, Value } from './system.js';

type Predicate = Pick<Property, 'slots' | 'project' | 'holds'>;

/** One predicate over rows of numbers. */
export class Judged {
  readonly #predicate: Predicate;
  readonly #pools: Pools;
  readonly #slots: readonly number[];
  /** By position in `slots`: the number of what is seen, by the number of the value; −1: not yet known. */
  readonly #classes: Int32Array[];
  readonly #classNumbers = new Map<string | null, number>();
  readonly #seen: (string | null)[] = [];
  readonly #tuples: TupleNumbers;
  readonly #tuple: number[];
  /** By the number of a tuple: 1 holds, 0 does not. */
  readonly #verdicts: number[] = [];

  constructor(predicate: Predicate, pools: Pools) {
    this.#predicate = predicate;
    this.#pools = pools;
    this.#slots = predicate.slots ?? pools.kindOf.map((_, slot) => slot);
    this.#classes = this.#slots.map(() => new Int32Array(0));
    this.#tuples = new TupleNumbers(this.#slots.length);
    this.#tuple = this.#slots.map(() => 0);
  }

  holds(ids: Int32Array): boolean {
    const slots = this.#slots;
    for (let i = 0; i < slots.length; i += 1) {
      const number = ids[slots[i] as number] as number;
      const classes = this.#classes[i] as Int32Array;
      const known = number < classes.length ? (classes[number] as number) : -1;
      this.#tuple[i] = known >= 0 ? known : this.#classOf(i, number);
    }
    const tuple = slots.length === 0 ? 0 : this.#tuples.of(this.#tuple);
    return (this.#verdicts[tuple] ?? this.#judge(tuple)) === 1;
  }

  #classOf(i: number, number: number): number {
    const slot = this.#slots[i] as number;
    let classes = this.#classes[i] as Int32Array;
    if (number >= classes.length) {
      const larger = new Int32Array(Math.max(64, 2 ** Math.ceil(Math.log2(number + 1)))).fill(-1);
      larger.set(classes);
      classes = larger;
      this.#classes[i] = larger;
    }
    const value: Value = this.#pools.value(this.#pools.kindOf[slot] as number, number);
    const seen = this.#predicate.project(value, slot);
    let known = this.#classNumbers.get(seen);
    if (known === undefined) {
      known = this.#seen.push(seen) - 1;
      this.#classNumbers.set(seen, known);
    }
    classes[number] = known;
    return known;
  }

  #judge(tuple: number): number {
    const seen: (string | null)[] = this.#pools.kindOf.map(() => null);
    this.#slots.forEach((slot, i) => (seen[slot] = this.#seen[this.#tuple[i] as number] ?? null));
    const verdict = this.#predicate.holds(seen) ? 1 : 0;
    this.#verdicts[tuple] = verdict;
    return verdict;
  }
}
