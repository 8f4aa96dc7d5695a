/** The command line: arguments to a command, its outcome to an exit code. */
import { readFileSync } from 'node:fs';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { ServerHypothesis } from '../models/impl-machine.js';
import type { EnsembleMachine } from '../traces/machine.js';
import { InputError } from '../traces/files/input-error.js';
import type { GenerateFlags } from './commands/generate.js';
import type { ParseFlags } from './commands/parse.js';
import type { SchemaName } from './commands/schema.js';
import type { SimulateFlags } from './commands/simulate.js';
import type { ValidateFlags } from './commands/validate.js';
import type { grainOf as GrainOf } from './commands/validate-threads.js';
import type { WhyFlags } from './commands/why.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import type { Output } from './output.js';
import { SCENARIOS } from './record/scenarios.js';
import { addCheck } from './check-command.js';
import { addCoverage } from './coverage-command.js';
import { addFuzzing } from './fuzz-commands.js';
import type { Running } from './running.js';
import { UsageError } from './usage-error.js';

// A command is loaded when it is asked for: each brings a good part of the program with it.

/** Who judges: what `--machine` may be. */
const MACHINES = ['impl', 'spec', 'both'] as const;

async function machinesOf(name: (typeof MACHINES)[number]): Promise<readonly EnsembleMachine<ServerHypothesis>[]> {
  const impl = async (): Promise<EnsembleMachine<ServerHypothesis>> =>
    (await import('../models/impl-machine.js')).implMachine;
  const spec = async (): Promise<EnsembleMachine<ServerHypothesis>> =>
    (await import('../models/spec-machine.js')).specMachine;
  if (name === 'both') return [await impl(), await spec()];
  return [await (name === 'impl' ? impl() : spec())];
}

async function threadGrain(): Promise<ReturnType<typeof GrainOf>> {
  const { grainOf } = await import('./commands/validate-threads.js');
  return grainOf((await import('../models/thread-machines.js')).threadMachines);
}

const GRAIN = new Option('--grain <name>', 'threads: DEBUG lines of connections are judged, too, thread by thread')
  .choices(['algorithm', 'threads'])
  .default('algorithm');

const EXIT_CODES = `
Exit codes: 0 accepted, 1 diverged, 2 bad usage or unreadable input, 3 inconclusive; the worst of 2, 1, 3, 0 wins
and all results are printed. 130: interrupted, or nobody read the results to their end. --follow is ended by Ctrl-C:
the code is then that of what was judged.`;

const MACHINE = new Option('--machine <name>', 'who judges: the peer of this package, the specification, or both')
  .choices(MACHINES)
  .default('both');

interface JudgeFlags {
  readonly machine: (typeof MACHINES)[number];
  readonly grain: 'algorithm' | 'threads';
}

