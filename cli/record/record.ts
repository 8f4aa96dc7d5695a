/** `zabcheck record SCENARIO`: logs and truth of an election of real ZooKeeper servers. */
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../usage-error.js';
import type { Mode } from './admin.js';
import { Ensemble } from './ensemble.js';
import { findRuntime, type Runtime } from './java.js';
import { type ElectionTruth, publish } from './publish.js';
import { type Scenario, type ScenarioStep, SCENARIOS } from './scenario.js';

export type { ElectionTruth } from './publish.js';
export { SCENARIOS } from './scenario.js';

/** What to record, and where to. */
export interface RecordOptions {
  readonly scenario: string;
  /** Folder for the recording; must be empty or not exist. */
  readonly out: string;
  /** An unpacked distribution; null: Debian's package. */
  readonly zookeeper: string | null;
  readonly onProgress: (line: string) => void;
  /** Stops the ensemble and leaves nothing behind. */
  readonly signal: AbortSignal;
}

/** How long a picture may take, and how long late notifications are waited for. */
const EXPECT_MS = 30_000;
const POLL_MS = 150;
const SETTLE_MS = 1500;
/** An election may legally go another way than a scenario needs: then all is done again. */
const ATTEMPTS_MAX = 3;

/** The ensemble went another way than the scenario says. */
class OtherOutcome extends Error {}

/** Throws UsageError for what the user can mend; whatever happens, no server keeps running. */
export async function record(options: RecordOptions): Promise<readonly ElectionTruth[]> {
  const scenario = SCENARIOS.find(({ name }) => name === options.scenario);
  if (scenario === undefined) {
    const known = SCENARIOS.map(({ name }) => name).join(', ');
    throw new UsageError(`there is no scenario "${options.scenario}"; there are: ${known}.`);
  }
  checkOut(options.out);
  const runtime = findRuntime(options.zookeeper);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptRecording(scenario, runtime, options);
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
function checkOut(out: string): void {
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

async function attemptRecording(
  scenario: Scenario,
  runtime: Runtime,
  options: RecordOptions,
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
      options.onProgress(stepWords(step));
      const picture = await carryOut(ensemble, step, options.signal);
      if (picture === null) done.push(stepWords(step));
      else truth.push({ after: done.at(-1) ?? 'nothing', ...picture });
    }
    await ensemble.endAll();
    publish({ scenario, runtime, ensemble, folder, truth, done, out: options.out });
    return truth;
  } finally {
    await ensemble?.endAll();
    discard();
    process.off('exit', lastResort);
  }
}

function stepWords(step: ScenarioStep): string {
  switch (step.do) {
    case 'start':
      return `start ${step.sids.map((sid) => `Server${sid}`).join(', ')}`;
    case 'crash':
      return `kill Server${step.sid} (SIGKILL)`;
    case 'stop':
      return `stop Server${step.sid} (SIGTERM)`;
    case 'expect':
      return `wait for one leader among ${step.running.map((sid) => `Server${sid}`).join(', ')}`;
  }
}

type Picture = Omit<ElectionTruth, 'after'>;
type ExpectStep = Extract<ScenarioStep, { readonly do: 'expect' }>;

async function carryOut(ensemble: Ensemble, step: ScenarioStep, signal: AbortSignal): Promise<Picture | null> {
  signal.throwIfAborted();
  switch (step.do) {
    case 'start':
      for (const sid of step.sids) ensemble.start(sid);
      return null;
    case 'crash':
    case 'stop':
      await ensemble.end(step.sid, step.do === 'crash' ? 'SIGKILL' : 'SIGTERM');
      return null;
    case 'expect':
      return awaitPicture(ensemble, step, signal);
  }
}

/** A picture counts once it still stands when late notifications have had their time. */
async function awaitPicture(ensemble: Ensemble, step: ExpectStep, signal: AbortSignal): Promise<Picture> {
  const deadline = Date.now() + EXPECT_MS;
  let held: string | null = null;
  for (;;) {
    if (ensemble.fault !== null) throw new UsageError(`the recording failed: ${ensemble.fault}`);
    const modes = await Promise.all(step.running.map(async (sid) => [sid, await ensemble.mode(sid)] as const));
    const picture = pictureOf(modes);
    if (picture !== null && step.leader !== undefined && picture.leader !== String(step.leader)) {
      throw new OtherOutcome(`Server${picture.leader} leads where the scenario needs Server${step.leader}`);
    }
    if (picture !== null && JSON.stringify(picture) === held) return picture;
    held = picture === null ? null : JSON.stringify(picture);
    if (Date.now() > deadline) {
      const told = modes.map(([sid, mode]) => `Server${sid} ${mode ?? 'does not serve'}`).join(', ');
      throw new UsageError(
        `the recording failed: no lasting leader with all others after ${EXPECT_MS / 1000} s (${told}).`,
      );
    }
    await delay(held === null ? POLL_MS : SETTLE_MS, undefined, { signal });
  }
}

/** Null unless every server has a role and exactly one leads. */
export function pictureOf(modes: readonly (readonly [number, Mode | null])[]): Picture | null {
  const of = (mode: Mode): string[] => modes.filter(([, is]) => is === mode).map(([sid]) => String(sid));
  const [leader, ...others] = of('leader');
  if (leader === undefined || others.length > 0 || modes.some(([, mode]) => mode === null)) return null;
  return { leader, followers: of('follower'), observers: of('observer') };
}
