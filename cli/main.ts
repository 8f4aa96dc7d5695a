#!/usr/bin/env node
/** The process: its signals, its streams, its exit code. The only place that ends it. */
import { EXIT, type ExitCode } from './exit-codes.js';
import { processOutput } from './output.js';
import { runProgram } from './program.js';

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
  const done = (code: ExitCode): void => void (process.exitCode = code);
  await runProgram(process.argv.slice(2), { output: processOutput, signal: abortOnSignal(), done });
}

await main();
