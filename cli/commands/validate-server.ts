/** Judges one server's log: finds its configuration, surveys it if it must, follows it. */
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { Sid } from '../../types/ids.js';
import { LogSurvey } from '../../traces/inference.js';
import { judgeLog } from '../../traces/judge-log.js';
import type { Reasons } from '../../traces/explain/reasons.js';
import type { Hints, Machine } from '../../traces/machine.js';
import type { Observation } from '../../traces/observation.js';
import { NOTHING_JUDGED, type Verdict, type VerdictKind } from '../../traces/verdict.js';
import { SHARING_MAX } from '../../traces/files/discover.js';
import { readServerObservations, type ServerLog, type ReadStatistics } from './log-source.js';
import type { KnownConfig } from './known-config.js';
import {
  configurationWords,
  isCovered,
  withAttribution,
  withInterruption,
  withNothingRead,
  withRelease,
} from './verdict-notes.js';
import { inStep } from './validate-in-step.js';
import { judgeByThread, sparingConnections, type ThreadGrain, withThreads } from './validate-threads.js';

export interface ValidateServerOptions {
  readonly config: KnownConfig | null;
  /** What the user says the release is; else what the log says. */
  readonly release: string | null;
  readonly gaps: boolean;
  /** Judges by thread, too; null: not asked for. */
  readonly threads: ThreadGrain | null;
  /** Called now and then with the bytes read so far. */
  readonly onBytes: (bytes: number) => void;
  /** What can be read of the log is only its beginning. */
  readonly incomplete: boolean;
  readonly signal: AbortSignal;
}

/** What one machine said of a log. */
export interface MachineVerdict {
  readonly machine: string;
  readonly verdict: Verdict;
}

/** What judging this log together with others needs. */
export interface Material {
  readonly log: ServerLog;
  readonly hints: Hints;
  readonly config: EnsembleConfig | null;
}

export interface ServerResult {
  readonly sid: Sid | null;
  readonly label: string;
  readonly files: readonly string[];
  /** What the machines agree on; where they do not, the gravest of their verdicts. */
  readonly verdict: Verdict;
  /** Every machine's own verdict; none if the log could not be judged at all. */
  readonly machines: readonly MachineVerdict[];
  /** What the judgement by thread says; null: not asked for, or the log could not be judged at all. */
  readonly threads: Verdict | null;
  readonly statistics: ReadStatistics;
  readonly level: 'INFO' | 'DEBUG';
  readonly release: string;
  /** For people: voters and where they were found. */
  readonly configuration: string;
  /** The signal came before its end. */
  readonly interrupted: boolean;
  /** Null: it cannot be read again. */
  readonly log: ServerLog | null;
  /** Null: it cannot be judged together with others. */
  readonly material: Material | null;
  /** Why it diverged, beyond the rule that fails; null: it did not, or nobody asked. */
  readonly reasons: Reasons | null;
}

/** Every machine judges, in one reading of the log. Throws InputError if a file cannot be read. */
export async function validateServer<S>(
  machines: readonly Machine<S>[],
  log: ServerLog,
  options: ValidateServerOptions,
): Promise<ServerResult> {
  const { config } = options;
  const survey = new LogSurvey();
  if (log.sid === null) return unidentified(log, options);
  if (config === null) {
    for await (const batch of readServerObservations(log, options).batches) {
      for (const observation of batch) survey.see(observation);
    }
  }
  const { threads } = options;
  const source = readServerObservations(log, { ...options, connections: threads !== null });
  const watched = config === null ? source.batches : surveying(source.batches, survey);
  const judging = {
    sid: log.sid,
    config: config?.ensemble ?? null,
    survey: config === null ? survey : null,
    release: options.release,
    gaps: options.gaps,
  };
  const readers = inStep(watched, machines.length + (threads === null ? 0 : 1));
  const last = threads === null ? undefined : readers.at(-1);
  const byThread = last === undefined || threads === null ? null : judgeByThread(threads, last, { ...judging, log });
  const judged = await Promise.all(
    machines.map(async (machine, index) => {
      const batches = readers[index];
      if (batches === undefined) throw new Error('internal error: there is a reader for each machine');
      const ordinary = threads === null ? batches : sparingConnections(batches);
      return { machine: machine.name, verdict: await judgeLog(machine, ordinary, judging) };
    }),
  );
  const threadVerdict = await byThread;
  const { statistics } = source;
  const interrupted = options.incomplete || source.interrupted();
  const release = options.release ?? survey.release ?? statistics.release;
  const verdicts = judged.map(({ machine, verdict }) => {
    const read = interrupted ? withInterruption(verdict) : withNothingRead(verdict, statistics);
    return { machine, verdict: withRelease(withAttribution(read, log.sid, statistics), release) };
  });
  const ofThreads =
    threadVerdict === null ? null : withRelease(interrupted ? withInterruption(threadVerdict) : threadVerdict, release);
  return {
    sid: log.sid,
    label: log.label,
    files: log.files,
    verdict: withThreads(gravest(verdicts), ofThreads),
    machines: verdicts,
    threads: ofThreads,
    statistics,
    level: survey.debug ? 'DEBUG' : 'INFO',
    release: release ?? 'release not named (3.8 or 3.9 assumed)',
    configuration: configurationWords(config, survey.votersSeen(log.sid)),
    interrupted,
    log,
    material: isCovered(release)
      ? { log, hints: hintsOf(log.sid, config, { survey, release }), config: config?.ensemble ?? null }
      : null,
    reasons: null,
  };
}

