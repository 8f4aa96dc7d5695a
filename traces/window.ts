/** A bounded look at the lines that are still to come: threads print in order, so later lines tell earlier values. */
import { MAIN_LINES, type MainLine } from '../types/election-line.js';
import type { PeerEpoch, Round, Sid, Zxid } from '../types/ids.js';
import type { Notification } from '../types/vote.js';
import type { Ahead } from './machine.js';
import type { Observation, ObservedLine } from './observation.js';

/** How many observations are held; more only makes a rare guess better. */
export const WINDOW_OBSERVATIONS_MAX = 4096;

/** A queue of observations. `shift` hands out the oldest; `before` and `after` look at what is held. */
export class ObservationWindow {
  /** The look at all that is held. Valid until the next `push` or `shift`, as is `after`. */
  readonly before: Ahead;
  /** The look at all but the oldest. */
  readonly after: Ahead;
  #items: Observation[] = [];
  #head = 0;
  /** So many were dropped from the front of `#items`: positions count from the first ever held. */
  #dropped = 0;

  constructor(sid: Sid) {
    const at = (position: number): ObservedLine | null => this.#items[position - this.#dropped]?.said ?? null;
    this.before = new Lookout(sid, at, () => this.#dropped + this.#head);
    this.after = new Lookout(sid, at, () => this.#dropped + this.#head + 1);
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  get isFull(): boolean {
    return this.length >= WINDOW_OBSERVATIONS_MAX;
  }

  push(observation: Observation): void {
    if (this.#head > WINDOW_OBSERVATIONS_MAX) {
      this.#items = this.#items.slice(this.#head);
      this.#dropped += this.#head;
      this.#head = 0;
    }
    this.#items.push(observation);
  }

  get oldest(): Observation | undefined {
    return this.#items[this.#head];
  }

  /** The notification that the oldest line announces (`receiving`), if it was printed. */
  announced(): Observation | null {
    for (let index = this.#head + 1; index < this.#items.length; index += 1) {
      const item = this.#items[index];
      if (item === undefined || item.said.what === 'processStarted') return null;
      if (item.said.what === 'notification') return item;
    }
    return null;
  }

  shift(): Observation | undefined {
    const item = this.oldest;
    if (item !== undefined) this.#head += 1;
    return item;
  }
}

/** Looks from a place that moves on. Every search goes on where the last one ended. */
class Lookout implements Ahead {
  readonly #main: Search<MainLine>;
  readonly #zxid: Search<Zxid>;
  readonly #sending: Search<{ readonly round: Round; readonly epoch: PeerEpoch }>;
  readonly #sid: Sid;
  readonly #at: (position: number) => ObservedLine | null;
  readonly #from: () => number;
  /** Own notifications found since `#ownFrom`, up to `#ownScanned`. */
  #own: Notification[] = [];
  #ownFrom = -1;
  #ownScanned = 0;

  /** `at`: the line at a position, null behind the last; `from`: where the look begins. */
  constructor(sid: Sid, at: (position: number) => ObservedLine | null, from: () => number) {
    this.#sid = sid;
    this.#at = at;
    this.#from = from;
    this.#main = new Search(at, asMainLine);
    this.#zxid = new Search(at, asElectionZxid);
    this.#sending = new Search(at, (said) => (said.what === 'sending' ? said : null));
  }

  nextMain(): MainLine | null {
    return this.#main.next(this.#from());
  }

  nextElectionZxid(): Zxid | null {
    return this.#zxid.next(this.#from());
  }

  nextSending(): { readonly round: Round; readonly epoch: PeerEpoch } | null {
    return this.#sending.next(this.#from());
  }

  ownNotification(index: number): Notification | null {
    const from = this.#from();
    if (from !== this.#ownFrom) {
      this.#own = [];
      this.#ownFrom = from;
      this.#ownScanned = from;
    }
    while (this.#own.length <= index) {
      const said = this.#at(this.#ownScanned);
      if (said === null || said.what === 'processStarted') return null;
      this.#ownScanned += 1;
      if (said.what === 'notification' && said.notification.from === this.#sid) this.#own.push(said.notification);
    }
    return this.#own[index] ?? null;
  }
}

/** The first line that `pick` takes, up to the end of the process. */
class Search<T> {
  readonly #at: (position: number) => ObservedLine | null;
  readonly #pick: (said: ObservedLine) => T | null;
  /** No line before this position, from the last look on, is one. */
  #position = 0;

  constructor(at: (position: number) => ObservedLine | null, pick: (said: ObservedLine) => T | null) {
    this.#at = at;
    this.#pick = pick;
  }

  next(from: number): T | null {
    for (let position = Math.max(this.#position, from); ; position += 1) {
      this.#position = position;
      const said = this.#at(position);
      if (said === null || said.what === 'processStarted') return null;
      const picked = this.#pick(said);
      if (picked !== null) return picked;
    }
  }
}

/** At DEBUG the proposal is printed just before `New election`. */
function asElectionZxid(said: ObservedLine): Zxid | null {
  if (said.what === 'newElection') return said.zxid;
  return said.what === 'updatingProposal' ? said.newZxid : null;
}

function asMainLine(said: ObservedLine): MainLine | null {
  return MAIN_LINES.has(said.what) ? (said as MainLine) : null;
}
