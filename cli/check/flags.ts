/** Flags of `check` that stand in no list of their own. */
import type { Command } from 'commander';
import { BOUND_FLAGS } from './bound-flags.js';

/** Bounds of models, and where a run is kept. */
export function addCheckFlags(command: Command): void {
  command
    .option('--checkpoint <folder>', 'keep the run there, now and then, at Ctrl-C, at a bound, and at SIGUSR2')
    .option('--checkpoint-every <seconds>', 'how often (default: 300)')
    .option(
      '--resume <folder>',
      'go on with the run that is kept there: the same model; memory and workers as given now',
    );
  for (const flag of BOUND_FLAGS)
    command.option(`${flag.length === 1 ? '-' : '--'}${flag} <value>`, `bound of the model`);
}
