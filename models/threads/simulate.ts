/** A simulation from its beginning to its end. */
import type { SimulationOptions, SimulationReport } from './simulation.js';
import { Simulation } from './simulator.js';

export function simulate(options: SimulationOptions): SimulationReport {
  const simulation = new Simulation(options);
  simulation.advance(options.ms);
  return simulation.report();
}
