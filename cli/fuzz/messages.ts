/** What the fuzzing worker is told, and what it tells. Plain data: it crosses between threads. */
import type { ExecLink, ExecOrder } from '../exec/messages.js';
import type { FaultName } from '../../models/fuzz/faults.js';

export interface FuzzOrder {
  readonly kind: 'fuzz';
  /** Path or package of a subject; null: the peer of this package, or `exec`. */
  readonly subject: string | null;
  /** A peer in another language; null: none. */
  readonly exec: ExecOrder | null;
  readonly seed: number;
  /** Whose election is asked for; null: 3.8. */
  readonly release: string | null;
  readonly voters: readonly [number, number];
  readonly observersMax: number;
  readonly faults: readonly FaultName[];
  readonly stepsPerRun: number;
  /** Whichever comes first; null: no limit. */
  readonly runsMax: number | null;
  readonly msMax: number | null;
  readonly shrinkMs: number;
}

export interface ReplayOrder {
  readonly kind: 'replay';
  readonly subject: string | null;
  readonly exec: ExecOrder | null;
  /** The script as JSON. */
  readonly script: string;
}

export type Order = (FuzzOrder | ReplayOrder) & {
  /** To the processes of `exec`; null: there are none. */
  readonly link: ExecLink | null;
  /** Int32: run, step, phase (0 loading, 1 running, 2 shrinking); the watchdog looks whether they move. */
  readonly pulse: SharedArrayBuffer;
};

export interface Tally {
  readonly runs: number;
  readonly steps: number;
  readonly coverage: readonly (readonly [string, number])[];
}

/** A failing script, told. `script` is JSON. */
export interface Report {
  readonly script: string;
  readonly text: string;
  readonly diagram: string;
  readonly violation: { readonly kind: string; readonly sentence: string } | null;
  readonly taken: number;
  /** Steps before shrinking; null: not shrunk. */
  readonly stepsBefore: number | null;
}

export type FromWorker =
  | { readonly kind: 'progress'; readonly tally: Tally; readonly phase: 'running' | 'shrinking' }
  | { readonly kind: 'failed'; readonly tally: Tally; readonly report: Report }
  | { readonly kind: 'done'; readonly tally: Tally }
  | { readonly kind: 'replayed'; readonly report: Report }
  /** The subject could not be loaded: the user's to mend. */
  | { readonly kind: 'unusable'; readonly message: string };
