/** A map from pairs of small integers to integers, in one typed array: open addressing, no removal. */
export class PairMap {
  #cells: Int32Array;
  #mask: number;
  #size = 0;

  constructor(capacity = 64) {
    this.#cells = new Int32Array(capacity * 3).fill(-1);
    this.#mask = capacity - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** −1: none. Keys and values are not negative. */
  get(a: number, b: number): number {
    const cells = this.#cells;
    for (let at = hash(a, b) & this.#mask; ; at = (at + 1) & this.#mask) {
      const cell = at * 3;
      const key = cells[cell] as number;
      if (key === a && cells[cell + 1] === b) return cells[cell + 2] as number;
      if (key === -1) return -1;
    }
  }

  set(a: number, b: number, value: number): void {
    if ((this.#size + 1) * 2 > this.#mask) this.#grow();
    const cells = this.#cells;
    for (let at = hash(a, b) & this.#mask; ; at = (at + 1) & this.#mask) {
      const cell = at * 3;
      if (cells[cell] === -1) this.#size += 1;
      else if (cells[cell] !== a || cells[cell + 1] !== b) continue;
      cells[cell] = a;
      cells[cell + 1] = b;
      cells[cell + 2] = value;
      return;
    }
  }

  #grow(): void {
    const old = this.#cells;
    const capacity = (this.#mask + 1) * 2;
    this.#cells = new Int32Array(capacity * 3).fill(-1);
    this.#mask = capacity - 1;
    this.#size = 0;
    for (let cell = 0; cell < old.length; cell += 3) {
      if (old[cell] !== -1) this.set(old[cell] as number, old[cell + 1] as number, old[cell + 2] as number);
    }
  }
}

function hash(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 0x7f4a7c15, 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}

/** Numbers tuples of fixed length from 0, by chains of pairs. */
export class TupleNumbers {
  readonly #steps: readonly PairMap[];

  constructor(length: number) {
    this.#steps = Array.from({ length: Math.max(1, length - 1) }, () => new PairMap());
  }

  get size(): number {
    return this.#steps.at(-1)?.size ?? 0;
  }

  /** The number of the tuple; a new one gets the next. */
  of(members: ArrayLike<number>): number {
    let number = members[0] as number;
    for (let i = 0; i < this.#steps.length; i += 1) {
      const step = this.#steps[i] as PairMap;
      const member = i + 1 < members.length ? (members[i + 1] as number) : 0;
      const known = step.get(number, member);
      if (known >= 0) {
        number = known;
        continue;
      }
      const next = step.size;
      step.set(number, member, next);
      number = next;
    }
    return number;
  }
}
