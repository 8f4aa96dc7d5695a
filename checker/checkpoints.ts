/** What a search hands out so that it can be resumed: a small record, and what was appended to shared memory. */
import type { Ranges } from './ranges.js';

/** What was met, beyond the states themselves: of all hands, from the beginning. */
export interface Tally {
  /** Successors computed. */
  readonly generated: number;
  readonly deadlocks: number;
  readonly broken: readonly string[];
  readonly brokenBySteps: readonly string[];
  readonly reached: readonly string[];
  readonly actions: Readonly<Record<string, number>>;
}

export const NOTHING_MET: Tally = {
  generated: 0,
  deadlocks: 0,
  broken: [],
  brokenBySteps: [],
  reached: [],
  actions: {},
};

/** The names under which growing memory is kept. texts: the values, in the order of their numbers. */
export const STREAMS = ['states', 'left', 'right', 'texts'] as const;
export type StreamName = (typeof STREAMS)[number];

/** Where a search stands between two phases: plain data. */
export interface SearchRecord {
  /** States by level; the last is the one in hand. */
  readonly levels: readonly Ranges[];
  /** Of the level in hand: not yet expanded. */
  readonly pending: Ranges;
  /** Of the next level: found so far. */
  readonly found: Ranges;
  /** Deadlocks met before the level in hand. */
  readonly deadlocksBefore: number;
  readonly tally: Tally;
  /** Bits, by kind. */
  readonly widths: readonly number[];
  /** Numbers given out. */
  readonly numbers: { readonly states: number; readonly left: number; readonly right: number };
  /** Numbers of halves that nothing has. */
  readonly unused: { readonly left: readonly number[]; readonly right: readonly number[] };
}

/** The first `length` bytes do not change any more while `age` is the same; a later age begins anew. */
export interface Stream {
  readonly bytes: SharedArrayBuffer;
  readonly length: number;
  readonly age: number;
}

export interface Snapshot {
  readonly record: SearchRecord;
  readonly streams: Readonly<Record<StreamName, Stream>>;
}

/** Who keeps checkpoints. */
export interface Checkpoints {
  /** Called once. `soon` ends the present phase; then `isDue` is asked. */
  begin(soon: () => void): void;
  isDue(): boolean;
  /** Keeps it, while the search goes on. */
  take(snapshot: Snapshot): void;
}

/** What was kept: the record, and how to read the streams. */
export interface Resumed {
  readonly record: SearchRecord;
  /** How many of the texts' stream. */
  readonly textBytes: number;
  /** Fills the beginning of a buffer. */
  fill(name: StreamName, into: SharedArrayBuffer): Promise<void>;
}
