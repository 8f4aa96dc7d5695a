/**
 * What an exploration answers, whoever explores: counts, verdict, and one counterexample that is the same on every run.
 *
 * Counts. `generated`: every initial state, and every outcome of every rule in every expanded state, each time. `distinct`:
 * stored states; a state with a value outside the constraint is not stored. `depth`: levels of stored states, the initial
 * ones being level 1. After a violation the level in hand is still expanded completely, and none after it.
 *
 * Violations, and the number of steps to them. A stored state of level L + 1 in which an `always` property is false: L. A
 * step from a state of level L that breaks a property, wherever it leads: L. A stored state of level L + 1 that has no
 * outcome and must not be the end: L.
 *
 * Whether a step leads outside is asked of the state after the whole step: between two updates of a slot its value may be
 * outside. An outcome that leads outside is an outcome: there is no deadlock. `unreached` is asked only at the end of a
 * complete exploration without any other violation.
 *
 * The counterexample is the least path to a violation, of whichever property, by: number of steps; labels that are
 * faults; context switches (neighbouring labels with different actors); texts of the labels, from the first; texts of
 * the rows (`encodeRow`), from the initial one; name of the property; why. Texts compare by `<`. Deadlocks count as well
 * when the last level stored was not expanded any more: they are looked for there without counting anything. Where labels
 * with equal texts differ in something else, which of them is told is left open.
 */
import type { Label, Value } from './system.js';

export interface TraceStep {
  readonly label: Label;
  /** The row after the step. Of a model that is no system: the state alone. */
  readonly row: readonly Value[];
}

export interface Counterexample {
  readonly property: string;
  /** Of an `always` property: its sentence. Of a step that breaks one: what the step says. */
  readonly why: string;
  readonly initial: readonly Value[];
  readonly steps: readonly TraceStep[];
}

export interface CheckResult {
  /** inconclusive: a bound ended the exploration before it was complete, and no violation had been seen. */
  readonly verdict: 'holds' | 'violated' | 'inconclusive';
  readonly distinct: number;
  readonly generated: number;
  readonly depth: number;
  /** Null also where all that is violated is a `reachable` property: what is never reached has no path. */
  readonly counterexample: Counterexample | null;
  /** Of each `reachable` property: does it hold in a stored state? */
  readonly reached: Readonly<Record<string, boolean>>;
  /** The `reachable` properties that a complete exploration did not reach, in the order of the system; else none. */
  readonly unreached: readonly string[];
  /** How often each action was generated, by `Label.action`; actions that never were have no entry. */
  readonly actions: Readonly<Record<string, number>>;
  /** The bound that was hit, in words. */
  readonly bound: string | null;
}

/** The name under which a state without outcomes is reported, and the sentence. */
export const DEADLOCK = 'deadlock';
export const DEADLOCK_WHY = 'no step is possible, and this is no state to end in';
