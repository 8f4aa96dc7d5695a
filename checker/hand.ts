/**
 * One of those who explore together: takes chunks of states, expands them, and hands back what it could not finish. Knows
 * nothing of threads: several hands share memory if it is shared, and otherwise there is one.
 */
import { Explorer, type Ground } from './explorer.js';
import { type FingerprintMemory, FingerprintStore } from './fingerprints.js';
import { Layout, leftHalf } from './layout.js';
import { Pools } from './pools.js';
import { NoRoom } from './programs.js';
import { chunksOf, type Ranges } from './ranges.js';
import type { HalfNumbers } from './row-table.js';
import { SharedTexts, type SharedTextsMemory } from './shared-texts.js';
import { type StateMemory, StateStore } from './store.js';
import type { System } from './system.js';
import { type Task, toDo } from './tasks.js';

/** Places in the control words. limit: numbers may be given out up to here; of states, and of each half. */
export const CONTROL = {
  next: 0,
  cursor: 1,
  stop: 2,
  states: 3,
  freeBlocks: 4,
  limit: 5,
  nextLeft: 6,
  limitLeft: 7,
  nextRight: 8,
  limitRight: 9,
  words: 16,
} as const;
/** Behind the control words each hand writes how many successors it has computed, as a 64-bit float. */
export const TALLIES_AT = CONTROL.words * 4;

export type { Ranges } from './ranges.js';

/** Why hands stop before all is done: never an error. */
export type StopReason = 'table' | 'room' | 'slice' | 'asked';
const STOPS: readonly StopReason[] = ['table', 'room', 'slice', 'asked'];
/** What the coordinator writes into `stop` to end a phase. */
export const ASKED = STOPS.indexOf('asked') + 1;

export interface HandMemory {
  readonly control: SharedArrayBuffer;
  /** Bits, by kind. */
  readonly widths: readonly number[];
  /** Nobody else explores. */
  readonly alone: boolean;
  readonly states: StateMemory | FingerprintMemory;
}

export interface ExpandReport {
  /** Not expanded. */
  readonly left: Ranges;
  /** New states. */
  readonly found: Ranges;
  readonly reason: StopReason | null;
  /** The kind that needs more bits, for 'room'. */
  readonly kind: number | null;
  readonly broken: readonly string[];
  readonly brokenBySteps: readonly string[];
  readonly deadlocks: number;
  readonly reached: readonly string[];
  /** Successors computed so far, by this hand, in all phases. */
  readonly generated: number;
}

export interface HandOptions {
  /** Where several threads number values. */
  readonly texts?: SharedTextsMemory | null;
  readonly index?: number;
}

/** Rows that a hand numbers by itself. */
export const BLOCK = 1024;

/** Numbers for halves, one by one: what another hand was quicker to enter leaves one to spare. */
class OwnHalfNumbers implements HalfNumbers {
  #spare = -1;
  readonly #hand: Hand;
  readonly #place: { readonly next: number; readonly limit: number };

  constructor(hand: Hand, place: { readonly next: number; readonly limit: number }) {
    this.#hand = hand;
    this.#place = place;
  }

  free(): number {
    if (this.#spare < 0) this.#spare = this.#hand.numberOf(this.#place);
    return this.#spare;
  }

  use(): void {
    this.#spare = -1;
  }

  /** The number that was to spare, now nobody's; −1: none. */
  giveUp(): number {
    const spare = this.#spare;
    this.#spare = -1;
    return spare;
  }
}

export class Hand {
  readonly explorer: Explorer;
  readonly #index: number;
  readonly #control: Int32Array;
  readonly #tally: Float64Array;
  #memory: HandMemory;
  #blockNext = 0;
  #blockEnd = 0;
  /** Where the states of this phase begin in the present block. */
  #since = 0;
  #found: number[] = [];
  readonly #left = new OwnHalfNumbers(this, { next: CONTROL.nextLeft, limit: CONTROL.limitLeft });
  readonly #right = new OwnHalfNumbers(this, { next: CONTROL.nextRight, limit: CONTROL.limitRight });

