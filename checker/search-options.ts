/** What a search is asked, and what it tells while it runs. */
import type { Checkpoints, Resumed } from './checkpoints.js';
import type { MemoryOptions } from './search-memory.js';

export interface SearchOptions extends MemoryOptions {
  /** Levels; reaching it makes the answer inconclusive. */
  readonly maxDepth?: number;
  /** Which state is expanded next. depth: the newest; a counterexample is then soon found, and long. */
  readonly order?: 'breadth' | 'depth';
  /** Called once at the beginning with functions that tell, at any time, how far it has come, and successors computed. */
  readonly watch?: (look: () => Progress, generated: () => number) => void;
  /** Called once: no more states are expanded. */
  readonly explored?: () => void;
  /** Of exact searches in breadth. */
  readonly checkpoints?: Checkpoints | undefined;
  readonly resumed?: Resumed | undefined;
}

export interface Progress {
  readonly distinct: number;
  readonly generated: number;
  /** Levels complete. */
  readonly depth: number;
  /** States of the level in hand that are not yet expanded. */
  readonly queue: number;
  readonly bytes: number;
}
