/** `zabcheck check [model]`: explores every reachable state of a finite model. */
import { writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { makeRng } from '../../base/rng.js';
import { OwnCrew } from '../../checker/crew.js';
import { randomWalks } from '../../checker/random-walk.js';
import { type Progress, search, type SearchResult } from '../../checker/search.js';
import { itfOf, mermaidOf, storyOf } from '../../checker/story.js';
import type { System } from '../../checker/system.js';
import { validateTrace } from '../../checker/validate-trace.js';
import { isModelName, type ModelChoice, parseChoice, systemOf } from '../../models/models.js';
import type { LiveFlags } from '../check/live.js';
import { CheckProgress } from '../check/progress.js';
import { checkJson, type CheckReport, checkText } from '../check/report.js';
import { printCheckToken } from '../check/token.js';
import { namedModel } from '../check/manifest.js';
import { bodyToResume, demandSame, type KeepFlags, type KeptRun, keptRun } from '../check/kept-run.js';
import { Pauses } from '../check/pauses.js';
import { ThreadCrew } from '../check/thread-crew.js';
import { BOUND_FLAGS } from '../check/bound-flags.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage-error.js';

export interface CheckFlags extends KeepFlags, Readonly<Record<string, unknown>> {
  readonly property?: readonly string[];
  readonly workers: string;
  readonly maxMemory: string;
  readonly maxDepth?: string;
  readonly walks: string;
  readonly steps: string;
  readonly seed: string;
  readonly json?: true;
  readonly liveness?: string;
  readonly without?: string;
  readonly mermaid?: string;
  readonly itf?: string;
}

const DEFAULT_MODEL = 'spec';

export interface CheckContext {
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** `name`: absent, the model of what is resumed, or the default. 0 holds, 1 violated, 2 bad usage, 3 a bound, 130 interrupted. Throws UsageError. */
export async function check(
  name: string | undefined,
  flags: CheckFlags,
  { output, signal }: CheckContext,
): Promise<ExitCode> {
  const body = bodyToResume(flags);
  const choice = body === null ? choiceOf(name ?? DEFAULT_MODEL, flags) : choiceResumed(name, flags, body.choice);
  const system = systemOf(choice);
  demandProperties(system, choice);
  const live = body === null ? liveFlagsOf(name, flags) : null;
  if (live !== null) return (await import('../check/live.js')).checkLiveness(choice, live, { output, signal });
  if (flags.search === 'random') return walk({ choice, system }, flags, { output, signal });
  const started = performance.now();
  const kept = keptRun(flags, choice, body, output);
  const first = await explore({ choice, system, kept }, flags, { output, signal }).finally(() => kept.end());
  const { workers, longestPauseMs } = first;
  let { result } = first;
  if (result.untold.length > 0) {
    output.err(`violated: ${result.untold.join(', ')}; searching again with rows kept, for the path`);
    const again = await explore({ choice, system }, { ...flags, fingerprint: undefined }, { output, signal });
    if (again.result.counterexample !== null) ({ result } = again);
  }
  const seconds = (performance.now() - started) / 1000;
  const token = tokenOf(choice, result);
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  const report: CheckReport = { choice, system, result, seconds, workers, peakMb, longestPauseMs, token };
  output.out(flags.json === true ? checkJson(report) : checkText(report, output));
  writeTraces(system, result, flags);
  if (result.interrupted) return EXIT.interrupted;
  return { holds: EXIT.accepted, violated: EXIT.diverged, inconclusive: EXIT.inconclusive }[result.verdict];
}

interface Chosen {
  readonly choice: ModelChoice;
  readonly system: System;
  readonly kept?: KeptRun;
}

async function explore(
  { choice, system, kept }: Chosen,
  flags: CheckFlags,
  { output, signal }: CheckContext,
): Promise<{ readonly workers: number; readonly result: SearchResult; readonly longestPauseMs: number }> {
  const order = orderOf(flags.search);
  if (order === 'depth' && flags.fingerprint === true)
    throw new UsageError('--fingerprint goes with --search breadth.');
  // One state at a time leaves nothing to share.
  const workers = order === 'depth' ? 0 : numberOf('--workers', flags.workers, { least: 0, most: 64 });
  const maxBytes = maxBytesOf(flags);
  const maxDepth =
    flags.maxDepth === undefined ? {} : { maxDepth: numberOf('--max-depth', flags.maxDepth, { least: 1, most: 1e6 }) };
  const kinds = new Set(system.slots.map(({ kind }) => kind)).size;
  const crew =
    workers === 0 ? new OwnCrew(system, () => setImmediate()) : new ThreadCrew({ choice, size: workers, kinds });
  const progress = new CheckProgress(output, system.name);
  const pauses = new Pauses();
  const watch = (look: () => Progress, generated: () => number): void => {
    progress.begin(look);
    pauses.begin(generated);
  };
  const options = {
    maxBytes,
    ...maxDepth,
    order,
    fingerprints: flags.fingerprint === true,
    signal,
    watch,
    explored: () => pauses.end(),
    checkpoints: kept?.checkpoints,
    resumed: kept?.resumed,
  };
  const searched = search(system, crew, options).catch((error: unknown) => {
    // Too little memory for what was kept, and nothing else.
    throw kept?.resumed !== undefined && error instanceof RangeError
      ? new UsageError(`--max-memory ${flags.maxMemory}: ${error.message}.`)
      : error;
  });
  const result = await searched.finally(() => {
    progress.end();
    pauses.end();
  });
  return { workers, result, longestPauseMs: pauses.longestMs };
}

/** What is asked of the end; null: nothing. */
function liveFlagsOf(name: string | undefined, flags: CheckFlags): LiveFlags | null {
  const named = name === undefined ? null : namedModel(name);
  const { liveness = named?.liveness, without = named?.without ?? '', checkpoint, json } = flags;
  if (liveness === undefined) {
    if (flags.without !== undefined) throw new UsageError('--without goes with --liveness.');
    return null;
  }
  if (checkpoint !== undefined) throw new UsageError('--checkpoint keeps no run of --liveness.');
  return { liveness, without, maxBytes: maxBytesOf(flags), json: json === true };
}

function maxBytesOf({ maxMemory }: CheckFlags): number {
  return numberOf('--max-memory', maxMemory, { least: 1, most: 1 << 20 }) * 2 ** 20;
}

function orderOf(text: string): 'breadth' | 'depth' {
  if (text === 'breadth' || text === 'depth') return text;
  throw new UsageError(`--search is breadth, depth or random, not "${text}".`);
}

/** Random walks: what they do not find may be there all the same, so they never hold. */
async function walk(
  { choice, system }: Chosen,
  flags: CheckFlags,
  { output, signal }: CheckContext,
): Promise<ExitCode> {
  const walks = numberOf('--walks', flags.walks, { least: 1, most: 9_999_999 });
  const steps = numberOf('--steps', flags.steps, { least: 1, most: 1_000_000 });
  const rng = makeRng(numberOf('--seed', flags.seed, { least: 0, most: 9_999_999 }));
  let result = randomWalks(system, { rng, walks: 0, steps });
  let [done, taken] = [0, 0];
  for (; done < walks && result.counterexample === null && !signal.aborted; done += 1) {
    result = randomWalks(system, { rng, walks: 1, steps });
    taken += result.steps;
    if (done % 16 === 0) await setImmediate();
  }
  const told = `${done} random walks, ${taken} steps`;
  if (result.counterexample === null) {
    output.out(`inconclusive  ${system.name}\n    ${told}, no violation met: what was not walked was not seen`);
    return signal.aborted ? EXIT.interrupted : EXIT.inconclusive;
  }
  output.out(`violated  ${system.name}\n    ${told}\n\n${storyOf(system, result.counterexample)}`);
  output.out(`\nReplay: zabcheck replay ${printCheckToken(choice, result.counterexample)}`);
  return EXIT.diverged;
}

/** The model of what is resumed; if one is named beside it, it must be the same. */
function choiceResumed(name: string | undefined, flags: CheckFlags, kept: ModelChoice): ModelChoice {
  const isAsked = name !== undefined || flags.property !== undefined || BOUND_FLAGS.some((flag) => flag in flags);
  if (isAsked) demandSame(flags.resume ?? '', kept, choiceOf(name ?? kept.model, flags));
  return kept;
}

/** A named model of the manifest, or a model by itself; flags change its bounds. */
function choiceOf(name: string, flags: CheckFlags): ModelChoice {
  const named = namedModel(name);
  const model = named?.model ?? name;
  if (!isModelName(model)) throw new UsageError(`there is no model "${name}"; \`zabcheck models\` lists them.`);
  const given = Object.fromEntries(
    BOUND_FLAGS.map((flag) => [flag, flags[flag] as string | undefined]).filter(([, text]) => text !== undefined),
  );
  const choice = parseChoice(model, { ...named?.bounds, ...given }, flags.property ?? null);
  if (!choice.ok) throw new UsageError(`${choice.error}.`);
  return choice.value;
}

/** A property that nobody checks must not look as if it held. */
function demandProperties(system: System, { model, bounds, properties }: ModelChoice): void {
  if (properties === null) return;
  const all = systemOf({ model, bounds, properties: null });
  const known = [
    ...all.properties.map(({ name }) => name),
    ...(all.stepProperties ?? []),
    ...(all.mayEnd ? ['deadlock'] : []),
  ];
  const wrong = properties.find((name) => !known.includes(name));
  if (wrong !== undefined)
    throw new UsageError(`${system.name} has no property "${wrong}"; it has: ${known.join(', ')}.`);
}

function numberOf(
  flag: string,
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${flag} is a number from ${least} to ${most}, not "${text}".`);
}

/** The counterexample is checked once more, by code that searches nothing. */
function tokenOf(choice: ModelChoice, { counterexample }: SearchResult): string | null {
  if (counterexample === null) return null;
  const wrong = validateTrace(systemOf(choice), counterexample);
  if (wrong !== null) throw new Error(`internal error: the counterexample does not stand: ${wrong}`);
  return printCheckToken(choice, counterexample);
}

function writeTraces(system: System, { counterexample }: SearchResult, { mermaid, itf }: CheckFlags): void {
  for (const file of [mermaid, itf]) {
    if (file === undefined || counterexample === null) continue;
    const text =
      file === mermaid ? mermaidOf(counterexample) : `${JSON.stringify(itfOf(system, counterexample), null, 2)}\n`;
    try {
      writeFileSync(file, text);
    } catch (error) {
      throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
}
