/** The command line of `zabcheck coverage`. */
import type { Command } from 'commander';
import { BOUND_FLAGS } from './check/bound-flags.js';
import type { CoverageFlags } from './commands/coverage.js';
import type { Running } from './running.js';

export function addCoverage(cli: Command, { output, signal, done }: Running): void {
  const command = cli
    .command('coverage')
    .description('tell which share of a finite model fuzzing, scripts and recorded elections touch; gaps first')
    .argument('[model]', 'a model of the election, or a named one, see `zabcheck models`', 'smoke')
    .option('--fuzz <steps>', 'steps of a random walk within the model (default: 100000 without another source)')
    .option('--seed <n>', 'equal seeds walk alike', '1')
    .option('--scripts <path...>', 'scripts (zabcheck.script/1), folders of them, or replay tokens')
    .option('--logs <path...>', 'logs of real servers, or folders of them')
    .option('--max-memory <MB>', 'for states and transitions; without all of them there is no share', '4096')
    .option('--gaps <n>', 'so many groups of gaps are told with the shortest way to one', '10')
    .option('--json', 'one JSON document on standard output');
  for (const flag of BOUND_FLAGS)
    command.option(`${flag.length === 1 ? '-' : '--'}${flag} <value>`, `bound of the model`);
  command.action(async (model: string, flags: CoverageFlags) => {
    const { coverage } = await import('./commands/coverage.js');
    done(await coverage(model, flags, { output, signal }));
  });
}
