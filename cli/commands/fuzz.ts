/** `zabcheck fuzz`: ensembles of a subject, driven at random against the specification, until one fails. */
import { FAULTS, type FaultName } from '../../models/fuzz/faults.js';
import { execOf, quoted } from '../exec/flags.js';
import type { FuzzOrder, Report, Tally } from '../fuzz/messages.js';
import { describeCoverage } from '../fuzz/coverage.js';
import { writeFailure } from '../fuzz/failure-files.js';
import { parseDuration, parseRange } from '../fuzz/flags.js';
import { runWorker } from '../fuzz/run-worker.js';
import { scriptOfRun } from '../fuzz/script-of-run.js';
import { printToken } from '../fuzz/token.js';
import { parseScript } from '../../models/fuzz/script-codec.js';
import { profileOfRelease } from '../../types/release.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage-error.js';

export interface FuzzFlags {
  readonly runs?: string;
  readonly for?: string;
  readonly seed?: string;
  readonly steps: string;
  readonly servers: string;
  readonly observers: string;
  readonly faults: string;
  readonly subject?: string;
  readonly exec?: string;
  readonly release?: string;
  readonly answerWithin: string;
  readonly fresh?: true;
  readonly patience: string;
  readonly out: string;
  readonly json?: boolean;
}

export interface FuzzContext {
  readonly output: Output;
  readonly signal: AbortSignal;
}

const RUNS = 1000;
const SHRINK_MS = 20_000;

/** 0: nothing failed; 1: a failure, told; 2: bad usage; 130: interrupted, with what was counted so far. */
export async function fuzz(flags: FuzzFlags, { output, signal }: FuzzContext): Promise<ExitCode> {
  const order = orderOf(flags);
  const patienceMs = parseDuration('--patience', flags.patience);
  const started = Date.now();
  const live = new LiveLine(output, started);
  const end = await runWorker(order, { signal, patienceMs, onProgress: (tally, phase) => live.show(tally, phase) });
  live.clear();
  const seconds = (Date.now() - started) / 1000;
  if (end.kind === 'unusable') throw new UsageError(end.message);
  const tally = end.kind === 'died' ? end.tally : 'tally' in end ? end.tally : null;
  if (flags.json !== true) {
    if (tally !== null) output.out(summary(tally, seconds, order));
    if (tally !== null && tally.steps > 0) output.out(describeCoverage(tally.coverage));
  }
  if (end.kind === 'interrupted') {
    output.err('interrupted');
    return EXIT.interrupted;
  }
  if (end.kind === 'done') {
    if (flags.json === true) output.out(JSON.stringify(asJson(end.tally, seconds, { order, failure: null })));
    return EXIT.accepted;
  }
  if (end.kind === 'replayed') throw new Error('internal error: a fuzzing worker replayed');
  const report = end.kind === 'failed' ? end.report : unshrunk(order, end);
  const script = parseScript(report.script);
  if (!script.ok) throw new Error(`internal error: ${script.error}`);
  const token = printToken(script.value);
  const files = writeFailure(flags.out, { report, token, subject: order.subject, exec: order.exec?.command ?? null });
  if (flags.json === true) {
    const failure = { ...report.violation, token, steps: report.taken, files };
    output.out(JSON.stringify(asJson(tally, seconds, { order, failure })));
  } else output.out(failureText(report, token, { files, order }));
  return EXIT.diverged;
}

/** A subject that hung or died took its thread with it: the run is made again without it, and told unshrunk. */
function unshrunk(
  order: FuzzOrder,
  end: { readonly why: string; readonly run: number; readonly step: number },
): Report {
  const { script, telling } = scriptOfRun(order, end.run, end.step);
  return {
    script,
    text: `${telling.text}\n       ${end.why}`,
    diagram: telling.diagram,
    violation: { kind: 'hung or died', sentence: end.why },
    taken: telling.taken,
    stepsBefore: null,
  };
}

