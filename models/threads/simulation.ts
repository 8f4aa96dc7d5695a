/** What a simulation is asked, and what it tells. */
import type { ThreadProfile } from '../../impl/threads/profile.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { perform, Step, World } from './world.js';

export interface SimulationOptions {
  readonly config: EnsembleConfig;
  readonly seed: number;
  /** How long `simulate` lets it last, virtual milliseconds. */
  readonly ms: number;
  /** Mean time between faults, virtual milliseconds; null: none. */
  readonly faultEveryMs: number | null;
  readonly profile?: ThreadProfile;
  /** Sees each step before it is made. */
  readonly watch?: (world: World, step: Step, ms: number) => void;
  /** Makes a step; `perform` unless said otherwise. What it throws ends the run. */
  readonly perform?: typeof perform;
}

export interface SimulationReport {
  readonly steps: number;
  readonly ms: number;
  /** Elections that ended: a leader was established. */
  readonly established: number;
  /** Roles entered, by role. */
  readonly roles: ReadonlyMap<string, number>;
  readonly faults: ReadonlyMap<string, number>;
  /** The longest time without an established leader that a quorum follows, and when it began. */
  readonly longestGapMs: number;
  readonly longestGapAtMs: number;
  /** From the last fault before it to the establishment of a leader: the longest. */
  readonly slowestMs: number;
  readonly worldAtEnd: World;
}
