/** A model as plain functions: for what is no system of slots and rules, and too small to need one. */
import type { Label } from './system.js';

export interface Successor<State> {
  readonly label: Label;
  readonly state: State;
}

export interface ModelProperty<State> {
  readonly name: string;
  /** always: holds in every state. reachable: holds in some state; the others need not. */
  readonly kind: 'always' | 'reachable';
  holds(state: State): boolean;
}

export interface Model<State> {
  initial(): readonly State[];
  /** Pure: every step from this state. */
  next(state: State): readonly Successor<State>[];
  /** States with equal keys are one state. */
  key(state: State): string;
  readonly properties: readonly ModelProperty<State>[];
  /** A constraint: a state outside is generated, but neither stored nor expanded. */
  within?(state: State): boolean;
  /** May a state without successors be the end? Absent: it always may. */
  mayEnd?(state: State): boolean;
  /** A state in words, for stories. */
  show(state: State): string;
}
