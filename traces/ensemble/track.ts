/** One server of an ensemble on its way through its log: what is read ahead, the place in it, the hypotheses there. */
import type { Sid } from '../../types/ids.js';
import { describeDivergence } from '../divergence.js';
import { type HypothesisSet, HypothesisSets, type Limits } from '../hypothesis-sets.js';
import type { Hints, Machine } from '../machine.js';
import type { Divergence } from '../verdict.js';
import type { Observation } from '../observation.js';
import { ObservationWindow, WINDOW_OBSERVATIONS_MAX } from '../window.js';
import { clockOf } from './log.js';
import { hasSent, type Member } from './member.js';

/** A place to come back to. */
export interface Bookmark<S> {
  readonly set: HypothesisSet<Member<S>>;
  readonly position: number;
  readonly received: ReadonlyMap<Sid, number>;
}

export type Move =
  | { readonly kind: 'moved' }
  /** No hypothesis prints the line. `uncertain`: something that no line tells may explain it. */
  | { readonly kind: 'refused'; readonly divergence: Divergence; readonly uncertain: boolean }
  | { readonly kind: 'tooMany'; readonly bound: string };

export interface TrackOptions {
  readonly source: AsyncIterable<readonly Observation[]>;
  readonly limits: Limits;
  /** As of `HypothesisSets`. */
  readonly foresight?: boolean;
}

const HOLE = { what: 'seam', why: 'too many hypotheses' } as const;

export class Track<S> {
  readonly sid: Sid;
  readonly machine: Machine<Member<S>>;
  readonly #sets: HypothesisSets<Member<S>>;
  readonly #source: AsyncIterator<readonly Observation[]>;
  #set: HypothesisSet<Member<S>>;
  #window: ObservationWindow;
  /** Observations from position `#base` on. */
  #kept: Observation[] = [];
  #base = 0;
  /** Of the oldest in the window. */
  #position = 0;
  #ended = false;
  #clock: number | null = null;
  #clockOf: Observation | undefined;
  /** From each of the others: so many notifications were printed. */
  #received = new Map<Sid, number>();

  constructor(machine: Machine<Member<S>>, hints: Hints, { source, limits, foresight = false }: TrackOptions) {
    this.sid = hints.sid;
    this.machine = machine;
    this.#sets = new HypothesisSets(machine, limits, { foresight });
    this.#set = this.#sets.start(machine.start(hints));
    this.#source = source[Symbol.asyncIterator]();
    this.#window = new ObservationWindow(hints.sid);
  }

  get set(): HypothesisSet<Member<S>> {
    return this.#set;
  }

  get oldest(): Observation | undefined {
    return this.#window.oldest;
  }

  /** The notification that the oldest line tells or announces; null: it does neither. */
  get notification(): Observation | null {
    const { oldest } = this.#window;
    if (oldest?.said.what === 'notification') return oldest;
    return oldest?.said.what === 'receiving' ? this.#window.announced() : null;
  }

  /** Of the oldest line, in milliseconds of this server's clock; null: it has no time. */
  get clock(): number | null {
    const { oldest } = this.#window;
    if (oldest !== this.#clockOf) {
      this.#clockOf = oldest;
      this.#clock = clockOf(oldest ?? null);
    }
    return this.#clock;
  }

  get position(): number {
    return this.#position;
  }

  /** Is so little read ahead that looks ahead could miss something? */
  get isHungry(): boolean {
    return !this.#ended && this.#window.length < WINDOW_OBSERVATIONS_MAX;
  }

  /** Reads on until enough is read ahead. `keepFrom`: the oldest position that may be come back to. */
  async fill(keepFrom: number): Promise<void> {
    while (this.isHungry) {
      const { value, done } = await this.#source.next();
      if (done === true) {
        this.#ended = true;
        return;
      }
      for (const observation of value) {
        this.#kept.push(observation);
        this.#window.push(observation);
      }
    }
    const droppable = Math.min(keepFrom, this.#position) - this.#base;
    if (droppable < WINDOW_OBSERVATIONS_MAX) return;
    this.#kept = this.#kept.slice(droppable);
    this.#base += droppable;
  }

  /** Stops reading. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  bookmark(): Bookmark<S> {
    return { set: this.#set, position: this.#position, received: new Map(this.#received) };
  }

  goTo({ set, position, received }: Bookmark<S>): void {
    this.#set = set;
    this.#received = new Map(received);
    if (position === this.#position) return;
    this.#position = position;
    this.#window = new ObservationWindow(this.sid);
    for (let at = position - this.#base; at < this.#kept.length; at += 1) {
      const observation = this.#kept[at];
      if (observation !== undefined) this.#window.push(observation);
    }
  }

  /** The oldest line is printed. */
  advance(): Move {
    const observation = this.#window.oldest;
    if (observation === undefined) throw new Error('internal error: there is no line to be judged');
    const { said } = observation;
    // What was sent just before a process ended is known only by what is possible without a line.
    if (said.what === 'processStarted') this.#set = this.#sets.closure(this.#set, this.#window.before) ?? this.#set;
    const advance = this.#sets.advance(this.#set, observation, this.#window);
    if (advance.kind === 'refused') return this.#refusal(advance.states, observation);
    if (advance.kind === 'tooMany') return advance;
    this.#set = advance.next;
    this.#shift();
    return { kind: 'moved' };
  }

  #refusal(states: readonly Member<S>[], observation: Observation): Move {
    const refused = states.flatMap((state) => {
      const outcome = this.machine.observe(state, observation, this.#window.after);
      return outcome.ok ? [] : [{ state: this.machine.describe(state), refusal: outcome.refusal }];
    });
    const uncertain = states.some((state) => this.machine.uncertain(state));
    return { kind: 'refused', divergence: describeDivergence(observation, refused), uncertain };
  }

  /** Goes on as behind a hole in the file. */
  skip(): void {
    const observation = this.#window.oldest;
    if (observation === undefined) return;
    const hole = this.#sets.advance(this.#set, { ...observation, said: HOLE }, this.#window);
    if (hole.kind === 'explained') this.#set = hole.next;
    this.#shift();
  }

  /** How many notifications from `sid` were printed so far. */
  receivedFrom(sid: Sid): number {
    return this.#received.get(sid) ?? 0;
  }

  #shift(): void {
    const said = this.#window.shift()?.said;
    if (said?.what === 'notification') {
      const { from } = said.notification;
      this.#received.set(from, this.receivedFrom(from) + 1);
    }
    this.#position += 1;
  }

  /** Has every hypothesis sent what `to` received as number `index`? */
  hasSent(to: Sid, index: number): boolean {
    return this.#set.members.every(({ state }) => hasSent(state, to, index));
  }

  /** Has some hypothesis? */
  canHaveSent(to: Sid, index: number): boolean {
    return this.#set.members.some(({ state }) => hasSent(state, to, index));
  }

  /** The hypotheses that can have sent it by now, after any steps without a line; null: none. */
  thatSent(to: Sid, index: number): HypothesisSet<Member<S>> | null {
    const closed = this.#sets.closure(this.#set, this.#window.before) ?? this.#set;
    return this.#sets.narrowed(closed, (state) => (hasSent(state, to, index) ? state : null));
  }

  narrow(set: HypothesisSet<Member<S>>): void {
    this.#set = set;
  }
}
