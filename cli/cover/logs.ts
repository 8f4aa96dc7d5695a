/** Recorded elections as a source of coverage: every log by itself, with all executions that explain it. */
import { setImmediate } from 'node:timers/promises';
import { Explained } from '../../models/cover/explained.js';
import { LocalView, whyNotOfModel } from '../../models/cover/local-view.js';
import type { PairFinder } from '../../models/cover/pairs.js';
import type { Rest } from '../../models/cover/rest.js';
import type { Space } from '../../models/cover/space.js';
import { Touched } from '../../models/cover/touched.js';
import type { ServerHypothesis } from '../../models/log-machine.js';
import { InputError } from '../../traces/files/input-error.js';
import { TELLING_ONLY } from '../../traces/hypothesis-sets.js';
import { LogSurvey } from '../../traces/inference.js';
import type { Ahead, EnsembleMachine } from '../../traces/machine.js';
import type { Observation } from '../../traces/observation.js';
import { ObservationWindow } from '../../traces/window.js';
import { findLogs, readServerObservations, type ServerLog } from '../commands/log-source.js';
import { readKnownConfig } from '../commands/known-config.js';

export interface LogsTouched {
  /** What every execution that explains a log touches. `runs`: logs that were followed; `steps`: their lines. */
  readonly certain: Touched;
  /** What some execution touches. */
  readonly possible: Touched;
  /** Logs that were not followed, by reason. */
  readonly left: ReadonlyMap<string, number>;
}

export interface LogsOptions {
  readonly space: Space;
  readonly rest: Rest;
  readonly finder: PairFinder;
  readonly machine: EnsembleMachine<ServerHypothesis>;
  readonly signal: AbortSignal;
  readonly onLog: (label: string) => void;
}

/** Ends at the signal with what was followed by then. Throws InputError where nothing can be read. */
export async function touchLogs(paths: readonly string[], options: LogsOptions): Promise<LogsTouched> {
  const { space, signal } = options;
  const found = { certain: new Touched(space), possible: new Touched(space), left: new Map<string, number>() };
  const { logs, faults } = await findLogs(paths, { signal, sid: null, layout: null });
  const [fault] = faults;
  if (fault !== undefined) throw new InputError(fault.path, fault.message);
  for (const log of logs) {
    if (signal.aborted) break;
    options.onLog(log.label);
    const why = await touchLog(log, options, found);
    if (why !== null) found.left.set(why, (found.left.get(why) ?? 0) + 1);
    await setImmediate();
  }
  return found;
}

/** Null, or why the log was not followed. */
async function touchLog(
  log: ServerLog,
  { space, rest, finder, machine, signal }: LogsOptions,
  found: { readonly certain: Touched; readonly possible: Touched },
): Promise<string | null> {
  if (log.sid === null) return 'nothing says whose log it is';
  if (log.config === null) return 'no configuration was found beside it';
  const config = (await readKnownConfig(log.config)).ensemble;
  const other = whyNotOfModel(space, config, null);
  if (other !== null) return other;
  const survey = new LogSurvey();
  const lines: Observation[] = [];
  for await (const batch of readServerObservations(log, { signal, onBytes: () => undefined }).batches) {
    for (const one of batch) survey.see(one);
    lines.push(...batch);
  }
  if (signal.aborted) return 'interrupted';
  const { debug, maxNotificationIntervalMs, release } = survey;
  const hints = { sid: log.sid, configs: [config], laterConfigs: [], debug, maxNotificationIntervalMs };
  const outside = new Touched(space);
  const view = new LocalView(space, rest);
  const explained = new Explained(machine, release === null ? hints : { ...hints, release }, { view, outside });
  const end = follow(explained, lines, log.sid);
  if (explained.ended !== null) return explained.ended;
  const { certain, possible } = explained.found(end);
  mark(found.certain, certain, finder, space);
  mark(found.possible, possible, finder, space);
  found.certain.join(outside);
  return null;
}

/** Gives the look ahead at the end. */
function follow(explained: Explained, lines: readonly Observation[], sid: NonNullable<ServerLog['sid']>): Ahead {
  const window = new ObservationWindow(sid);
  const judge = (): void => {
    const { oldest } = window;
    if (oldest !== undefined) explained.line(oldest, window, TELLING_ONLY.has(oldest.said.what));
    window.shift();
  };
  for (const line of lines) {
    window.push(line);
    if (window.isFull) judge();
  }
  while (window.length > 0) judge();
  return window.before;
}

function mark(touched: Touched, items: readonly string[], finder: PairFinder, space: Space): void {
  for (const item of items) {
    const [kind, text] = item.split(' ');
    const number = Number(text);
    if (kind === 'state') touched.locals.add(number);
    const step = kind === 'step' ? space.localSteps[number] : undefined;
    if (step === undefined) continue;
    touched.localSteps[number] = 1;
    for (const pair of finder.of(step)) touched.pairs.add(pair);
  }
}
