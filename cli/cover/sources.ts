/** The sources of coverage, one after the other: fuzz walks, scripts, logs. */
import { setImmediate } from 'node:timers/promises';
import { implSubject } from '../../models/conformance/impl-subject.js';
import { PairFinder } from '../../models/cover/pairs.js';
import type { Rest } from '../../models/cover/rest.js';
import { touchScript } from '../../models/cover/scripts.js';
import type { Space } from '../../models/cover/space.js';
import { Touched } from '../../models/cover/touched.js';
import { CoverageWalk } from '../../models/cover/walk.js';
import type { Script } from '../../models/fuzz/script.js';
import { specMachine } from '../../models/spec-machine.js';
import type { Output } from '../output.js';
import { touchLogs } from './logs.js';
import { Ticker } from './ticker.js';

export interface Wanted {
  /** Steps of the fuzz walk; 0: none. */
  readonly fuzz: number;
  readonly seed: number;
  readonly scripts: readonly Script[];
  readonly logs: readonly string[];
}

export interface Source {
  readonly name: string;
  readonly touched: Touched;
  /** Does it count among what was touched? What is only possible does not. */
  readonly counts: boolean;
  readonly left: ReadonlyMap<string, number>;
}

export interface Making {
  readonly space: Space;
  readonly rest: Rest;
  readonly output: Output;
  readonly signal: AbortSignal;
}

const STEPS_PER_RUN = 400;
const NONE: ReadonlyMap<string, number> = new Map();

/** Ends at the signal, with what was touched by then. */
export async function sourcesOf(wanted: Wanted, making: Making): Promise<readonly Source[]> {
  const sources: Source[] = [];
  if (wanted.fuzz > 0) sources.push(await fuzzed(wanted, making));
  if (wanted.scripts.length > 0) sources.push(played(wanted.scripts, making));
  if (wanted.logs.length > 0) sources.push(...(await logged(wanted.logs, making)));
  return sources;
}

async function fuzzed({ fuzz, seed }: Wanted, { space, rest, output, signal }: Making): Promise<Source> {
  const touched = new Touched(space);
  const walk = new CoverageWalk(space, touched, { subject: implSubject, seed, stepsPerRun: STEPS_PER_RUN }, rest);
  const ticker = new Ticker(output);
  for (let run = 0; touched.steps < fuzz && !signal.aborted; run += 1) {
    walk.run(run, fuzz - touched.steps);
    ticker.tell(() => `fuzz: ${touched.steps.toLocaleString('en')} steps of ${fuzz.toLocaleString('en')}`);
    await setImmediate();
  }
  ticker.end();
  return { name: `fuzz, seed ${seed}`, touched, counts: true, left: NONE };
}

function played(scripts: readonly Script[], { space, rest }: Making): Source {
  const touched = new Touched(space);
  for (const script of scripts) touchScript({ space, rest, touched, subject: implSubject }, script);
  return { name: 'scripts', touched, counts: true, left: NONE };
}

async function logged(paths: readonly string[], { space, rest, output, signal }: Making): Promise<readonly Source[]> {
  const ticker = new Ticker(output);
  const onLog = (label: string): void => ticker.tell(() => `logs: ${label}`);
  const finder = new PairFinder(space);
  const found = await touchLogs(paths, { space, rest, finder, machine: specMachine, signal, onLog });
  ticker.end();
  const { certain, possible, left } = found;
  possible.runs = certain.runs;
  possible.steps = certain.steps;
  return [
    { name: 'logs, certain', touched: certain, counts: true, left },
    { name: 'logs, possible', touched: possible, counts: false, left: NONE },
  ];
}
