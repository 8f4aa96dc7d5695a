/**
 * Follows one server's log with every state that could have printed it so far: the set of hypotheses. A line is
 * explained if some hypothesis, after any number of steps that print nothing, prints it.
 */
import type { Ahead, Hints, Machine } from './machine.js';
import type { Observation } from './observation.js';
import { describeDivergence, type RefusedState } from './divergence.js';
import type { Divergence, ElectionRecord, Verdict } from './verdict.js';
import { ObservationWindow } from './window.js';

export interface Limits {
  /** More hypotheses than this end the judgement as inconclusive. */
  readonly hypothesesMax: number;
}

export const DEFAULT_LIMITS: Limits = { hypothesesMax: 20_000 };

interface Hypothesis<S> {
  readonly state: S;
  /** Hidden steps of the shortest explanation. */
  readonly hiddenSteps: number;
}

type HypothesisSet<S> = Map<string, Hypothesis<S>>;

/** Lines that no machine step prints: they only tell something, so nothing hidden has to happen first. */
const TELLING_ONLY: ReadonlySet<string> = new Set([
  'processStarted',
  'phase',
  'electionTook',
  'setToLooking',
  'newLeaderReceived',
  'upToDateReceived',
  'quorumOfSupporters',
  'snapshotLoaded',
  'epochDefault',
  'roleEnding',
  'messengerDown',
  'version',
  'intervalSetting',
  'electionRestarted',
  'reconfigured',
  'mainLoopException',
  'unreadable',
  'seam',
]);

/** Lines after which a stretch is not judged, with the sentence that says so. */
const GAPS: Readonly<Record<string, string>> = {
  electionRestarted: 'a reconfiguration restarted the election',
  reconfigured: 'a reconfiguration changed members or roles',
  unreadable: 'an election line could not be read',
  seam: 'bytes are missing',
  mainLoopException: 'an exception left the election',
};

/** So many doubts are told; the rest are counted. */
const DOUBTS_MAX = 3;

function gapWords({ said, at }: Observation): string | null {
  const gap = GAPS[said.what];
  if (gap === undefined) return null;
  const why = said.what === 'unreadable' || said.what === 'seam' ? `${gap} (${said.why})` : gap;
  return `${at.file}:${at.line}: ${why}: from here to the next New election nothing was judged`;
}

/** Judges the log of one server. Push observations in file order, then call `finish`. */
export class Judge<S> {
  readonly #machine: Machine<S>;
  readonly #limits: Limits;
  readonly #window: ObservationWindow;
  #set: HypothesisSet<S>;
  #judged = 0;
  #unjudged = 0;
  #largest: number;
  #stopped = false;
  #divergence: Divergence | null = null;
  readonly #elections: ElectionRecord[] = [];
  readonly #doubts: string[] = [];
  #furtherDoubts = 0;
  /** A stretch that is not judged casts doubt only on what follows it: nothing may. */
  #gapBefore: string | null = null;

  constructor(machine: Machine<S>, hints: Hints, limits: Limits = DEFAULT_LIMITS) {
    this.#machine = machine;
    this.#limits = limits;
    this.#window = new ObservationWindow(hints.sid);
    this.#set = new Map();
    for (const state of machine.start(hints)) this.#set.set(machine.key(state), { state, hiddenSteps: 0 });
    this.#largest = this.#set.size;
  }

