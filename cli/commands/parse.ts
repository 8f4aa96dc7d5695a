/** `zabcheck parse PATH...`: what was read, as NDJSON; what was not, as counts on standard error. */
import { itfOf } from '../../traces/itf.js';
import { printObservation } from '../../traces/ndjson.js';
import { asSid } from '../../types/ids.js';
import { parseDecimalInt64 } from '../../types/int64.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage-error.js';
import { findLogs, type FindOptions, readServerObservations } from './log-source.js';
import { withStandardInput } from './standard-input.js';

export interface ParseContext {
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** 0 if every file could be read, 2 if not. */
export async function parse(
  paths: readonly string[],
  flags: { readonly sid?: string; readonly itf?: true },
  context: ParseContext,
): Promise<ExitCode> {
  const sid = flags.sid === undefined ? null : parseDecimalInt64(flags.sid);
  if (sid !== null && !sid.ok) throw new UsageError(`--sid: ${sid.error}`);
  const chosen = sid === null ? null : asSid(sid.value);
  return withStandardInput(paths, context, async ({ incomplete: _, ...input }) => {
    const code = await parseAll(paths, { ...input, sid: chosen, itf: flags.itf === true, output: context.output });
    return context.signal.aborted ? EXIT.interrupted : code;
  });
}

async function parseAll(
  paths: readonly string[],
  { output, itf, ...options }: FindOptions & ParseContext & { readonly itf: boolean },
): Promise<ExitCode> {
  const { logs, faults } = await findLogs(paths, options);
  const { signal } = options;
  const kept: string[] = [];
  for (const log of logs) {
    if (signal.aborted) break;
    const source = readServerObservations(log, { signal, onBytes: () => undefined });
    let count = 0;
    for await (const batch of source.batches) {
      count += batch.length;
      const printed = batch.map(printObservation);
      if (itf) for (const line of printed) kept.push(line);
      else if (printed.length > 0) output.out(printed.join('\n'));
    }
    const { lines, unreadable } = source.statistics;
    output.err(`${log.label}: ${lines} lines, ${count} observations, ${unreadable} election lines not understood`);
  }
  if (itf) {
    const document = itfOf(kept);
    if (document.ok) output.out(document.value);
  }
  for (const { message } of faults) output.err(`error: ${message}`);
  return faults.length > 0 ? EXIT.badInput : EXIT.accepted;
}
