/** What one machine has said of a server, stretch after stretch, and what of it was told. */
import type { Judge } from '../judge.js';
import type { Machine } from '../machine.js';
import type { Observation } from '../observation.js';
import { type Divergence, type ElectionRecord, NOTHING_JUDGED, type Verdict } from '../verdict.js';

/** So many roles are kept for the verdict at the end, the latest. */
export const ROLES_KEPT = 1000;
const NOTES_KEPT = 20;

/** What is new. */
export interface Look {
  readonly roles: readonly ElectionRecord[];
  readonly divergence: Divergence | null;
  readonly doubts: readonly string[];
  /** A line has no explanation: nothing behind it is judged. */
  readonly isEnded: boolean;
  /**
   * The lines behind one that something unknown may explain: nothing of them is judged in this stretch. Null: there is no
   * such line, or what follows may still tell what is unknown.
   */
  readonly unread: readonly Observation[] | null;
}

/** After so many lines, or the end of its process, a line is as well known as it will ever be. */
const KNOWN_AFTER = 32;

export class MachineLife<S> {
  readonly machine: Machine<S>;
  /** Of the stretches that ended. */
  #past: Verdict | null = null;
  /** Roles of this stretch that no later line can change, as far as they are kept. */
  #roles: ElectionRecord[] = [];
  /** So many roles were entered in this stretch, and so many of them were told. */
  #settled = 0;
  #told = 0;
  #isEnded = false;
  readonly #doubtsTold = new Set<string>();

  constructor(machine: Machine<S>) {
    this.machine = machine;
  }

  /** What the judge says now and was not told. */
  look(judge: Judge<S> | undefined): Look {
    if (judge === undefined || this.#isEnded)
      return { roles: [], divergence: null, doubts: [], isEnded: this.#isEnded, unread: null };
    this.#take(judge);
    const fork = judge.fork();
    const { elections, divergence } = fork.finish();
    this.#isEnded = divergence !== null;
    const total = this.#settled + elections.length;
    const untold = Math.max(0, total - this.#told);
    const roles = untold === 0 ? [] : [...this.#roles, ...elections].slice(-untold);
    this.#told = Math.max(this.#told, total);
    const { unread } = fork;
    const isOpen = fork.isUncertain && unread.length < KNOWN_AFTER && !unread.some(isStart);
    const doubts = isOpen ? [] : this.#newDoubts(fork.doubts);
    return { roles, divergence, doubts, isEnded: this.#isEnded, unread: fork.isUncertain && !isOpen ? unread : null };
  }

  #newDoubts(doubts: readonly string[]): readonly string[] {
    const fresh = doubts.filter((doubt) => !this.#doubtsTold.has(doubt));
    if (this.#doubtsTold.size > NOTES_KEPT) this.#doubtsTold.clear();
    for (const doubt of doubts) this.#doubtsTold.add(doubt);
    return fresh;
  }

  #take(judge: Judge<S>): void {
    const roles = judge.takeElections();
    this.#settled += roles.length;
    this.#roles = [...this.#roles, ...roles].slice(-ROLES_KEPT);
  }

  /** A stretch ends: what it says is kept. */
  end(judge: Judge<S>): void {
    this.#past = this.verdict(judge);
    this.#roles = [];
    this.#settled = 0;
    this.#told = 0;
  }

  /** What would be said if the log ended now. */
  verdict(judge: Judge<S> | undefined): Verdict {
    const past = this.#past;
    if (judge === undefined || (past !== null && past.divergence !== null)) return past ?? NOTHING;
    this.#take(judge);
    const verdict = judge.fork().finish();
    const dropped = this.#settled - this.#roles.length;
    const notes =
      dropped === 0 ? verdict.notes : [...verdict.notes, `${dropped} roles that were entered earlier are not listed`];
    const whole = { ...verdict, notes, elections: [...this.#roles, ...verdict.elections] };
    return past === null ? whole : joined(past, whole);
  }
}

const isStart = ({ said }: Observation): boolean => said.what === 'processStarted';

const NOTHING: Verdict = {
  ...NOTHING_JUDGED,
  kind: 'inconclusive',
  notes: ['no line of an election was found'],
};

/** One verdict of two stretches: a stretch in which nothing was judged says nothing. */
export function joined(a: Verdict, b: Verdict): Verdict {
  if (a.judged === 0 && a.divergence === null) return { ...b, unjudged: a.unjudged + b.unjudged };
  const later = b.judged === 0 && b.divergence === null ? { ...b, kind: a.kind, notes: [] } : b;
  const kinds = [a.kind, later.kind];
  return {
    kind: kinds.includes('diverged') ? 'diverged' : kinds.includes('inconclusive') ? 'inconclusive' : 'accepted',
    judged: a.judged + b.judged,
    unjudged: a.unjudged + b.unjudged,
    hiddenSteps: a.hiddenSteps + b.hiddenSteps,
    hypothesesMax: Math.max(a.hypothesesMax, b.hypothesesMax),
    elections: [...a.elections, ...b.elections].slice(-ROLES_KEPT),
    divergence: a.divergence ?? later.divergence,
    notes: [...new Set([...a.notes, ...later.notes])].slice(0, NOTES_KEPT),
  };
}
