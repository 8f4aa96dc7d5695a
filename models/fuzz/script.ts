/** A run written down: an ensemble and the actions that happened. It needs no seed to be played again. */
import type { Action } from '../../spec/action.js';
import type { InitialSituation as Setup } from '../../spec/init.js';
import { Conformance, ConformanceError, type Violation, type Watch } from '../conformance/conformance.js';
import type { Subject } from '../conformance/peer.js';

export interface Script {
  readonly setup: Setup;
  readonly actions: readonly Action[];
}

/** How a played script ended. */
export interface Played {
  /** The actions that were enabled in their turn; the others were left out. */
  readonly taken: readonly Action[];
  /** Null: the subject did what the specification allows, to the end. */
  readonly violation: Violation | null;
}

export interface PlayOptions {
  readonly watch?: Watch | null;
  /** Called after every step taken. */
  readonly onStep?: (run: Conformance, action: Action) => void;
}

/** Plays a script against a subject, leaving out what is not enabled, up to the first violation. */
export function playScript(subject: Subject, { setup, actions }: Script, options: PlayOptions = {}): Played {
  const run = new Conformance(subject, setup, options.watch ?? null);
  const taken: Action[] = [];
  for (const action of actions) {
    if (run.whyNot(action) !== null) continue;
    taken.push(action);
    try {
      run.step(action);
    } catch (error) {
      if (error instanceof ConformanceError) return { taken, violation: error.violation };
      throw error;
    }
    options.onStep?.(run, action);
  }
  return { taken, violation: null };
}
