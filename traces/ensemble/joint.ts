/**
 * Follows the logs of several servers together. A line that tells of a message waits until its sender has sent it; if
 * every server waits, the hypotheses of one sender that did not send it are dropped, and if it matters which goes first,
 * every way is tried, within a bound.
 */
import type { Sid } from '../../types/ids.js';
import type { Notification } from '../../types/vote.js';
import type { HypothesisSet } from '../hypothesis-sets.js';
import { agreedDecision } from '../judge.js';
import type { Observation } from '../observation.js';
import type { Member } from './member.js';
import type { Divergence } from '../verdict.js';
import type { Bookmark, Track } from './track.js';

/** A server that cannot go on before another has sent something. */
export interface Wait<S> {
  readonly receiver: Track<S>;
  readonly sender: Track<S>;
  readonly observation: Observation;
  readonly notification: Notification;
  /** Of what it received from the sender, from 0. */
  readonly index: number;
}

/** Why a way through the logs ended before they did. */
export type DeadEnd<S> =
  /** The line is explained by no hypothesis that also sent what others received. */
  | {
      readonly kind: 'refused';
      readonly sid: Sid;
      readonly observation: Observation;
      readonly divergence: Divergence;
      readonly uncertain: boolean;
      /** What was asked of this server before: that it had sent this. */
      readonly asked: Wait<S> | null;
    }
  /** Every server that is left waits for a message that nobody can have sent by then. */
  | { readonly kind: 'stuck'; readonly waits: readonly Wait<S>[] };

export interface Stretch {
  readonly at: Observation;
  readonly why: string;
}

export type JointEnd<S> =
  | { readonly kind: 'explained' }
  | { readonly kind: 'deadEnd'; readonly end: DeadEnd<S>; readonly uncertain: boolean }
  /** The bound was met before every way was tried. */
  | { readonly kind: 'gaveUp'; readonly why: string };

interface Round<S> {
  readonly waits: readonly Wait<S>[];
  readonly moved: boolean;
  readonly dead: DeadEnd<S> | null;
}

interface Way<S> {
  readonly wait: Wait<S>;
  readonly set: HypothesisSet<Member<S>>;
}

interface Choice<S> {
  readonly places: readonly Bookmark<S>[];
  readonly told: number;
  /** Still to be tried: whose hypotheses are narrowed to which. */
  readonly asked: number;
  readonly others: Way<S>[];
}

export interface JointOptions<S> {
  /** Is this end certain, whatever was chosen before? Asked of the first only. */
  readonly isProven: (end: DeadEnd<S>) => Promise<boolean>;
  /** So often another way is tried. */
  readonly triesMax: number;
  /** So many places are remembered to come back to. */
  readonly choicesMax: number;
  readonly signal: AbortSignal;
}

/** One line that was explained: whose, and which. */
export interface Told {
  readonly sid: Sid;
  readonly observation: Observation;
  /** Of the line among those of its server, from 0. */
  readonly position: number;
  /** At the line that enters a role: what was decided, where all hypotheses agree. */
  readonly decision: ReturnType<typeof agreedDecision> | null;
}

const TRIES_MAX = 2000;
const CHOICES_MAX = 64;

export class JointJudge<S> {
  readonly #tracks: readonly Track<S>[];
  readonly #bySid: ReadonlyMap<Sid, Track<S>>;
  readonly #options: JointOptions<S>;
  readonly #choices: Choice<S>[] = [];
  /** Lines in an order that puts every cause before its effect, on the way that was taken last. */
  readonly told: Told[] = [];
  /** Stretches that had more hypotheses than can be held. */
  readonly skipped: Stretch[] = [];
  /** Whose hypotheses were narrowed, and for what. */
  readonly #asked: Wait<S>[] = [];
  #tries = 0;
  #forgotten = false;
  #first: { readonly end: DeadEnd<S>; readonly told: number } | null = null;

  constructor(tracks: readonly Track<S>[], options: Partial<JointOptions<S>> = {}) {
    this.#tracks = tracks;
    this.#bySid = new Map(tracks.map((track) => [track.sid, track]));
    const signal = new AbortController().signal;
    const isProven = (): Promise<boolean> => Promise.resolve(false);
    this.#options = { isProven, triesMax: TRIES_MAX, choicesMax: CHOICES_MAX, signal, ...options };
  }

