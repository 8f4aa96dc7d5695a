/** Standard input as a file: a log is read more than once, and a pipe can be read only once. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { StoredInput } from '../../traces/files/discover.js';
import { InputError } from '../../traces/files/input-error.js';
import type { Output } from '../output.js';

/** What to read with. */
export interface InputSource {
  /** Ends the reading. Not the signal that ended standard input: what came before it is still to be read. */
  readonly signal: AbortSignal;
  readonly stored: ReadonlyMap<string, StoredInput>;
  /** What was stored is only the beginning. */
  readonly incomplete: boolean;
}

/** The path that means standard input. */
export const STANDARD_INPUT = '-';

export interface KeptInput extends StoredInput {
  readonly bytes: number;
  /** The signal came before the end: only what had come by then was kept. */
  readonly interrupted: boolean;
  /** Removes the file. It is removed at the end of the process, too. */
  discard(): void;
}

/** Keeps standard input if a path asks for it, says on a terminal that it waits, and calls `use` with what came. */
export async function withStandardInput<T>(
  paths: readonly string[],
  { signal, output }: { readonly signal: AbortSignal; readonly output: Output },
  use: (source: InputSource) => Promise<T>,
): Promise<T> {
  if (!paths.includes(STANDARD_INPUT)) return use({ signal, stored: new Map(), incomplete: false });
  if (process.stdin.isTTY) output.err('reading standard input; Ctrl-D ends it');
  const kept = await keepInput(signal);
  try {
    const { interrupted: incomplete } = kept;
    const stored = new Map([[STANDARD_INPUT, kept]]);
    if (!incomplete) return await use({ signal, stored, incomplete });
    output.err(`interrupted: going on with the ${kept.bytes} bytes that came; once more ends at once`);
    return await use({ signal: new AbortController().signal, stored, incomplete });
  } finally {
    kept.discard();
  }
}

/** Reads `input` up to its end or the signal; the memory needed does not depend on its size. Throws InputError. */
export async function keepInput(signal: AbortSignal, input: Readable = process.stdin): Promise<KeptInput> {
  let folder: string | null = null;
  const discard = (): void => {
    process.off('exit', discard);
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  };
  // A second Ctrl-C ends the process without coming back here.
  process.once('exit', discard);
  try {
    folder = mkdtempSync(join(tmpdir(), 'zabcheck-stdin-'));
    const path = join(folder, 'input');
    const bytes = await copyInto(path, input, signal);
    return { name: 'stdin', path, bytes, interrupted: signal.aborted, discard };
  } catch (cause) {
    discard();
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new InputError('stdin', `Cannot read standard input, or keep it below ${tmpdir()}: ${code}.`);
  }
}

/** Written at once, chunk by chunk: whatever moment it ends, all that came is there. */
function copyInto(path: string, input: Readable, signal: AbortSignal): Promise<number> {
  const file = openSync(path, 'w');
  let bytes = 0;
  const copied = new Promise<number>((resolve, reject) => {
    const stop = (): void => {
      input.destroy();
      resolve(bytes);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    input.on('data', (chunk: Uint8Array) => {
      try {
        for (let at = 0; at < chunk.length;) at += writeSync(file, chunk, at);
        bytes += chunk.length;
      } catch (error) {
        input.destroy();
        reject(error as Error);
      }
    });
    input.once('end', () => resolve(bytes));
    input.once('error', reject);
  });
  return copied.finally(() => closeSync(file));
}
