/** Reasons for what diverges, told beside its verdict: within a time, and as long as nobody asks to stop. */
import { setImmediate } from 'node:timers/promises';
import { reasonsOfEnsemble, reasonsOfServer } from '../../traces/explain/explain.js';
import { hold, type HeldLog } from '../../traces/explain/held.js';
import type { Patience } from '../../traces/explain/pause.js';
import type { Reasons } from '../../traces/explain/reasons.js';
import type { EnsembleMachine } from '../../traces/machine.js';
import type { SourcePosition } from '../../traces/observation.js';
import { readServerObservations } from './log-source.js';
import { commonOf, type EnsembleResult } from './validate-ensemble.js';
import type { Material, ServerResult } from './validate-server.js';

/** So long one divergence is explained, and all of them together, in milliseconds of this process. */
export const ONE_MS = 6000;
const ALL_MS = 30_000;

/** So often others are heard. */
const BREATH_MS = 20;

/** So many lines of a log are held around what a divergence is about. */
export const HELD = { before: 4000, after: 2000 } as const;

class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Explains divergences, one after the other, as long as there is time. */
export class Explainer<S> {
  readonly #machines: readonly EnsembleMachine<S>[];
  readonly #signal: AbortSignal;
  #leftMs = ALL_MS;

  constructor(machines: readonly EnsembleMachine<S>[], signal: AbortSignal) {
    this.#machines = machines;
    this.#signal = signal;
  }

  /** Null: it did not diverge by what an election prints, or the signal came. */
  async ofServer({ sid, machines, material }: ServerResult): Promise<Reasons | null> {
    const found = machines.find(({ verdict }) => verdict.kind === 'diverged' && verdict.divergence !== null);
    const machine = this.#machines.find(({ name }) => name === found?.machine);
    const line = found?.verdict.divergence?.at;
    if (sid === null || material === null || machine === undefined || line === undefined) return null;
    return this.#within(async (patience) => {
      const held = await this.#hold(material, [line]);
      return held === null ? null : reasonsOfServer(machine, held, { line, options: patience });
    });
  }

  /** The same for logs that contradict each other. */
  async ofEnsemble({ machines }: EnsembleResult, materials: readonly Material[]): Promise<Reasons | null> {
    const found = machines.find(({ verdict }) => verdict.divergence !== null);
    const machine = this.#machines.find(({ name }) => name === found?.machine);
    const divergence = found?.verdict.divergence ?? null;
    if (machine === undefined || divergence === null) return null;
    return this.#within(async (patience) => {
      const logs: HeldLog[] = [];
      const left: string[] = [];
      for (const material of materials) {
        const { sid } = material.hints;
        const places = divergence.evidence.filter((line) => line.sid === sid).map(({ at }) => at);
        const held = await this.#hold(material, places);
        if (held === null) left.push(`the log of server ${sid} is too long to be looked at`);
        else logs.push(held);
      }
      const common = commonOf(materials);
      const reasons = await reasonsOfEnsemble(machine, logs, { divergence, common, options: patience });
      return { ...reasons, bounds: [...reasons.bounds, ...left] };
    });
  }

  async #hold({ log, hints }: Material, places: readonly SourcePosition[]): Promise<HeldLog | null> {
    const source = readServerObservations(log, { signal: this.#signal, onBytes: () => undefined });
    const held = await hold(source.batches, places, HELD);
    return held === null ? null : { sid: hints.sid, hints, log: held };
  }

  async #within(explain: (patience: Patience) => Promise<Reasons | null>): Promise<Reasons | null> {
    const begun = usedMs();
    const reasons = await within(Math.min(ONE_MS, this.#leftMs), this.#signal, explain);
    this.#leftMs = Math.max(0, this.#leftMs - (usedMs() - begun));
    return reasons;
  }
}

/** What this process has worked: a busy machine finds no less. */
function usedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What can be explained in this time, in milliseconds of this process; null: the signal came. */
export async function within(
  timeMs: number,
  signal: AbortSignal,
  explain: (patience: Patience) => Promise<Reasons | null>,
): Promise<Reasons | null> {
  if (signal.aborted) return null;
  const end = usedMs() + timeMs;
  let breath = performance.now();
  const pause = async (): Promise<void> => {
    const now = performance.now();
    if (now - breath < BREATH_MS) return;
    breath = now;
    await setImmediate();
    if (signal.aborted) throw new Stopped();
  };
  const isOver = (): boolean => usedMs() > end;
  try {
    const reasons = await explain({ pause, isOver });
    if (reasons === null || !isOver()) return reasons;
    return { ...reasons, bounds: [...reasons.bounds, 'the time for reasons was over'] };
  } catch (error) {
    if (error instanceof Stopped || signal.aborted) return null;
    throw error;
  }
}
