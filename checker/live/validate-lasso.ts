/**
 * Re-checks a lasso, step by step, against the system and the question: what it accepts is a behaviour that violates the property and
 * that fairness cannot object to. Shares no code with those who search.
 */
import type { System, Value } from '../system.js';
import { holdsAt, isOutcome, isSameRow, outcomesAt, type Reached, whatIsOutside } from '../validate-trace.js';
import type { Lasso, LiveQuestion } from './question.js';

type Row = readonly Value[];

/** Null, or what is wrong. Whether a shorter one exists is not asked. */
export function validateLasso(system: System, question: LiveQuestion, lasso: Lasso): string | null {
  const { initial, steps, loop } = lasso;
  const rows = [initial, ...steps.map(({ row }) => row)];
  if (!system.initial.some((row) => isSameRow(row, initial))) return 'step 0: this is no initial state of the system';
  for (const [index, step] of steps.entries()) {
    const before = rows[index] ?? initial;
    if (!possibleAt(system, question, before).some((outcome) => isOutcome(step, outcome)))
      return `step ${index + 1}: no step ${step.label.text} is possible here that leads there`;
  }
  const outside = rows.findIndex((row) => whatIsOutside(system, row) !== null);
  if (outside >= 0)
    return `step ${outside}: ${whatIsOutside(system, rows[outside] ?? initial)} is outside the constraint`;
  const [entry, end] = [rows[loop], rows.at(-1)];
  if (entry === undefined || end === undefined) return 'the loop begins behind the end';
  if (!isSameRow(entry, end)) return 'the loop does not lead back to where it begins';
  return whyNoViolation(question, rows, loop) ?? whyUnfair(system, question, lasso);
}

/** The steps that change something and that no restriction forbids. */
function possibleAt(system: System, { restrictions }: LiveQuestion, row: Row): readonly Reached[] {
  return outcomesAt(system, row).filter(
    ({ label, row: after }) =>
      !isSameRow(row, after) && restrictions.every(({ has, when }) => !has(label) || holdsAt(when, row)),
  );
}

function whyNoViolation({ property }: LiveQuestion, rows: readonly Row[], loop: number): string | null {
  const misses = rows.map((row) => !holdsAt(property.goal, row));
  const missesFrom = (index: number): boolean => misses.slice(index).every(Boolean);
  switch (property.kind) {
    case 'eventually':
      return missesFrom(0) ? null : 'the goal holds on the way';
    case 'again and again':
      return missesFrom(loop) ? null : 'the goal holds in the loop';
    case 'in the end':
      return misses.slice(loop).some(Boolean) ? null : 'the goal always holds in the loop';
    case 'leads to': {
      const begins = rows.findIndex(
        (row, i) => property.from !== undefined && holdsAt(property.from, row) && missesFrom(i),
      );
      return begins >= 0 && missesFrom(loop) ? null : 'the goal holds after each state that leads to it';
    }
  }
}

/** What is owed and never given. */
function whyUnfair(system: System, question: LiveQuestion, lasso: Lasso): string | null {
  for (const { name, kind, taken, possible, states } of accountOf(system, question, lasso)) {
    if (taken) continue;
    if (kind === 'weak' && possible === states) return `${name} is always possible in the loop and never taken`;
    if (kind === 'strong' && possible > 0) return `${name} is possible in the loop again and again and never taken`;
  }
  return null;
}

export interface Account {
  readonly name: string;
  readonly kind: 'weak' | 'strong';
  /** Is one of these steps taken in the loop? */
  readonly taken: boolean;
  /** In so many states of the loop one is possible. */
  readonly possible: number;
  readonly states: number;
}

/** What becomes of each fair step in the loop. */
export function accountOf(system: System, question: LiveQuestion, { initial, steps, loop }: Lasso): readonly Account[] {
  const rows = [initial, ...steps.map(({ row }) => row)].slice(loop, Math.max(loop + 1, steps.length));
  const labels = rows.map((row) => possibleAt(system, question, row).map(({ label }) => label));
  const walked = steps.slice(loop);
  return question.fairness.map(({ name, kind, has }) => ({
    name,
    kind,
    taken: walked.some(({ label }) => has(label)),
    possible: labels.filter((each) => each.some(has)).length,
    states: rows.length,
  }));
}
