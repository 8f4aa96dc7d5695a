/** The election of real peers beside the specification, as a finite system. */
import type { ElectionBounds } from './bounds.js';
import { type ImplOptions, profileOf } from './impl-server.js';
import { lockstepMachine } from './lockstep.js';
import { type ElectionSystem, electionSystem, type SystemOptions } from './system.js';

/** Is every step of the implementation one of the specification's? Where not, the step breaks `refinement`. */
export function lockstepSystem(bounds: ElectionBounds, options: ImplOptions & SystemOptions = {}): ElectionSystem {
  return electionSystem(
    bounds,
    (config) => lockstepMachine(config, { profile: profileOf(bounds), ...options }),
    options,
  );
}
