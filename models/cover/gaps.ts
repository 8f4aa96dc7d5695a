/** What no source touched: grouped, ranked, and the shortest way to the nearest of each group. */
import { decode } from '../../checker/encode.js';
import type { Label } from '../../checker/system.js';
import type { Message } from '../../spec/state.js';
import type { ServerValue } from '../election/spec-server.js';
import { headOf, type LocalStep, type Space } from './space.js';
import type { Share, Touched } from './touched.js';

/** Steps of servers that are alike: the same action in the same place. */
export interface GapGroup {
  /** `Receive, then SendReply`. */
  readonly action: string;
  /** Program counter and state of the server. */
  readonly at: string;
  /** How many notifications are unread: `0`, `1 to 2`, `3 to 4`, `5 and more`. */
  readonly unread: string;
  /** What is received or handled; null: nothing. */
  readonly message: string | null;
  readonly localTransitions: Share;
  /** Steps of the ensemble, of all that are steps of this group. */
  readonly transitions: Share;
  /** The nearest untouched step of a server. */
  readonly nearest: LocalStep;
}

export interface GapPair {
  readonly pair: string;
  /** The first step of a server with this case; null: it is the network's. */
  readonly nearest: LocalStep | null;
}

interface Draft {
  readonly steps: number[];
  transitions: number;
  touched: number;
}

export function pairGaps(space: Space, pairs: ReadonlyMap<string, number>, touched: Touched): readonly GapPair[] {
  return [...pairs]
    .filter(([pair]) => !touched.pairs.has(pair))
    .map(([pair, step]) => ({ pair, nearest: space.localSteps[step] ?? null }));
}

/** Those first of which nothing was touched, then by how many steps of the ensemble are not. */
export function gapGroups(space: Space, touched: Touched): readonly GapGroup[] {
  const drafts = new Map<string, Draft>();
  const draftOf: Draft[] = [];
  const keys = new Map<Draft, string>();
  space.localSteps.forEach((step, number) => {
    const key = JSON.stringify(placeOf(space, step));
    let draft = drafts.get(key);
    if (draft === undefined) drafts.set(key, (draft = { steps: [], transitions: 0, touched: 0 }));
    keys.set(draft, key);
    draft.steps.push(number);
    draftOf.push(draft);
  });
  for (let edge = 0; edge < space.edges; edge += 1) {
    for (const local of space.localsOf(edge)) {
      const draft = draftOf[local] as Draft;
      draft.transitions += 1;
      draft.touched += touched.edges[edge] as number;
    }
  }
  const groups = [...drafts].flatMap(([key, { steps, transitions, touched: seen }]): readonly GapGroup[] => {
    const open = steps.filter((number) => touched.localSteps[number] === 0);
    const nearest = space.localSteps[open[0] ?? -1];
    if (nearest === undefined) return [];
    return [
      {
        ...(JSON.parse(key) as ReturnType<typeof placeOf>),
        localTransitions: { touched: steps.length - open.length, all: steps.length },
        transitions: { touched: seen, all: transitions },
        nearest,
      },
    ];
  });
  const missing = ({ transitions }: GapGroup): number => transitions.all - transitions.touched;
  const isWhole = ({ localTransitions }: GapGroup): number => (localTransitions.touched === 0 ? 0 : 1);
  return groups.sort((a, b) => isWhole(a) - isWhole(b) || missing(b) - missing(a));
}

function placeOf(
  space: Space,
  { slot, before, edge, message }: LocalStep,
): Pick<GapGroup, 'action' | 'at' | 'unread' | 'message'> {
  const label = space.graph.labels[space.graph.kinds[edge] as number] as Label;
  const [, more] = label.text.split(', then ', 2);
  const { life, sid } = space.graph.valueOf(slot, before) as ServerValue;
  const received = message < 0 ? undefined : (decode(space.messages.texts[message] ?? '') as Message);
  const isHandled = label.action === 'Handle' || label.action === 'FinalStep';
  const handled = isHandled ? life?.nq[0] : undefined;
  const from = /^Receive (-?\d+)->/.exec(label.text)?.[1];
  const own = from === `${sid}` || handled?.from === sid;
  return {
    action: more === undefined ? label.action : `${label.action}, then ${withoutRepeats(more)}`,
    at: life === null ? 'down' : `${life.pc} (${life.st})`,
    unread: unreadWords(life?.nq.length ?? 0),
    message:
      received === undefined && handled === undefined ? null : messageKind(received ?? (handled as Message), own),
  };
}

const withoutRepeats = (names: string): string => [...new Set(names.split(', '))].join(', ');

const messageKind = ({ state }: Message, own: boolean): string => (own ? `an own ${state} vote` : `a ${state} vote`);

function unreadWords(count: number): string {
  if (count === 0) return '0';
  if (count <= 2) return '1 to 2';
  return count <= 4 ? '3 to 4' : '5 and more';
}

/** Shortest ways from the beginning, as the labels of steps. */
export class Paths {
  readonly #space: Space;
  /** By state: the step by which it was reached first, and where that came from. */
  readonly #edge: Int32Array;
  readonly #from: Int32Array;

  /** States are numbered breadth first: whoever reaches a state first is nearest to the beginning. */
  constructor(space: Space) {
    this.#space = space;
    const { graph } = space;
    this.#edge = new Int32Array(graph.states).fill(-1);
    this.#from = new Int32Array(graph.states).fill(-1);
    const isInitial = new Set(graph.initial);
    for (let state = 0; state < graph.states; state += 1) {
      const end = graph.first[state + 1] as number;
      for (let edge = graph.first[state] as number; edge < end; edge += 1) {
        const to = graph.targets[edge] as number;
        if (this.#from[to] !== -1 || isInitial.has(to)) continue;
        this.#from[to] = state;
        this.#edge[to] = edge;
      }
    }
  }

  /** The steps to a state, and then the given one. */
  to(state: number, last: number): readonly Label[] {
    const { graph } = this.#space;
    const edges = [last];
    for (let at = state; (this.#edge[at] as number) >= 0; at = this.#from[at] as number)
      edges.unshift(this.#edge[at] as number);
    return edges.map((edge) => graph.labels[graph.kinds[edge] as number] as Label);
  }

  /** The same as actions that a player can play. */
  headsTo(state: number, last: number): readonly string[] {
    return this.to(state, last).map(headOf);
  }
}
