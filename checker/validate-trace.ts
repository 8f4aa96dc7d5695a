/**
 * Re-checks a counterexample, step by step, against the system it is said to be of. Shares no code with those who search,
 * not even how a step changes a row: what it accepts, happened.
 */
import { encode, encodeRow } from './encode.js';
import { DEADLOCK, type Counterexample, type TraceStep } from './result.js';
import type { Broken, Label, Outcome, Property, Rule, System, Value } from './system.js';

type Row = readonly Value[];

/** Null, or what is wrong and at which step: step 0 is the initial state. Whether the trace is the least is not asked. */
export function validateTrace(system: System, counterexample: Counterexample): string | null {
  const { initial, steps, property } = counterexample;
  if (!system.initial.some((row) => isSameRow(row, initial))) return 'step 0: this is no initial state of the system';
  let row = initial;
  let breaks: readonly Broken[] = [];
  for (const [before, step] of steps.entries()) {
    const outside = whatIsOutside(system, row);
    if (outside !== null) return `step ${before}: no step follows, for ${outside} is outside the constraint`;
    const matching = outcomesAt(system, row).filter((outcome) => isOutcome(step, outcome));
    if (matching.length === 0) return `step ${before + 1}: ${whatIsWrong(system, row, step)}`;
    breaks = matching.flatMap((outcome) => outcome.breaks ?? []);
    row = step.row;
  }
  if (breaks.some((broken) => broken.property === property)) return null;
  const excuse = whyNoViolation(system, row, property);
  return excuse === null ? null : `step ${steps.length}, the last: ${excuse}`;
}

/** A step from a row, and where it leads. */
export interface Reached {
  readonly label: Label;
  readonly row: Row;
  readonly breaks: Broken | undefined;
}

/** Every outcome of every rule. */
export function outcomesAt(system: System, row: Row): readonly Reached[] {
  const reached: Reached[] = [];
  for (const rule of system.rules) {
    for (const outcome of rule.step(rule.reads.map((slot) => row[slot]))) {
      reached.push({ label: outcome.label, row: rowAfter(system, row, { rule, outcome }), breaks: outcome.breaks });
    }
  }
  return reached;
}

/** Slot by slot: what the rule writes, or else what is there after all updates of this slot, in order. */
function rowAfter(
  system: System,
  row: Row,
  { rule, outcome }: { readonly rule: Rule; readonly outcome: Outcome },
): Row {
  return system.slots.map(({ kind }, slot) => {
    if (rule.reads.includes(slot)) return outcome.writes[rule.reads.indexOf(slot)];
    const operations = outcome.updates.filter((update) => update.slot === slot).map(({ operation }) => operation);
    return operations.reduce((value, operation) => system.update(kind, value, operation), row[slot]);
  });
}

export function isSameRow(one: Row, other: Row): boolean {
  return encodeRow(one) === encodeRow(other);
}

function isSameLabel(one: Label, other: Label): boolean {
  return (
    one.text === other.text && one.action === other.action && one.actor === other.actor && one.fault === other.fault
  );
}

export function isOutcome(step: TraceStep, outcome: Reached): boolean {
  return isSameLabel(step.label, outcome.label) && isSameRow(step.row, outcome.row);
}

function whatIsWrong(system: System, row: Row, step: TraceStep): string {
  const outcomes = outcomesAt(system, row);
  const name = encode(step.label.text);
  if (!outcomes.some(({ label }) => label.text === step.label.text)) return `no step ${name} is possible here`;
  const named = outcomes.filter(({ label }) => isSameLabel(label, step.label));
  if (named.length === 0) return `the step ${name} has another action, another actor, or is a fault where this is none`;
  const [first] = named.map((outcome) => differences(system, outcome.row, step.row));
  return `the step ${name} leads elsewhere: ${first}`;
}

function differences(system: System, truth: Row, claim: Row): string {
  if (claim.length !== truth.length) return `a state has ${truth.length} values, not ${claim.length}`;
  return system.slots
    .map(({ name, kind }, slot) => ({ name, is: system.show(kind, truth[slot]), said: encode(claim[slot]), slot }))
    .filter(({ said, slot }) => encode(truth[slot]) !== said)
    .map(({ name, is, said }) => `${name} is ${is} and not ${said}`)
    .join('; ');
}

/** The name of a slot whose value is outside the constraint. */
export function whatIsOutside(system: System, row: Row): string | null {
  const slot = system.slots.find(({ kind }, place) => system.within?.(kind, row[place]) === false);
  return slot?.name ?? null;
}

/** Null if the state violates the property of this name; a step that breaks it was looked at before. */
function whyNoViolation(system: System, row: Row, property: string): string | null {
  const outside = whatIsOutside(system, row);
  if (outside !== null) return `${outside} is outside the constraint, where properties are not asked`;
  const named = system.properties.filter(({ name, kind }) => name === property && kind !== 'reachable');
  if (named.some((one) => holdsAt(one, row) === (one.kind === 'never'))) return null;
  if (property === DEADLOCK && system.mayEnd !== undefined) {
    const [outcome] = outcomesAt(system, row);
    if (outcome !== undefined) return `no deadlock: the step ${encode(outcome.label.text)} is possible`;
    return holdsAt(system.mayEnd, row) ? 'no deadlock: this state may be the end' : null;
  }
  if (named.length > 0) return `the state does not violate ${property}`;
  return `the system has no property ${property} of all states, and the step does not break one of this name`;
}

/** Does the property hold in the row? */
export function holdsAt(property: Pick<Property, 'slots' | 'project' | 'holds'>, row: Row): boolean {
  const { slots } = property;
  const isSeen = (slot: number): boolean => slots === undefined || slots.includes(slot);
  return property.holds(row.map((value, slot) => (isSeen(slot) ? property.project(value, slot) : null)));
}
