/**
 * Judges growing logs of one ensemble together. Of each server the latest lines are held, so that memory is bounded. Lines
 * that are still to be written may be the cause of lines that are there: only what was held at a moment when every log
 * stood still is judged.
 */
import { judgeEnsemble } from '../ensemble/judge.js';
import type { Election, EnsembleDivergence, EnsembleVerdict } from '../ensemble/verdict.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { Sid } from '../../types/ids.js';
import type { EnsembleMachine, Hints } from '../machine.js';
import type { Observation } from '../observation.js';
import type { Verdict } from '../verdict.js';

/** So many observations of each server are held. */
export const HELD_MAX = 2000;

/** A server, as it is judged by itself. */
export interface LiveMember {
  readonly sid: Sid;
  readonly label: string;
  readonly hints: Hints;
  /** By the name of the machine. */
  readonly verdictOf: (machine: string) => Verdict;
}

export interface LiveEnsembleOptions {
  readonly gaps: boolean;
  readonly config: EnsembleConfig;
  readonly signal: AbortSignal;
}

export interface NamedEnsembleVerdict {
  readonly machine: string;
  readonly verdict: EnsembleVerdict;
}

/** What became known of an ensemble. */
export interface EnsembleNews {
  readonly servers: readonly Sid[];
  /** Elections that were not told before: by leader and epoch. */
  readonly elections: readonly Election[];
  /** The first contradiction; it is told once. */
  readonly divergences: readonly { readonly machine: string; readonly divergence: EnsembleDivergence }[];
  readonly judged: readonly NamedEnsembleVerdict[];
}

interface Held {
  lines: Observation[];
  /** So many of them were there when every log stood still last. */
  still: number;
  /** So many were dropped. */
  dropped: number;
}

export class LiveEnsemble<S> {
  readonly #machines: readonly EnsembleMachine<S>[];
  readonly #held = new Map<Sid, Held>();
  readonly #told = new Set<string>();
  #judged: readonly NamedEnsembleVerdict[] = [];
  /** Lines came since this was judged last, and every log has stood still behind them. */
  #isNew = false;

  constructor(machines: readonly EnsembleMachine<S>[]) {
    this.#machines = machines;
  }

  push(sid: Sid, observation: Observation): void {
    const held = this.#held.get(sid) ?? { lines: [], still: 0, dropped: 0 };
    this.#held.set(sid, held);
    held.lines.push(observation);
    if (held.lines.length <= HELD_MAX) return;
    const drop = HELD_MAX / 4;
    held.lines = held.lines.slice(drop);
    held.still = Math.max(0, held.still - drop);
    held.dropped += drop;
  }

  /** Every log stands still now: nothing that is held has a cause that is still to be written. */
  standStill(): void {
    for (const held of this.#held.values()) {
      this.#isNew ||= held.still < held.lines.length;
      held.still = held.lines.length;
    }
  }

  /** Members or rules changed: what was before is not judged together with what comes. */
  forget(): void {
    this.#held.clear();
  }

  /** Lines that are not held any more, of all servers. */
  get dropped(): number {
    return [...this.#held.values()].reduce((sum, { dropped }) => sum + dropped, 0);
  }

  /** Are lines held that came after every log stood still last? They were not judged. */
  get isBehind(): boolean {
    return [...this.#held.values()].some(({ lines, still }) => still < lines.length);
  }

  /** The last verdicts; none if nothing was judged together. */
  get judged(): readonly NamedEnsembleVerdict[] {
    return this.#judged;
  }

  get #hasDiverged(): boolean {
    return this.#judged.some(({ verdict }) => verdict.divergence !== null);
  }

  /** Judges what was held when every log stood still, if that is new; null: it is not, or there is nothing to compare. */
  async judge(members: readonly LiveMember[], options: LiveEnsembleOptions): Promise<EnsembleNews | null> {
    const present = members.filter(({ sid }) => (this.#held.get(sid)?.still ?? 0) > 0);
    if (!this.#isNew || this.#hasDiverged || present.length < 2) return null;
    this.#isNew = false;
    const judged: NamedEnsembleVerdict[] = [];
    for (const machine of this.#machines) {
      const verdict = await this.#judgeBy(machine, present, options);
      if (options.signal.aborted) {
        this.#isNew = true;
        return null;
      }
      judged.push({ machine: machine.name, verdict });
    }
    this.#judged = judged;
    const elections = judged[0]?.verdict.elections.filter((election) => this.#isUntold(election)) ?? [];
    const divergences = judged.flatMap(({ machine, verdict: { divergence } }) =>
      divergence === null ? [] : [{ machine, divergence }],
    );
    return { servers: present.map(({ sid }) => sid), elections, divergences, judged };
  }

  #isUntold({ leader, epoch, round }: Election): boolean {
    if (epoch === null) return false;
    const key = `${leader} ${epoch} ${round}`;
    if (this.#told.has(key)) return false;
    if (this.#told.size >= HELD_MAX) this.#told.clear();
    return this.#told.add(key) !== undefined;
  }

  async #judgeBy(
    machine: EnsembleMachine<S>,
    members: readonly LiveMember[],
    { gaps, config, signal }: LiveEnsembleOptions,
  ): Promise<EnsembleVerdict> {
    const of = (type: string): readonly Sid[] =>
      config.members.filter((member) => member.type === type).map(({ sid }) => sid);
    const logs = members.map(({ sid, label, hints, verdictOf }) => {
      const { lines = [], still = 0 } = this.#held.get(sid) ?? {};
      const held = lines.slice(0, still);
      const observations = async function* (): AsyncGenerator<readonly Observation[]> {
        yield held;
      };
      return { sid, label, hints, verdict: verdictOf(machine.name), observations };
    });
    return judgeEnsemble(machine, logs, {
      observers: new Set(of('OBSERVER')),
      voters: of('PARTICIPANT'),
      gaps,
      signal,
    });
  }
}
