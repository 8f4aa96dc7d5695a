/** The command that explores models: its arguments and flags. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { BOUND_FLAGS } from './check/bound-flags.js';
import type { CheckFlags } from './commands/check.js';
import type { Running } from './running.js';

export function addCheck(cli: Command, { output, signal, done }: Running): void {
  const command = cli
    .command('check')
    .description('explore every reachable state of a finite model; tell a shortest counterexample, or that it holds')
    .argument('[model]', 'a model or a named one, see `zabcheck models` (default: spec)')
    .option('--property <name...>', 'look at these properties only (default: all of the model)')
    .option('--workers <n>', 'threads; 0: none besides this one', String(availableParallelism()))
    .option('--max-memory <MB>', 'for states; reaching it is inconclusive', '4096')
    .option('--fingerprint', 'keep 64-bit fingerprints of states: less memory, and a state may be missed')
    .option('--max-depth <n>', 'levels; reaching it is inconclusive')
    .option('--search <order>', 'breadth (shortest counterexample), depth, or random walks', 'breadth')
    .option(
      '--liveness <name>',
      'what should happen in the end: a name of docs/liveness.md; tells a lasso if it need not',
    )
    .option('--without <names>', 'of liveness: assumptions to be dropped, separated by commas')
    .option('--checkpoint <folder>', 'keep the run there, now and then, at Ctrl-C, at a bound, and at SIGUSR2')
    .option('--checkpoint-every <seconds>', 'how often (default: 300)')
    .option(
      '--resume <folder>',
      'go on with the run that is kept there: the same model; memory and workers as given now',
    )
    .option('--walks <n>', 'random: how many', '1000')
    .option('--steps <n>', 'random: of a walk, at most', '200')
    .option('--seed <n>', 'random: equal seeds walk alike', '1')
    .option('--mermaid <file>', 'write the counterexample as a Mermaid sequence diagram')
    .option('--itf <file>', 'write the counterexample in the Informal Trace Format')
    .option('--json', 'one JSON document on standard output');
  for (const flag of BOUND_FLAGS)
    command.option(`${flag.length === 1 ? '-' : '--'}${flag} <value>`, `bound of the model`);
  command.action(async (model: string | undefined, flags: CheckFlags) => {
    const { check } = await import('./commands/check.js');
    done(await check(model, flags, { output, signal }));
  });
}
