import { assert } from './assert.js';

/** A queue of things to come, the earliest first; of two with equal times the one that entered first. */
export class TimeHeap<T> {
  readonly #times: number[] = [];
  readonly #orders: number[] = [];
  readonly #items: T[] = [];
  #entered = 0;

  get size(): number {
    return this.#items.length;
  }

  push(time: number, item: T): void {
    let place = this.#items.length;
    const order = this.#entered;
    this.#entered += 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#isBefore(parent, time, order)) break;
      this.#move(parent, place);
      place = parent;
    }
    this.#put(place, time, order, item);
  }

  /** Of the earliest; null: empty. */
  time(): number | null {
    return this.#times[0] ?? null;
  }

  /** Precondition: it is not empty. */
  pop(): T {
    const item = this.#items[0] as T;
    const time = this.#times.pop();
    const order = this.#orders.pop();
    const last = this.#items.pop();
    assert(time !== undefined && order !== undefined && last !== undefined, 'an empty heap has nothing to give');
    if (this.#items.length > 0) this.#sink(time, order, last);
    return item;
  }

  #sink(time: number, order: number, item: T): void {
    const { length } = this.#items;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= length) break;
      if (child + 1 < length && this.#isBefore(child + 1, this.#times[child] as number, this.#orders[child] as number))
        child += 1;
      if (!this.#isBefore(child, time, order)) break;
      this.#move(child, place);
      place = child;
    }
    this.#put(place, time, order, item);
  }

  #isBefore(place: number, time: number, order: number): boolean {
    const other = this.#times[place] as number;
    return other < time || (other === time && (this.#orders[place] as number) < order);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#times[from] as number, this.#orders[from] as number, this.#items[from] as T);
  }

  #put(place: number, time: number, order: number, item: T): void {
    this.#times[place] = time;
    this.#orders[place] = order;
    this.#items[place] = item;
  }
}
