/** Starts the worker and watches its pulse: a subject may hang, throw outside of any call, or end the process. */
import { MessageChannel, Worker } from 'node:worker_threads';
import { ExecHost } from '../exec/host.js';
import type { ExecLink, ExecOrder } from '../exec/messages.js';
import type { FromWorker, FuzzOrder, ReplayOrder, Tally } from './messages.js';

export interface Watchdog {
  readonly signal: AbortSignal;
  /** A pulse that stands still for longer than this means: hung. */
  readonly patienceMs: number;
  readonly onProgress: (tally: Tally, phase: 'running' | 'shrinking') => void;
}

export type WorkerEnd =
  | Exclude<FromWorker, { kind: 'progress' }>
  | { readonly kind: 'interrupted'; readonly tally: Tally }
  /** `run`, `step`: where it was; `why`: one sentence. */
  | { readonly kind: 'died'; readonly why: string; readonly run: number; readonly step: number; readonly tally: Tally };

const LOOK_EVERY_MS = 100;
/** Loading a TypeScript subject compiles it first. */
const LOADING_PATIENCE_MS = 60_000;
const HEAP_MB = 2048;

const NOTHING: Tally = { runs: 0, steps: 0, coverage: [] };

/** Always ends: by the worker's last message, its death, the watchdog, or the signal. */
export function runWorker(
  order: FuzzOrder | ReplayOrder,
  { signal, patienceMs, onProgress }: Watchdog,
): Promise<WorkerEnd> {
  const shared = new SharedArrayBuffer(12);
  const pulse = new Int32Array(shared);
  const processes = order.exec === null ? null : openProcesses(order.exec);
  const link = processes?.link ?? null;
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: { ...order, link, pulse: shared },
    transferList: link === null ? [] : [link.port],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  let tally = NOTHING;
  return new Promise((resolve) => {
    let ended = false;
    const end = (result: WorkerEnd): void => {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      processes?.host.close();
      signal.removeEventListener('abort', interrupted);
      void worker.terminate().then(() => resolve(result));
    };
    const interrupted = (): void => end({ kind: 'interrupted', tally });
    const died = (why: string): void => end({ kind: 'died', why, run: pulse[0] ?? 0, step: pulse[1] ?? 0, tally });
    signal.addEventListener('abort', interrupted);
    worker.on('message', (message: FromWorker) => {
      if (message.kind !== 'progress') return end(message);
      ({ tally } = message);
      onProgress(tally, message.phase);
    });
    worker.on('error', (error) => died(`the subject's thread died: ${firstLine(error)}`));
    worker.on('exit', (code) => died(`the subject ended its thread (exit code ${code})`));
    const timer = watch(pulse, patienceMs, (ms) => died(`the subject did not return within ${ms / 1000} s`));
    if (signal.aborted) interrupted();
  });
}

function openProcesses(order: ExecOrder): { readonly host: ExecHost; readonly link: ExecLink } {
  const { port1, port2 } = new MessageChannel();
  const bell = new SharedArrayBuffer(4);
  return { host: new ExecHost(order.command, port1, bell), link: { ...order, port: port2, bell } };
}

function watch(pulse: Int32Array, patienceMs: number, hung: (ms: number) => void): NodeJS.Timeout {
  let seen = '';
  let since = Date.now();
  return setInterval(() => {
    const now = pulse.join();
    if (now !== seen) {
      seen = now;
      since = Date.now();
      return;
    }
    const patience = pulse[2] === 0 ? LOADING_PATIENCE_MS : patienceMs;
    if (Date.now() - since > patience) hung(patience);
  }, LOOK_EVERY_MS);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? 'unknown';
}
