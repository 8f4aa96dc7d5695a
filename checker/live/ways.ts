/** Shortest ways into the part of the graph in which a violation stays. */
import { assert } from '../../base/assert.js';
import type { Graph } from './graph.js';

/** Distances and the steps that lead there; −1: no way; a step of −1: the way begins there. */
interface Ways {
  readonly distance: Int32Array;
  readonly from: Int32Array;
  readonly step: Int32Array;
}

export interface PrefixQuestion {
  /** By state: 1 where the way must stay once it has begun to violate. */
  readonly within: Uint8Array;
  /** By state: 1 where it may begin to; null: in initial states alone. */
  readonly starts: Uint8Array | null;
}

export class Prefixes {
  readonly #outside: Ways;
  readonly #inside: Ways;

  constructor(graph: Graph, { within, starts }: PrefixQuestion) {
    const everywhere = new Uint8Array(graph.states).fill(1);
    const first = graph.initial.map((state) => [state, 0] as const);
    this.#outside = waysFrom(graph, first, everywhere);
    const { distance } = this.#outside;
    const begins =
      starts === null
        ? first
        : [...distance].flatMap((steps, state) => (starts[state] === 1 ? [[state, steps] as const] : []));
    this.#inside = waysFrom(
      graph,
      begins.filter(([state, steps]) => within[state] === 1 && steps >= 0),
      within,
    );
  }

  /** Steps from an initial state; −1: it is not reached in this way. */
  distance(state: number): number {
    return this.#inside.distance[state] as number;
  }

  /** The initial state and the steps of a shortest way: numbers of edges. */
  to(state: number): { readonly start: number; readonly edges: readonly number[] } {
    const edges: number[] = [];
    let at = state;
    for (const { from, step } of [this.#inside, this.#outside]) {
      for (; (step[at] as number) >= 0; at = from[at] as number) edges.push(step[at] as number);
    }
    return { start: at, edges: edges.reverse() };
  }
}

/** Breadth first from several places, each with the distance that it has already. */
function waysFrom(graph: Graph, sources: readonly (readonly [number, number])[], within: Uint8Array): Ways {
  const distance = new Int32Array(graph.states).fill(-1);
  const from = new Int32Array(graph.states).fill(-1);
  const step = new Int32Array(graph.states).fill(-1);
  const waiting = sources.toSorted(([a, one], [b, other]) => one - other || a - b);
  let level: number[] = [];
  let next = 0;
  for (let steps = waiting[0]?.[1] ?? 0; level.length > 0 || next < waiting.length; steps += 1) {
    for (; waiting[next]?.[1] === steps; next += 1) {
      const [state] = waiting[next] ?? [-1];
      if (distance[state] !== -1) continue;
      distance[state] = steps;
      level.push(state);
    }
    const after: number[] = [];
    for (const state of level) {
      for (let edge = graph.first[state] as number; edge < (graph.first[state + 1] as number); edge += 1) {
        const target = graph.targets[edge] as number;
        if (within[target] !== 1 || distance[target] !== -1) continue;
        distance[target] = steps + 1;
        from[target] = state;
        step[target] = edge;
        after.push(target);
      }
    }
    level = after;
    assert(steps <= graph.states + (waiting.at(-1)?.[1] ?? 0), 'every level has a state');
  }
  return { distance, from, step };
}
