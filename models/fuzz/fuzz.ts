/** Many random runs of a subject, counted: what `zabcheck fuzz` does, a slice at a time. */
import { makeRng, type Rng } from '../../base/rng.js';
import type { Action } from '../../spec/action.js';
import type { Sid } from '../../types/ids.js';
import type { Step } from '../../spec/next.js';
import { Conformance, ConformanceError, type Violation, type Watch } from '../conformance/conformance.js';
import type { Subject } from '../conformance/peer.js';
import { Paces } from './paces.js';
import type { Script } from './script.js';
import { randomSetup, type SetupStyle } from './setups.js';
import { chooseAction, type WalkStyle } from './walk.js';

export interface FuzzOptions {
  readonly subject: Subject;
  readonly seed: number;
  readonly setups: SetupStyle;
  readonly walk: WalkStyle;
  /** Steps of one run, at most. */
  readonly stepsPerRun: number;
  /** Made anew for each run; null: properties are not watched. */
  readonly makeWatch: ((setup: Script['setup']) => Watch) | null;
  /** Told every step, before the next: for witnesses. */
  readonly onStep?: (run: Conformance, action: Action, step: Step) => void;
  /** Told every action before it is done: what hangs or dies in it can be named. */
  readonly beforeStep?: (action: Action) => void;
}

/** A run that failed: its script ends with the failing action. */
export interface Failure {
  readonly script: Script;
  readonly violation: Violation;
}

/** How often each action, and each case of it, occurred: `Handle`, `Handle K1`. */
export type Coverage = Map<string, number>;

/** Some runs have slow worker threads, a few a server that is flooded. */
function moodOf(rng: Rng, style: WalkStyle, sids: readonly Sid[]): WalkStyle {
  const slow = rng.chance(0.3);
  const flooded = style.faults.includes('overflow') && rng.chance(0.01);
  const stalled = flooded ? (sids[rng.below(sids.length)] ?? null) : style.stalled;
  return { ...style, workerShare: slow ? 0.08 : style.workerShare, stalled };
}

/** Runs whose threads and connections are of uneven speed. */
const UNEVEN = 0.5;
/** Told apart from the seed of the run itself. */
const OF_PACES = 0x51ed270b;

/** Speeds for some runs, by a generator of their own: the others are what they are without. */
export function pacesOf(seed: number): Paces | null {
  const rng = makeRng(seed ^ OF_PACES);
  return rng.chance(UNEVEN) ? new Paces(rng) : null;
}

/** Fuzzes run by run; the same options give the same runs. */
export class Fuzzer {
  readonly coverage: Coverage = new Map();
  runs = 0;
  steps = 0;
  readonly #options: FuzzOptions;

  constructor(options: FuzzOptions) {
    this.#options = options;
  }

  /** Run `index`, whole; null if nothing failed. Each run has a seed of its own: runs can be repeated alone. */
  run(index: number): Failure | null {
    const { subject, seed, setups, walk: style, stepsPerRun, makeWatch, onStep, beforeStep } = this.#options;
    const own = Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b);
    const rng = makeRng(own);
    const setup = randomSetup(rng, setups);
    const sids = setup.servers.map(({ sid }) => sid);
    const { paces = pacesOf(own) } = style;
    const hurry = { ...moodOf(rng, style, sids), paces };
    const run = new Conformance(subject, setup, makeWatch?.(setup) ?? null);
    const actions: Action[] = [];
    this.runs += 1;
    for (let count = 0; count < stepsPerRun; count++) {
      const action = chooseAction(run.state, sids, { rng, style: hurry });
      if (action === null) break;
      actions.push(action);
      this.steps += 1;
      beforeStep?.(action);
      try {
        const step = run.step(action);
        this.#count(action, step);
        onStep?.(run, action, step);
      } catch (error) {
        if (!(error instanceof ConformanceError)) throw error;
        return { script: { setup, actions }, violation: error.violation };
      }
    }
    return null;
  }

  #count(action: Action, { cases }: Step): void {
    const { coverage } = this;
    coverage.set(action.name, (coverage.get(action.name) ?? 0) + 1);
    for (const one of cases) {
      if (one === 'plain') continue;
      const key = `${action.name} ${one}`;
      coverage.set(key, (coverage.get(key) ?? 0) + 1);
    }
    if (action.name === 'Activate') {
      const key = `Activate ${action.extent}`;
      coverage.set(key, (coverage.get(key) ?? 0) + 1);
    }
  }
}
