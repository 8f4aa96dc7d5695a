/** `zabcheck validate --follow PATH...`: judges logs while they grow, and tells what becomes known at once. */
import { setTimeout as delay } from 'node:timers/promises';
import { withDynamic } from '../../traces/files/find-config.js';
import { InputError } from '../../traces/files/input-error.js';
import { readLayout } from '../../traces/files/read-layout.js';
import { checkReportFiles, writeReportFiles } from '../commands/report-files.js';
import { parseSid, type ValidateContext, type ValidateFlags } from '../commands/validate.js';
import { gravityOfEnsemble } from '../commands/validate-ensemble.js';
import { gravityOf } from '../commands/validate-server.js';
import { EXIT, type ExitCode, exitCodeOf, worst } from '../exit-codes.js';
import { ensembleResultText } from '../render/ensemble-result.js';
import { harmless } from '../render/harmless.js';
import type { ValidateReport } from '../render/verdict-json.js';
import { serverText, summaryText, worstVerdict } from '../render/verdict-text.js';
import { UsageError } from '../usage-error.js';
import { SourceFinder } from './find-sources.js';
import { Follower } from './follower.js';
import { isSame, LiveConfig } from './live-config.js';
import type { LiveSource } from './live-source.js';
import { ensembleEvents, errorEvent, fileEvent, serverEvents, summaryEvent } from './news-json.js';
import { ensembleNewsText, serverNewsText } from './news-text.js';

/** So often files are looked at. */
const POLL_MS = 250;
/** So often folders are searched for new files and the configuration is read again. */
const LOOK_AROUND_MS = 1000;
/** So long no log may have grown before they are judged together. */
export const STILL_MS = 2000;
/** Of the time no more than this part goes into telling what is known so far, however fast logs grow. */
const NEWS_SHARE = 0.2;

/** Ends at the signal, or when standard input ends and nothing else is followed. Throws UsageError and InputError. */
export async function follow<S>(
  paths: readonly string[],
  flags: ValidateFlags,
  context: ValidateContext<S>,
): Promise<ExitCode> {
  const sid = flags.sid === undefined ? null : parseSid(flags.sid);
  if (context.threads !== undefined) throw new UsageError('--follow does not go with --grain threads.');
  if (flags.itf !== undefined) throw new UsageError('--follow does not go with --itf: lines are not kept.');
  checkReportFiles(flags);
  const layout = flags.layout === undefined ? null : await readLayout(flags.layout);
  const given = flags.config === undefined ? null : await LiveConfig.read(await withDynamic(flags.config));
  const finder = new SourceFinder({ layout, only: sid, signal: context.signal });
  const sources = await finder.find(paths);
  const config = given ?? (await configOf(finder));
  const follower = new Follower({
    machines: context.machines,
    config,
    release: flags.zookeeperVersion ?? null,
    gaps: flags.gaps === true,
    apart: flags.apart === true,
  });
  return new Following({ finder, follower, config, flags, context }, [...sources]).run();
}

/** Who votes must be known before the first line: a log that grows does not tell it yet. */
async function configOf(finder: SourceFinder): Promise<LiveConfig> {
  const files = [...finder.configs, ...(await finder.configsAround())];
  const configs: LiveConfig[] = [];
  for (const one of files) configs.push(await LiveConfig.read(one));
  const [first, ...others] = configs;
  if (first === undefined) {
    throw new UsageError(
      'there is no zoo.cfg beside the logs: name one with --config (a log that grows does not tell yet who votes).',
    );
  }
  const other = others.find(({ ensemble }) => !isSame(ensemble, first.ensemble));
  if (other === undefined) return first;
  const both = `${first.known.source} and ${other.known.source}`;
  throw new UsageError(`${both} are of different ensembles: follow one, or name its configuration with --config.`);
}

interface Parts<S> {
  readonly finder: SourceFinder;
  readonly follower: Follower<S>;
  readonly config: LiveConfig;
  readonly flags: ValidateFlags;
  readonly context: ValidateContext<S>;
}

class Following<S> {
  readonly #parts: Parts<S>;
  readonly #sources: LiveSource[];
  readonly #started = Date.now();
  /** What cannot be followed, by path: told once, and forgotten if it can be later. */
  readonly #faults = new Map<string, string>();
  /** When a log grew last, when folders were searched last, and when news may be asked for again. */
  #grown = Date.now();
  #lookedAround = Date.now();
  #nextNews = 0;
  /** Lines came since the logs were judged together. */
  #isStill = true;

  constructor(parts: Parts<S>, sources: LiveSource[]) {
    this.#parts = parts;
    this.#sources = sources;
  }

