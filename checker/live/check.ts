/** Liveness of a small system: its whole graph, the fair components in which a goal stays away, and the shortest lasso into one. */
import type { System } from '../system.js';
import type { TraceStep } from '../result.js';
import { fairComponents, type Region } from './components.js';
import { Graph, type GraphOptions } from './graph.js';
import { type LassoOfEdges, shortestLasso } from './lasso.js';
import type { Lasso, LiveQuestion, LiveResult } from './question.js';
import { type PrefixQuestion, Prefixes } from './ways.js';

/**
 * A violation counts wherever it is found: what fairness owes is asked of all steps, also of those that lead outside. That there is
 * none counts only where the graph is complete and nothing was cut off.
 */
export async function checkLive(system: System, question: LiveQuestion, options: GraphOptions): Promise<LiveResult> {
  const graph = await Graph.of(system, question, options);
  const found = graph.bound === null ? findLasso(graph, question) : null;
  const lasso = found === null ? null : toldLasso(graph, question, found);
  const complete = graph.bound === null && graph.cut === 0;
  return {
    verdict: lasso !== null ? 'violated' : complete ? 'holds' : 'inconclusive',
    distinct: graph.states,
    transitions: graph.transitions,
    depth: graph.depth,
    cut: graph.cut,
    bound: graph.bound,
    lasso,
    isShortest: found?.isShortest ?? true,
    interrupted: graph.bound === 'interrupted',
  };
}

/** Where a violation may begin, where it stays, and what it must come by again and again. */
function regionOf(graph: Graph, { property }: LiveQuestion): Region & PrefixQuestion {
  const goal = graph.holding(property.goal);
  const missing = goal.map((holds) => 1 - holds);
  switch (property.kind) {
    case 'eventually':
      return { within: missing, needed: null, starts: null };
    case 'leads to':
      return {
        within: missing,
        needed: null,
        starts: property.from === undefined ? missing : graph.holding(property.from),
      };
    case 'again and again':
      return { within: missing, needed: null, starts: missing };
    case 'in the end': {
      const everywhere = new Uint8Array(graph.states).fill(1);
      return { within: everywhere, needed: missing, starts: null };
    }
  }
}

function findLasso(graph: Graph, question: LiveQuestion): LassoOfEdges | null {
  const region = regionOf(graph, question);
  const prefixes = new Prefixes(graph, region);
  const within = region.within.map((mark, state) => (mark === 1 && prefixes.distance(state) >= 0 ? 1 : 0));
  const { needed } = region;
  const still = within.map((mark, state) =>
    mark === 1 && needed?.[state] !== 0 && graph.possibleIn(state).length === 0 ? 1 : 0,
  );
  const components = fairComponents(graph, question.fairness, { within, needed });
  return shortestLasso(graph, { fairness: question.fairness, prefixes, still, components, needed });
}

function toldLasso(graph: Graph, { property }: LiveQuestion, { start, edges, loop }: LassoOfEdges): Lasso {
  const steps = edges.map((edge): TraceStep => {
    const label = graph.labels[graph.kinds[edge] as number];
    if (label === undefined) throw new Error('internal error: a step without a label');
    return { label, row: graph.values(graph.targets[edge] as number) };
  });
  return { property: property.name, why: property.sentence, initial: graph.values(start), steps, loop };
}