function hintsOf(
  sid: Sid,
  config: KnownConfig | null,
  { survey, release }: { readonly survey: LogSurvey; readonly release: string | null },
): Hints {
  const configs = config === null ? survey.candidateConfigs(sid) : [config.ensemble];
  const { debug, maxNotificationIntervalMs } = survey;
  const laterConfigs = survey.candidateConfigs(sid);
  return { sid, configs, laterConfigs, debug, maxNotificationIntervalMs, ...(release === null ? {} : { release }) };
}

/** What the machines agree on; where they do not, the gravest of their verdicts. */
export function gravest(verdicts: readonly MachineVerdict[]): Verdict {
  const kinds = ['diverged', 'inconclusive', 'accepted'] as const;
  const found = kinds.map((kind) => verdicts.find(({ verdict }) => verdict.kind === kind)).find(Boolean);
  if (found === undefined) throw new Error('internal error: a log is judged by a machine');
  return found.verdict;
}

/** Do the machines tell different verdicts, lines or elections of one log? Then one of them is wrong. */
export function disagree({ machines }: ServerResult): boolean {
  const [first, ...others] = machines.map(({ verdict }) => findingOf(verdict));
  return others.some((finding) => finding !== first);
}

function findingOf({ kind, divergence, elections }: Verdict): string {
  const line = divergence === null ? '' : `${divergence.at.file}:${divergence.at.line}`;
  const roles = elections.map(({ state, leader, round, epoch }) => `${state} ${leader} ${round} ${epoch}`);
  return [kind, line, ...roles].join('\n');
}

/** What a result means for the exit code: a disagreement is never accepted. */
export function gravityOf(result: ServerResult): VerdictKind {
  const { kind } = result.verdict;
  return kind === 'accepted' && disagree(result) ? 'inconclusive' : kind;
}

async function* surveying(
  batches: AsyncIterable<readonly Observation[]>,
  survey: LogSurvey,
): AsyncGenerator<readonly Observation[]> {
  for await (const batch of batches) {
    for (const observation of batch) survey.see(observation);
    yield batch;
  }
}

/** A log that names no server cannot be judged: own notifications are the thread through it. */
async function unidentified(log: ServerLog, options: ValidateServerOptions): Promise<ServerResult> {
  const source = readServerObservations(log, options);
  let observations = 0;
  for await (const batch of source.batches) observations += batch.filter(isOfElection).length;
  const interrupted = options.incomplete || source.interrupted();
  const why = observations === 0 ? 'no line of an election was found' : nobodysWords(log);
  const verdict: Verdict = { ...NOTHING_JUDGED, kind: 'inconclusive', unjudged: observations, notes: [why] };
  return {
    sid: null,
    label: log.label,
    files: log.files,
    verdict: interrupted ? withInterruption(verdict) : withNothingRead(verdict, source.statistics),
    machines: [],
    threads: null,
    statistics: source.statistics,
    level: 'INFO',
    release: source.statistics.release ?? 'release not named',
    configuration: 'no configuration',
    interrupted,
    log,
    material: null,
    reasons: null,
  };
}

function nobodysWords({ shared }: ServerLog): string {
  if (shared) return `more than ${SHARING_MAX} servers are named in it: choose one with --sid`;
  return 'nothing says which server wrote this log: name it with --sid';
}

function isOfElection({ said }: Observation): boolean {
  return said.what !== 'seam' && said.what !== 'unreadable';
}