  async run(): Promise<ExitCode> {
    const { context, finder } = this.#parts;
    const { output, signal } = context;
    for (const { path, message } of finder.faults) this.#fault(path, message);
    const count = this.#sources.length;
    if (count === 0 && !finder.isLooking) return this.#summary();
    output.err(`following ${count} ${count === 1 ? 'log' : 'logs'}; Ctrl-C ends it and tells what was judged`);
    while (!signal.aborted) {
      const more = await this.#pollAll();
      if (!more || Date.now() >= this.#nextNews) this.#tellNews();
      if (!more) await this.#restOfRound();
      if (this.#sources.length > 0 && this.#sources.every(({ isAtEnd }) => isAtEnd)) {
        this.#parts.follower.standStill();
        break;
      }
      if (!more) await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
    this.#tellNews();
    await this.#judgeTogether(new AbortController().signal);
    for (const source of this.#sources) await source.close();
    return this.#summary();
  }

  /** Is there more to be read at once? */
  async #pollAll(): Promise<boolean> {
    let more = false;
    for (const source of this.#sources) {
      try {
        const polled = await source.poll();
        if (polled.lines.length > 0 || polled.more) {
          this.#grown = Date.now();
          this.#isStill = false;
        }
        for (const text of polled.events) this.#tellFile(source.label, text);
        this.#parts.follower.take(source, polled.lines);
        more ||= polled.more;
        const { fault } = source.reader;
        if (fault === null) this.#faults.delete(source.label);
        else this.#fault(source.label, fault);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        this.#fault(source.label, error.message);
      }
    }
    return more;
  }

  async #restOfRound(): Promise<void> {
    const { finder, config, follower, context } = this.#parts;
    const now = Date.now();
    if (now - this.#lookedAround >= LOOK_AROUND_MS) {
      this.#lookedAround = now;
      this.#sources.push(...(await finder.look()));
      if (await config.refresh()) {
        this.#tellFile(config.known.source, 'has changed: what begins from here on is judged by it');
        follower.reconfigured();
      }
    }
    if (this.#isStill || now - this.#grown < STILL_MS) return;
    this.#isStill = true;
    follower.standStill();
    await this.#judgeTogether(context.signal);
  }

  #tellNews(): void {
    const { follower, context, flags } = this.#parts;
    const since = performance.now();
    for (const one of follower.news()) {
      const lines = flags.json === true ? serverEvents(one) : serverNewsText(one, context.output.colors);
      for (const line of lines) context.output.out(line);
    }
    this.#nextNews = Date.now() + (performance.now() - since) * (1 / NEWS_SHARE - 1);
  }

  async #judgeTogether(signal: AbortSignal): Promise<void> {
    const { follower, context, flags } = this.#parts;
    const news = await follower.together(signal);
    if (news === null) return;
    const lines = flags.json === true ? ensembleEvents(news) : ensembleNewsText(news, context.output.colors);
    for (const line of lines) context.output.out(line);
  }

  #tellFile(file: string, text: string): void {
    const { output } = this.#parts.context;
    if (this.#parts.flags.json === true) output.out(fileEvent(file, text));
    else output.err(`${harmless(file)}: ${text}`);
  }

  #fault(path: string, message: string): void {
    if (this.#faults.get(path) === message) return;
    this.#faults.set(path, message);
    const { output } = this.#parts.context;
    if (this.#parts.flags.json === true) output.out(errorEvent(path, message));
    output.err(`error: ${message}`);
  }

  #summary(): ExitCode {
    const { follower, flags, context } = this.#parts;
    const { output, machines } = context;
    const results = follower.results();
    const ensembles = follower.ensembles();
    const kinds = [...results.map(gravityOf), ...ensembles.map(gravityOfEnsemble)];
    const faults = [...this.#faults].map(([path, message]) => ({ path, message }));
    const names = machines.map(({ name }) => name);
    const verdict = worstVerdict(kinds);
    const report: ValidateReport = { machines: names, verdict, interrupted: false, results, ensembles, faults };
    if (flags.json === true) output.out(summaryEvent(report));
    else {
      for (const result of results) output.out(serverText(result, output.colors));
      for (const result of ensembles) output.out(ensembleResultText(result, output.colors));
      output.out(summaryText(results, ensembles, (Date.now() - this.#started) / 1000));
    }
    for (const path of writeReportFiles(flags, report)) output.err(`written: ${path}`);
    for (const source of this.#sources) {
      if (source.isInLine) output.err(`${harmless(source.label)}: its last line has not ended and was not judged`);
      if (source.attribution.isWaiting) {
        output.err(`${harmless(source.label)}: nothing says which server wrote it: name it with --sid`);
      }
    }
    const codes = kinds.map(exitCodeOf);
    if (faults.length > 0) codes.push(EXIT.badInput);
    if (kinds.length === 0) codes.push(EXIT.inconclusive);
    return worst(codes);
  }
}
