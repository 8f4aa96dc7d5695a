/** A plain search for the tests of this folder: exact, and short enough to be believed. */
import { encode } from '../../checker/encode.js';
import type { Broken, Outcome } from '../../checker/system.js';
import { type ElectionBounds, parseBounds } from './bounds.js';
import type { ElectionSystem } from './system.js';

export interface Reached {
  readonly states: number;
  readonly generated: number;
  /** Outcomes of all states (outcomes.ts). */
  readonly all: ReadonlySet<string>;
  /** Outcomes of states without another successor. */
  readonly final: ReadonlySet<string>;
  /** Of steps. */
  readonly broken: readonly Broken[];
  /** Names of `always` properties that are false somewhere, and of `reachable` ones that hold somewhere. */
  readonly violated: ReadonlySet<string>;
  readonly found: ReadonlySet<string>;
  /** Labels of all outcomes. */
  readonly labels: ReadonlySet<string>;
}

/** Bounds from texts that must be right. */
export function bounds(options: Readonly<Record<string, string>> = {}): ElectionBounds {
  const parsed = parseBounds(options);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

export function reach(system: ElectionSystem): Reached {
  return new Search(system).run();
}

const BITS = 15;
const MASK = 2 ** BITS - 1;

/** Numbers as a text, two characters each. */
function keyOf(ids: readonly number[]): string {
  return String.fromCharCode(...ids.flatMap((id) => [id & MASK, id >> BITS]));
}

function idsOf(key: string): number[] {
  return Array.from({ length: key.length / 2 }, (_, i) => key.charCodeAt(2 * i) | (key.charCodeAt(2 * i + 1) << BITS));
}

/** Computes once for each key. */
class Memo<T> {
  readonly #known = new Map<string, T>();

  get(key: string, compute: () => T): T {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const result = compute();
    this.#known.set(key, result);
    return result;
  }
}

/** The values of one kind, by number. */
class Pool {
  readonly #numbers = new Map<string, number>();
  readonly values: unknown[] = [];

  number(value: unknown): number {
    const text = encode(value);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.values.length);
    return this.values.push(value) - 1;
  }
}

interface Numbered {
  readonly outcome: Outcome;
  readonly writes: readonly number[];
}

class Search {
  readonly #system: ElectionSystem;
  readonly #pools: readonly Pool[];
  readonly #steps: readonly Memo<readonly Numbered[]>[];
  readonly #updates = new Memo<number>();
  readonly #texts = new Memo<string>();
  readonly #judged: readonly Memo<boolean>[];
  readonly #keys: string[] = [];
  readonly #seen = new Set<string>();
  readonly #result = {
    broken: [] as Broken[],
    violated: new Set<string>(),
    found: new Set<string>(),
    labels: new Set<string>(),
    all: new Set<string>(),
    final: new Set<string>(),
  };

  constructor(system: ElectionSystem) {
    const kinds = new Map(system.slots.map(({ kind }) => [kind, new Pool()]));
    this.#system = system;
    this.#pools = system.slots.map(({ kind }) => kinds.get(kind) as Pool);
    this.#steps = system.rules.map(() => new Memo());
    this.#judged = system.properties.map(() => new Memo());
  }

  run(): Reached {
    let generated = 0;
    for (const row of this.#system.initial) this.#enter(keyOf(row.map((value, slot) => this.#number(slot, value))));
    for (let at = 0; at < this.#keys.length; at += 1) {
      const key = this.#keys[at] as string;
      const ids = idsOf(key);
      const next = this.#system.rules.flatMap((_, rule) => this.#successors(rule, ids));
      generated += next.length;
      next.forEach((each) => this.#enter(each));
      const text = this.#judge(ids);
      this.#result.all.add(text);
      if (next.every((each) => each === key)) this.#result.final.add(text);
    }
    return { states: this.#keys.length, generated, ...this.#result };
  }

  #enter(key: string): void {
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#keys.push(key);
  }

  #number(slot: number, value: unknown): number {
    return (this.#pools[slot] as Pool).number(value);
  }

  #value(slot: number, id: number): unknown {
    return (this.#pools[slot] as Pool).values[id];
  }

  #successors(rule: number, ids: readonly number[]): readonly string[] {
    const { reads, step } = this.#system.rules[rule] as ElectionSystem['rules'][number];
    const read = reads.map((slot) => ids[slot] as number);
    const outcomes = (this.#steps[rule] as Memo<readonly Numbered[]>).get(keyOf(read), () =>
      step(reads.map((slot, i) => this.#value(slot, read[i] as number))).map((outcome) => {
        if (outcome.breaks !== undefined) this.#result.broken.push(outcome.breaks);
        this.#result.labels.add(outcome.label.text);
        return { outcome, writes: outcome.writes.map((value, i) => this.#number(reads[i] as number, value)) };
      }),
    );
    return outcomes.map(({ outcome, writes }) => {
      const next = [...ids];
      reads.forEach((slot, i) => (next[slot] = writes[i] as number));
      for (const { slot, operation } of outcome.updates)
        next[slot] = this.#updated(slot, next[slot] as number, operation);
      return keyOf(next);
    });
  }

  #updated(slot: number, id: number, operation: unknown): number {
    const kind = this.#system.slots[slot]?.kind ?? '';
    return this.#updates.get(`${kind} ${id} ${encode(operation)}`, () =>
      this.#number(slot, this.#system.update(kind, this.#value(slot, id), operation)),
    );
  }

  #judge(ids: readonly number[]): string {
    this.#system.properties.forEach((property, i) => {
      const slots = property.slots ?? ids.map((_, slot) => slot);
      const key = keyOf(slots.map((slot) => ids[slot] as number));
      const holds = (this.#judged[i] as Memo<boolean>).get(key, () =>
        property.holds(
          ids.map((id, slot) => (slots.includes(slot) ? property.project(this.#value(slot, id), slot) : null)),
        ),
      );
      if (property.kind === 'always' && !holds) this.#result.violated.add(property.name);
      if (property.kind === 'reachable' && holds) this.#result.found.add(property.name);
    });
    const key = keyOf(this.#system.outcomeSlots.map((slot) => ids[slot] as number));
    return this.#texts.get(key, () => this.#system.outcome(ids.map((id, slot) => this.#value(slot, id))));
  }
}
