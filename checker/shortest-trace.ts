/**
 * The counterexample, the same for any number of hands and any numbering: of all paths with the fewest steps to a
 * violation the one with the fewest faults, then the fewest context switches, then the smallest texts.
 */
import { decode } from './encode.js';
import type { Explorer } from './explorer.js';
import { numbersOf, type Ranges } from './ranges.js';
import { type Counterexample, DEADLOCK, DEADLOCK_WHY } from './result.js';
import type { Compiled } from './programs.js';
import type { Label } from './system.js';

export interface TraceQuestion {
  /** States by level. Nobody violates anything in, or on a step between, levels before the last. */
  readonly levels: readonly Ranges[];
  /** Only ends in the last level that are deadlocks; else whatever is wrong there, and steps that lead there or outside. */
  readonly deadlocksOnly: boolean;
}

/** A counterexample whose rows are texts: for another thread, and for comparison. */
export interface TraceText {
  readonly property: string;
  readonly why: string;
  readonly initial: readonly string[];
  readonly steps: readonly { readonly label: Label; readonly row: readonly string[] }[];
}

/** A path's best way into a state by one actor. */
interface Way {
  readonly number: number;
  readonly row: readonly string[];
  readonly label: Label | null;
  readonly before: Way | null;
  readonly faults: number;
  readonly switches: number;
  /** Place among the ways of its level by the texts of labels, and by those of rows. */
  readonly ranks: { labels: number; rows: number };
  /** What the last step breaks, or what is wrong at the end. */
  readonly broken: Pick<TraceText, 'property' | 'why'> | null;
}

export function shortestTrace(explorer: Explorer, { levels, deadlocksOnly }: TraceQuestion): TraceText | null {
  const last = levels.length - 1;
  const wrong = (number: number): Wrong | null =>
    deadlocksOnly ? (explorer.isDeadlock(number) ? DEADLOCKED : null) : whatIsWrong(explorer, number);
  const marks = levels.map(() => new Set<number>());
  for (const number of numbersOf(levels[last] ?? [])) if (wrong(number) !== null) marks[last]?.add(number);
  for (let level = last - 1; level >= 0; level -= 1) {
    const breaking = !deadlocksOnly && level === last - 1;
    markBefore(explorer, levels[level] ?? [], { here: marks[level], next: marks[level + 1], breaking });
  }
  let ways = firstWays(explorer, marks[0] ?? new Set());
  for (let level = 1; level < last; level += 1) ways = nextWays(explorer, ways, marks[level] ?? new Set());
  const best = bestOf(
    last === 0
      ? ways.map((way) => ({ ...way, broken: wrong(way.number) }))
      : endsOf(explorer, ways, { marked: marks[last] ?? new Set(), wrong, deadlocksOnly }),
  );
  return best === null || best.broken === null ? null : { ...best.broken, ...pathOf(best) };
}

type Wrong = Pick<TraceText, 'property' | 'why'>;
const DEADLOCKED: Wrong = { property: DEADLOCK, why: DEADLOCK_WHY };

/** The first, by name, of all that is wrong with a state. */
function whatIsWrong(explorer: Explorer, number: number): Wrong | null {
  const broken = explorer.brokenIn(number);
  const all = explorer.isDeadlock(number) ? [...broken, DEADLOCKED] : broken;
  return [...all].sort((a, b) => compareTexts(a.property, b.property))[0] ?? null;
}

function markBefore(
  explorer: Explorer,
  ranges: Ranges,
  {
    here,
    next,
    breaking,
  }: { readonly here: Set<number> | undefined; readonly next: Set<number> | undefined; readonly breaking: boolean },
): void {
  for (const number of numbersOf(ranges)) {
    let leads = false;
    explorer.eachSuccessor(number, (outcome, target) => {
      leads ||= breaking && outcome.breaks !== null;
      leads ||= next?.has(target) === true;
    });
    if (leads) here?.add(number);
  }
}

