#!/usr/bin/env node
/** The command line: arguments to a command, its outcome to an exit code. The only place that ends the process. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Argument, Command, CommanderError, Option } from 'commander';
import { FAULTS } from '../models/fuzz/faults.js';
import { implMachine } from '../models/impl-machine.js';
import { specMachine } from '../models/spec-machine.js';
import { threadMachines } from '../models/thread-machines.js';
import { InputError } from '../traces/files/input-error.js';
import { BOUND_FLAGS, check, type CheckFlags } from './commands/check.js';
import { models } from './commands/models.js';
import { fuzz, type FuzzFlags } from './commands/fuzz.js';
import { parse } from './commands/parse.js';
import { generate, type GenerateFlags } from './commands/generate.js';
import { itfCommand } from './commands/itf.js';
import { schemaCommand, SCHEMAS } from './commands/schema.js';
import { simulateCommand, type SimulateFlags } from './commands/simulate.js';
import { replay, type ReplayFlags } from './commands/replay.js';
import { validate, type ValidateFlags } from './commands/validate.js';
import { why, type WhyFlags } from './commands/why.js';
import { grainOf } from './commands/validate-threads.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { processOutput } from './output.js';
import { record, SCENARIOS } from './record/record.js';
import { recordAll } from './record/record-all.js';
import { UsageError } from './usage-error.js';

/** Who judges: what `--machine` may be. */
const MACHINES = { impl: [implMachine], spec: [specMachine], both: [implMachine, specMachine] } as const;

const GRAIN = new Option('--grain <name>', 'threads: DEBUG lines of connections are judged, too, thread by thread')
  .choices(['algorithm', 'threads'])
  .default('algorithm');

const EXIT_CODES = `
Exit codes: 0 accepted, 1 diverged, 2 bad usage or unreadable input, 3 inconclusive; the worst of 2, 1, 3, 0 wins
and all results are printed. 130: interrupted, or nobody read the results to their end.`;

const MACHINE = new Option('--machine <name>', 'who judges: the peer of this package, the specification, or both')
  .choices(Object.keys(MACHINES))
  .default('both');

interface JudgeFlags {
  readonly machine: keyof typeof MACHINES;
  readonly grain: 'algorithm' | 'threads';
}

function version(): string {
  const file = new URL(import.meta.url.includes('/dist/') ? '../../package.json' : '../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Ctrl-C asks to stop; a second one ends at once. */
function abortOnSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT.interrupted);
      controller.abort();
    });
  }
  return controller.signal;
}

