/** Why one line is explained, or not: the rule it stands under, conjunct by conjunct, for the hypotheses just before it. */
import { type HypothesisSet, HypothesisSets, type Limits } from './hypothesis-sets.js';
import { DEFAULT_LIMITS } from './judge.js';
import type { Conjunct, Hints, Machine } from './machine.js';
import type { Observation, SourcePosition } from './observation.js';
import { ObservationWindow } from './window.js';

/** One hypothesis about the server just before the line. */
export interface Reading {
  /** Where the server is, in words. */
  readonly state: string;
  /** Does it print the line? */
  readonly prints: boolean;
  readonly conjuncts: readonly Conjunct[];
}

export type Why =
  | {
      readonly kind: 'told';
      readonly observation: Observation;
      /** By some hypothesis. */
      readonly explained: boolean;
      readonly hypotheses: number;
      /** Those that print the line first, then those of which the fewest conjuncts fail; each table once. */
      readonly readings: readonly Reading[];
    }
  /** Nothing was judged there: the beginning of an election was not seen. */
  | { readonly kind: 'unjudged'; readonly observation: Observation }
  /** The judge did not come so far. */
  | { readonly kind: 'before'; readonly observation: Observation; readonly why: string }
  /** That line tells nothing of an election. */
  | { readonly kind: 'nothing' };

export interface WhyOptions {
  readonly place: SourcePosition;
  /** So many hypotheses are told. */
  readonly readingsMax: number;
  readonly limits?: Limits;
}

/** Leads the machine through the log of one server up to the line at `place`. */
export async function whyAt<S>(
  machine: Machine<S>,
  { hints, observations }: { readonly hints: Hints; readonly observations: AsyncIterable<readonly Observation[]> },
  { place, readingsMax, limits = DEFAULT_LIMITS }: WhyOptions,
): Promise<Why> {
  const isPlace = ({ at }: Observation): boolean => at.line === place.line && at.file === place.file;
  const all: Observation[] = [];
  for await (const batch of observations) all.push(...batch);
  const wanted = all.find(isPlace);
  if (wanted === undefined) return { kind: 'nothing' };
  const window = new ObservationWindow(hints.sid);
  for (const observation of all) window.push(observation);
  const sets = new HypothesisSets(machine, limits);
  let set = sets.start(machine.start(hints));
  for (let next = window.oldest; next !== undefined && next !== wanted; next = window.oldest) {
    const advance = sets.advance(set, next, window);
    if (advance.kind !== 'explained') {
      const why = advance.kind === 'tooMany' ? advance.bound : 'no execution explains that line';
      return { kind: 'before', observation: next, why };
    }
    set = advance.next;
    window.shift();
  }
  if (!set.judging) return { kind: 'unjudged', observation: wanted };
  const before: HypothesisSet<S> = sets.closure(set, window.before) ?? set;
  const readings = before.members.map(({ state }): Reading => ({
    state: machine.describe(state),
    prints: machine.observe(state, wanted, window.after).ok,
    conjuncts: machine.conjuncts?.(state, wanted) ?? [],
  }));
  return {
    kind: 'told',
    observation: wanted,
    explained: readings.some(({ prints }) => prints),
    hypotheses: readings.length,
    readings: distinct(readings.sort((a, b) => distance(a) - distance(b))).slice(0, readingsMax),
  };
}

const distance = ({ prints, conjuncts }: Reading): number =>
  prints ? -1 : conjuncts.filter(({ holds }) => !holds).length / Math.max(1, conjuncts.length);

function distinct(readings: readonly Reading[]): readonly Reading[] {
  const seen = new Set<string>();
  return readings.filter(({ prints, conjuncts }) => {
    const key = `${prints}${conjuncts.map(({ text, holds }) => `${text}${holds}`).join('\n')}`;
    return !seen.has(key) && seen.add(key);
  });
}
