/**
 * Questions about behaviours that never end, and their answers. A behaviour may stand still for ever (stutter) wherever
 * fairness does not demand a step.
 *
 * A step that changes nothing is no step here: fairness neither demands it nor is content with it. A step that leads outside
 * the constraint of the system cannot be taken, but it is possible: a graph that is cut nowhere lacks nothing.
 */
import type { TraceStep } from '../result.js';
import type { Label, Property, Value } from '../system.js';

/** What is asked of a row, by projections. */
export type Predicate = Pick<Property, 'slots' | 'project' | 'holds'>;

/**
 * Steps that belong together. weak: if from some time on one of them is always possible, one of them is taken again and again.
 * strong: if one of them is possible again and again, one of them is taken again and again.
 */
export interface FairSteps {
  readonly name: string;
  readonly kind: 'weak' | 'strong';
  /** Pure; equal for labels with equal text, action and actor. */
  has(label: Label): boolean;
}

/** An action constraint: these steps are possible only in states where `when` holds. Fairness owes them only there. */
export interface Restriction {
  readonly name: string;
  readonly sentence: string;
  has(label: Label): boolean;
  readonly when: Predicate;
}

/**
 * eventually: the goal holds at some time. leads to: whenever `from` holds, the goal holds then or later. again and again: the
 * goal never stays away for ever. in the end: from some time on the goal always holds.
 */
export type LiveKind = 'eventually' | 'leads to' | 'again and again' | 'in the end';

export interface LiveProperty {
  readonly name: string;
  readonly sentence: string;
  readonly kind: LiveKind;
  readonly goal: Predicate;
  /** Of `leads to` alone. */
  readonly from?: Predicate;
}

export interface LiveQuestion {
  readonly property: LiveProperty;
  readonly fairness: readonly FairSteps[];
  readonly restrictions: readonly Restriction[];
}

/** A behaviour that violates: a path, then a loop for ever. */
export interface Lasso {
  readonly property: string;
  readonly why: string;
  readonly initial: readonly Value[];
  readonly steps: readonly TraceStep[];
  /** The steps from this index on are repeated for ever; the number of steps: nothing happens any more. */
  readonly loop: number;
}

export interface LiveResult {
  /** inconclusive: no violation, but a bound ended the exploration or the constraint cut off something reachable. */
  readonly verdict: 'holds' | 'violated' | 'inconclusive';
  readonly distinct: number;
  /** Outcomes within the restrictions, as `generated` counts them; the initial states are not among them. */
  readonly transitions: number;
  /** Levels of states, the initial ones being level 1. */
  readonly depth: number;
  /** Outcomes that lead outside the constraint. */
  readonly cut: number;
  readonly bound: string | null;
  readonly lasso: Lasso | null;
  /** false: a shorter lasso may exist; looking for it took too long. */
  readonly isShortest: boolean;
  readonly interrupted: boolean;
}

/** Is the lasso a standstill? */
export function standsStill({ steps, loop }: Lasso): boolean {
  return loop === steps.length;
}
