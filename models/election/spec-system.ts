/** The election of the specification as a finite system. */
import type { ElectionBounds } from './bounds.js';
import { specProfileOf } from './ensemble.js';
import { specMachine } from './spec-server.js';
import { type ElectionSystem, electionSystem, type SystemOptions } from './system.js';

export function specSystem(bounds: ElectionBounds, options: SystemOptions = {}): ElectionSystem {
  return electionSystem(bounds, (config) => specMachine(config, specProfileOf(bounds)), options);
}
