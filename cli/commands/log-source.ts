/** Finds logs for a command and reads them under its signal: what cannot be read becomes a fault, not an end. */
import type { Sid } from '../../types/ids.js';
import { discover, type ServerLog } from '../../traces/files/discover.js';
import { InputError } from '../../traces/files/input-error.js';
import { newReadStatistics, type ReadStatistics, readObservations } from '../../traces/files/read-observations.js';
import type { Observation } from '../../traces/observation.js';

export type { ServerLog } from '../../traces/files/discover.js';
export type { ReadStatistics } from '../../traces/files/read-observations.js';

export interface InputFault {
  readonly path: string;
  readonly message: string;
}

export interface FoundLogs {
  readonly logs: readonly ServerLog[];
  readonly faults: readonly InputFault[];
}

/** `sid`: whose logs these are, if the user said so; of a file of several servers only this one's lines are taken. */
export async function findLogs(paths: readonly string[], sid: Sid | null): Promise<FoundLogs> {
  const { logs, faults } = await discoverAll(paths);
  if (sid === null) return { logs, faults };
  const chosen = logs.filter((log) => !log.shared || log.sid === sid);
  return { logs: chosen.map((log) => ({ ...log, sid })), faults };
}

/** All paths at once, so that parts of one log are joined; if one of them cannot be read, each by itself. */
async function discoverAll(paths: readonly string[]): Promise<FoundLogs> {
  try {
    return { logs: (await discover(paths)).logs, faults: [] };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const fault = { path: error.path, message: error.message };
    if (paths.length === 1) return { logs: [], faults: [fault] };
  }
  const found = await Promise.all(paths.map((path) => discoverAll([path])));
  return { logs: found.flatMap(({ logs }) => logs), faults: found.flatMap(({ faults }) => faults) };
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  /** Called with the bytes read since the last call. */
  readonly onBytes: (bytes: number) => void;
}

export interface ObservationSource {
  readonly batches: AsyncIterable<readonly Observation[]>;
  /** Grows while the batches are taken. */
  readonly statistics: ReadStatistics;
}

/** Stops at the signal. Throws InputError while it is read. */
export function readServerObservations(log: ServerLog, options: ReadOptions): ObservationSource {
  const statistics = newReadStatistics();
  return { batches: watched(readObservations(log, statistics), statistics, options), statistics };
}

async function* watched(
  batches: AsyncIterable<readonly Observation[]>,
  statistics: ReadStatistics,
  { signal, onBytes }: ReadOptions,
): AsyncGenerator<readonly Observation[]> {
  let told = 0;
  for await (const batch of batches) {
    if (signal.aborted) return;
    onBytes(statistics.bytes - told);
    told = statistics.bytes;
    yield batch;
  }
}
