/**
 * Small random systems, to compare explorers on. Everything is drawn from the one generator of random numbers: equal seeds,
 * equal systems. What a rule does for given values is drawn from a generator seeded by a hash of these values: steps are
 * pure. A label's text determines the whole label. At most STATES_MAX states are stored.
 */
import { makeRng, type Rng } from '../base/rng.js';
import { encode, encodeRow } from './encode.js';
import type { Broken, Label, Outcome, Property, Rule, Slot, System, Update, Value } from './system.js';

const STATES_MAX = 3000;

export function randomSystem(rng: Rng): System {
  const seed = rng.below(2 ** 32);
  const hasConstraint = rng.chance(0.5);
  const kinds = Array.from({ length: 1 + rng.below(3) }, (_, place) => randomKind(rng, `kind ${place}`, hasConstraint));
  const slots = randomSlots(rng, kinds);
  const kindAt = (slot: number): Kind => kindOf(kinds, slots[slot]?.kind ?? '');
  const properties = randomProperties(rng, seed, slots.length);
  const ground: Ground = {
    seed,
    slots,
    kindAt,
    labels: randomLabels(rng),
    broken: ['broken by a step', ...properties.map(({ name }) => name)],
    isEnabled: pick(rng, [0.2, 0.5, 0.7, 0.9, 1]),
    isKept: pick(rng, [0, 0.3, 0.6, 0.8]),
    isBreaking: pick(rng, [0, 0, 0.003, 0.02]),
  };
  const rules = Array.from({ length: 2 + rng.below(4) }, (_, place) => randomRule(rng, ground, place));
  const initial = randomInitial(
    rng,
    slots.map((_, slot) => kindAt(slot)),
  );
  const mayEnd = { project: projection(`${seed} end`, 3), holds: hashed(`${seed} end`, pick(rng, [1, 3, 9])) };
  return {
    name: `random system ${seed}`,
    slots,
    initial,
    rules,
    properties,
    update: (kind, value, operation) => kindOf(kinds, kind).update(value, operation as Operation),
    ...(hasConstraint && { within: (kind, value) => kindOf(kinds, kind).isWithin(value) }),
    ...(rng.chance(0.3) && { mayEnd }),
    show: (_kind, value) => encode(value),
  };
}

type Operation = { readonly append: number } | { readonly become: number } | { readonly add: number };

/** Values of one kind: the finite domain, and what operations do. Only values of the domain are within. */
interface Kind {
  readonly name: string;
  readonly domain: readonly Value[];
  isWithin(value: Value): boolean;
  /** Where the system has no constraint, the result is in the domain. */
  update(value: Value, operation: Operation): Value;
}

function randomKind(rng: Rng, name: string, hasConstraint: boolean): Kind {
  return rng.chance(0.4) ? queueKind(rng, name, hasConstraint) : pointKind(rng, name, hasConstraint);
}

/** Lists of up to `max` letters. With a constraint one that is full grows beyond it, otherwise it stays as it is. */
function queueKind(rng: Rng, name: string, hasConstraint: boolean): Kind {
  const letters = ['a', 'b', 'c'].slice(0, 1 + rng.below(3));
  const max = letters.length === 1 ? 1 + rng.below(6) : 1 + rng.below(2);
  const domain: string[][] = [[]];
  for (const list of domain) if (list.length < max) domain.push(...letters.map((letter) => [...list, letter]));
  const isWithin = (value: Value): boolean => (value as string[]).length <= max;
  return {
    name,
    domain,
    isWithin,
    update: (value, operation) => {
      const list = value as string[];
      if ('become' in operation) return domain[operation.become % domain.length];
      if ('add' in operation) return list.slice(operation.add % (max + 1));
      const longer = [...list, letters[operation.append % letters.length]];
      return hasConstraint || isWithin(longer) ? longer : list;
    },
  };
}

