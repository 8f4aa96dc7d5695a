/** What `check` prints at the end: for people, and as JSON. */
import type { SearchResult } from '../../checker/search.js';
import { DEADLOCK } from '../../checker/result.js';
import { storyOf } from '../../checker/story.js';
import type { System } from '../../checker/system.js';
import type { ModelChoice } from '../../models/models.js';
import type { Output } from '../output.js';

export const CHECK_SCHEMA = 'zabcheck.check/1';

export interface CheckReport {
  readonly choice: ModelChoice;
  readonly system: System;
  readonly result: SearchResult;
  readonly seconds: number;
  readonly workers: number;
  readonly peakMb: number;
  /** In which no state was expanded. */
  readonly longestPauseMs: number;
  readonly token: string | null;
}

const number = (value: number): string => value.toLocaleString('en');

/** Property by property is not told: what was violated, or that nothing was. */
export function checkText(
  { system, result, seconds, workers, peakMb, longestPauseMs, token }: CheckReport,
  { colors }: Output,
): string {
  const paint = { holds: colors.green, violated: colors.red, inconclusive: colors.yellow }[result.verdict];
  const lines = [`${paint(result.verdict)}  ${system.name}`];
  lines.push(
    `    ${number(result.distinct)} distinct states, ${number(result.generated)} generated, depth ${result.depth}`,
    `    ${seconds.toFixed(1)} s with ${workers} ${workers === 1 ? 'worker' : 'workers'}, ${number(Math.round(result.generated / seconds))} generated a second, ${result.bytesPerState.toFixed(1)} bytes a state, peak memory ${number(peakMb)} MB, longest pause ${(longestPauseMs / 1000).toFixed(2)} s`,
    `    properties: ${propertiesOf(system).join(', ') || 'none'}`,
    `    actions: ${actionWords(result)}`,
  );
  if (result.collisions !== null) {
    const { calculated, actual } = result.collisions;
    lines.push(
      `    a state was taken for another with probability ${calculated.toExponential(1)} (calculated, optimistic), ${actual.toExponential(1)} (by the fingerprints)`,
    );
  }
  for (const name of result.untold)
    lines.push(`violated: ${name}, at depth ${result.depth}; its path needs more memory than there is`);
  if (result.bound !== null) lines.push(`    ended by ${result.bound}: what lies beyond was not seen`);
  for (const [name, reached] of Object.entries(result.reached)) {
    if (!reached && result.verdict !== 'violated') lines.push(`    not reached so far: ${name}`);
  }
  for (const name of result.unreached) lines.push(`violated: no state was reached in which "${name}" holds`);
  if (result.counterexample !== null) {
    const { steps } = result.counterexample;
    lines.push(
      '',
      `counterexample, ${steps.length} steps (no shorter one exists):`,
      storyOf(system, result.counterexample),
    );
    if (token !== null) lines.push('', `Replay: zabcheck replay ${token}`);
  }
  return lines.join('\n');
}

function propertiesOf(system: System): readonly string[] {
  const names = system.properties.map(({ name, kind }) => (kind === 'reachable' ? `${name} (reachable)` : name));
  return system.mayEnd === undefined ? names : [...names, DEADLOCK];
}

function actionWords({ actions }: SearchResult): string {
  const all = Object.entries(actions).sort(([, a], [, b]) => b - a);
  return all.length === 0 ? 'none' : all.map(([name, count]) => `${name} ${number(count)}`).join(', ');
}

/** One document; bigints are decimal strings. */
export function checkJson({
  choice,
  system,
  result,
  seconds,
  workers,
  peakMb,
  longestPauseMs,
  token,
}: CheckReport): string {
  const { counterexample } = result;
  const told = counterexample && {
    property: counterexample.property,
    why: counterexample.why,
    steps: counterexample.steps.map(({ label }) => label),
    story: storyOf(system, counterexample).split('\n'),
  };
  const document = {
    schema: CHECK_SCHEMA,
    model: choice.model,
    bounds: choice.bounds,
    verdict: result.verdict,
    distinct: result.distinct,
    generated: result.generated,
    depth: result.depth,
    bound: result.bound,
    reached: result.reached,
    unreached: result.unreached,
    actions: result.actions,
    collisions: result.collisions,
    counterexample: told,
    token,
    seconds,
    workers,
    bytesPerState: result.bytesPerState,
    peakMb,
    longestPauseMs,
  };
  return JSON.stringify(document, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2);
}
