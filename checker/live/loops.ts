/** Fair loops through a state of a fair component. */
import type { Graph } from './graph.js';
import type { FairSteps } from './question.js';

interface Wanted {
  readonly fairness: readonly FairSteps[];
  readonly needed: Uint8Array | null;
}

/** What of fairness a path has met is kept as bits. Bit 0: a needed state; then two of each fair steps: done, and was it possible. */
export class Loops {
  readonly #graph: Graph;
  readonly #fairness: readonly FairSteps[];
  readonly #needed: Uint8Array | null;
  /** By state: the component that it is in, from 1; 0: none. */
  readonly #part: Int32Array;
  /** The bits that say that something is done. */
  readonly #done: bigint;
  readonly #masks: bigint[] = [];
  readonly #maskNumbers = new Map<bigint, number>();
  readonly #after = new Map<number, number>();

  constructor(graph: Graph, { fairness, needed }: Wanted, components: readonly Int32Array[]) {
    this.#graph = graph;
    this.#fairness = fairness;
    this.#needed = needed;
    this.#part = new Int32Array(graph.states);
    components.forEach((component, i) => {
      for (const state of component) this.#part[state] = i + 1;
    });
    this.#done = fairness.reduce((bits, _, index) => bits | doneBit(index), 1n);
  }

  /** Some fair loop: from debt to debt, then back. Edges. */
  some(state: number): readonly number[] {
    const edges: number[] = [];
    let [at, mask] = [state, this.#maskAt(state)];
    while (!this.#isFair(mask) || edges.length === 0) {
      const path = this.#nearest(at, (edge) => this.#pays(mask, edge));
      for (const edge of path) mask = this.#maskAfter(mask, edge);
      edges.push(...path);
      at = this.#graph.targets[path.at(-1) ?? 0] as number;
    }
    if (at !== state) edges.push(...this.#nearest(at, (edge) => this.#graph.targets[edge] === state));
    return edges;
  }

  /** Does the step do something that was not done? Every debt can be paid: the component is fair. */
  #pays(mask: number, edge: number): boolean {
    if (this.#isFair(mask)) return true;
    const [before, after] = [this.#masks[mask] ?? 0n, this.#masks[this.#maskAfter(mask, edge)] ?? 0n];
    return (before & this.#done) !== (after & this.#done);
  }

  /** The shortest path within the component whose last edge is such a one. */
  #nearest(from: number, isEnd: (edge: number) => boolean): readonly number[] {
    const { first, targets } = this.#graph;
    const came = new Map<number, { readonly edge: number; readonly before: number }>();
    const queue = [from];
    for (const state of queue) {
      for (let edge = first[state] as number; edge < (first[state + 1] as number); edge += 1) {
        const target = targets[edge] as number;
        if (this.#part[target] !== this.#part[from]) continue;
        if (isEnd(edge)) {
          const path = [edge];
          for (let at = came.get(state); at !== undefined; at = came.get(at.before)) path.push(at.edge);
          return path.reverse();
        }
        if (target === from || came.has(target)) continue;
        came.set(target, { edge, before: state });
        queue.push(target);
      }
    }
    throw new Error('internal error: in a fair component every debt can be paid');
  }

  /** The shortest fair loop of at most so many steps, unless more than `looks` pairs have to be looked at. */
  shortest(
    state: number,
    { most, looks }: { readonly most: number; readonly looks: number },
  ): { readonly loop: readonly number[] | null; readonly looked: number } {
    const { first, targets, states } = this.#graph;
    const begin = { state, mask: this.#maskAt(state), before: -1, edge: -1, steps: 0 };
    const queue = [begin];
    const seen = new Set([begin.mask * states + state]);
    for (let place = 0; place < queue.length && queue.length < looks; place += 1) {
      const at = queue[place] ?? begin;
      if (at.steps === most) break;
      for (let edge = first[at.state] as number; edge < (first[at.state + 1] as number); edge += 1) {
        const target = targets[edge] as number;
        if (this.#part[target] !== this.#part[state]) continue;
        const mask = this.#maskAfter(at.mask, edge);
        if (target === state && this.#isFair(mask)) {
          const loop = [edge];
          for (let back = at; back.before >= 0; back = queue[back.before] ?? begin) loop.push(back.edge);
          return { loop: loop.reverse(), looked: queue.length };
        }
        const key = mask * states + target;
        if (seen.has(key)) continue;
        seen.add(key);
        queue.push({ state: target, mask, before: place, edge, steps: at.steps + 1 });
      }
    }
    return { loop: null, looked: queue.length };
  }

  #maskAt(state: number): number {
    return this.#numberOf(this.#withState(0n, state));
  }

  #maskAfter(mask: number, edge: number): number {
    const { targets, kinds, labels, possible, sets } = this.#graph;
    const [target, label] = [targets[edge] as number, kinds[edge] as number];
    const needed = this.#needed?.[target] === 1 ? 1 : 0;
    const key = ((mask * labels.length + label) * sets.length + (possible[target] as number)) * 2 + needed;
    const known = this.#after.get(key);
    if (known !== undefined) return known;
    let bits = this.#masks[mask] as bigint;
    for (const index of this.#graph.fairOf[label] ?? []) bits |= doneBit(index);
    const after = this.#numberOf(this.#withState(bits, target));
    this.#after.set(key, after);
    return after;
  }

  #withState(mask: bigint, state: number): bigint {
    let bits = this.#needed === null || this.#needed[state] === 1 ? mask | 1n : mask;
    const possible = this.#graph.possibleIn(state);
    this.#fairness.forEach(({ kind }, index) => {
      const isPossible = possible.includes(index);
      if (kind === 'weak' && !isPossible) bits |= doneBit(index);
      if (kind === 'strong' && isPossible) bits |= possibleBit(index);
    });
    return bits;
  }

  #numberOf(mask: bigint): number {
    const known = this.#maskNumbers.get(mask);
    if (known !== undefined) return known;
    const number = this.#masks.push(mask) - 1;
    this.#maskNumbers.set(mask, number);
    return number;
  }

  #isFair(mask: number): boolean {
    const bits = this.#masks[mask] ?? 0n;
    if ((bits & 1n) === 0n) return false;
    return this.#fairness.every(({ kind }, index) => {
      if ((bits & doneBit(index)) !== 0n) return true;
      return kind === 'strong' && (bits & possibleBit(index)) === 0n;
    });
  }
}

const doneBit = (index: number): bigint => 1n << BigInt(1 + 2 * index);
const possibleBit = (index: number): bigint => 1n << BigInt(2 + 2 * index);
