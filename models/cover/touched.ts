/** What was touched of a space. Sources are counted apart and put together. */
import type { Space } from './space.js';

export class Touched {
  readonly states: Uint8Array;
  readonly edges: Uint8Array;
  readonly localSteps: Uint8Array;
  /** Numbers of values of servers. */
  readonly locals = new Set<number>();
  /** `Handle K1`; an action without cases of its own by its name. */
  readonly pairs = new Set<string>();
  /** Steps of the specification that were taken. */
  steps = 0;
  runs = 0;
  /** Steps after which the ensemble was in no state of the model, by reason. */
  readonly outside = new Map<string, number>();
  /** The same actions and cases, outside the model. */
  readonly pairsOutside = new Set<string>();

  constructor(space: Space) {
    this.states = new Uint8Array(space.states);
    this.edges = new Uint8Array(space.edges);
    this.localSteps = new Uint8Array(space.localSteps.length);
  }

  addOutside(reason: string, steps = 1): void {
    this.outside.set(reason, (this.outside.get(reason) ?? 0) + steps);
  }

  /** Takes over all that the other touched. */
  join(other: Touched): void {
    for (const name of ['states', 'edges', 'localSteps'] as const) {
      const mine = this[name];
      other[name].forEach((mark, place) => {
        if (mark === 1) mine[place] = 1;
      });
    }
    for (const value of other.locals) this.locals.add(value);
    for (const pair of other.pairs) this.pairs.add(pair);
    for (const pair of other.pairsOutside) this.pairsOutside.add(pair);
    this.steps += other.steps;
    this.runs += other.runs;
    for (const [reason, steps] of other.outside) this.addOutside(reason, steps);
  }
}

/** So many of so many. */
export interface Share {
  readonly touched: number;
  readonly all: number;
}

/** One for each granularity. */
export interface Shares {
  readonly states: Share;
  readonly transitions: Share;
  readonly localStates: Share;
  readonly localTransitions: Share;
  readonly pairs: Share;
}

export function sharesOf(space: Space, pairs: ReadonlyMap<string, unknown>, touched: Touched): Shares {
  return {
    states: { touched: count(touched.states), all: space.states },
    transitions: { touched: count(touched.edges), all: space.edges },
    localStates: { touched: touched.locals.size, all: space.locals.size },
    localTransitions: { touched: count(touched.localSteps), all: space.localSteps.length },
    pairs: { touched: [...pairs.keys()].filter((pair) => touched.pairs.has(pair)).length, all: pairs.size },
  };
}

const count = (marks: Uint8Array): number => marks.reduce((sum, mark) => sum + mark, 0);
