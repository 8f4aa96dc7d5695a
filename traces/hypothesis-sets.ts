/**
 * Sets of hypotheses and the way from one to the next. Equal sets are one object, and a set remembers where each line
 * led it: what a log repeats is judged once. Nothing is lost by forgetting, so memory is bounded by forgetting all.
 */
import { AskedAhead, type Looks, type Question } from './asked-ahead.js';
import type { Ahead, Machine } from './machine.js';
import type { Observation, ObservedLine } from './observation.js';

/** One state of a set. */
export interface Hypothesis<S> {
  readonly key: string;
  readonly state: S;
  /** Hidden steps of its shortest explanation; in a set, beyond those of the set. */
  readonly hiddenSteps: number;
}

/** Where judging gives up, so that time and memory are bounded whatever a log holds. */
export interface Limits {
  /** So many hypotheses may fit a log at once. */
  readonly hypothesesMax: number;
  /** So many characters their descriptions may have together. */
  readonly charactersMax: number;
}

/** What a line did to a set. */
export type Advance<S> =
  | {
      readonly kind: 'explained';
      readonly next: HypothesisSet<S>;
      /** Hidden steps of the shortest explanation, beyond the set before. */
      readonly hiddenSteps: number;
      /** How many hypotheses were considered. */
      readonly considered: number;
    }
  /** No hypothesis prints the line; these were considered. */
  | { readonly kind: 'refused'; readonly states: readonly S[] }
  | { readonly kind: 'tooMany'; readonly bound: string };

interface Remembered<S> {
  readonly advance: Advance<S>;
  /** What was looked up ahead on the way, with the answers. */
  readonly questions: readonly Question[];
}

/** An immutable set of states that the log may have reached. */
export class HypothesisSet<S> {
  readonly members: readonly Hypothesis<S>[];
  /** Is one of them a state that lines are judged in? */
  readonly judging: boolean;
  readonly #known = new Map<ObservedLine, Remembered<S>[]>();

  constructor(members: readonly Hypothesis<S>[], judging: boolean) {
    this.members = members;
    this.judging = judging;
  }

  recall(said: ObservedLine, looks: Looks): Advance<S> | null {
    const known = this.#known.get(said);
    if (known === undefined) return null;
    const fits = known.find(({ questions }) => questions.every((question) => question.sameAnswer(looks)));
    return fits?.advance ?? null;
  }

  remember(said: ObservedLine, one: Remembered<S>): void {
    const known = this.#known.get(said);
    if (known === undefined) this.#known.set(said, [one]);
    else if (known.length < ANSWERS_MAX) known.push(one);
  }
}

