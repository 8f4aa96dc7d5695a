/** A bounded look at the lines that are still to come: threads print in order, so later lines tell earlier values. */
import { MAIN_DEBUG_LINES, MAIN_LINES, type MainDebugLine, type MainLine } from '../types/election-line.js';
import type { PeerEpoch, Round, Sid, Zxid } from '../types/ids.js';
import type { Notification } from '../types/vote.js';
import type { Ahead } from './machine.js';
import type { Observation, ObservedLine } from './observation.js';

/** How many observations are held; more only makes a rare guess better. */
export const WINDOW_OBSERVATIONS_MAX = 4096;

/** A queue of observations. `shift` hands out the oldest; `before` and `after` look at what is held. */
export class ObservationWindow {
  readonly #sid: Sid;
  /** The look at all that is held. Valid until the next `push` or `shift`, as is `after`. */
  readonly before: Ahead;
  /** The look at all but the oldest. */
  readonly after: Ahead;
  #items: Observation[] = [];
  #head = 0;
  /** So many were dropped from the front of `#items`: positions count from the first ever held. */
  #dropped = 0;

  constructor(sid: Sid) {
    this.#sid = sid;
    const at = (position: number): ObservedLine | null => this.#items[position - this.#dropped]?.said ?? null;
    this.before = new Lookout(sid, at, () => this.#dropped + this.#head);
    this.after = new Lookout(sid, at, () => this.#dropped + this.#head + 1);
  }

  /** Another window that holds the same. */
  copy(): ObservationWindow {
    const copy = new ObservationWindow(this.#sid);
    copy.#items = [...this.items];
    return copy;
  }

  /** What is held, the oldest first. */
  get items(): readonly Observation[] {
    return this.#items.slice(this.#head);
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

/** Lines behind which the server's threads are in another state, or in an unknown one, whatever they owed before. */
const BREAKS: ReadonlySet<string> = new Set([
  'electionRestarted',
  'reconfigured',
  'messengerDown',
  'mainLoopException',
  'unreadable',
  'seam',
  'leftOut',
]);

/** Looks from a place that moves on. Every search goes on where the last one ended. */
class Lookout implements Ahead {
  readonly #main: Search<MainLine>;
  readonly #printed: Search<MainLine>;
  readonly #printedAtDebug: Search<MainLine | MainDebugLine>;
  readonly #zxid: Search<Zxid>;
  readonly #sending: Search<{ readonly round: Round; readonly epoch: PeerEpoch }>;
  readonly #own: OwnSearch;
  readonly #ownUnbroken: OwnSearch;
  readonly #from: () => number;

  /** `at`: the line at a position, null behind the last; `from`: where the look begins. */
  constructor(sid: Sid, at: (position: number) => ObservedLine | null, from: () => number) {
    this.#from = from;
    const unbroken = (position: number): ObservedLine | null => {
      const said = at(position);
      return said === null || BREAKS.has(said.what) ? null : said;
    };
    this.#main = new Search(at, asMainLine);
    this.#printed = new Search(unbroken, asMainLine);
    this.#printedAtDebug = new Search(unbroken, asMainDebugLine);
    this.#zxid = new Search(at, asElectionZxid);
    this.#sending = new Search(at, (said) => (said.what === 'sending' ? said : null));
    this.#own = new OwnSearch(sid, at);
    this.#ownUnbroken = new OwnSearch(sid, unbroken);
  }

  nextMain(): MainLine | null {
    return this.#main.next(this.#from());
  }

  nextPrinted(debug: boolean): MainLine | MainDebugLine | null {
    return (debug ? this.#printedAtDebug : this.#printed).next(this.#from());
  }

  nextElectionZxid(): Zxid | null {
    return this.#zxid.next(this.#from());
  }

  nextSending(): { readonly round: Round; readonly epoch: PeerEpoch } | null {
    return this.#sending.next(this.#from());
  }

  ownNotification(index: number): Notification | null {
    return this.#own.next(this.#from(), index);
  }

  nextOwn(index: number): Notification | null {
    return this.#ownUnbroken.next(this.#from(), index);
  }
}

/** The notifications from the server to itself, up to the end of the process. */
class OwnSearch {
  readonly #pick: (said: ObservedLine) => Notification | null;
  readonly #at: (position: number) => ObservedLine | null;
  /** Those found, each with its position, up to `#scanned`. */
  #found: { readonly position: number; readonly notification: Notification }[] = [];
  #scanned = 0;

  constructor(sid: Sid, at: (position: number) => ObservedLine | null) {
    this.#pick = (said) => (said.what === 'notification' && said.notification.from === sid ? said.notification : null);
    this.#at = at;
  }

  next(from: number, index: number): Notification | null {
    while (this.#found[0] !== undefined && this.#found[0].position < from) this.#found.shift();
    this.#scanned = Math.max(this.#scanned, from);
    while (this.#found.length <= index) {
      const said = this.#at(this.#scanned);
      if (said === null || endsLook(said, this.#pick)) return null;
      const notification = this.#pick(said);
      if (notification !== null) this.#found.push({ position: this.#scanned, notification });
      this.#scanned += 1;
    }
    return this.#found[index]?.notification ?? null;
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
      if (said === null || endsLook(said, this.#pick)) return null;
      const picked = this.#pick(said);
      if (picked !== null) return picked;
    }
  }
}

/**
 * A process ends there, or what is looked for may stand there: a line that was left out tells nothing. (What a proposal at DEBUG tells
 * of a zxid, the `New election` behind it tells as well.)
 */
function endsLook(said: ObservedLine, pick: (said: ObservedLine) => unknown): boolean {
  if (said.what !== 'leftOut') return said.what === 'processStarted';
  const { what } = said.said;
  return what === 'processStarted' || (what !== 'updatingProposal' && pick(said.said) !== null);
}

/** At DEBUG the proposal is printed just before `New election`. */
function asElectionZxid(said: ObservedLine): Zxid | null {
  if (said.what === 'newElection') return said.zxid;
  return said.what === 'updatingProposal' ? said.newZxid : null;
}

function asMainLine(said: ObservedLine): MainLine | null {
  return MAIN_LINES.has(said.what) ? (said as MainLine) : null;
}

function asMainDebugLine(said: ObservedLine): MainLine | MainDebugLine | null {
  return MAIN_DEBUG_LINES.has(said.what) ? (said as MainDebugLine) : asMainLine(said);
}