/** What can stand for the number of a value: plain data of one shape. */
const SHAPES: readonly ((number: number) => Value)[] = [
  (number) => number,
  (number) => BigInt(number) - 1n,
  (number) => `value ${number}`,
  (number) => [null, undefined, true, false, 0, '', 1n, -1, 'null'][number],
  (number) => ({ high: number >> 1, low: (number & 1) === 1 }),
  (number) => new Set([1, 2, 4, 8].filter((bit) => (number & bit) !== 0)),
  (number) => new Map([1, 2, 4, 8].filter((bit) => (number & bit) !== 0).map((bit) => [`${bit}`, [bit]])),
];
const POINTS_MAX = 9;

/** A few values in a circle. With a constraint a step from the last to the first leads to a value outside. */
function pointKind(rng: Rng, name: string, hasConstraint: boolean): Kind {
  const shape = pick(rng, SHAPES);
  const domain = Array.from({ length: 2 + rng.below(POINTS_MAX - 1) }, (_, number) => shape(number));
  const texts = domain.map(encode);
  return {
    name,
    domain,
    isWithin: (value) => texts.includes(encode(value)),
    update: (value, operation) => {
      if ('become' in operation) return domain[operation.become % domain.length];
      const place = texts.indexOf(encode(value));
      const by = 1 + ('add' in operation ? operation.add : 0);
      return hasConstraint && place + by === domain.length ? ['outside'] : domain[(place + by) % domain.length];
    },
  };
}

