/**
 * Judges the log of one server while it grows, by every machine. What is told of the lines so far is what would be said if
 * the log ended there: no later line can make a divergence undone. Memory is bounded, however long the server lives.
 */
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { Sid } from '../../types/ids.js';
import { DEFAULT_LIMITS } from '../judge.js';
import { withAssumptions } from '../judge-log.js';
import type { Limits } from '../hypothesis-sets.js';
import type { Hints, Machine } from '../machine.js';
import type { Observation, SourcePosition } from '../observation.js';
import type { Divergence, ElectionRecord, Verdict } from '../verdict.js';
import { LiveStretch } from './live-stretch.js';
import { type Look, MachineLife } from './machine-life.js';

/** What one machine says of a server. */
export interface NamedVerdict {
  readonly machine: string;
  readonly verdict: Verdict;
}

/** What became known of a server since it was asked last. */
export interface ServerNews {
  readonly roles: readonly ElectionRecord[];
  /** Lines of a leader that has a quorum of supporters. */
  readonly established: readonly Observation[];
  /** The first line that a machine does not explain; each machine tells one at most. */
  readonly divergences: readonly { readonly machine: string; readonly divergence: Divergence }[];
  /** Sentences: what cannot be judged, or what a machine is not sure of. */
  readonly doubts: readonly string[];
}

export interface LiveServerOptions {
  readonly sid: Sid;
  /** The release, if the user says it; null: what the log says. */
  readonly release: string | null;
  /** Lines may be missing: what diverges is only inconclusive. */
  readonly gaps: boolean;
  /** The configuration as it is now. It may change when members do. */
  readonly config: () => EnsembleConfig;
  readonly limits?: Limits;
}

/** Where a new configuration counts: what is judged begins anew there. */
const NEW_MEMBERS: ReadonlySet<string> = new Set(['processStarted', 'electionRestarted', 'reconfigured']);

export class LiveServer<S> {
  readonly sid: Sid;
  readonly #options: LiveServerOptions;
  readonly #lives: readonly MachineLife<S>[];
  #stretch: LiveStretch<S>;
  #established: Observation[] = [];
  /** Where the roles stand that were told: a line may be judged again. */
  readonly #toldAt = new WeakSet<SourcePosition>();
  /** Sentences: why nothing that is said here can be relied on. */
  readonly #distrust: string[] = [];

  constructor(machines: readonly Machine<S>[], options: LiveServerOptions) {
    this.sid = options.sid;
    this.#options = options;
    this.#lives = machines.map((machine) => new MachineLife(machine));
    this.#stretch = this.#begin();
  }

  #begin(): LiveStretch<S> {
    const { sid, release, config, limits = DEFAULT_LIMITS } = this.#options;
    const machines = this.#lives.map(({ machine }) => machine);
    return new LiveStretch(machines, { sid, release, config: config(), limits });
  }

  /** Takes the next line of this server. */
  push(observation: Observation): void {
    const { what } = observation.said;
    if (NEW_MEMBERS.has(what) && this.#options.config() !== this.#stretch.config) this.#beginAnew();
    this.#stretch.push(observation);
    if (what === 'quorumOfSupporters') this.#established.push(observation);
  }

  #beginAnew(): void {
    this.#stretch.judges.forEach((judge, index) => this.#lives[index]?.end(judge));
    this.#stretch = this.#begin();
  }

  /** Nothing that is said of this server can be relied on; each reason counts once. */
  distrust(why: string): void {
    if (!this.#distrust.includes(why) && this.#distrust.length < DISTRUST_MAX) this.#distrust.push(why);
  }

  /** What is known now and was not before. */
  news(): ServerNews {
    const established = this.#established;
    this.#established = [];
    const looks = [this.#look()];
    for (let last = looks[0]; last !== undefined && last.unread !== null; last = looks.at(-1)) {
      this.#beginAnew();
      for (const observation of last.unread) this.#stretch.push(observation);
      looks.push(this.#look());
    }
    return {
      roles: looks.flatMap(({ roles }) => roles),
      established: looks.some(({ isEnded }) => isEnded) ? [] : established,
      divergences: looks.flatMap(({ divergences }) => divergences),
      doubts: [...new Set(looks.flatMap(({ doubts }) => doubts))],
    };
  }

  #look(): Omit<ServerNews, 'established'> & Pick<Look, 'isEnded' | 'unread'> {
    const judges = this.#stretch.settled();
    const told = this.#lives.map((life, index) => life.look(judges[index]));
    return {
      roles: (told[0]?.roles ?? []).filter(({ at }) => !this.#toldAt.has(at) && this.#toldAt.add(at)),
      divergences: told.flatMap(({ divergence }, index) => {
        const machine = this.#lives[index]?.machine.name ?? '';
        return divergence === null ? [] : [{ machine, divergence }];
      }),
      doubts: told.flatMap(({ doubts }) => doubts),
      isEnded: told.some(({ isEnded }) => isEnded),
      unread: told.map(({ unread }) => unread).find((lines) => lines !== null) ?? null,
    };
  }

  /** What would be said if the log ended now, of all that was judged. */
  verdicts(): readonly NamedVerdict[] {
    const judges = this.#stretch.settled();
    return this.#lives.map((life, index) => ({
      machine: life.machine.name,
      verdict: this.#asTrusted(
        withAssumptions(life.verdict(judges[index]), { gaps: this.#options.gaps, voters: null }),
      ),
    }));
  }

  #asTrusted(verdict: Verdict): Verdict {
    if (this.#distrust.length === 0) return verdict;
    return { ...verdict, kind: 'inconclusive', divergence: null, notes: [...this.#distrust, ...verdict.notes] };
  }

  /** As its log is judged now. */
  get hints(): Hints {
    return this.#stretch.hints();
  }

  get debug(): boolean {
    return this.hints.debug;
  }
}

const DISTRUST_MAX = 3;
