/** `zabcheck record all`: every scenario after the other, each into a folder of its own. */
import { join } from 'node:path';
import { UsageError } from '../usage-error.js';
import { checkOut, recordInto, type RecordOptions } from './record.js';
import { SCENARIOS } from './scenarios.js';

export type RecordAllOptions = Omit<RecordOptions, 'scenario'>;

/**
 * Writes OUT/RELEASE/SCENARIO for every scenario. One that fails is told, and the others are recorded nevertheless;
 * then UsageError names those that are missing. `one` records one scenario.
 */
export async function recordAll(options: RecordAllOptions, one = recordInto): Promise<void> {
  const { out, signal, onProgress, seed, seconds } = options;
  if (seed !== undefined || seconds !== undefined) {
    throw new UsageError('--seed and --seconds belong to crash-storm, not to the corpus, which is the same each time.');
  }
  checkOut(out);
  const failed: string[] = [];
  for (const [index, scenario] of SCENARIOS.entries()) {
    const { name } = scenario;
    onProgress(`${name} (${index + 1} of ${SCENARIOS.length})`);
    const onStep = (line: string): void => onProgress(`  ${line}`);
    try {
      await one(scenario, (release) => join(out, release, name), { ...options, onProgress: onStep });
    } catch (error) {
      if (signal.aborted || !(error instanceof UsageError)) throw error;
      failed.push(name);
      onStep(`${name} was not recorded: ${error.message}`);
    }
  }
  if (failed.length === 0) return;
  throw new UsageError(`${failed.length} of ${SCENARIOS.length} scenarios were not recorded: ${failed.join(', ')}.`);
}
