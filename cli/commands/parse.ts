/** `zabcheck parse PATH...`: what was read, as NDJSON; what was not, as counts on standard error. */
import { InputError } from '../../traces/files/input-error.js';
import { readLayout } from '../../traces/files/read-layout.js';
import { itfOf } from '../../traces/itf.js';
import { printObservation } from '../../traces/ndjson.js';
import { asSid } from '../../types/ids.js';
import { parseDecimalInt64 } from '../../types/int64.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage-error.js';
import { findLogs, type FindOptions, readServerObservations, type ServerLog } from './log-source.js';
import { withStandardInput } from './standard-input.js';

export interface ParseContext {
  readonly output: Output;
  readonly signal: AbortSignal;
}

export interface ParseFlags {
  readonly sid?: string;
  readonly itf?: true;
  /** A file that says how records are wrapped. */
  readonly layout?: string;
}

/** 0 if every file could be read, 2 if not. */
export async function parse(paths: readonly string[], flags: ParseFlags, context: ParseContext): Promise<ExitCode> {
  const sid = flags.sid === undefined ? null : parseDecimalInt64(flags.sid);
  if (sid !== null && !sid.ok) throw new UsageError(`--sid: ${sid.error}`);
  const chosen = sid === null ? null : asSid(sid.value);
  const layout = flags.layout === undefined ? null : await readLayout(flags.layout);
  return withStandardInput(paths, context, async ({ incomplete: _, ...input }) => {
    const code = await parseAll(paths, {
      ...input,
      sid: chosen,
      layout,
      itf: flags.itf === true,
      output: context.output,
    });
    return context.signal.aborted ? EXIT.interrupted : code;
  });
}

async function parseAll(
  paths: readonly string[],
  { output, itf, ...options }: FindOptions & ParseContext & { readonly itf: boolean },
): Promise<ExitCode> {
  const { logs, faults: found } = await findLogs(paths, options);
  const faults = [...found];
  const { signal } = options;
  const kept: string[] = [];
  const print = (lines: readonly string[]): void => {
    if (itf) for (const line of lines) kept.push(line);
    else if (lines.length > 0) output.out(lines.join('\n'));
  };
  for (const log of logs) {
    if (signal.aborted) break;
    try {
      output.err(await parseOne(log, signal, print));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const { path, message } = error;
      if (!faults.some((fault) => fault.message === message)) faults.push({ path, message });
    }
  }
  if (itf) {
    const document = itfOf(kept);
    if (document.ok) output.out(document.value);
  }
  for (const { message } of faults) output.err(`error: ${message}`);
  return faults.length > 0 ? EXIT.badInput : EXIT.accepted;
}

/** Prints what one log tells: its counts, in words. Throws InputError. */
async function parseOne(
  log: ServerLog,
  signal: AbortSignal,
  print: (lines: readonly string[]) => void,
): Promise<string> {
  const source = readServerObservations(log, { signal, onBytes: () => undefined });
  let count = 0;
  for await (const batch of source.batches) {
    count += batch.length;
    print(batch.map(printObservation));
  }
  const { lines, unreadable } = source.statistics;
  return `${log.label}: ${lines} lines, ${count} observations, ${unreadable} election lines not understood`;
}
