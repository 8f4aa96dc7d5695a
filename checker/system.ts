/**
 * A system of components with pure local steps and channels between them. A state is a row of slots, each holding a value;
 * a rule reads a few slots, writes them, and may send operations to others. Because everything is pure, the engine
 * computes each step once and then only looks it up.
 */

/** What a slot holds: plain immutable data (see encode.ts for what that is). */
export type Value = unknown;

export interface Slot {
  readonly name: string;
  /** Slots of one kind hold values of one kind: those are numbered together. */
  readonly kind: string;
}

/** What a step is called in counterexamples. */
export interface Label {
  /** The action with its parameters, in words. Two outcomes of a state with equal texts are told apart by their place. */
  readonly text: string;
  /** The action without parameters: coverage counts these. */
  readonly action: string;
  /** Who does it: a change of actor from step to step is a context switch. */
  readonly actor: string;
  /** Is it a fault of the world? Counterexamples have as few as possible. */
  readonly fault: boolean;
}

/** An operation on a slot that the rule does not read, such as a message that enters a channel. */
export interface Update {
  readonly slot: number;
  readonly operation: Value;
}

export interface Outcome {
  readonly label: Label;
  /** The values afterwards of the slots that the rule reads, in the same order. */
  readonly writes: readonly Value[];
  /** In order; several may concern one slot. None concerns a slot that the rule reads. */
  readonly updates: readonly Update[];
  /** A property that this step itself breaks: its name, and a sentence. */
  readonly breaks?: Broken;
}

export interface Broken {
  readonly property: string;
  readonly why: string;
}

export interface Rule {
  readonly name: string;
  /** Indices of slots, each once. */
  readonly reads: readonly number[];
  /**
   * Saves time: false where the rule cannot be enabled whatever the other slots hold. `place`: which of `reads`. Pure; absent:
   * nothing is ruled out.
   */
  readonly needs?: (value: Value, place: number) => boolean;
  /** Pure: every outcome for these values of the slots read; none where the rule is not enabled. */
  step(values: readonly Value[]): readonly Outcome[];
}

/** What holds of states. A state is seen through one small text for each slot; equal texts are never told apart. */
export interface Property {
  readonly name: string;
  /** always: holds in every state. never: in none. reachable: in some state; the others need not. */
  readonly kind: 'always' | 'never' | 'reachable';
  readonly sentence: string;
  /** The slots that it looks at; absent: all. Others are never projected, and count as null. */
  readonly slots?: readonly number[];
  /** What of a slot's value matters; null: nothing. Pure. */
  project(value: Value, slot: number): string | null;
  /** `seen`: the projections, by slot. */
  holds(seen: readonly (string | null)[]): boolean;
}

export interface System {
  readonly name: string;
  readonly slots: readonly Slot[];
  /**
   * Saves memory, changes no answer: slots whose values, taken together, are few, the values of all others being few as well. A state is
   * kept as the numbers of these two halves. Absent: the first half of the slots.
   */
  readonly together?: readonly number[];
  /** Rows of values. */
  readonly initial: readonly (readonly Value[])[];
  readonly rules: readonly Rule[];
  readonly properties: readonly Property[];
  /** Names of the properties that steps may break (`Outcome.breaks`), for those who choose among properties. */
  readonly stepProperties?: readonly string[];
  /** The value after the operation. Pure. */
  update(kind: string, value: Value, operation: Value): Value;
  /** A constraint, value by value: a state with a value outside is generated, but neither stored nor expanded. */
  within?(kind: string, value: Value): boolean;
  /**
   * May a state without any successor be the end? Answers by projections, as properties do; absent: a state without
   * successors is no fault. A step that leads to the same state is a successor.
   */
  readonly mayEnd?: Pick<Property, 'slots' | 'project' | 'holds'>;
  /** A value in words, for stories. */
  show(kind: string, value: Value): string;
}
