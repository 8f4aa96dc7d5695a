/** What several hands have met, taken together. */
import type { Tally } from './checkpoints.js';
import type { ExpandReport } from './hand.js';

/** `earlier`: before the run was resumed. `generated`: since. */
export function allMet(earlier: Tally, reports: readonly ExpandReport[], generated: number): Omit<Tally, 'actions'> {
  const union = (which: 'broken' | 'brokenBySteps' | 'reached'): readonly string[] => [
    ...new Set([...earlier[which], ...reports.flatMap((report) => report[which])]),
  ];
  return {
    generated: earlier.generated + generated,
    deadlocks: reports.reduce((sum, { deadlocks }) => sum + deadlocks, earlier.deadlocks),
    broken: union('broken'),
    brokenBySteps: union('brokenBySteps'),
    reached: union('reached'),
  };
}

/** By name, whoever told first; without those that are 0. */
export function summed(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const one of all) for (const [name, count] of Object.entries(one)) sums[name] = (sums[name] ?? 0) + count;
  const names = Object.keys(sums).sort();
  return Object.fromEntries(names.flatMap((name) => ((sums[name] ?? 0) > 0 ? [[name, sums[name] ?? 0]] : [])));
}
