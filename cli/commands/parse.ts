/** `zabcheck parse PATH...`: what was read, as NDJSON; what was not, as counts on standard error. */
import { printObservation } from '../../traces/ndjson.js';
import { asSid } from '../../types/ids.js';
import { parseDecimalInt64 } from '../../types/int64.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage-error.js';
import { findLogs, readServerObservations } from './log-source.js';

export interface ParseContext {
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** 0 if every file could be read, 2 if not. */
export async function parse(
  paths: readonly string[],
  flags: { readonly sid?: string },
  { output, signal }: ParseContext,
): Promise<ExitCode> {
  const sid = flags.sid === undefined ? null : parseDecimalInt64(flags.sid);
  if (sid !== null && !sid.ok) throw new UsageError(`--sid: ${sid.error}`);
  const { logs, faults } = await findLogs(paths, sid === null ? null : asSid(sid.value));
  for (const log of logs) {
    const source = readServerObservations(log, { signal, onBytes: () => undefined });
    let count = 0;
    for await (const batch of source.batches) {
      count += batch.length;
      if (batch.length > 0) output.out(batch.map(printObservation).join('\n'));
    }
    const { lines, unreadable } = source.statistics;
    output.err(`${log.label}: ${lines} lines, ${count} observations, ${unreadable} election lines not understood`);
  }
  for (const { message } of faults) output.err(`error: ${message}`);
  if (signal.aborted) return EXIT.interrupted;
  return faults.length > 0 ? EXIT.badInput : EXIT.accepted;
}