/** The ways of the last step: into states that are wrong, and steps that break a property. */
function endsOf(
  explorer: Explorer,
  ways: readonly Way[],
  {
    marked,
    wrong,
    deadlocksOnly,
  }: {
    readonly marked: ReadonlySet<number>;
    readonly wrong: (number: number) => Wrong | null;
    readonly deadlocksOnly: boolean;
  },
): readonly Way[] {
  const ends = waysFrom(explorer, ways, (outcome, target) =>
    marked.has(target) || (outcome.breaks !== null && !deadlocksOnly) ? target : null,
  );
  rank(ends);
  return ends.flatMap((way) => {
    const state = marked.has(way.number) ? wrong(way.number) : null;
    const step = deadlocksOnly ? null : way.broken;
    return [state, step].flatMap((broken) => (broken === null ? [] : [{ ...way, broken }]));
  });
}

function firstWays(explorer: Explorer, marked: ReadonlySet<number>): readonly Way[] {
  const ways = [...marked].map((number): Way => {
    const ranks = { labels: 0, rows: 0 };
    return {
      number,
      row: explorer.rowTexts(number),
      label: null,
      before: null,
      faults: 0,
      switches: 0,
      ranks,
      broken: null,
    };
  });
  rank(ways);
  return ways;
}

/** The best way into each marked state by each actor. */
function nextWays(explorer: Explorer, ways: readonly Way[], marked: ReadonlySet<number>): readonly Way[] {
  const all = waysFrom(explorer, ways, (_, target) => (marked.has(target) ? target : null));
  rank(all);
  const best = new Map<string, Way>();
  for (const way of all) {
    const key = `${way.number} ${way.label?.actor ?? ''}`;
    const known = best.get(key);
    if (known === undefined || compare(way, known) < 0) best.set(key, way);
  }
  return [...best.values()];
}

function waysFrom(
  explorer: Explorer,
  ways: readonly Way[],
  numberOf: (outcome: Compiled, target: number) => number | null,
): readonly Way[] {
  const all: Way[] = [];
  for (const before of ways) {
    explorer.eachSuccessor(before.number, (outcome, target, rowAfter) => {
      const number = numberOf(outcome, target);
      if (number === null) return;
      const { label, breaks } = outcome;
      const switches = before.switches + (before.label !== null && before.label.actor !== label.actor ? 1 : 0);
      const faults = before.faults + (label.fault ? 1 : 0);
      const ranks = { labels: 0, rows: 0 };
      all.push({ number, row: rowAfter(), label, before, faults, switches, ranks, broken: breaks });
    });
  }
  return all;
}

/** Gives the ways of a level their ranks, equal ones equal ranks. */
function rank(ways: readonly Way[]): void {
  rankBy(ways, 'labels', (way) => way.label?.text ?? '');
  rankBy(ways, 'rows', (way) => way.row.join('\n'));
}

function rankBy(ways: readonly Way[], which: 'labels' | 'rows', text: (way: Way) => string): void {
  const keyed = ways.map((way) => ({ way, before: way.before?.ranks[which] ?? 0, text: text(way) }));
  keyed.sort((a, b) => a.before - b.before || compareTexts(a.text, b.text));
  let rankNow = 0;
  keyed.forEach(({ way, before, text: own }, i) => {
    const above = keyed[i - 1];
    if (above !== undefined && (above.before !== before || above.text !== own)) rankNow += 1;
    way.ranks[which] = rankNow;
  });
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compare(a: Way, b: Way): number {
  return (
    a.faults - b.faults ||
    a.switches - b.switches ||
    a.ranks.labels - b.ranks.labels ||
    a.ranks.rows - b.ranks.rows ||
    compareTexts(a.broken?.property ?? '', b.broken?.property ?? '') ||
    compareTexts(a.broken?.why ?? '', b.broken?.why ?? '')
  );
}

function bestOf(ways: readonly Way[]): Way | null {
  return ways.reduce<Way | null>((best, way) => (best === null || compare(way, best) < 0 ? way : best), null);
}

function pathOf(end: Way): Pick<TraceText, 'initial' | 'steps'> {
  const steps: { readonly label: Label; readonly row: readonly string[] }[] = [];
  let way = end;
  for (; way.before !== null && way.label !== null; way = way.before) steps.push({ label: way.label, row: way.row });
  return { initial: way.row, steps: steps.reverse() };
}

export function counterexampleOf({ property, why, initial, steps }: TraceText): Counterexample {
  return {
    property,
    why,
    initial: initial.map(decode),
    steps: steps.map(({ label, row }) => ({ label, row: row.map(decode) })),
  };
}