function program(signal: AbortSignal, done: (code: ExitCode) => void): Command {
  const cli = new Command('zabcheck')
    .description('Conformance and model-checking kit for ZooKeeper leader election.')
    .version(version(), '--version')
    .addHelpText('after', EXIT_CODES)
    .exitOverride();
  cli
    .command('validate')
    .description('judge the logs of real servers, or NDJSON traces: is there an execution that explains each?')
    .argument('<path...>', 'log files, NDJSON traces, or folders of them; - is standard input')
    .option('--config <file>', 'zoo.cfg or dynamic configuration (default: the nearest zoo.cfg beside the logs)')
    .option('--sid <id>', 'the server whose logs these are (default: found in path and content)')
    .option('--zookeeper-version <release>', 'the release (default: what the log says)')
    .option('--apart', 'judge every log by itself only, not those of one ensemble together')
    .option('--html <file>', 'write a report as one self-contained page, with a diagram of the elections')
    .option('--junit <file>', 'write the verdicts as JUnit XML')
    .option('--mermaid <file>', 'write the elections as Mermaid sequence diagrams')
    .option('--gaps', 'lines may be missing: what diverges is only inconclusive')
    .addOption(MACHINE)
    .addOption(GRAIN)
    .option('--json', 'one JSON document on standard output')
    .action(async (paths: string[], flags: ValidateFlags & JudgeFlags) => {
      const threads = flags.grain === 'threads' ? { threads: grainOf(threadMachines) } : {};
      const machines = MACHINES[flags.machine];
      done(await validate(paths, flags, { machines, ...threads, output: processOutput, signal }));
    });
  cli
    .command('why')
    .description('show the rule that a line of a log stands under, conjunct by conjunct, with Java method and action')
    .argument('<file:line>', 'a line of a server log')
    .option('--config <file>', 'zoo.cfg or dynamic configuration (default: the nearest zoo.cfg beside the log)')
    .option('--json', 'one JSON document on standard output')
    .action(async (place: string, flags: WhyFlags) => {
      done(await why(place, flags, { machine: implMachine, output: processOutput, signal }));
    });
  cli
    .command('parse')
    .description('print what was read from logs as NDJSON observations, one event a line')
    .argument('<path...>', 'log files or folders of them; - is standard input')
    .option('--sid <id>', 'the server whose logs these are')
    .option('--itf', 'one ITF document instead (Apalache, Quint)')
    .action(async (paths: string[], flags: { sid?: string; itf?: true }) => {
      // It judges nothing: a reader that goes away has what it wanted.
      done(EXIT.accepted);
      done(await parse(paths, flags, { output: processOutput, signal }));
    });
  cli
    .command('record')
    .description('record an election of a real ZooKeeper ensemble on this machine, with the truth beside it')
    .argument('<scenario>', `all, or one of: ${SCENARIOS.map(({ name }) => name).join(', ')}`)
    .requiredOption(
      '--out <folder>',
      'where the recording goes, or all of them as RELEASE/SCENARIO; must be empty or not exist',
    )
    .option('--zookeeper <folder>', "an unpacked distribution (default: Debian's package zookeeper)")
    .option('--gzip-debug', 'write the DEBUG logs as .log.gz')
    .action(async (scenario: string, flags: { out: string; zookeeper?: string; gzipDebug?: true }) => {
      const { out, zookeeper = null, gzipDebug = false } = flags;
      const options = { out, zookeeper, gzipDebug, signal, onProgress: (line: string) => processOutput.err(line) };
      await (scenario === 'all' ? recordAll(options) : record({ ...options, scenario }));
      done(signal.aborted ? EXIT.interrupted : EXIT.accepted);
    });
  addFormats(cli, done);
  addChecking(cli, { signal, done });
  addFuzzing(cli, { signal, done });
  for (const command of cli.commands) command.exitOverride();
  return cli;
}

function addFormats(cli: Command, done: Running['done']): void {
  cli
    .command('itf')
    .description('print the observations of an ITF trace as NDJSON, to be judged by `validate -`')
    .argument('<file>', 'an ITF document with the variable `observation`')
    .action((file: string) => done(itfCommand(file, processOutput)));
  cli
    .command('schema')
    .description('print the JSON Schema of a line of a trace, or of an answer of a peer under fuzz --exec')
    .addArgument(new Argument('<name>', 'which').choices(Object.keys(SCHEMAS)))
    .action((name: keyof typeof SCHEMAS) => done(schemaCommand(name, processOutput)));
}

interface Running {
  readonly signal: AbortSignal;
  readonly done: (code: ExitCode) => void;
}

