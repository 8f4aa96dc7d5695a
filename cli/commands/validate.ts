/** `zabcheck validate PATH...`: a verdict for every server's log. */
import type { EnsembleMachine } from '../../traces/machine.js';
import { type ConfigFiles, withDynamic } from '../../traces/files/find-config.js';
import { sharedBy, SHARING_MAX } from '../../traces/files/discover.js';
import { InputError } from '../../traces/files/input-error.js';
import { readLayout } from '../../traces/files/read-layout.js';
import { parseDecimalInt64 } from '../../types/int64.js';
import { asSid, type Sid } from '../../types/ids.js';
import { EXIT, type ExitCode, exitCodeOf, worst } from '../exit-codes.js';
import type { Output } from '../output.js';
import { Progress } from '../progress.js';
import { ensembleResultText } from '../render/ensemble-result.js';
import { reportJson, type ValidateReport } from '../render/verdict-json.js';
import { serverText, summaryText, worstVerdict } from '../render/verdict-text.js';
import { UsageError } from '../usage-error.js';
import { checkOneExecution, executionOf, writeItf } from './itf-file.js';
import { findLogs, type InputFault, type ReadStatistics, type ServerLog } from './log-source.js';
import { withStandardInput } from './standard-input.js';
import { ensemblesOf, type EnsembleResult, gravityOfEnsemble, validateEnsemble } from './validate-ensemble.js';
import { checkReportFiles, type ReportFlags, writeReportFiles } from './report-files.js';
import { Explainer } from './explain.js';
import type { ThreadGrain } from './validate-threads.js';
import { type KnownConfig, readKnownConfig } from './known-config.js';
import { gravityOf, type ServerResult, validateServer } from './validate-server.js';

export interface ValidateFlags extends ReportFlags {
  readonly config?: string;
  readonly sid?: string;
  readonly zookeeperVersion?: string;
  /** A file that says how records are wrapped. */
  readonly layout?: string;
  readonly gaps?: boolean;
  /** Every log is judged by itself only. */
  readonly apart?: boolean;
  /** False: what diverges is not explained beyond the rule that fails. */
  readonly reasons?: boolean;
  readonly json?: boolean;
  /** Logs are judged while they grow. */
  readonly follow?: boolean;
}

