/** The table of what a run of the fuzzer met: actions of the specification, with their cases. */
import type { Tally } from './messages.js';

/** One line for each action; what has no case of its own stands alone. */
export function describeCoverage(coverage: Tally['coverage']): string {
  const actions = new Map<string, { count: number; readonly cases: string[] }>();
  for (const [key, count] of [...coverage].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [action = '', which] = key.split(' ');
    const row = actions.get(action) ?? { count: 0, cases: [] };
    actions.set(action, row);
    if (which === undefined) row.count = count;
    else row.cases.push(`${which} ${count}`);
  }
  const width = Math.max(...[...actions.keys()].map((name) => name.length));
  return [...actions]
    .map(([name, { count, cases }]) =>
      `  ${name.padEnd(width)} ${String(count).padStart(9)}  ${cases.join(', ')}`.trimEnd(),
    )
    .join('\n');
}
