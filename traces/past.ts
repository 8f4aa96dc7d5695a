/**
 * The way back for a judge that drops hypotheses by foresight: a place in the log and the lines since, so that they can be
 * followed again with all hypotheses.
 */
import type { Sid } from '../types/ids.js';
import { type HypothesisSet, HypothesisSets, type Limits } from './hypothesis-sets.js';
import type { Machine } from './machine.js';
import type { Observation } from './observation.js';
import { ObservationWindow } from './window.js';

/** So many elections are gone back. What was dropped before their first would have been refused by their second at the latest. */
const ELECTIONS_MAX = 3;
/** So many lines are kept; in an election of more nothing can be followed again. */
const LINES_MAX = 100_000;

interface Mark<S> {
  readonly set: HypothesisSet<S>;
  readonly position: number;
}

/** All hypotheses at the line that was judged last. */
export interface Unforeseen<S> {
  readonly sets: HypothesisSets<S>;
  readonly set: HypothesisSet<S>;
}

export class Past<S> {
  readonly #machine: Machine<S>;
  readonly #sid: Sid;
  readonly #limits: Limits;
  /** Where the log began, or where elections did, oldest first. */
  #marks: Mark<S>[] = [];
  /** The lines from position `#base` on. */
  #kept: Observation[] = [];
  #base = 0;

  constructor(machine: Machine<S>, sid: Sid, limits: Limits) {
    this.#machine = machine;
    this.#sid = sid;
    this.#limits = limits;
  }

  /** Another in the same place. */
  copy(): Past<S> {
    const copy = new Past(this.#machine, this.#sid, this.#limits);
    copy.#marks = [...this.#marks];
    copy.#kept = [...this.#kept];
    copy.#base = this.#base;
    return copy;
  }

  /** `observation` is judged next, from `set` on. */
  note(set: HypothesisSet<S>, observation: Observation): void {
    const position = this.#base + this.#kept.length;
    if (position === 0 || observation.said.what === 'newElection') this.#marks.push({ set, position });
    if (this.#marks.length > ELECTIONS_MAX) this.#marks.shift();
    const drop = (this.#marks[0]?.position ?? position) - this.#base;
    if (drop > this.#kept.length / 2) {
      this.#kept = this.#kept.slice(drop);
      this.#base += drop;
    }
    this.#kept.push(observation);
    if (this.#kept.length > LINES_MAX) this.#marks = [];
  }

  /** The lines since the oldest mark, but for the last, followed again; `ahead`: the last and those behind it. Null: it cannot be done. */
  again(ahead: readonly Observation[]): Unforeseen<S> | null {
    const [mark] = this.#marks;
    if (mark === undefined) return null;
    const before = this.#kept.slice(mark.position - this.#base, -1);
    const window = new ObservationWindow(this.#sid);
    for (const observation of [...before, ...ahead]) window.push(observation);
    const sets = new HypothesisSets(this.#machine, this.#limits);
    let set = sets.same(mark.set);
    for (const observation of before) {
      const advance = sets.advance(set, observation, window);
      if (advance.kind !== 'explained') return null;
      set = advance.next;
      window.shift();
    }
    return { sets, set };
  }
}
