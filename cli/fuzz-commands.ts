/** The commands that drive a peer: their arguments and flags. */
import type { Command } from 'commander';
import { FAULTS } from '../models/fuzz/faults.js';
import type { FuzzFlags } from './commands/fuzz.js';
import type { ReplayFlags } from './commands/replay.js';
import type { Running } from './running.js';

const SUBJECT_HELP = 'a module whose default export is a peer to test (default: the peer of this package)';
const EXEC_HELP = 'a peer in any language: a program that speaks JSON lines, one process for each server';
const ANSWER_HELP = 'with --exec: an answer that takes longer is a failure';
const FRESH_HELP = 'with --exec: a new process for each start of a server (default: it is told to start anew)';
const PATIENCE_HELP = 'a step that takes longer has hung';

export function addFuzzing(cli: Command, { output, signal, done }: Running): void {
  cli
    .command('fuzz')
    .description('drive random ensembles of a peer against the specification; on failure tell the shrunk story')
    .option('--runs <n>', 'how many runs (default: 1000, or no limit with --for)')
    .option('--for <time>', 'how long: 90s, 10m, 1h')
    .option('--seed <n>', 'equal seeds give equal runs (default: another each time, printed)')
    .option('--steps <n>', 'steps of a run, at most', '400')
    .option('--servers <n>', 'voters, or a range of them', '1-7')
    .option('--observers <n>', 'observers, at most', '2')
    .option('--faults <list>', `all, none, or some of ${FAULTS.join(',')}`, 'all')
    .option(
      '--release <release>',
      'whose election, 3.4.6 to 3.10: the specification is of it, and the peer is told (default: 3.8)',
    )
    .option('--subject <module>', SUBJECT_HELP)
    .option('--exec <command>', EXEC_HELP)
    .option('--answer-within <time>', ANSWER_HELP, '2s')
    .option('--fresh', FRESH_HELP)
    .option('--patience <time>', PATIENCE_HELP, '10s')
    .option('--out <folder>', 'where a failure is written: story, diagram, test', 'zabcheck-failures')
    .option('--json', 'one JSON document on standard output')
    .action(async (flags: FuzzFlags) => {
      const { fuzz } = await import('./commands/fuzz.js');
      done(await fuzz(flags, { output, signal }));
    });
  cli
    .command('replay')
    .description('play a script again and tell it step by step')
    .argument('<token>', 'a replay token, or a file that holds one')
    .option('--subject <module>', SUBJECT_HELP)
    .option('--exec <command>', EXEC_HELP)
    .option('--answer-within <time>', ANSWER_HELP, '2s')
    .option('--fresh', FRESH_HELP)
    .option('--patience <time>', PATIENCE_HELP, '10s')
    .option('--step', 'one step for each press of Enter')
    .option('--mermaid <file>', 'write a Mermaid sequence diagram')
    .action(async (token: string, flags: ReplayFlags) => {
      const { replay } = await import('./commands/replay.js');
      done(await replay(token, flags, { output, signal }));
    });
}