function version(): string {
  const file = new URL(import.meta.url.includes('/dist/') ? '../../package.json' : '../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function program({ output, signal, done }: Running): Command {
  const cli = new Command('zabcheck')
    .description('Conformance and model-checking kit for ZooKeeper leader election.')
    .version(version(), '--version')
    .addHelpText('after', EXIT_CODES)
    .configureOutput(writing(output))
    .exitOverride();
  cli
    .command('validate')
    .description('judge the logs of real servers, or NDJSON traces: is there an execution that explains each?')
    .argument('<path...>', 'log files, NDJSON traces, or folders of them; - is standard input')
    .option('--config <file>', 'zoo.cfg or dynamic configuration (default: the nearest zoo.cfg beside the logs)')
    .option('--sid <id>', 'the server whose logs these are (default: found in path and content)')
    .option('--zookeeper-version <release>', 'the release (default: what the log says)')
    .option('--layout <file>', "YAML: how the platform wraps ZooKeeper's records (docs/layouts.md)")
    .option('--follow', 'judge logs while they grow, like tail -F; what becomes known is told at once, Ctrl-C ends it')
    .option('--apart', 'judge every log by itself only, not those of one ensemble together')
    .option('--html <file>', 'write a report as one self-contained page, with a diagram of the elections')
    .option('--junit <file>', 'write the verdicts as JUnit XML')
    .option('--mermaid <file>', 'write the elections as Mermaid sequence diagrams')
    .option('--itf <file>', 'write the execution that was judged in the Informal Trace Format (Apalache, Quint)')
    .option('--gaps', 'lines may be missing: what diverges is only inconclusive')
    .option('--no-reasons', 'do not look for the lines that contradict each other, nor for the nearest legal story')
    .addOption(MACHINE)
    .addOption(GRAIN)
    .option('--json', 'one JSON document on standard output; with --follow an event a line')
    .action(async (paths: string[], flags: ValidateFlags & JudgeFlags) => {
      const threads = flags.grain === 'threads' ? { threads: await threadGrain() } : {};
      const machines = await machinesOf(flags.machine);
      const { validate } = await import('./commands/validate.js');
      const judge = flags.follow === true ? (await import('./follow/follow.js')).follow : validate;
      done(await judge(paths, flags, { machines, ...threads, output, signal }));
    });
  cli
    .command('why')
    .description('show the rule that a line of a log stands under, conjunct by conjunct, with Java method and action')
    .argument('<file:line>', 'a line of a server log')
    .option('--config <file>', 'zoo.cfg or dynamic configuration (default: the nearest zoo.cfg beside the log)')
    .option('--layout <file>', "YAML: how the platform wraps ZooKeeper's records (docs/layouts.md)")
    .option('--json', 'one JSON document on standard output')
    .action(async (place: string, flags: WhyFlags) => {
      const { why } = await import('./commands/why.js');
      const [machine] = await machinesOf('impl');
      if (machine !== undefined) done(await why(place, flags, { machine, output, signal }));
    });
  cli
    .command('parse')
    .description('print what was read from logs as NDJSON observations, one event a line')
    .argument('<path...>', 'log files or folders of them; - is standard input')
    .option('--sid <id>', 'the server whose logs these are')
    .option('--layout <file>', "YAML: how the platform wraps ZooKeeper's records (docs/layouts.md)")
    .option('--itf', 'one ITF document instead (Apalache, Quint)')
    .action(async (paths: string[], flags: ParseFlags) => {
      // It judges nothing: a reader that goes away has what it wanted.
      done(EXIT.accepted);
      const { parse } = await import('./commands/parse.js');
      done(await parse(paths, flags, { output, signal }));
    });
  addRecording(cli, { output, signal, done });
  addFormats(cli, { output, signal, done });
  addCheck(cli, { output, signal, done });
  addChecking(cli, { output, signal, done });
  addFuzzing(cli, { output, signal, done });
  addCoverage(cli, { output, signal, done });
  for (const command of cli.commands) command.exitOverride();
  return cli;
}

interface RecordFlags {
  readonly out: string;
  readonly zookeeper?: string;
  readonly gzipDebug?: true;
  readonly seed?: number;
  readonly seconds?: number;
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number.');
}

function addRecording(cli: Command, { output, signal, done }: Running): void {
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
    .option('--seed <n>', 'crash-storm: equal seeds crash alike', wholeNumber)
    .option('--seconds <n>', 'crash-storm: so long servers crash and return', wholeNumber)
    .action(async (scenario: string, flags: RecordFlags) => {
      const { zookeeper = null, gzipDebug = false } = flags;
      const onProgress = (line: string): void => output.err(line);
      const options = { ...flags, zookeeper, gzipDebug, signal, onProgress };
      if (scenario === 'all') await (await import('./record/record-all.js')).recordAll(options);
      else await (await import('./record/record.js')).record({ ...options, scenario });
      done(signal.aborted ? EXIT.interrupted : EXIT.accepted);
    });
}

function addFormats(cli: Command, { output, done }: Running): void {
  cli
    .command('itf')
    .description('print the observations of an ITF trace as NDJSON, to be judged by `validate -`')
    .argument('<file>', 'an ITF document with the variable `observation`')
    .action(async (file: string) => done((await import('./commands/itf.js')).itfCommand(file, output)));
  cli
    .command('schema')
    .description('print the JSON Schema of a line of a trace, of an answer under fuzz --exec, or of coverage --json')
    .addArgument(new Argument('<name>', 'which').choices(['trace', 'answer', 'coverage']))
    .action(async (name: SchemaName) => done((await import('./commands/schema.js')).schemaCommand(name, output)));
}

function addChecking(cli: Command, { output, signal, done }: Running): void {
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
    .action(async (flags: SimulateFlags) => {
      const { simulateCommand } = await import('./commands/simulate.js');
      done(await simulateCommand(flags, { output, signal }));
    });
  cli
    .command('generate')
    .description('write the logs of a simulated ensemble as files, with what really happened beside them')
    .argument('<folder>', 'where: server-N.log, zoo.cfg, truth.json')
    .option('--release <release>', 'what the servers are, 3.4.6 to 3.10: what they do and how they print it', '3.8.0')
    .option('--servers <n>', 'voters', '3')
    .option('--observers <n>', 'observers', '0')
    .option('--steps <n>', 'steps of threads', '4000')
    .option('--seed <n>', 'equal seeds give equal logs', '1')
    .addOption(new Option('--level <name>', 'what is printed').choices(['info', 'debug']).default('info'))
    .option('--restarts <n>', 'of ten thousand steps, so many crash a server, which starts again', '5')
    .option('--skew <seconds>', 'each clock is wrong by so much, at most', '0')
    .option('--drift <n>', 'each clock is too fast or too slow by so many millionths, at most', '0')
    .option(
      '--missing <n>',
      'of a thousand lines so many are left out, none that tells of a process, a round, a role or an established leader',
      '0',
    )
    .option('--json', 'one JSON document on standard output')
    .action(async (folder: string, flags: GenerateFlags) => {
      const { generate } = await import('./commands/generate.js');
      done(generate(folder, flags, output));
    });
  cli
    .command('models')
    .description('list the models that `check` knows')
    .option('--json', 'one JSON document on standard output')
    .action(async (flags: { json?: true }) => (await import('./commands/models.js')).models(flags, output));
}

/** What went wrong, as one sentence where it is the user's to mend. */
function report(error: unknown, { output, signal }: Running): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.accepted : EXIT.badInput;
  if (error instanceof UsageError || error instanceof InputError) {
    output.err(`error: ${error.message}`);
    return EXIT.badInput;
  }
  if (signal.aborted) {
    output.err('interrupted');
    return EXIT.interrupted;
  }
  throw error;
}

/** What the parser of arguments says, line by line as all else. */
function writing(output: Output): { writeOut(text: string): void; writeErr(text: string): void } {
  return {
    writeOut: (text) => output.out(text.replace(/\n$/, '')),
    writeErr: (text) => output.err(text.replace(/\n$/, '')),
  };
}

/** `args`: what stands behind the name of the program. `done` is told the exit code, at times before all is said. */
export async function runProgram(args: readonly string[], running: Running): Promise<void> {
  try {
    await program(running).parseAsync(args, { from: 'user' });
  } catch (error) {
    running.done(report(error, running));
  }
}