  async run(): Promise<JointEnd<S>> {
    for (;;) {
      if (this.#options.signal.aborted) return { kind: 'gaveUp', why: 'interrupted' };
      await this.#fill();
      const round = this.#round(true);
      const { moved, dead: died, waits } = round.moved || round.dead !== null ? round : this.#round(false);
      let dead = died;
      if (dead === null) {
        if (moved) continue;
        if (waits.length === 0) return { kind: 'explained' };
        dead = this.#choose(waits);
      }
      if (dead === null) continue;
      const first = this.#first === null;
      if (first && (await this.#options.isProven(dead))) {
        return { kind: 'deadEnd', end: dead, uncertain: this.#isUncertain(dead) };
      }
      if (!this.#tryAnother(dead)) return this.#ended();
    }
  }

  /** Leads every server on, once; `inStep`: as far as the clocks suggest that nobody else's line comes first. */
  #round(inStep: boolean): Round<S> {
    const waits: Wait<S>[] = [];
    let moved = false;
    const tracks = inStep ? [...this.#tracks].sort((a, b) => (a.clock ?? 0) - (b.clock ?? 0)) : this.#tracks;
    for (const [index, track] of tracks.entries()) {
      const before = track.position;
      const next = inStep ? (tracks[index + 1]?.clock ?? Infinity) : Infinity;
      const outcome = this.#drive(track, next);
      moved ||= track.position > before;
      if (outcome !== null && 'kind' in outcome) return { waits, moved, dead: outcome };
      if (outcome !== null) waits.push(outcome);
    }
    return { waits, moved, dead: null };
  }

  async #fill(): Promise<void> {
    if (!this.#tracks.some((track) => track.isHungry)) return;
    const oldest = this.#choices[0];
    await Promise.all(
      this.#tracks.map((track, index) => track.fill(oldest?.places[index]?.position ?? track.position)),
    );
  }

  /**
   * Leads one server as far as it goes: null at the end of what is read or where its clock is past `until`, what it waits
   * for, or why it cannot go on.
   */
  #drive(track: Track<S>, until: number): Wait<S> | DeadEnd<S> | null {
    for (let observation = track.oldest; observation !== undefined; observation = track.oldest) {
      if (track.isHungry || (track.clock ?? 0) > until) return null;
      const wait = this.#waitOf(track);
      if (wait !== null && !wait.sender.hasSent(track.sid, wait.index)) return wait;
      const { position } = track;
      const move = track.advance();
      if (move.kind === 'refused') {
        const { divergence, uncertain } = move;
        const asked = this.#asked.findLast(({ sender }) => sender === track) ?? null;
        return { kind: 'refused', sid: track.sid, observation, divergence, uncertain, asked };
      }
      if (move.kind === 'tooMany') {
        this.skipped.push({ at: observation, why: move.bound });
        track.skip();
      } else this.told.push({ sid: track.sid, observation, position, decision: decisionAt(track, observation) });
    }
    return null;
  }

  /** What is announced (DEBUG) has arrived. */
  #waitOf(receiver: Track<S>): Wait<S> | null {
    const observation = receiver.notification;
    if (observation?.said.what !== 'notification') return null;
    const { notification } = observation.said;
    const sender = notification.from === receiver.sid ? undefined : this.#bySid.get(notification.from);
    if (sender === undefined) return null;
    return { receiver, sender, observation, notification, index: receiver.receivedFrom(sender.sid) };
  }

  /** Every server waits: one of the senders can have sent what is waited for; null, or nobody can. */
  #choose(waits: readonly Wait<S>[]): DeadEnd<S> | null {
    const ways = waits.flatMap((wait): readonly Way<S>[] => {
      const set = wait.sender.thatSent(wait.receiver.sid, wait.index);
      return set === null ? [] : [{ wait, set }];
    });
    const [first, ...others] = ways;
    if (first === undefined) return { kind: 'stuck', waits };
    // A sender whose log has ended goes nowhere: what it sent need not be guessed now or later.
    const free = ways.find(({ wait }) => wait.sender.oldest === undefined);
    if (free === undefined && others.length > 0) this.#remember(others);
    this.#take(free ?? first);
    return null;
  }

  #take({ wait, set }: Way<S>): void {
    wait.sender.narrow(set);
    this.#asked.push(wait);
  }

  #remember(others: Choice<S>['others']): void {
    const places = this.#tracks.map((track) => track.bookmark());
    this.#choices.push({ places, told: this.told.length, asked: this.#asked.length, others });
    if (this.#choices.length <= this.#options.choicesMax) return;
    this.#choices.shift();
    this.#forgotten = true;
  }

  /** Goes back to the last place where another way was possible; false: there is none, or enough were tried. */
  #tryAnother(end: DeadEnd<S>): boolean {
    if (this.#first === null || this.told.length > this.#first.told) this.#first = { end, told: this.told.length };
    const choice = this.#choices.at(-1);
    const way = choice?.others.shift();
    if (choice === undefined || way === undefined || this.#tries >= this.#options.triesMax) return false;
    if (choice.others.length === 0) this.#choices.pop();
    this.#tries += 1;
    this.#tracks.forEach((track, index) => {
      const place = choice.places[index];
      if (place !== undefined) track.goTo(place);
    });
    this.told.length = choice.told;
    this.#asked.length = choice.asked;
    this.#take(way);
    return true;
  }

  #ended(): JointEnd<S> {
    if (this.#first === null) throw new Error('internal error: no way was tried');
    if (this.#tries >= this.#options.triesMax) {
      return { kind: 'gaveUp', why: `more than ${this.#options.triesMax} orders of events were tried` };
    }
    if (this.#forgotten) return { kind: 'gaveUp', why: 'more orders of events are possible than can be held' };
    const { end } = this.#first;
    return { kind: 'deadEnd', end, uncertain: this.#isUncertain(end) };
  }

  /** May something that no line tells explain it after all? */
  #isUncertain(end: DeadEnd<S>): boolean {
    if (this.skipped.length > 0) return true;
    if (end.kind === 'refused') return end.uncertain;
    return end.waits.some(({ sender }) => sender.set.members.some(({ state }) => sender.machine.uncertain(state)));
  }
}

function decisionAt<S>({ machine, set }: Track<S>, { said }: Observation): Told['decision'] {
  return said.what === 'roleEntered' ? agreedDecision(machine, set) : null;
}