  /** Takes the next line; judges the oldest held once the window is full. */
  push(observation: Observation): void {
    if (this.#stopped) return;
    this.#window.push(observation);
    while (this.#window.isFull) this.#judgeOldest();
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
      hiddenSteps: Math.min(...[...this.#set.values()].map(({ hiddenSteps }) => hiddenSteps)),
      hypothesesMax: this.#largest,
      elections: this.#elections,
      divergence: this.#divergence,
      notes,
    };
  }

  #judgeOldest(): void {
    const ahead = this.#window.ahead();
    const observation = this.#window.shift();
    if (observation === undefined) return;
    // The look ahead starts behind the line itself only for what the line leads to, not for what leads to it.
    const before = this.#set;
    const closed = TELLING_ONLY.has(observation.said.what) ? before : this.#close(before, ahead);
    if (closed === null) return this.#giveUp(observation);
    const next = this.#print(closed, observation, this.#window.ahead());
    if (next.size === 0) return this.#diverge(closed, observation, this.#window.ahead());
    this.#count(next, observation);
    this.#set = next;
  }

  /** Everything reachable without a line; null if that is more than the limit. */
  #close(set: HypothesisSet<S>, ahead: Ahead): HypothesisSet<S> | null {
    const closed = new Map(set);
    const queue = [...set.values()];
    for (const { state, hiddenSteps } of queue) {
      for (const { next } of this.#machine.hidden(state, ahead)) {
        const key = this.#machine.key(next);
        if (closed.has(key)) continue;
        const hypothesis = { state: next, hiddenSteps: hiddenSteps + 1 };
        closed.set(key, hypothesis);
        queue.push(hypothesis);
      }
      if (closed.size > this.#limits.hypothesesMax) return null;
    }
    this.#largest = Math.max(this.#largest, closed.size);
    return closed;
  }

  #print(set: HypothesisSet<S>, observation: Observation, ahead: Ahead): HypothesisSet<S> {
    const printed: HypothesisSet<S> = new Map();
    for (const { state, hiddenSteps } of set.values()) {
      const outcome = this.#machine.observe(state, observation, ahead);
      if (!outcome.ok) continue;
      for (const next of outcome.next) {
        const key = this.#machine.key(next);
        const known = printed.get(key);
        if (known === undefined || known.hiddenSteps > hiddenSteps) printed.set(key, { state: next, hiddenSteps });
      }
    }
    return printed;
  }

  #count(set: HypothesisSet<S>, observation: Observation): void {
    const { said, at } = observation;
    const states = [...set.values()].map(({ state }) => state);
    const judging = states.some((state) => this.#machine.judging(state));
    if (judging) this.#judged += 1;
    else this.#unjudged += 1;
    if (this.#gapBefore !== null && said.what !== 'version') {
      this.#doubt(this.#gapBefore);
      this.#gapBefore = null;
    }
    const gap = gapWords(observation);
    if (!judging && gap !== null && (this.#judged > 0 || said.what === 'unreadable')) this.#gapBefore = gap;
    if (said.what !== 'roleEntered') return;
    const decisions = states.map((state) => this.#machine.decision(state));
    const [first] = decisions;
    const same = decisions.every(
      (d) => d?.leader === first?.leader && d?.round === first?.round && d?.epoch === first?.epoch,
    );
    const told = same ? (first ?? null) : null;
    this.#elections.push({
      at,
      state: said.role,
      leader: told?.leader ?? null,
      round: told?.round ?? null,
      epoch: told?.epoch ?? null,
    });
  }

  #diverge(set: HypothesisSet<S>, observation: Observation, ahead: Ahead): void {
    this.#stopped = true;
    const refused: RefusedState[] = [];
    let uncertain = false;
    for (const { state } of set.values()) {
      const outcome = this.#machine.observe(state, observation, ahead);
      if (outcome.ok) continue;
      uncertain ||= this.#machine.uncertain(state);
      refused.push({ state: this.#machine.describe(state), refusal: outcome.refusal });
    }
    const divergence = describeDivergence(observation, refused);
    if (!uncertain) {
      this.#divergence = divergence;
      return;
    }
    this.#doubt(
      `${observation.at.file}:${observation.at.line}: not explained (${divergence.reason}), but the log begins in ` +
        'the middle of a life: what came before may explain it',
    );
  }

  #doubt(sentence: string): void {
    if (this.#doubts.length < DOUBTS_MAX) this.#doubts.push(sentence);
    else this.#furtherDoubts += 1;
  }

  #giveUp({ at }: Observation): void {
    this.#stopped = true;
    this.#doubt(
      `${at.file}:${at.line}: more than ${this.#limits.hypothesesMax} hypotheses fit the log so far: judging stopped here`,
    );
  }
}
