/** The suite that others run in their own tests: any framework, one call. */
import { makeRng } from '../../base/rng.js';
import type { Subject } from '../conformance/peer.js';
import { Fuzzer, type FuzzOptions } from './fuzz.js';
import { FAULTS } from './faults.js';
import type { Script } from './script.js';
import { ANY_SETUP, randomSetup, setupsOf, type SetupStyle } from './setups.js';
import { shrinkScript } from './shrink.js';
import { tellScript } from './tell.js';
import type { WalkStyle } from './walk.js';
import { watchProperties } from './watch.js';

export const DEFAULT_WALK: WalkStyle = {
  fault: 0.06,
  faults: FAULTS,
  impatience: 0.02,
  workerShare: 0.5,
  stalled: null,
  leave: 0.01,
  queueLengthMax: 6,
};

export interface SuiteOptions {
  /** Default 1. */
  readonly seed?: number;
  /** Runs of up to `stepsPerRun` steps; default 500. */
  readonly runs?: number;
  /** Default 400. */
  readonly stepsPerRun?: number;
  readonly setups?: SetupStyle;
  /** Whose election is asked for, 3.4.6 to 3.10; default 3.8. The subject is told it, and the specification is of it. */
  readonly release?: string;
  readonly walk?: WalkStyle;
  /** Asked while shrinking: true ends it with what was found so far. Default: never. */
  readonly expired?: () => boolean;
}

/** Failing: the script, shrunk, and its story. */
export class SubjectFailure extends Error {
  override readonly name = 'SubjectFailure';
  readonly script: Script;

  constructor(message: string, script: Script) {
    super(message);
    this.script = script;
  }
}

/**
 * Drives ensembles of the subject against the specification. Throws `SubjectFailure` with the shrunk story;
 * returns how many steps were taken and how often each action and case occurred.
 */
export function checkSubject(
  subject: Subject,
  options: SuiteOptions = {},
): { readonly steps: number; readonly coverage: ReadonlyMap<string, number> } {
  const fuzzer = new Fuzzer(fuzzOptions(subject, options));
  const runs = options.runs ?? 500;
  for (let run = 0; run < runs; run++) {
    const failure = fuzzer.run(run);
    if (failure === null) continue;
    const { expired = () => false } = options;
    const { script } = shrinkScript(subject, failure.script, { makeWatch: watchProperties, expired });
    throw new SubjectFailure(tellScript(subject, script, { makeWatch: watchProperties }).text, script);
  }
  return { steps: fuzzer.steps, coverage: fuzzer.coverage };
}

/** The options of a fuzzer with everything watched. */
export function fuzzOptions(subject: Subject, options: SuiteOptions): FuzzOptions {
  const { release, setups = ANY_SETUP } = options;
  return {
    subject,
    seed: options.seed ?? 1,
    setups: release === undefined ? setups : setupsOf(release, setups),
    walk: options.walk ?? DEFAULT_WALK,
    stepsPerRun: options.stepsPerRun ?? 400,
    makeWatch: watchProperties,
  };
}

/** One random ensemble of any kind. */
export function setupFromSeed(seed: number, style: SetupStyle = ANY_SETUP): Script['setup'] {
  return randomSetup(makeRng(seed), style);
}