export interface ValidateContext<S> {
  /** Each judges every log. At least one. */
  readonly machines: readonly EnsembleMachine<S>[];
  /** Judges every log by thread, too; absent: not asked for. */
  readonly threads?: ThreadGrain;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/**
 * Prints every result that could be reached; the exit code is the worst of them. The signal ends it: what was judged
 * by then is still told. Throws UsageError.
 */
export async function validate<S>(
  paths: readonly string[],
  flags: ValidateFlags,
  context: ValidateContext<S>,
): Promise<ExitCode> {
  const sid = flags.sid === undefined ? null : parseSid(flags.sid);
  if (flags.itf !== undefined && context.threads !== undefined) {
    throw new UsageError('--itf does not go with --grain threads: it holds no lines of connections.');
  }
  checkReportFiles(flags);
  const configs = new ConfigCache();
  const given = flags.config === undefined ? null : await configs.read(await withDynamic(flags.config));
  const layout = flags.layout === undefined ? null : await readLayout(flags.layout);
  return withStandardInput(paths, context, async (input) => {
    const started = Date.now();
    const { signal, stored, incomplete } = input;
    const { logs, faults } = await findLogs(paths, { signal, stored, sid, layout });
    if (flags.itf !== undefined) checkOneExecution(logs, flags.apart === true);
    const explainer = flags.reasons === false ? null : new Explainer(context.machines, signal);
    const run = { context, flags, configs, given, started, signal, incomplete, explainer, faults: [...faults] };
    return tell(logs, run, paths);
  });
}

async function tell<S>(logs: readonly ServerLog[], run: Run<S>, paths: readonly string[]): Promise<ExitCode> {
  const { context, flags } = run;
  const { results, left } = await judgeAll(logs, run);
  const ensembles = flags.apart === true ? [] : await judgeTogether(results, run);
  const interrupted = context.signal.aborted;
  const kinds = [...results.map(gravityOf), ...ensembles.map(gravityOfEnsemble)];
  const verdict = worstVerdict(kinds);
  const machines = context.machines.map(({ name }) => name);
  const report = { machines, verdict, interrupted, results, ensembles, faults: run.faults };
  if (flags.json === true) context.output.out(reportJson(report));
  else context.output.out(summaryText(results, ensembles, (Date.now() - run.started) / 1000));
  for (const path of writeReportFiles(flags, report)) context.output.err(`written: ${path}`);
  if (logs.length === 0 && run.faults.length === 0) context.output.err(`no log was found in ${paths.join(', ')}`);
  for (const { message } of run.faults) context.output.err(`error: ${message}`);
  if (interrupted) context.output.err(interruptionText(results, left));
  if (flags.itf !== undefined) await writeExecution(flags.itf, report, run);
  const codes = kinds.map(exitCodeOf);
  if (run.faults.length > 0) codes.push(EXIT.badInput);
  if (results.length === 0 && run.faults.length === 0) codes.push(EXIT.inconclusive);
  if (interrupted) codes.push(EXIT.interrupted);
  return worst(codes);
}

async function writeExecution<S>(path: string, { results, ensembles }: ValidateReport, run: Run<S>): Promise<void> {
  const { output, signal } = run.context;
  const execution = signal.aborted ? null : executionOf(results, ensembles);
  if (execution === null) output.err(`not written: ${path} (${signal.aborted ? 'interrupted' : 'nothing was judged'})`);
  else {
    await writeItf(path, execution, run.signal);
    output.err(`written: ${path}`);
  }
}

/** The logs that are of one ensemble, together. */
async function judgeTogether<S>(results: readonly ServerResult[], run: Run<S>): Promise<readonly EnsembleResult[]> {
  const { context, flags, signal } = run;
  const { machines, output } = context;
  const progress = new Progress(output);
  const ensembles: EnsembleResult[] = [];
  for (const parts of ensemblesOf(results)) {
    if (signal.aborted) break;
    progress.begin(`ensemble of ${parts.length}`);
    const onBytes = (bytes: number): void => progress.add(bytes);
    const judged = await validateEnsemble(parts, { machines, gaps: flags.gaps === true, onBytes, signal });
    const materials = parts.map(({ material }) => material);
    const result = { ...judged, reasons: (await run.explainer?.ofEnsemble(judged, materials)) ?? null };
    progress.end();
    ensembles.push(result);
    if (flags.json !== true) output.out(ensembleResultText(result, output.colors));
  }
  return ensembles;
}

function interruptionText(results: readonly ServerResult[], left: number): string {
  const begun = results.filter((result) => result.interrupted).length;
  const whole = results.length - begun;
  return `interrupted: ${whole} server ${whole === 1 ? 'log' : 'logs'} judged, ${begun} in part, ${left} not at all`;
}

interface Run<S> {
  readonly context: ValidateContext<S>;
  readonly flags: ValidateFlags;
  readonly configs: ConfigCache;
  readonly given: KnownConfig | null;
  /** When, in milliseconds of the clock. */
  readonly started: number;
  /** Ends the judging. */
  readonly signal: AbortSignal;
  /** Standard input did not come to its end. */
  readonly incomplete: boolean;
  /** Null: nobody asked for reasons. */
  readonly explainer: Explainer<S> | null;
  readonly faults: InputFault[];
}

interface Judged {
  readonly results: readonly ServerResult[];
  /** So many logs were left when the signal came. */
  readonly left: number;
}

async function judgeAll<S>(logs: readonly ServerLog[], run: Run<S>): Promise<Judged> {
  const { context, flags, given } = run;
  const progress = new Progress(context.output);
  const results: ServerResult[] = [];
  const queue = [...logs];
  for (let log = queue.shift(); log !== undefined; log = queue.shift()) {
    if (run.signal.aborted) return { results, left: queue.length + 1 };
    progress.begin(log.label);
    try {
      const config = given ?? (log.config === null ? null : await run.configs.read(log.config));
      const judged = await validateServer(context.machines, log, {
        config,
        release: flags.zookeeperVersion ?? null,
        gaps: flags.gaps === true,
        threads: context.threads ?? null,
        onBytes: (bytes) => progress.add(bytes),
        signal: run.signal,
        incomplete: run.incomplete && log.storedAt !== null,
      });
      const logsInstead = splitByServers(log, judged.statistics);
      if (logsInstead.length > 0) {
        progress.end();
        queue.unshift(...logsInstead);
        continue;
      }
      const result = { ...judged, reasons: (await run.explainer?.ofServer(judged)) ?? null };
      progress.end();
      results.push(result);
      if (flags.json !== true) context.output.out(serverText(result, context.output.colors));
    } catch (error) {
      progress.end();
      if (!(error instanceof InputError)) throw error;
      const { path, message } = error;
      // Every server of a shared file meets what is wrong with it.
      if (!run.faults.some((fault) => fault.message === message)) run.faults.push({ path, message });
    }
  }
  return { results, left: 0 };
}

/**
 * A log that turned out to hold lines of servers that its beginning did not show: the logs that it is, all to be
 * judged anew. None if it was taken rightly.
 */
function splitByServers(log: ServerLog, { foreignSids, anonymous }: ReadStatistics): readonly ServerLog[] {
  if (log.shared || foreignSids.size === 0) return [];
  if (log.sidFrom !== 'content') return anonymous > 0 ? [{ ...log, shared: true }] : [];
  const own = log.sid === null ? [] : [log.sid];
  const sids = [...own, ...foreignSids].sort((a, b) => (a < b ? -1 : 1));
  if (sids.length > SHARING_MAX) return [{ ...log, sid: null, sidFrom: null, shared: true }];
  return sids.map((sid) => sharedBy(sid, log));
}

/** Configurations, each read once. */
class ConfigCache {
  readonly #read = new Map<string, KnownConfig>();

  /** Throws InputError that names file and line. */
  async read(files: ConfigFiles): Promise<KnownConfig> {
    const known = this.#read.get(files.configFile);
    if (known !== undefined) return known;
    const config = await readKnownConfig(files);
    this.#read.set(files.configFile, config);
    return config;
  }
}

/** Throws UsageError. */
export function parseSid(text: string): Sid {
  const parsed = parseDecimalInt64(text);
  if (!parsed.ok) throw new UsageError(`--sid: ${parsed.error}`);
  return asSid(parsed.value);
}
