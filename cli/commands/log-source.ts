/** Finds logs for a command and reads them under its signal: what cannot be read becomes a fault, not an end. */
import { setImmediate } from 'node:timers/promises';
import type { Sid } from '../../types/ids.js';
import { discover, type DiscoverOptions, type ServerLog } from '../../traces/files/discover.js';
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

export interface FindOptions extends DiscoverOptions {
  /** Whose logs these are, if the user said so; of a file of several servers only this one's lines are taken. */
  readonly sid: Sid | null;
}

/** Throws the signal's reason. */
export async function findLogs(paths: readonly string[], { sid, ...options }: FindOptions): Promise<FoundLogs> {
  const { logs, faults } = await discoverAll(paths, options);
  if (sid === null) return { logs, faults };
  const ofFiles = new Map<string, ServerLog>();
  for (const log of logs) {
    const key = log.files.join('\0');
    if (log.sid === sid || !ofFiles.has(key)) ofFiles.set(key, log);
  }
  const named = [...ofFiles.values()].map((log) => asThatOf(sid, log));
  return { logs: named, faults };
}

/** A file that shows no line of this server is kept, too: that is told by its verdict. */
function asThatOf(sid: Sid, log: ServerLog): ServerLog {
  if (log.sid === sid) return { ...log, sidFrom: null };
  const label = log.shared ? (log.files.at(-1) ?? log.label) : log.label;
  return { ...log, label, sid, sidFrom: null, shared: log.shared || log.sidFrom === 'content' };
}

/** All paths at once, so that parts of one log are joined; if one of them cannot be read, each by itself. */
async function discoverAll(paths: readonly string[], options: DiscoverOptions): Promise<FoundLogs> {
  try {
    const { logs, misfits } = await discover(paths, options);
    return { logs, faults: misfits };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const fault = { path: error.path, message: error.message };
    if (paths.length === 1) return { logs: [], faults: [fault] };
  }
  const found = await Promise.all(paths.map((path) => discoverAll([path], options)));
  return { logs: found.flatMap(({ logs }) => logs), faults: found.flatMap(({ faults }) => faults) };
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  /** Called with the bytes read since the last call. */
  readonly onBytes: (bytes: number) => void;
  /** Lines of connections, too. */
  readonly connections?: boolean;
}

export interface ObservationSource {
  readonly batches: AsyncIterable<readonly Observation[]>;
  /** Grows while the batches are taken. */
  readonly statistics: ReadStatistics;
  /** Did the signal end the reading before the log ended? */
  interrupted(): boolean;
}

/** Stops at the signal. Throws InputError while it is read. */
export function readServerObservations(log: ServerLog, options: ReadOptions): ObservationSource {
  const statistics = newReadStatistics();
  let interrupted = false;
  const onStop = (): void => void (interrupted = true);
  const { connections = false } = options;
  const batches = watched(readObservations(log, statistics, { connections }), statistics, { ...options, onStop });
  return { batches, statistics, interrupted: () => interrupted };
}

async function* watched(
  batches: AsyncIterable<readonly Observation[]>,
  statistics: ReadStatistics,
  { signal, onBytes, onStop }: ReadOptions & { readonly onStop: () => void },
): AsyncGenerator<readonly Observation[]> {
  let told = 0;
  let size = SLICE_FIRST;
  for await (const batch of batches) {
    for (let at = 0; at === 0 || at < batch.length;) {
      if (signal.aborted) return onStop();
      const slice = batch.slice(at, at + size);
      const since = performance.now();
      yield slice;
      at += size;
      const took = performance.now() - since;
      if (took > SLICE_MS) size = Math.max(1, size >> 2);
      else if (took < SLICE_MS / 4) size = Math.min(SLICE_MAX, size * 2);
      // A judge never waits: without this a signal would not be heard before the end of the batch.
      if (took > SLICE_MS) await setImmediate();
    }
    onBytes(statistics.bytes - told);
    told = statistics.bytes;
  }
}

/** So long a judge may keep the process from hearing a signal, if the lines allow it: some take longer by themselves. */
const SLICE_MS = 50;
const SLICE_FIRST = 256;
const SLICE_MAX = 8192;
