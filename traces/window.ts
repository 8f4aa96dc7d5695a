/** A bounded look at the lines that are still to come: threads print in order, so later lines tell earlier values. */
import type { MainLine } from '../types/election-line.js';
import type { PeerEpoch, Round, Sid, Zxid } from '../types/ids.js';
import type { Notification } from '../types/vote.js';
import type { Ahead } from './machine.js';
import type { Observation } from './observation.js';

/** How many observations are held; more only makes a rare guess better. */
export const WINDOW_OBSERVATIONS_MAX = 4096;

const MAIN_LINES: ReadonlySet<string> = new Set<MainLine['what']>([
  'looking',
  'roleEntered',
  'stateChanged',
  'newElection',
  'timedOut',
  'ignoredLeader',
  'ignoredSender',
  'oracle',
]);

/** A queue of observations. `shift` hands out the oldest; `ahead` looks at the rest. */
export class ObservationWindow {
  readonly #sid: Sid;
  #items: Observation[] = [];
  #head = 0;

  constructor(sid: Sid) {
    this.#sid = sid;
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
      this.#head = 0;
    }
    this.#items.push(observation);
  }

  shift(): Observation | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    return item;
  }

  /** The look from in front of the oldest observation held now; valid until the next `push`. */
  ahead(): Ahead {
    const from = this.#head;
    let own: readonly Notification[] | null = null;
    let main: MainLine | null | undefined;
    return {
      nextMain: () => (main === undefined ? (main = this.#find(from, asMainLine)) : main),
      nextElectionZxid: () => this.#find(from, asElectionZxid),
      nextSending: () =>
        this.#find<{ round: Round; epoch: PeerEpoch }>(from, ({ said }) => (said.what === 'sending' ? said : null)),
      ownNotifications: () => (own ??= this.#ownNotifications(from)),
    };
  }

  /** The first that `pick` takes, up to the end of the process. */
  #find<T>(from: number, pick: (observation: Observation) => T | null): T | null {
    for (const observation of this.#rest(from)) {
      const picked = pick(observation);
      if (picked !== null) return picked;
    }
    return null;
  }

  #ownNotifications(from: number): readonly Notification[] {
    const found: Notification[] = [];
    for (const { said } of this.#rest(from)) {
      if (said.what === 'notification' && said.notification.from === this.#sid) found.push(said.notification);
    }
    return found;
  }

  *#rest(from: number): Generator<Observation> {
    for (let index = from; index < this.#items.length; index += 1) {
      const item = this.#items[index];
      if (item === undefined || item.said.what === 'processStarted') return;
      yield item;
    }
  }
}

/** At DEBUG the proposal is printed just before `New election`. */
function asElectionZxid({ said }: Observation): Zxid | null {
  if (said.what === 'newElection') return said.zxid;
  return said.what === 'updatingProposal' ? said.newZxid : null;
}

function asMainLine({ said }: Observation): MainLine | null {
  return MAIN_LINES.has(said.what) ? (said as MainLine) : null;
}
