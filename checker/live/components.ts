/** Where a behaviour can stay for ever and be fair: strongly connected components, taken apart until fairness is content. */
import type { Graph } from './graph.js';
import type { FairSteps } from './question.js';

export interface Region {
  /** By state: 1 where the behaviour may stay. */
  readonly within: Uint8Array;
  /** By state: it must come by one of these again and again; null: no matter. */
  readonly needed: Uint8Array | null;
}

/**
 * The greatest sets of two and more states in which a fair behaviour can go round for ever and come by all of them. Every fair
 * loop of two and more states lies in one.
 *
 * A component in which a weakly fair step is always possible and never taken is unfair, and so is each part of it. One in which
 * a strongly fair step is sometimes possible and never taken is taken apart: a fair loop avoids the states where it is.
 */
export function fairComponents(graph: Graph, fairness: readonly FairSteps[], region: Region): readonly Int32Array[] {
  const parts = new Parts(graph);
  const fair: Int32Array[] = [];
  const open = [Int32Array.from(statesOf(region.within))];
  for (let states = open.pop(); states !== undefined; states = open.pop()) {
    for (const component of parts.componentsOf(states)) {
      const { unfair, avoid } = judge(parts, fairness, component);
      if (unfair) continue;
      if (avoid.length > 0) open.push(component.filter((state) => !isPossible(graph, state, avoid)));
      else if (region.needed === null || component.some((state) => region.needed?.[state] === 1)) fair.push(component);
    }
  }
  return fair;
}

function* statesOf(marks: Uint8Array): Generator<number> {
  for (let state = 0; state < marks.length; state += 1) if (marks[state] === 1) yield state;
}

function isPossible(graph: Graph, state: number, steps: readonly number[]): boolean {
  const possible = graph.possibleIn(state);
  return steps.some((index) => possible.includes(index));
}

/** `avoid`: strongly fair steps that are possible in some state of the component and never taken in it. */
function judge(
  parts: Parts,
  fairness: readonly FairSteps[],
  component: Int32Array,
): { readonly unfair: boolean; readonly avoid: readonly number[] } {
  const { graph } = parts;
  const taken = parts.takenInside(component);
  const sets = new Map<number, number>();
  for (const state of component) {
    const set = graph.possible[state] as number;
    sets.set(set, (sets.get(set) ?? 0) + 1);
  }
  const possibleIn = (index: number): number =>
    [...sets].reduce((sum, [set, count]) => sum + (graph.sets[set]?.includes(index) === true ? count : 0), 0);
  const neglected = fairness.flatMap(({ kind }, index) => (taken.has(index) ? [] : [{ kind, index }]));
  const unfair = neglected.some(({ kind, index }) => kind === 'weak' && possibleIn(index) === component.length);
  const avoid = neglected.filter(({ kind, index }) => kind === 'strong' && possibleIn(index) > 0);
  return { unfair, avoid: avoid.map(({ index }) => index) };
}

/** Tarjan's algorithm, without recursion, over parts of the graph. */
class Parts {
  readonly graph: Graph;
  /** By state: the part that it is in now. */
  readonly #part: Int32Array;
  #parts = 0;
  readonly #order: Int32Array;
  readonly #low: Int32Array;
  readonly #next: Int32Array;

  constructor(graph: Graph) {
    this.graph = graph;
    this.#part = new Int32Array(graph.states);
    this.#order = new Int32Array(graph.states);
    this.#low = new Int32Array(graph.states);
    this.#next = new Int32Array(graph.states);
  }

  /** Those of two and more states; afterwards each is a part. */
  componentsOf(states: Int32Array): readonly Int32Array[] {
    const part = this.#newPart(states);
    for (const state of states) this.#order[state] = 0;
    const found: Int32Array[] = [];
    const stack: number[] = [];
    let order = 0;
    for (const root of states) {
      if (this.#order[root] !== 0 || this.#part[root] !== part) continue;
      const path = [root];
      while (path.length > 0) {
        const state = path.at(-1) as number;
        if (this.#order[state] === 0) {
          order += 1;
          this.#order[state] = order;
          this.#low[state] = order;
          this.#next[state] = this.graph.first[state] as number;
          stack.push(state);
        }
        const child = this.#nextChild(state, part);
        if (child >= 0) {
          path.push(child);
          continue;
        }
        path.pop();
        const above = path.at(-1);
        if (above !== undefined) this.#low[above] = Math.min(this.#low[above] as number, this.#low[state] as number);
        if (this.#low[state] === this.#order[state]) this.#leave(stack, state, found);
      }
    }
    return found;
  }

  /** The next successor not yet visited; −1: none. Visited ones lower `#low`. */
  #nextChild(state: number, part: number): number {
    const end = this.graph.first[state + 1] as number;
    for (let edge = this.#next[state] as number; edge < end; edge += 1) {
      const target = this.graph.targets[edge] as number;
      if (this.#part[target] !== part) continue;
      if (this.#order[target] === 0) {
        this.#next[state] = edge + 1;
        return target;
      }
      this.#low[state] = Math.min(this.#low[state] as number, this.#order[target] as number);
    }
    this.#next[state] = end;
    return -1;
  }

  #leave(stack: number[], root: number, found: Int32Array[]): void {
    const states = stack.splice(stack.lastIndexOf(root));
    const component = Int32Array.from(states).sort();
    this.#newPart(component);
    if (component.length > 1) found.push(component);
  }

  #newPart(states: Int32Array): number {
    this.#parts += 1;
    for (const state of states) this.#part[state] = this.#parts;
    return this.#parts;
  }

  /** The fair steps that are taken from one state of the part to another. */
  takenInside(component: Int32Array): ReadonlySet<number> {
    const part = this.#part[component[0] as number];
    const labels = new Set<number>();
    const { first, targets, kinds, fairOf } = this.graph;
    for (const state of component) {
      for (let edge = first[state] as number; edge < (first[state + 1] as number); edge += 1) {
        if (this.#part[targets[edge] as number] === part) labels.add(kinds[edge] as number);
      }
    }
    return new Set([...labels].flatMap((label) => fairOf[label] ?? []));
  }
}
