/** The shortest lasso: a way to a loop, and the loop, with the fewest steps together. */
import { assert } from '../../base/assert.js';
import type { Graph } from './graph.js';
import { Loops } from './loops.js';
import type { FairSteps } from './question.js';
import type { Prefixes } from './ways.js';

export interface LassoOfEdges {
  readonly start: number;
  /** Edges of the graph, the way first. */
  readonly edges: readonly number[];
  /** Where the loop begins; the number of edges: nothing happens any more. */
  readonly loop: number;
  readonly isShortest: boolean;
}

export interface LassoQuestion {
  readonly fairness: readonly FairSteps[];
  readonly prefixes: Prefixes;
  /** By state: 1 where the behaviour may stand still: nothing that is possible is owed. */
  readonly still: Uint8Array;
  readonly components: readonly Int32Array[];
  readonly needed: Uint8Array | null;
}

/** Pairs of a state and what has been done for fairness that may be looked at before it is enough. */
const LOOKED_AT_MOST = 4_000_000;

export function shortestLasso(graph: Graph, question: LassoQuestion): LassoOfEdges | null {
  const { prefixes } = question;
  let best = standstill(graph, question);
  let left = LOOKED_AT_MOST;
  const loops = new Loops(graph, question, question.components);
  const candidates = question.components
    .flatMap((component) => [...component].map((state) => ({ state, distance: prefixes.distance(state) })))
    .filter(({ distance }) => distance >= 0)
    .sort((a, b) => a.distance - b.distance || a.state - b.state);
  const [nearest] = candidates;
  if (best === null && nearest !== undefined) best = joined(prefixes, nearest.state, loops.some(nearest.state));
  for (const { state, distance } of candidates) {
    // A loop has two steps at least: none leads from a state to itself.
    if (best === null || distance + 2 >= best.edges.length) break;
    const { loop, looked } = loops.shortest(state, { most: best.edges.length - distance - 1, looks: left });
    left -= looked;
    if (loop !== null) best = joined(prefixes, state, loop);
    else if (left <= 0) return { ...best, isShortest: false };
  }
  return best;
}

/** A nearest state in which a behaviour may stand still. */
function standstill(graph: Graph, { still, prefixes }: LassoQuestion): LassoOfEdges | null {
  let nearest = -1;
  for (let state = 0; state < graph.states; state += 1) {
    const distance = prefixes.distance(state);
    if (still[state] !== 1 || distance < 0) continue;
    if (nearest < 0 || distance < prefixes.distance(nearest)) nearest = state;
  }
  return nearest < 0 ? null : joined(prefixes, nearest, []);
}

function joined(prefixes: Prefixes, state: number, loop: readonly number[]): LassoOfEdges {
  const { start, edges } = prefixes.to(state);
  assert(edges.length === prefixes.distance(state), 'a way has as many steps as its distance');
  return { start, edges: [...edges, ...loop], loop: edges.length, isShortest: true };
}
