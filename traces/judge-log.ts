/** Judges the log of one server from its observations, with what is known of its configuration. */
import type { EnsembleConfig } from '../types/ensemble.js';
import type { Sid } from '../types/ids.js';
import { INFERRED_VOTERS_MAX, LogSurvey } from './inference.js';
import type { Limits } from './hypothesis-sets.js';
import { DEFAULT_LIMITS, Judge } from './judge.js';
import type { Machine } from './machine.js';
import type { Observation } from './observation.js';
import { NOTHING_JUDGED, type Verdict } from './verdict.js';
import { WINDOW_OBSERVATIONS_MAX } from './window.js';

export interface JudgeLogOptions {
  readonly sid: Sid;
  /** The configuration, if it is known. */
  readonly config: EnsembleConfig | null;
  /** Without a configuration: a survey of the whole log. */
  readonly survey: LogSurvey | null;
  /** The release, if the user says it; absent or null: what the log says. */
  readonly release?: string | null;
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
  let seen = 0;
  let crowd = false;
  const begin = (): Judge<S> | null => {
    const configs = config === null ? survey.candidateConfigs(sid) : [config];
    crowd = configs.length === 0;
    if (crowd) return null;
    const { debug, maxNotificationIntervalMs } = survey;
    const release = options.release ?? survey.release;
    const started = new Judge(
      machine,
      {
        sid,
        configs,
        laterConfigs: survey.candidateConfigs(sid),
        debug,
        maxNotificationIntervalMs,
        ...(release === null ? {} : { release }),
      },
      options.limits ?? DEFAULT_LIMITS,
    );
    for (const observation of first) started.push(observation);
    return started;
  };
  for await (const batch of observations) {
    seen += batch.length;
    for (const observation of crowd ? [] : batch) {
      if (judge !== null) {
        judge.push(observation);
        continue;
      }
      if (!surveyed) survey.see(observation);
      first.push(observation);
      if (first.length >= WINDOW_OBSERVATIONS_MAX) judge = begin();
    }
  }
  const begun = judge ?? (crowd ? null : begin());
  if (begun === null) return crowdVerdict(seen);
  const verdict = begun.finish();
  return withAssumptions(verdict, { gaps, voters: config === null ? survey.votersSeen(sid) : null });
}

function crowdVerdict(unjudged: number): Verdict {
  const note =
    `the log names more than ${INFERRED_VOTERS_MAX} voters: too many to infer the ensemble from it; ` +
    'name its configuration with --config';
  return { ...NOTHING_JUDGED, kind: 'inconclusive', unjudged, notes: [note] };
}

/** Says what the verdict rests on; if lines may be missing, a divergence proves nothing. */
export function withAssumptions(
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
