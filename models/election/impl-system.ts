/** The election of real peers as a finite system. */
import type { ElectionBounds } from './bounds.js';
import { implMachine, type ImplOptions, profileOf } from './impl-server.js';
import { type ElectionSystem, electionSystem, type SystemOptions } from './system.js';

export function implSystem(bounds: ElectionBounds, options: ImplOptions & SystemOptions = {}): ElectionSystem {
  return electionSystem(bounds, (config) => implMachine(config, { profile: profileOf(bounds), ...options }), options);
}
