/**
 * Follows one server's log with every state that could have printed it so far: the set of hypotheses. A line is
 * explained if some hypothesis, after any number of steps that print nothing, prints it.
 */
import type { Decision, Hints, Machine } from './machine.js';
import { type HypothesisSet, HypothesisSets, type Limits } from './hypothesis-sets.js';
import type { Observation } from './observation.js';
import { describeDivergence, type RefusedState } from './divergence.js';
import type { Divergence, ElectionRecord, Verdict } from './verdict.js';
import { Past } from './past.js';
import { ObservationWindow } from './window.js';

/** Recorded elections need fewer than 500 hypotheses. */
export const DEFAULT_LIMITS: Limits = { hypothesesMax: 20_000, charactersMax: 1_000_000 };

/** Lines after which a stretch is not judged, with the sentence that says so. */
const GAPS: Readonly<Record<string, string>> = {
  electionRestarted: 'a reconfiguration restarted the election',
  reconfigured: 'a reconfiguration changed members or roles',
  unreadable: 'an election line could not be read',
  seam: 'bytes are missing',
  mainLoopException: 'an exception left the election',
};

const HOLE = { what: 'seam', why: 'too many hypotheses' } as const;
/** So often too many hypotheses are met before the rest of a log is left alone. */
const GIVEN_UP_MAX = 3;

/** So many doubts are told; the rest are counted. */
const DOUBTS_MAX = 3;

function gapWords({ said, at }: Observation, resumesAt: string): string | null {
  const gap = GAPS[said.what];
  if (gap === undefined) return null;
  const why = said.what === 'unreadable' || said.what === 'seam' ? `${gap} (${said.why})` : gap;
  return `${at.file}:${at.line}: ${why}: from here to the next ${resumesAt} nothing was judged`;
}

/** What all hypotheses decided; null where they do not agree. */
export function agreedDecision<S>(
  machine: Machine<S>,
  { members }: HypothesisSet<S>,
): { readonly [K in keyof Decision]: Decision[K] | null } {
  const decisions = members.map(({ state }) => machine.decision(state));
  const told = <T>(of: (decision: Decision) => T): T | null => {
    const [first = null, ...others] = decisions.map((decision) => (decision === null ? null : of(decision)));
    return others.every((other) => other === first) ? first : null;
  };
  return { leader: told(({ leader }) => leader), round: told(({ round }) => round), epoch: told(({ epoch }) => epoch) };
}

/** Judges the log of one server. Push observations in file order, then call `finish`. */
export class Judge<S> {
  readonly #machine: Machine<S>;
  readonly #hints: Hints;
  readonly #limits: Limits;
  readonly #resumesAt: string;
  #window: ObservationWindow;
  #sets: HypothesisSets<S>;
  #set: HypothesisSet<S>;
  /** While hypotheses are dropped by foresight: the way back. */
  #past: Past<S> | null;
  #hiddenSteps = 0;
  #judged = 0;
  #unjudged = 0;
  #largest: number;
  #stopped = false;
  #uncertain = false;
  #givenUp = 0;
  #divergence: Divergence | null = null;
  #elections: ElectionRecord[] = [];
  #doubts: string[] = [];
  #furtherDoubts = 0;
  /** A stretch that is not judged casts doubt only on what follows it: nothing may. */
  #gapBefore: string | null = null;

  constructor(machine: Machine<S>, hints: Hints, limits: Limits = DEFAULT_LIMITS) {
    this.#machine = machine;
    this.#hints = hints;
    this.#limits = limits;
    this.#resumesAt = machine.resumesAt ?? 'New election';
    this.#window = new ObservationWindow(hints.sid);
    this.#past = new Past(machine, hints.sid, limits);
    this.#sets = new HypothesisSets(machine, limits, { foresight: true });
    this.#set = this.#sets.start(machine.start(hints));
    this.#largest = this.#set.members.length;
  }