function addChecking(cli: Command, { signal, done }: Running): void {
  const command = cli
    .command('check')
    .description('explore every reachable state of a finite model; tell a shortest counterexample, or that it holds')
    .argument('[model]', 'a model or a named one, see `zabcheck models`', 'spec')
    .option('--property <name...>', 'look at these properties only (default: all of the model)')
    .option('--workers <n>', 'threads; 0: none besides this one', String(availableParallelism()))
    .option('--max-memory <MB>', 'for states; reaching it is inconclusive', '4096')
    .option('--fingerprint', 'keep 64-bit fingerprints of states: less memory, and a state may be missed')
    .option('--max-depth <n>', 'levels; reaching it is inconclusive')
    .option('--search <order>', 'breadth (shortest counterexample), depth, or random walks', 'breadth')
    .option('--walks <n>', 'random: how many', '1000')
    .option('--steps <n>', 'random: of a walk, at most', '200')
    .option('--seed <n>', 'random: equal seeds walk alike', '1')
    .option('--mermaid <file>', 'write the counterexample as a Mermaid sequence diagram')
    .option('--itf <file>', 'write the counterexample in the Informal Trace Format')
    .option('--json', 'one JSON document on standard output');
  for (const flag of BOUND_FLAGS)
    command.option(`${flag.length === 1 ? '-' : '--'}${flag} <value>`, `bound of the model`);
  command.action(async (model: string, flags: CheckFlags) =>
    done(await check(model, flags, { output: processOutput, signal })),
  );
  cli
    .command('simulate')
    .description('run an ensemble of threads under virtual time and faults, each step held against the specification')
    .option('--servers <n>', 'voters', '5')
    .option('--observers <n>', 'observers', '0')
    .option('--for <time>', 'virtual time: 90s, 10m, 1h', '10m')
    .option('--seed <n>', 'equal seeds give equal runs', '1')
    .option('--faults <time>', 'mean time between faults, or none', '3s')
    .option('--unchecked', 'do not hold steps against the specification: faster')
    .option('--untimed', 'no time: any thread may run, any wait may end, at any moment')
    .option('--steps <n>', 'untimed: how many steps', '1000000')
    .option('--bug <name>', 'a defect of the threads, to see it caught')
    .option('--json', 'one JSON document on standard output')
    .action(async (flags: SimulateFlags) => done(await simulateCommand(flags, { output: processOutput, signal })));
  cli
    .command('generate')
    .description('write the logs of a simulated ensemble as files, with what really happened beside them')
    .argument('<folder>', 'where: server-N.log, zoo.cfg, truth.json')
    .option('--servers <n>', 'voters', '3')
    .option('--observers <n>', 'observers', '0')
    .option('--steps <n>', 'steps of threads', '4000')
    .option('--seed <n>', 'equal seeds give equal logs', '1')
    .addOption(new Option('--level <name>', 'what is printed').choices(['info', 'debug']).default('info'))
    .option('--skew <seconds>', 'clocks differ by so much, at most', '0')
    .option('--missing <n>', 'of a thousand lines so many are left out', '0')
    .option('--json', 'one JSON document on standard output')
    .action(async (folder: string, flags: GenerateFlags) => done(generate(folder, flags, processOutput)));
  cli
    .command('models')
    .description('list the models that `check` knows')
    .option('--json', 'one JSON document on standard output')
    .action((flags: { json?: true }) => models(flags, processOutput));
}

const SUBJECT_HELP = 'a module whose default export is a peer to test (default: the peer of this package)';
const EXEC_HELP = 'a peer in any language: a program that speaks JSON lines, one process for each server';
const ANSWER_HELP = 'with --exec: an answer that takes longer is a failure';
const FRESH_HELP = 'with --exec: a new process for each start of a server (default: it is told to start anew)';
const PATIENCE_HELP = 'a step that takes longer has hung';

function addFuzzing(cli: Command, { signal, done }: Running): void {
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
    .option('--subject <module>', SUBJECT_HELP)
    .option('--exec <command>', EXEC_HELP)
    .option('--answer-within <time>', ANSWER_HELP, '2s')
    .option('--fresh', FRESH_HELP)
    .option('--patience <time>', PATIENCE_HELP, '10s')
    .option('--out <folder>', 'where a failure is written: story, diagram, test', 'zabcheck-failures')
    .option('--json', 'one JSON document on standard output')
    .action(async (flags: FuzzFlags) => done(await fuzz(flags, { output: processOutput, signal })));
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
    .action(async (token: string, flags: ReplayFlags) =>
      done(await replay(token, flags, { output: processOutput, signal })),
    );
}

/** What went wrong, as one sentence where it is the user's to mend. */
function report(error: unknown, signal: AbortSignal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.accepted : EXIT.badInput;
  if (error instanceof UsageError || error instanceof InputError) {
    processOutput.err(`error: ${error.message}`);
    return EXIT.badInput;
  }
  if (signal.aborted) {
    processOutput.err('interrupted');
    return EXIT.interrupted;
  }
  throw error;
}

/** A reader that goes away (`| head`) is no error; but a verdict that was not reached is not one of "accepted". */
function endUnread(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.interrupted);
  process.stderr.write(`error: Cannot write the results: ${error.code ?? error.message}.\n`);
  process.exit(EXIT.badInput);
}

async function main(): Promise<void> {
  process.stdout.on('error', endUnread);
  // Progress and errors that nobody can read are no reason to stop.
  process.stderr.on('error', () => undefined);
  const signal = abortOnSignal();
  try {
    await program(signal, (code) => (process.exitCode = code)).parseAsync();
  } catch (error) {
    process.exitCode = report(error, signal);
  }
}

await main();