  /** `index`: which of the crew, from 0. */
  constructor(system: System, memory: HandMemory, { texts = null, index = 0 }: HandOptions = {}) {
    const pools = new Pools(system, texts === null ? null : new SharedTexts(texts));
    // What was numbered before a run was resumed keeps its number.
    pools.catchUp();
    this.#index = index;
    this.#control = new Int32Array(memory.control, 0, CONTROL.words);
    this.#tally = new Float64Array(memory.control, TALLIES_AT);
    this.#memory = memory;
    const layout = new Layout(pools.kindOf, memory.widths, leftHalf(system));
    this.explorer = new Explorer(system, pools, this.#ground(memory, layout));
  }

  #ground({ states, alone }: HandMemory, layout: Layout): Ground {
    const store =
      'freeBlocks' in states
        ? new FingerprintStore(layout, states, alone)
        : new StateStore(layout, states, { alone, left: this.#left, right: this.#right });
    return { layout, store, numbering: this };
  }

  /** Other memory: whatever was numbered keeps its number. */
  move(memory: HandMemory): void {
    const sameWidths = memory.widths.join() === this.#memory.widths.join();
    const { layout } = this.explorer;
    this.#memory = memory;
    this.explorer.move(this.#ground(memory, sameWidths ? layout : layout.withWidths(memory.widths)));
  }

  /** A number for a half; −1 if there is no room, then the phase is stopped. */
  numberOf({ next, limit }: { readonly next: number; readonly limit: number }): number {
    const number = Atomics.add(this.#control, next, 1);
    if (number < Atomics.load(this.#control, limit)) return number;
    Atomics.sub(this.#control, next, 1);
    return this.#stop('table');
  }

  /** Numbering: the next free number; −1 if there is no room, then the phase is stopped. */
  free(): number {
    return this.#blockNext < this.#blockEnd ? this.#blockNext : this.#newBlock();
  }

  use(): void {
    this.#blockNext += 1;
  }

  #newBlock(): number {
    const control = this.#control;
    // Numbers of fingerprints are used again.
    const given = 'freeBlocks' in this.#memory.states ? CONTROL.states : CONTROL.next;
    if (Atomics.load(control, given) + BLOCK > Atomics.load(control, CONTROL.limit)) return this.#stop('table');
    this.#closeBlock();
    const start = this.#usedBlock() ?? Atomics.add(control, CONTROL.next, BLOCK);
    Atomics.add(control, CONTROL.states, BLOCK);
    this.#blockNext = start;
    this.#blockEnd = start + BLOCK;
    this.#since = start;
    return start;
  }

  /** A block whose states are all expanded; null: none. */
  #usedBlock(): number | null {
    const { states } = this.#memory;
    if (!('freeBlocks' in states)) return null;
    const place = Atomics.sub(this.#control, CONTROL.freeBlocks, 1) - 1;
    if (place >= 0) return (new Int32Array(states.freeBlocks)[place] ?? 0) * BLOCK;
    Atomics.add(this.#control, CONTROL.freeBlocks, 1);
    return null;
  }

  /** Begins another block. Gives the numbers of halves, left and right, that nothing will have: −1, or one. */
  closeBlocks(): readonly [number, number] {
    Atomics.sub(this.#control, CONTROL.states, this.#blockEnd - this.#blockNext);
    this.#blockNext = this.#blockEnd;
    this.#since = this.#blockEnd;
    return [this.#left.giveUp(), this.#right.giveUp()];
  }

  #closeBlock(): void {
    if (this.#blockNext > this.#since) this.#found.push(this.#since, this.#blockNext);
    this.#since = this.#blockNext;
  }

  #stop(reason: StopReason): -1 {
    Atomics.compareExchange(this.#control, CONTROL.stop, 0, STOPS.indexOf(reason) + 1);
    return -1;
  }

  /** Enters the initial rows; generated does not count them. Where there was no room it is to be done again. */
  enterInitial(): ExpandReport {
    try {
      this.#enterInitial();
      return this.report();
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error;
      this.#stop('room');
      return this.report([], error.kind);
    }
  }

  #enterInitial(): void {
    const { system, pools, layout } = this.explorer;
    for (const row of system.initial) {
      const ids = row.map((value, slot) => pools.number(pools.kindOf[slot] ?? 0, value));
      if (ids.some((id, slot) => pools.isOutside(pools.kindOf[slot] ?? 0, id))) continue;
      ids.forEach((id, slot) => {
        const kind = pools.kindOf[slot] ?? 0;
        if (!layout.fits(kind, id + 1)) throw new NoRoom(kind);
      });
      if (this.explorer.enterIds(ids) === null) return;
    }
  }

  /** Expands chunks of `ranges` until all are taken, `slice` states are done, or somebody stops. */
  expand(ranges: Ranges, slice = Infinity): ExpandReport {
    const left: number[] = [];
    let kind: number | null = null;
    let done = 0;
    for (const [start, end] of this.#chunks(ranges)) {
      let number = start;
      try {
        for (; number < end && Atomics.load(this.#control, CONTROL.stop) === 0; number += 1) {
          if (!this.explorer.expand(number)) break;
        }
      } catch (error) {
        if (!(error instanceof NoRoom)) throw error;
        ({ kind } = error);
        this.#stop('room');
      }
      if (number < end) left.push(number, end);
      done += end - start;
      this.#tally[this.#index] = this.explorer.generated;
      if (done >= slice) this.#stop('slice');
    }
    return this.report(left, kind);
  }

  report(left: Ranges = [], kind: number | null = null): ExpandReport {
    const { met } = this.explorer;
    this.#closeBlock();
    const found = this.#found;
    this.#found = [];
    const stop = Atomics.load(this.#control, CONTROL.stop);
    const [broken, brokenBySteps, reached] = [[...met.broken], [...met.brokenBySteps], [...met.reached]];
    const { deadlocks } = met;
    const { generated } = this.explorer;
    return { left, found, reason: STOPS[stop - 1] ?? null, kind, broken, brokenBySteps, deadlocks, reached, generated };
  }

  /** Chunks nobody else takes. */
  #chunks(ranges: Ranges): Generator<readonly [number, number]> {
    const control = this.#control;
    return chunksOf(ranges, () =>
      Atomics.load(control, CONTROL.stop) === 0 ? Atomics.add(control, CONTROL.cursor, 1) : null,
    );
  }

  /** Does its share of what is done between phases. */
  work(task: Task): void {
    toDo(this.explorer, task, () => Atomics.add(this.#control, CONTROL.cursor, 1));
  }

  /** How often each action was generated. */
  actions(): Readonly<Record<string, number>> {
    const { counts, outcomes } = this.explorer.programs;
    const result: Record<string, number> = {};
    outcomes.forEach((list, ordinal) => {
      for (const { label } of list) result[label.action] = (result[label.action] ?? 0) + (counts[ordinal] ?? 0);
    });
    return result;
  }
}
