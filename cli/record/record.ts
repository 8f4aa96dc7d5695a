/** `zabcheck record SCENARIO`: logs and truth of an election of real ZooKeeper servers. */
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../usage-error.js';
import { carryOut, OtherOutcome } from './carry-out.js';
import { crashStorm } from './crash-storm.js';
import { Ensemble } from './ensemble.js';
import { findRuntime, type Runtime } from './java.js';
import { type ElectionTruth, publish } from './publish.js';
import { type Scenario, stepWords } from './scenario.js';
import { SCENARIOS } from './scenarios.js';

export type { ElectionTruth } from './publish.js';
export { SCENARIOS } from './scenarios.js';

/** What to record, and where to. */
export interface RecordOptions {
  readonly scenario: string;
  /** Folder for the recording; must be empty or not exist. */
  readonly out: string;
  /** An unpacked distribution; null: Debian's package. */
  readonly zookeeper: string | null;
  /** The DEBUG logs, which are three fifths of a recording, as gzip files. */
  readonly gzipDebug?: boolean;
  /** Of crash-storm only: its seed, and how long it lasts, in seconds; absent: as in `record all`. */
  readonly seed?: number;
  readonly seconds?: number;
  readonly onProgress: (line: string) => void;
  /** Stops the ensemble and leaves nothing behind. */
  readonly signal: AbortSignal;
}

/** An election may legally go another way than a scenario needs: then all is done again. */
const ATTEMPTS_MAX = 3;

/** Throws UsageError for what the user can mend; whatever happens, no server keeps running. */
export async function record(options: RecordOptions): Promise<readonly ElectionTruth[]> {
  const scenario = SCENARIOS.find(({ name }) => name === options.scenario);
  if (scenario === undefined) {
    const known = SCENARIOS.map(({ name }) => name).join(', ');
    throw new UsageError(`there is no scenario "${options.scenario}"; there are: ${known}.`);
  }
  checkOut(options.out);
  return recordInto(ofSeed(scenario, options), () => options.out, options);
}

function ofSeed(scenario: Scenario, { seed, seconds }: RecordOptions): Scenario {
  if (seed === undefined && seconds === undefined) return scenario;
  if (scenario.seed !== undefined) return crashStorm(seed ?? scenario.seed, seconds);
  throw new UsageError(`--seed and --seconds belong to crash-storm: nothing in ${scenario.name} is left to chance.`);
}

/** Where a recording goes, which depends on the release that the servers say they are. */
export type Place = (release: string) => string;

/** As `record`, wherever the place is. */
export async function recordInto(
  scenario: Scenario,
  place: Place,
  options: Omit<RecordOptions, 'scenario' | 'out'>,
): Promise<readonly ElectionTruth[]> {
  const runtime = findRuntime(options.zookeeper);
  const plan = { scenario, runtime, place };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptRecording(plan, options);
    } catch (error) {
      if (!(error instanceof OtherOutcome)) throw error;
      if (attempt === ATTEMPTS_MAX) {
        throw new UsageError(`the recording failed: ${error.message}, ${ATTEMPTS_MAX} times out of ${ATTEMPTS_MAX}.`);
      }
      options.onProgress(`${error.message}; recording again (${attempt + 1} of ${ATTEMPTS_MAX})`);
    }
  }
}

/** Before anything is started: all the rest takes seconds. */
export function checkOut(out: string): void {
  if (entriesOf(out).length > 0) throw new UsageError(`--out ${out}: the folder is not empty.`);
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new UsageError(`--out ${folder}: ${code === 'ENOTDIR' ? 'it is not a folder' : message}.`);
  }
}

interface Plan {
  readonly scenario: Scenario;
  readonly runtime: Runtime;
  readonly place: Place;
}

async function attemptRecording(
  { scenario, runtime, place }: Plan,
  { onProgress, signal, gzipDebug = false }: Pick<RecordOptions, 'onProgress' | 'signal' | 'gzipDebug'>,
): Promise<readonly ElectionTruth[]> {
  // The real path: Java writes some paths resolved, and the cleaning must know them all.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'zabcheck-record-')));
  const discard = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  let ensemble: Ensemble | null = null;
  // A second Ctrl-C, or an error nobody expected, ends this process without coming back here.
  const lastResort = (): void => {
    ensemble?.killNow();
    discard();
  };
  process.once('exit', lastResort);
  try {
    ensemble = await Ensemble.prepare(folder, runtime, scenario);
    const truth: ElectionTruth[] = [];
    const done: string[] = [];
    for (const step of scenario.steps) {
      onProgress(stepWords(step));
      const picture = await carryOut(ensemble, step, signal);
      if (picture === null) done.push(stepWords(step));
      else truth.push({ after: done.at(-1) ?? 'nothing', ...picture });
    }
    await ensemble.endAll();
    publish({ scenario, runtime, ensemble, folder, truth, done, place, gzipDebug });
    return truth;
  } finally {
    await ensemble?.endAll();
    discard();
    process.off('exit', lastResort);
  }
}
