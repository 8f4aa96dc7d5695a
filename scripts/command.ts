/**
 * The compiled command in this process, which spares its start: for what it says. How it starts, is interrupted and ends, and
 * what it reads from a pipe, needs a process of its own: running.ts.
 */
import type * as Outputs from '../cli/output.js';
import type * as Program from '../cli/program.js';

export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const compiled = (path: string): string => new URL(`../dist/cli/${path}`, import.meta.url).href;

/** In the folder `cwd`; `ensureBuilt` comes first. Throws what would end a process with a stack. */
export async function zabcheckIn(cwd: string, ...args: readonly string[]): Promise<Told> {
  const { runProgram } = (await import(compiled('program.js'))) as typeof Program;
  const { KeptOutput } = (await import(compiled('output.js'))) as typeof Outputs;
  const output = new KeptOutput();
  let code = 0;
  const { signal } = new AbortController();
  const before = process.cwd();
  process.chdir(cwd);
  try {
    await runProgram(args, { output, signal, done: (told) => (code = told) });
  } finally {
    process.chdir(before);
  }
  return { code, ...output.said };
}