function orderOf(flags: FuzzFlags): FuzzOrder {
  const seed = flags.seed === undefined ? Date.now() % 1_000_000_007 : wholeNumber('--seed', flags.seed);
  const msMax = flags.for === undefined ? null : parseDuration('--for', flags.for);
  const runsMax = flags.runs === undefined ? (msMax === null ? RUNS : null) : wholeNumber('--runs', flags.runs);
  const observersMax = wholeNumber('--observers', flags.observers);
  if (observersMax > 9) throw new UsageError('--observers: at most 9');
  const stepsPerRun = wholeNumber('--steps', flags.steps);
  return {
    kind: 'fuzz',
    subject: flags.subject ?? null,
    exec: execOf(flags),
    seed,
    release: releaseOf(flags.release),
    voters: parseRange('--servers', flags.servers, [1, 15]),
    observersMax,
    faults: faultsOf(flags.faults),
    stepsPerRun,
    runsMax,
    msMax,
    shrinkMs: SHRINK_MS,
  };
}

function releaseOf(release: string | undefined): string | null {
  if (release === undefined || profileOfRelease(release) !== null) return release ?? null;
  throw new UsageError(`--release: "${release}" is not covered; 3.4.6 to 3.10 are`);
}

const subjectFlag = ({ subject, exec }: FuzzOrder): string =>
  exec !== null ? ` --exec ${quoted(exec.command)}` : subject === null ? '' : ` --subject ${subject}`;

function wholeNumber(flag: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`${flag}: "${text}" is not a whole number`);
}

function faultsOf(text: string): readonly FaultName[] {
  if (text === 'all') return FAULTS;
  if (text === 'none') return [];
  return text.split(',').map((name) => {
    const fault = FAULTS.find((one) => one === name.trim());
    if (fault !== undefined) return fault;
    throw new UsageError(`--faults: "${name}" is none of ${FAULTS.join(', ')}, all, none`);
  });
}

function summary({ runs, steps }: Tally, seconds: number, { seed, release }: FuzzOrder): string {
  const rate = (count: number): string => Math.round(count / Math.max(seconds, 0.001)).toLocaleString('en-US');
  const of = release === null ? '' : `, release ${release}`;
  return `${runs.toLocaleString('en-US')} runs, ${steps.toLocaleString('en-US')} steps, seed ${seed}${of} (${seconds.toFixed(1)} s, ${rate(runs)} runs/s, ${rate(steps)} steps/s)`;
}

function failureText(
  report: Report,
  token: string,
  { files, order }: { readonly files: readonly string[]; readonly order: FuzzOrder },
): string {
  const { stepsBefore, taken } = report;
  const shrunk = stepsBefore === null ? `${taken} steps, not shrunk` : `${taken} steps, shrunk from ${stepsBefore}`;
  const subject = subjectFlag(order);
  return [
    '',
    `FAILED: ${report.violation?.sentence ?? 'unknown'}`,
    `(${shrunk})`,
    '',
    report.text,
    '',
    `Replay: zabcheck replay${subject} ${token}`,
    `Written: ${files.join(', ')}`,
  ].join('\n');
}

function asJson(
  tally: Tally | null,
  seconds: number,
  { order, failure }: { readonly order: FuzzOrder; readonly failure: unknown },
): unknown {
  return {
    schema: 'zabcheck.fuzz/1',
    verdict: failure === null ? 'holds' : 'violated',
    seed: order.seed,
    release: order.release,
    runs: tally?.runs ?? 0,
    steps: tally?.steps ?? 0,
    seconds: Number(seconds.toFixed(3)),
    coverage: Object.fromEntries(tally?.coverage ?? []),
    failure,
  };
}

const PLAIN_EVERY_MS = 10_000;

/** One redrawn line on a terminal, a line each ten seconds elsewhere. */
class LiveLine {
  readonly #output: Output;
  readonly #started: number;
  #last: number;
  #drawn = false;

  constructor(output: Output, started: number) {
    this.#output = output;
    this.#started = started;
    this.#last = started;
  }

  show({ runs, steps, coverage }: Tally, phase: string): void {
    const now = Date.now();
    const seconds = Math.max(0.001, (now - this.#started) / 1000);
    const text = `${phase}: ${runs} runs, ${steps} steps, ${Math.round(runs / seconds)} runs/s, ${Math.round(steps / seconds)} steps/s, ${coverage.length} actions and cases seen`;
    if (this.#output.isTty) {
      process.stderr.write(`\r\u001b[K${text}`);
      this.#drawn = true;
    } else if (now - this.#last >= PLAIN_EVERY_MS) {
      this.#last = now;
      this.#output.err(text);
    }
  }

  clear(): void {
    if (this.#drawn) process.stderr.write('\r\u001b[K');
  }
}
