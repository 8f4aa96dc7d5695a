/** Judges the log of one server from its observations, with what is known of its configuration. */
import type { EnsembleConfig } from '../types/ensemble.js';
import type { Sid } from '../types/ids.js';
import { LogSurvey } from './inference.js';
import type { Limits } from './hypothesis-sets.js';
import { DEFAULT_LIMITS, Judge } from './judge.js';
import type { Machine } from './machine.js';
import type { Observation } from './observation.js';
import type { Verdict } from './verdict.js';
import { WINDOW_OBSERVATIONS_MAX } from './window.js';

export interface JudgeLogOptions {
  readonly sid: Sid;
  /** The configuration, if it is known. */
  readonly config: EnsembleConfig | null;
  /** Without a configuration: a survey of the whole log. */
  readonly survey: LogSurvey | null;
  /** A missing line is possible: what diverges is only inconclusive. */
  readonly gaps: boolean;
  readonly limits?: Limits;
}

/** Precondition: every observation is of this server, in file order. Memory is bounded by the window. */
export async function judgeLog<S>(
  machine: Machine<S>,
  observations: AsyncIterable<readonly Observation[]>,
  options: JudgeLogOptions,
): Promise<Verdict> {
  const { sid, config, gaps } = options;
  const survey = options.survey ?? new LogSurvey();
  const surveyed = options.survey !== null;
  const first: Observation[] = [];
  let judge: Judge<S> | null = null;
  const begin = (): Judge<S> => {
    const configs = config === null ? survey.candidateConfigs(sid) : [config];
    const { debug, maxNotificationIntervalMs } = survey;
    const started = new Judge(
      machine,
      { sid, configs, debug, maxNotificationIntervalMs },
      options.limits ?? DEFAULT_LIMITS,
    );
    for (const observation of first) started.push(observation);
    return started;
  };
  for await (const batch of observations) {
    for (const observation of batch) {
      if (judge !== null) {
        judge.push(observation);
        continue;
      }
      if (!surveyed) survey.see(observation);
      first.push(observation);
      if (first.length >= WINDOW_OBSERVATIONS_MAX) judge = begin();
    }
  }
  const verdict = (judge ?? begin()).finish();
  return withAssumptions(verdict, { gaps, voters: config === null ? survey.votersSeen(sid) : null });
}

function withAssumptions(
  verdict: Verdict,
  { gaps, voters }: { readonly gaps: boolean; readonly voters: readonly Sid[] | null },
): Verdict {
  const notes = [...verdict.notes];
  if (voters !== null) {
    notes.unshift(
      `no configuration given: a majority ensemble of the voters named in the log {${voters.join(', ')}} was assumed, ` +
        'with any number of unheard voters that leaves them a majority',
    );
  }
  if (verdict.divergence === null || !gaps) return { ...verdict, notes };
  const { at, reason } = verdict.divergence;
  notes.push(`${at.file}:${at.line}: not explained (${reason}), but lines may be missing (--gaps)`);
  return { ...verdict, kind: 'inconclusive', notes };
}