function kindOf(kinds: readonly Kind[], name: string): Kind {
  const kind = kinds.find((one) => one.name === name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
}

/** Two to four, as many as there may be states for. */
function randomSlots(rng: Rng, kinds: readonly Kind[]): readonly Slot[] {
  const smallest = kinds.toSorted((one, other) => one.domain.length - other.domain.length)[0] as Kind;
  const slots: Slot[] = [];
  let states = 1;
  for (let left = 2 + rng.below(3); left > 0; left -= 1) {
    let kind = pick(rng, kinds);
    const rest = smallest.domain.length ** (slots.length === 0 ? 1 : 0);
    if (states * kind.domain.length * rest > STATES_MAX) kind = smallest;
    if (states * kind.domain.length > STATES_MAX) break;
    states *= kind.domain.length;
    slots.push({ name: `slot ${slots.length}`, kind: kind.name });
  }
  return slots;
}

function randomInitial(rng: Rng, kinds: readonly Kind[]): readonly (readonly Value[])[] {
  const rows = Array.from({ length: pick(rng, [1, 1, 2, 4]) }, () => kinds.map(({ domain }) => pick(rng, domain)));
  if (rng.chance(0.1)) rows.push(rows[0] as Value[]);
  // With a constraint this is outside, otherwise it is a row as good as any.
  if (rng.chance(0.2)) rows.push(kinds.map((kind) => kind.update(kind.domain.at(-1), { append: 0 })));
  return rows;
}

/** What all rules of a system have in common. */
interface Ground {
  readonly seed: number;
  readonly slots: readonly Slot[];
  kindAt(slot: number): Kind;
  readonly labels: readonly Label[];
  /** Names of what steps may break. */
  readonly broken: readonly string[];
  /** Probabilities: that a rule has outcomes for some values, that a slot read keeps its value, that an outcome breaks. */
  readonly isEnabled: number;
  readonly isKept: number;
  readonly isBreaking: number;
}

function randomLabels(rng: Rng): readonly Label[] {
  const actors = 1 + rng.below(3);
  const faults = pick(rng, [0, 0.2, 0.6]);
  return Array.from({ length: 3 + rng.below(10) }, (_, place) => ({
    text: `${pick(rng, ['a', 'b', 'go', 'Go', 'ä'])} ${place}`,
    action: `action ${place % 4}`,
    actor: `actor ${rng.below(actors)}`,
    fault: rng.chance(faults),
  }));
}

function randomRule(rng: Rng, ground: Ground, place: number): Rule {
  const { slots } = ground;
  const order = shuffled(
    rng,
    slots.map((_, slot) => slot),
  );
  const reads = order.slice(0, 1 + rng.below(Math.min(3, slots.length)));
  const others = order.slice(reads.length);
  const outcomesMax = 1 + rng.below(3);
  return {
    name: `rule ${place}`,
    reads,
    step: (values) => {
      const dice = makeRng(hash(`${ground.seed} ${place} ${encodeRow(values)}`));
      if (!dice.chance(ground.isEnabled)) return [];
      const labels = shuffled(dice, ground.labels);
      return Array.from({ length: 1 + dice.below(outcomesMax) }, (_, i) => {
        // Equal texts among the outcomes of one rule are rare, among those of several rules they are not.
        const label = (dice.chance(0.05) ? labels[0] : labels[i]) as Label;
        return randomOutcome(dice, ground, { label, reads, values, others });
      });
    },
  };
}

interface Occasion {
  readonly label: Label;
  readonly reads: readonly number[];
  readonly values: readonly Value[];
  readonly others: readonly number[];
}

function randomOutcome(dice: Rng, ground: Ground, { label, reads, values, others }: Occasion): Outcome {
  const writes = reads.map((slot, i) => {
    if (dice.chance(ground.isKept)) return values[i];
    const kind = ground.kindAt(slot);
    // A neighbour more often than any value: this makes deep systems.
    return dice.chance(0.7) ? kind.update(values[i], { append: dice.below(5) }) : pick(dice, kind.domain);
  });
  const updates: Update[] = [];
  while (others.length > 0 && updates.length < 3 && dice.chance(0.4)) {
    updates.push({ slot: pick(dice, others), operation: randomOperation(dice) });
  }
  if (!dice.chance(ground.isBreaking)) return { label, writes, updates };
  const breaks: Broken = { property: pick(dice, ground.broken), why: `the step breaks it ${dice.below(2)}` };
  return { label, writes, updates, breaks };
}

function randomOperation(dice: Rng): Operation {
  const number = dice.below(5);
  return pick(dice, [{ append: number }, { become: number }, { add: number }, { add: 0 }]);
}

function randomProperties(rng: Rng, seed: number, slots: number): readonly Property[] {
  return Array.from({ length: rng.below(4) }, (_, place) => {
    const kind = pick(rng, ['always', 'always', 'never', 'reachable', 'reachable'] as const);
    const salt = `${seed} property ${place}`;
    const one = kind === 'reachable' ? pick(rng, [2, 10, 50]) : pick(rng, [10, 50, 300, 1000]);
    const isUsual = hashed(salt, one);
    const [first = 0, ...more] = shuffled(
      rng,
      Array.from({ length: slots }, (_unused, slot) => slot),
    );
    return {
      name: `${pick(rng, ['P', 'Q'])} ${place}`,
      kind,
      sentence: `property ${place} is violated`,
      ...(rng.chance(0.3) && { slots: [first, ...more.slice(0, rng.below(2))] }),
      project: projection(salt, 2 + rng.below(8)),
      holds: (seen) => (kind === 'always') === isUsual(seen),
    };
  });
}

/** What is seen of a value: one of a few texts, and nothing of some. */
function projection(salt: string, texts: number): (value: Value, slot: number) => string | null {
  return (value, slot) => {
    const number = hash(`${salt} ${slot} ${encode(value)}`) % (texts + 1);
    return number === texts ? null : `${number}`;
  };
}

/** False for one in so many of the combinations. */
function hashed(salt: string, one: number): (seen: readonly (string | null)[]) => boolean {
  return (seen) => hash(`${salt} ${encodeRow(seen)}`) % one !== 0;
}

/** FNV-1a, then mixed: neighbouring texts get unlike numbers. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  return (value ^ (value >>> 16)) >>> 0;
}

function pick<T>(rng: Rng, items: readonly T[]): T {
  return items[rng.below(items.length)] as T;
}

function shuffled<T>(rng: Rng, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: rng.next() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
