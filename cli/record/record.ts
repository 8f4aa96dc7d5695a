/** `zabcheck record SCENARIO`: logs and truth of an election of real ZooKeeper servers. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from '../usage-error.js';
import { cleanLog } from './clean-log.js';
import { Ensemble, type Mode } from './ensemble.js';
import { findRuntime, type Runtime } from './java.js';
import { type Scenario, type ScenarioStep, SCENARIOS } from './scenario.js';

export { SCENARIOS } from './scenario.js';

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

/** One picture of the ensemble, as its servers themselves report it. */
export interface ElectionTruth {
  readonly after: string;
  readonly leader: string;
  readonly followers: readonly string[];
  readonly observers: readonly string[];
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
  if (existsSync(options.out) && readdirSync(options.out).length > 0) {
    throw new UsageError(`--out ${options.out}: the folder is not empty.`);
  }
  const runtime = findRuntime(options.zookeeper);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptRecording(scenario, runtime, options);
    } catch (error) {
      if (!(error instanceof OtherOutcome) || attempt === ATTEMPTS_MAX) throw error;
      options.onProgress(`${error.message}; recording again (${attempt + 1} of ${ATTEMPTS_MAX})`);
    }
  }
}

async function attemptRecording(
  scenario: Scenario,
  runtime: Runtime,
  options: RecordOptions,
): Promise<readonly ElectionTruth[]> {
  const folder = mkdtempSync(join(tmpdir(), 'zabcheck-record-'));
  let ensemble: Ensemble | null = null;
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
    rmSync(folder, { recursive: true, force: true });
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
    case 'expect': {
      const picture = await awaitPicture(ensemble, step.running, signal);
      if (step.leader !== undefined && picture.leader !== String(step.leader)) {
        throw new OtherOutcome(`Server${picture.leader} leads where the scenario needs Server${step.leader}`);
      }
      await delay(SETTLE_MS, undefined, { signal });
      return picture;
    }
  }
}

async function awaitPicture(ensemble: Ensemble, running: readonly number[], signal: AbortSignal): Promise<Picture> {
  const deadline = Date.now() + EXPECT_MS;
  for (;;) {
    if (ensemble.fault !== null) throw new UsageError(`the recording failed: ${ensemble.fault}.`);
    const modes = await Promise.all(running.map(async (sid) => [sid, await ensemble.mode(sid)] as const));
    const picture = pictureOf(modes);
    if (picture !== null) return picture;
    if (Date.now() > deadline) {
      const told = modes.map(([sid, mode]) => `Server${sid} ${mode ?? 'does not serve'}`).join(', ');
      throw new UsageError(`the recording failed: no leader with all others after ${EXPECT_MS / 1000} s (${told}).`);
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

/** Null unless every server has a role and exactly one leads. */
export function pictureOf(modes: readonly (readonly [number, Mode | null])[]): Picture | null {
  const of = (mode: Mode): string[] => modes.filter(([, is]) => is === mode).map(([sid]) => String(sid));
  const [leader, ...others] = of('leader');
  if (leader === undefined || others.length > 0 || modes.some(([, mode]) => mode === null)) return null;
  return { leader, followers: of('follower'), observers: of('observer') };
}

interface Recording {
  readonly scenario: Scenario;
  readonly runtime: Runtime;
  readonly ensemble: Ensemble;
  readonly folder: string;
  readonly truth: readonly ElectionTruth[];
  readonly done: readonly string[];
  readonly out: string;
}

function publish({ scenario, runtime, ensemble, folder, truth, done, out }: Recording): void {
  const machine = { folder, hostNames: [hostname()] };
  let release = 'unknown';
  for (const level of ['info', 'debug'] as const) {
    mkdirSync(join(out, level), { recursive: true });
    for (const sid of ensemble.ports.keys()) {
      const text = cleanLog(readFileSync(ensemble.logFile(sid, level), 'utf8'), machine);
      release = /zookeeper\.version=([\d.]+)/.exec(text)?.[1] ?? release;
      writeFileSync(join(out, level, `server-${sid}.log`), text);
    }
  }
  writeFileSync(join(out, 'zoo.cfg'), ensemble.common);
  const servers = [...ensemble.ports.keys()].map((sid) => ({
    sid: String(sid),
    type: scenario.observers.includes(sid) ? 'observer' : 'participant',
  }));
  const document = {
    schema: 'zabcheck.truth/1',
    scenario: scenario.name,
    sentence: scenario.sentence,
    zookeeper: release,
    java: runtime.java,
    recordedOn: new Date().toISOString().slice(0, 10),
    servers,
    script: done,
    elections: truth,
  };
  writeFileSync(join(out, 'truth.json'), `${JSON.stringify(document, null, 2)}\n`);
}
