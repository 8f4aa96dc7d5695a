/** `zabcheck check --liveness NAME`: what should happen in the end, and under which assumptions. */
import { setImmediate } from 'node:timers/promises';
import { checkLive } from '../../checker/live/check.js';
import type { GraphProgress } from '../../checker/live/graph.js';
import type { LiveQuestion, LiveResult } from '../../checker/live/question.js';
import { validateLasso } from '../../checker/live/validate-lasso.js';
import type { System } from '../../checker/system.js';
import { ASSUMPTIONS, isAssumption } from '../../models/election/live-assumptions.js';
import { isLiveName, LIVE_SENTENCES, type LiveChoice } from '../../models/election/live.js';
import { liveModelOf, type ModelChoice } from '../../models/models.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage-error.js';
import { liveJson, type LiveReport, liveText } from './live-report.js';
import { CheckProgress } from './progress.js';

export interface LiveFlags {
  readonly liveness: string;
  /** Names of assumptions, separated by commas. */
  readonly without: string;
  readonly maxBytes: number;
  readonly json: boolean;
}

export interface LiveContext {
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** 0 holds, 1 violated, 3 cut off or a bound was reached, 130 interrupted. Throws UsageError. */
export async function checkLiveness(
  choice: ModelChoice,
  flags: LiveFlags,
  { output, signal }: LiveContext,
): Promise<ExitCode> {
  const live = liveChoiceOf(flags);
  const model = liveModelOf(choice, live);
  if (model === null)
    throw new UsageError(`${choice.model} is not asked what happens in the end: spec, impl and lockstep are.`);
  const { system, question } = model;
  const started = performance.now();
  const progress = new CheckProgress(output, system.name);
  const watch = (look: () => GraphProgress): void =>
    progress.begin(() => ({ ...look(), generated: look().transitions }));
  const options = { maxBytes: flags.maxBytes, signal, pause: () => setImmediate(), watch };
  const result = await checkLive(system, question, options).finally(() => progress.end());
  demandStands(system, question, result);
  const seconds = (performance.now() - started) / 1000;
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  const report: LiveReport = { choice, live, system, question, result, seconds, peakMb };
  output.out(flags.json ? liveJson(report) : liveText(report, output));
  if (result.interrupted) return EXIT.interrupted;
  return { holds: EXIT.accepted, violated: EXIT.diverged, inconclusive: EXIT.inconclusive }[result.verdict];
}

/** The lasso is checked once more, by code that searches nothing. */
function demandStands(system: System, question: LiveQuestion, { lasso }: LiveResult): void {
  const wrong = lasso === null ? null : validateLasso(system, question, lasso);
  if (wrong !== null) throw new Error(`internal error: the lasso does not stand: ${wrong}`);
}

function liveChoiceOf({ liveness, without }: LiveFlags): LiveChoice {
  if (!isLiveName(liveness))
    throw new UsageError(`--liveness is one of ${Object.keys(LIVE_SENTENCES).join(', ')}, not "${liveness}".`);
  const names = without === '' ? [] : without.split(',');
  const wrong = names.find((name) => !isAssumption(name));
  if (wrong !== undefined)
    throw new UsageError(`--without names assumptions: ${Object.keys(ASSUMPTIONS).join(', ')}; not "${wrong}".`);
  return { name: liveness, without: names.filter(isAssumption) };
}
