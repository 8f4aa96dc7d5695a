/** `zabcheck validate PATH...`: a verdict for every server's log. */
import type { Machine } from '../../traces/machine.js';
import { type ConfigFiles, readConfig, withDynamic } from '../../traces/files/find-config.js';
import { InputError } from '../../traces/files/input-error.js';
import { parseDecimalInt64 } from '../../types/int64.js';
import { asSid, type Sid } from '../../types/ids.js';
import { EXIT, type ExitCode, exitCodeOf, worst } from '../exit-codes.js';
import type { Output } from '../output.js';
import { Progress } from '../progress.js';
import { reportJson } from '../render/verdict-json.js';
import { serverText, summaryText, worstVerdict } from '../render/verdict-text.js';
import { UsageError } from '../usage-error.js';
import { findLogs, type InputFault, type ServerLog } from './log-source.js';
import { gravityOf, type KnownConfig, type ServerResult, validateServer } from './validate-server.js';

export interface ValidateFlags {
  readonly config?: string;
  readonly sid?: string;
  readonly zookeeperVersion?: string;
  readonly gaps?: boolean;
  readonly json?: boolean;
}

export interface ValidateContext<S> {
  /** Each judges every log. At least one. */
  readonly machines: readonly Machine<S>[];
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Prints every result that could be reached; the exit code is the worst of them. Throws UsageError. */
export async function validate<S>(
  paths: readonly string[],
  flags: ValidateFlags,
  context: ValidateContext<S>,
): Promise<ExitCode> {
  const started = Date.now();
  const sid = flags.sid === undefined ? null : parseSid(flags.sid);
  const configs = new ConfigCache();
  const given = flags.config === undefined ? null : await configs.read(await withDynamic(flags.config));
  const { logs, faults } = await findLogs(paths, sid);
  const run = { context, flags, configs, given, faults: [...faults] };
  const results = await judgeAll(logs, run);
  const verdict = worstVerdict(results.map(gravityOf));
  if (flags.json === true) {
    const machines = context.machines.map(({ name }) => name);
    context.output.out(reportJson({ machines, verdict, results, faults: run.faults }));
  } else context.output.out(summaryText(results, (Date.now() - started) / 1000));
  if (logs.length === 0 && faults.length === 0) context.output.err(`no log was found in ${paths.join(', ')}`);
  for (const { message } of run.faults) context.output.err(`error: ${message}`);
  const codes = results.map((result) => exitCodeOf(gravityOf(result)));
  if (run.faults.length > 0) codes.push(EXIT.badInput);
  if (results.length === 0 && run.faults.length === 0) codes.push(EXIT.inconclusive);
  if (context.signal.aborted) codes.push(EXIT.interrupted);
  return worst(codes);
}

interface Run<S> {
  readonly context: ValidateContext<S>;
  readonly flags: ValidateFlags;
  readonly configs: ConfigCache;
  readonly given: KnownConfig | null;
  readonly faults: InputFault[];
}

async function judgeAll<S>(logs: readonly ServerLog[], run: Run<S>): Promise<readonly ServerResult[]> {
  const { context, flags, given } = run;
  const progress = new Progress(context.output);
  const results: ServerResult[] = [];
  for (const log of logs) {
    if (context.signal.aborted) break;
    progress.begin(log.label);
    try {
      const config = given ?? (log.config === null ? null : await run.configs.read(log.config));
      const result = await validateServer(context.machines, log, {
        config,
        release: flags.zookeeperVersion ?? null,
        gaps: flags.gaps === true,
        onBytes: (bytes) => progress.add(bytes),
        signal: context.signal,
      });
      if (context.signal.aborted) break;
      results.push(result);
      progress.end();
      if (flags.json !== true) context.output.out(serverText(result, context.output.colors));
    } catch (error) {
      progress.end();
      if (!(error instanceof InputError)) throw error;
      run.faults.push({ path: error.path, message: error.message });
    }
  }
  return results;
}

/** Configurations, each read once. */
class ConfigCache {
  readonly #read = new Map<string, KnownConfig>();

  /** Throws InputError that names file and line. */
  async read(files: ConfigFiles): Promise<KnownConfig> {
    const known = this.#read.get(files.configFile);
    if (known !== undefined) return known;
    const parsed = await readConfig(files);
    if (!parsed.ok) throw new InputError(parsed.error.file, parsed.error.message);
    const config = { ensemble: parsed.value.ensemble, source: files.configFile };
    this.#read.set(files.configFile, config);
    return config;
  }
}

function parseSid(text: string): Sid {
  const parsed = parseDecimalInt64(text);
  if (!parsed.ok) throw new UsageError(`--sid: ${parsed.error}`);
  return asSid(parsed.value);
}