  /** Takes the next line; judges the oldest held once the window is full. */
  push(observation: Observation): void {
    if (this.#stopped) return;
    this.#window.push(observation);
    while (this.#window.isFull) this.#judgeOldest();
  }

  /**
   * Another judge in the same place, to be told or ended without this one: `fork().finish()` is what would be said if the
   * log ended here. What was remembered of hypotheses is shared.
   */
  fork(): Judge<S> {
    const copy = new Judge(this.#machine, this.#hints, this.#limits);
    copy.#window = this.#window.copy();
    copy.#sets = this.#sets;
    copy.#past = this.#past?.copy() ?? null;
    copy.#set = this.#set;
    copy.#hiddenSteps = this.#hiddenSteps;
    copy.#judged = this.#judged;
    copy.#unjudged = this.#unjudged;
    copy.#largest = this.#largest;
    copy.#stopped = this.#stopped;
    copy.#uncertain = this.#uncertain;
    copy.#givenUp = this.#givenUp;
    copy.#divergence = this.#divergence;
    copy.#elections = [...this.#elections];
    copy.#doubts = [...this.#doubts];
    copy.#furtherDoubts = this.#furtherDoubts;
    copy.#gapBefore = this.#gapBefore;
    return copy;
  }

  /** Sentences: what is in doubt, whatever else the log will say. */
  get doubts(): readonly string[] {
    return this.#doubts;
  }

  /** Did it stop at a line that something unknown may explain? */
  get isUncertain(): boolean {
    return this.#uncertain;
  }

  /** What it was told and has not judged. */
  get unread(): readonly Observation[] {
    return this.#window.items;
  }

  /** The roles that were entered since this was asked last; a verdict then tells later ones only. */
  takeElections(): readonly ElectionRecord[] {
    return this.#elections.splice(0);
  }

  /** Judges what is left. Lines that a process still owes at its end are no fault: it may have been killed. */
  finish(): Verdict {
    while (this.#window.length > 0 && !this.#stopped) this.#judgeOldest();
    const notes = [...this.#doubts];
    if (this.#furtherDoubts > 0) notes.push(`and ${this.#furtherDoubts} more such places`);
    if (this.#gapBefore !== null) notes.push(`${this.#gapBefore}; nothing follows it`);
    let kind: Verdict['kind'] = 'accepted';
    if (this.#divergence !== null) kind = 'diverged';
    else if (this.#doubts.length > 0) kind = 'inconclusive';
    else if (this.#judged === 0) {
      kind = 'inconclusive';
      notes.push(
        this.#unjudged === 0
          ? 'no line of an election was found'
          : 'no election begins in this log in a way that can be followed',
      );
    }
    return {
      kind,
      judged: this.#judged,
      unjudged: this.#unjudged,
      hiddenSteps: this.#hiddenSteps,
      hypothesesMax: this.#largest,
      elections: this.#elections,
      divergence: this.#divergence,
      notes,
    };
  }

  #judgeOldest(): void {
    const { oldest } = this.#window;
    if (oldest === undefined) return;
    this.#past?.note(this.#set, oldest);
    let advance = this.#sets.advance(this.#set, oldest, this.#window);
    if (advance.kind === 'refused' && this.#lookBack()) {
      advance = this.#sets.advance(this.#set, oldest, this.#window);
    }
    if (advance.kind === 'tooMany') this.#giveUp(oldest, advance.bound);
    else if (advance.kind === 'refused') this.#diverge(advance.states, oldest);
    else {
      this.#largest = Math.max(this.#largest, advance.considered);
      this.#hiddenSteps += advance.hiddenSteps;
      this.#set = advance.next;
      this.#count(advance.next, oldest);
    }
    this.#window.shift();
  }

  /** Nothing explains what is to come; at which line, and why, only all hypotheses can tell. False: they cannot be had. */
  #lookBack(): boolean {
    const all = this.#past?.again(this.#window.items) ?? null;
    this.#past = null;
    if (all === null) return false;
    this.#sets = all.sets;
    this.#set = all.set;
    return true;
  }

  #count(set: HypothesisSet<S>, observation: Observation): void {
    const { said, at } = observation;
    const { judging } = set;
    if (judging) this.#judged += 1;
    else this.#unjudged += 1;
    if (this.#gapBefore !== null && said.what !== 'version') {
      this.#doubt(this.#gapBefore);
      this.#gapBefore = null;
    }
    const gap = gapWords(observation, this.#resumesAt);
    if (!judging && gap !== null && (this.#judged > 0 || said.what === 'unreadable')) this.#gapBefore = gap;
    if (said.what !== 'roleEntered') return;
    this.#elections.push({ at, state: said.role, ...agreedDecision(this.#machine, set) });
  }

  #diverge(states: readonly S[], observation: Observation): void {
    this.#stopped = true;
    const refused: RefusedState[] = [];
    let uncertain = false;
    for (const state of states) {
      const outcome = this.#machine.observe(state, observation, this.#window.after);
      if (outcome.ok) continue;
      uncertain ||= this.#machine.uncertain(state);
      refused.push({ state: this.#machine.describe(state), refusal: outcome.refusal });
    }
    const divergence = describeDivergence(observation, refused);
    if (!uncertain) {
      this.#divergence = divergence;
      return;
    }
    this.#uncertain = true;
    this.#doubt(
      `${observation.at.file}:${observation.at.line}: not explained (${divergence.reason}), but not all of the past is ` +
        'known here: what came before the log, or an epoch that no line tells, may explain it',
    );
  }

  #doubt(sentence: string): void {
    if (this.#doubts.length < DOUBTS_MAX) this.#doubts.push(sentence);
    else this.#furtherDoubts += 1;
  }

  /** Goes on from the next New election, as behind a hole in the file; not for ever, because it took long. */
  #giveUp(observation: Observation, bound: string): void {
    const { at } = observation;
    this.#givenUp += 1;
    const told = `${at.file}:${at.line}: ${bound} fit the log so far`;
    const hole = this.#sets.advance(this.#set, { ...observation, said: HOLE }, this.#window);
    if (this.#givenUp === GIVEN_UP_MAX || hole.kind !== 'explained') {
      this.#stopped = true;
      this.#doubt(`${told}: judging stopped here`);
      return;
    }
    this.#doubt(`${told}: from here to the next ${this.#resumesAt} nothing was judged`);
    this.#set = hole.next;
  }
}
