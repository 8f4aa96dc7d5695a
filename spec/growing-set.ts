/**
 * A set of strings that only grows, immutable to its users. Adding to the newest version costs one entry; adding to an
 * older version copies it. A walk therefore never copies, and a search that branches stays correct.
 */
export class GrowingSet {
  /** Where each member was added. Shared by versions: a version sees the places below its own size. */
  readonly #places: Map<string, number>;
  readonly size: number;

  private constructor(places: Map<string, number>, size: number) {
    this.#places = places;
    this.size = size;
  }

  static of(...members: readonly string[]): GrowingSet {
    return members.reduce((set: GrowingSet, member) => set.with(member), new GrowingSet(new Map(), 0));
  }

  has(member: string): boolean {
    const place = this.#places.get(member);
    return place !== undefined && place < this.size;
  }

  with(member: string): GrowingSet {
    if (this.has(member)) return this;
    const newest = this.#places.size === this.size;
    const places = newest ? this.#places : new Map([...this.#places].slice(0, this.size));
    places.set(member, this.size);
    return new GrowingSet(places, this.size + 1);
  }

  /** In the order in which they were added. */
  members(): readonly string[] {
    return [...this.#places.keys()].slice(0, this.size);
  }
}
