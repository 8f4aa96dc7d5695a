/** What `check --liveness` prints: for people, and as JSON. */
import type { LiveQuestion, LiveResult } from '../../checker/live/question.js';
import { storyOfLasso } from '../../checker/live/story.js';
import type { System } from '../../checker/system.js';
import { ASSUMPTIONS, type Assumption } from '../../models/election/live-assumptions.js';
import { LIVE_SENTENCES, type LiveChoice } from '../../models/election/live.js';
import type { ModelChoice } from '../../models/models.js';
import type { Output } from '../output.js';

export const LIVENESS_SCHEMA = 'zabcheck.liveness/1';

export interface LiveReport {
  readonly choice: ModelChoice;
  readonly live: LiveChoice;
  readonly system: System;
  readonly question: LiveQuestion;
  readonly result: LiveResult;
  readonly seconds: number;
  readonly peakMb: number;
}

const number = (value: number): string => value.toLocaleString('en');

function assumed({ without }: LiveChoice): readonly Assumption[] {
  return (Object.keys(ASSUMPTIONS) as Assumption[]).filter((name) => !without.includes(name));
}

export function liveText(report: LiveReport, { colors }: Output): string {
  const { live, system, question, result, seconds, peakMb } = report;
  const paint = { holds: colors.green, violated: colors.red, inconclusive: colors.yellow }[result.verdict];
  const lines = [
    `${paint(result.verdict)}  ${system.name}`,
    `    ${live.name}: ${LIVE_SENTENCES[live.name]}`,
    `    assuming ${assumed(live).join(', ') || 'nothing'}${live.without.length > 0 ? `; not assuming ${live.without.join(', ')}` : ''}`,
    `    ${number(result.distinct)} distinct states, ${number(result.transitions)} steps, depth ${result.depth}`,
    `    ${seconds.toFixed(1)} s, peak memory ${number(peakMb)} MB`,
  ];
  if (result.bound !== null) lines.push(`    ended by ${result.bound}: what lies beyond was not seen`);
  if (result.cut > 0)
    lines.push(
      `    the bound on rounds cuts off ${number(result.cut)} steps: that there is no lasso beyond is not said`,
    );
  if (result.lasso === null) return lines.join('\n');
  const { steps, loop } = result.lasso;
  const kind =
    loop === steps.length ? `${loop} steps and a standstill` : `${loop} steps and a loop of ${steps.length - loop}`;
  const how = result.isShortest ? 'no lasso has fewer' : 'whether one has fewer was not settled';
  return [...lines, '', `lasso, ${kind} (${how}):`, storyOfLasso(system, question, result.lasso)].join('\n');
}

/** One document; bigints are decimal strings. */
export function liveJson({ choice, live, system, question, result, seconds, peakMb }: LiveReport): string {
  const { lasso } = result;
  const document = {
    schema: LIVENESS_SCHEMA,
    model: choice.model,
    bounds: choice.bounds,
    liveness: live.name,
    assuming: assumed(live),
    without: live.without,
    verdict: result.verdict,
    distinct: result.distinct,
    steps: result.transitions,
    depth: result.depth,
    cut: result.cut,
    bound: result.bound,
    lasso: lasso && {
      why: lasso.why,
      steps: lasso.steps.map(({ label }) => label),
      loop: lasso.loop,
      isShortest: result.isShortest,
      story: storyOfLasso(system, question, lasso).split('\n'),
    },
    seconds,
    peakMb,
  };
  return JSON.stringify(document, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2);
}