/** Lines that no machine step prints: they only tell something, so nothing hidden has to happen first. */
export const TELLING_ONLY: ReadonlySet<string> = new Set([
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

/** So many different looks ahead are remembered for one line. */
const ANSWERS_MAX = 8;
/** So many sets are remembered, of so many characters. */
const SETS_MAX = 1000;
const REMEMBERED_MAX = 4_000_000;

/** Hypotheses of which none covers another: those that are covered need not be followed. */
class Front<S> {
  readonly #machine: Machine<S>;
  readonly #byKin = new Map<string, Hypothesis<S>[]>();
  readonly #covered = new Set<Hypothesis<S>>();

  constructor(machine: Machine<S>, hypotheses: readonly Hypothesis<S>[]) {
    this.#machine = machine;
    if (machine.cover !== undefined) for (const one of hypotheses) this.take(one);
  }

  /** False: it is covered by another. */
  take(one: Hypothesis<S>): boolean {
    const { cover } = this.#machine;
    if (cover === undefined) return true;
    const kin = cover.kin(one.key);
    const others = this.#byKin.get(kin);
    if (others === undefined) {
      this.#byKin.set(kin, [one]);
      return true;
    }
    if (others.some(({ state }) => cover.covers(state, one.state))) {
      this.#covered.add(one);
      return false;
    }
    const left = others.filter((other) => {
      const covered = cover.covers(one.state, other.state);
      if (covered) this.#covered.add(other);
      return !covered;
    });
    left.push(one);
    this.#byKin.set(kin, left);
    return true;
  }

  isCovered(one: Hypothesis<S>): boolean {
    return this.#covered.has(one);
  }

  uncovered(hypotheses: readonly Hypothesis<S>[]): readonly Hypothesis<S>[] {
    return this.#covered.size === 0 ? hypotheses : hypotheses.filter((one) => !this.#covered.has(one));
  }
}

/** Leads sets of one machine from line to line. */
export class HypothesisSets<S> {
  readonly #machine: Machine<S>;
  readonly #limits: Limits;
  readonly #sets = new Map<string, HypothesisSet<S>>();
  readonly #isHopeless: (state: S, ahead: Ahead) => boolean;
  #remembered = 0;

  /** `foresight`: states that lines to come will refuse are dropped at once; then a refusal may come before the line that nothing explains. */
  constructor(machine: Machine<S>, limits: Limits, { foresight = false }: { readonly foresight?: boolean } = {}) {
    this.#machine = machine;
    this.#limits = limits;
    const { hopeless } = machine;
    this.#isHopeless = foresight && hopeless !== undefined ? hopeless : () => false;
  }

  start(states: readonly S[]): HypothesisSet<S> {
    const members = new Map<string, Hypothesis<S>>();
    for (const state of states) {
      const key = this.#machine.key(state);
      members.set(key, { key, state, hiddenSteps: 0 });
    }
    return this.#setOf([...members.values()]);
  }

  /** A set of another's, without what that one remembers. */
  same({ members }: HypothesisSet<S>): HypothesisSet<S> {
    return this.#setOf([...members]);
  }

  /** The line is printed, after any number of hidden steps. */
  advance(set: HypothesisSet<S>, observation: Observation, looks: Looks): Advance<S> {
    const { said } = observation;
    const recalled = set.recall(said, looks);
    if (recalled !== null) return recalled;
    const asked = new AskedAhead();
    const closed = TELLING_ONLY.has(said.what) ? set.members : this.#close(set, asked.watch(looks, 'before'));
    if ('kind' in closed) return closed;
    const advance = this.#print(closed, observation, asked.watch(looks, 'after'));
    if (advance.kind === 'explained') set.remember(said, { advance, questions: asked.questions });
    return advance;
  }

  /** The set with everything that its members reach without a line; null: more than the limits. */
  closure(set: HypothesisSet<S>, ahead: Ahead): HypothesisSet<S> | null {
    const closed = this.#close(set, ahead);
    if ('kind' in closed) return null;
    const same = closed.length === set.members.length && closed.every((one, index) => one === set.members[index]);
    return same ? set : this.#setOf([...closed]);
  }

  /** What becomes of the members that go on; null: of none. The same set if nothing changes. */
  narrowed(set: HypothesisSet<S>, change: (state: S) => S | null): HypothesisSet<S> | null {
    const kept = new Map<string, Hypothesis<S>>();
    let changed = false;
    for (const member of set.members) {
      const state = change(member.state);
      changed ||= state !== member.state;
      if (state === null) continue;
      const key = state === member.state ? member.key : this.#machine.key(state);
      const known = kept.get(key);
      if (known === undefined || known.hiddenSteps > member.hiddenSteps) kept.set(key, { ...member, key, state });
    }
    if (!changed) return set;
    return kept.size === 0 ? null : this.#setOf([...kept.values()]);
  }

  /** Everything reachable without a line, unless that is more than the limits. */
  #close(set: HypothesisSet<S>, ahead: Ahead): readonly Hypothesis<S>[] | Extract<Advance<S>, { kind: 'tooMany' }> {
    const { hypothesesMax, charactersMax } = this.#limits;
    const queue = [...set.members];
    const front = new Front(this.#machine, queue);
    const seen = new Set(queue.map(({ key }) => key));
    let characters = queue.reduce((sum, { key }) => sum + key.length, 0);
    for (const hypothesis of queue) {
      if (front.isCovered(hypothesis)) continue;
      const { state, hiddenSteps } = hypothesis;
      for (const { next } of this.#machine.hidden(state, ahead)) {
        if (this.#isHopeless(next, ahead)) continue;
        const key = this.#machine.key(next);
        if (seen.has(key)) continue;
        seen.add(key);
        const reached = { key, state: next, hiddenSteps: hiddenSteps + 1 };
        if (!front.take(reached)) continue;
        characters += key.length;
        queue.push(reached);
      }
      if (queue.length > hypothesesMax) return { kind: 'tooMany', bound: `more than ${hypothesesMax} hypotheses` };
      if (characters > charactersMax) {
        return { kind: 'tooMany', bound: `hypotheses of more than ${charactersMax} characters together` };
      }
    }
    return front.uncovered(queue);
  }

  #print(closed: readonly Hypothesis<S>[], observation: Observation, ahead: Ahead): Advance<S> {
    const printed = new Map<string, Hypothesis<S>>();
    let fewest = Infinity;
    for (const { state, hiddenSteps } of closed) {
      const outcome = this.#machine.observe(state, observation, ahead);
      if (!outcome.ok) continue;
      for (const next of outcome.next) {
        if (this.#isHopeless(next, ahead)) continue;
        fewest = Math.min(fewest, hiddenSteps);
        const key = this.#machine.key(next);
        const known = printed.get(key);
        if (known === undefined || known.hiddenSteps > hiddenSteps) printed.set(key, { key, state: next, hiddenSteps });
      }
    }
    if (printed.size === 0) return { kind: 'refused', states: closed.map(({ state }) => state) };
    const kept = new Front(this.#machine, [...printed.values()]).uncovered([...printed.values()]);
    const members = kept.map((one) => ({ ...one, hiddenSteps: Math.max(0, one.hiddenSteps - fewest) }));
    return { kind: 'explained', next: this.#setOf(members), hiddenSteps: fewest, considered: closed.length };
  }

  /** Members in the order of their keys, so that equal sets have equal keys. */
  #setOf(members: Hypothesis<S>[]): HypothesisSet<S> {
    if (members.length > 1) members.sort((a, b) => (a.key < b.key ? -1 : 1));
    const key = members.map((one) => `${one.hiddenSteps} ${one.key}`).join('\n');
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    // Sets that are still held keep what they remember; only equal ones are then no longer one object.
    this.#remembered += key.length;
    if (this.#sets.size >= SETS_MAX || this.#remembered > REMEMBERED_MAX) {
      this.#sets.clear();
      this.#remembered = key.length;
    }
    const set = new HypothesisSet(
      members,
      members.some(({ state }) => this.#machine.judging(state)),
    );
    this.#sets.set(key, set);
    return set;
  }
}
