/** What a log itself tells of its configuration and level, for when nobody says it. */
import { asConfigVersion, asSid, type Sid } from '../types/ids.js';
import type { EnsembleConfig, Member } from '../types/ensemble.js';
import { isDebugKind } from '../types/election-line.js';
import type { Observation } from './observation.js';
import { WordingSurvey } from './wording.js';

/** So many voters are inferred from a log; every size up to twice as many would have to be tried. */
export const INFERRED_VOTERS_MAX = 32;

/** A set that stops growing one beyond what is of use: a log may name any number of servers. */
function addTo(sids: Set<Sid>, sid: Sid): void {
  if (sids.size <= INFERRED_VOTERS_MAX) sids.add(sid);
}

/** Collects, line by line, what is needed to judge a log that comes without a configuration. */
export class LogSurvey {
  #debug = false;
  #observer = false;
  #maxIntervalMs: number | null = null;
  readonly #voters = new Set<Sid>();
  readonly #strangers = new Set<Sid>();
  readonly #recipients = new Set<Sid>();
  readonly #wording = new WordingSurvey();
  #entered = false;
  /** What was seen before a reconfiguration changed members or roles; null: none did. */
  #before: Seen | null = null;

  see({ said, older }: Observation): void {
    if (isDebugKind(said.what)) this.#debug = true;
    this.#wording.see(said, older === true);
    switch (said.what) {
      case 'electionRestarted':
      case 'reconfigured':
        if (changesMembers(said)) this.#before ??= this.#seenSoFar();
        return;
      case 'roleEntered':
        this.#entered = true;
        return;
      case 'notification': {
        const { from, leader } = said.notification;
        addTo(this.#voters, from);
        if (leader > -(2n ** 63n)) addTo(this.#voters, leader);
        return;
      }
      case 'sending':
        addTo(this.#recipients, said.recipient);
        return;
      case 'ignoredLeader':
        addTo(this.#strangers, said.leader);
        return;
      case 'newElection':
        if (said.zxid === -(2n ** 63n)) this.#observer = true;
        return;
      case 'intervalSetting':
        if (said.which === 'max') this.#maxIntervalMs = said.ms;
        return;
      default:
        return;
    }
  }

  get debug(): boolean {
    return this.#debug;
  }

  /** What the log says that the release is, unless it prints what that release does not; else what it prints; null: 3.8 or 3.9. */
  get release(): string | null {
    return this.#wording.release;
  }

  /** The cap of the back-off that the log says is set, milliseconds. */
  get maxNotificationIntervalMs(): number | null {
    return this.#maxIntervalMs;
  }

  /** The voters that the log names: as recipients (DEBUG, complete) or as senders and leaders. */
  votersSeen(me: Sid): readonly Sid[] {
    return votersIn(this.#seenSoFar(), me);
  }

  /**
   * Every majority ensemble that the log allows: the voters it names and, unless DEBUG sends name them all, up to
   * so many voters that were never heard that those heard are still a majority. If members changed on the way, also those that
   * what stands before allows. None if it names too many.
   */
  candidateConfigs(me: Sid): readonly EnsembleConfig[] {
    if (Math.max(this.#voters.size, this.#recipients.size) > INFERRED_VOTERS_MAX) return [];
    const now = configsFor(this.#seenSoFar(), me);
    if (this.#before === null) return now;
    const known = new Set(now.map(membersText));
    return [...now, ...configsFor(this.#before, me).filter((config) => !known.has(membersText(config)))];
  }

  #seenSoFar(): Seen {
    const { size } = this.#recipients;
    return {
      observer: this.#observer,
      entered: this.#entered,
      complete: size > 0,
      voters: size > 0 ? [...this.#recipients] : [...this.#voters].filter((sid) => !this.#strangers.has(sid)),
    };
  }
}

/** What some lines show of an ensemble. */
interface Seen {
  /** It proposed nothing: it did not vote, at least for a while. */
  readonly observer: boolean;
  /** A role was entered, so that a quorum was heard. */
  readonly entered: boolean;
  /** Every voter is named. */
  readonly complete: boolean;
  readonly voters: readonly Sid[];
}

function changesMembers(said: Extract<Observation['said'], { what: 'electionRestarted' | 'reconfigured' }>): boolean {
  return said.what === 'electionRestarted' || said.text.startsWith('Becoming');
}

function votersIn({ observer, complete, voters }: Seen, me: Sid): readonly Sid[] {
  const sids = new Set(voters);
  if (!complete && !observer) sids.add(me);
  return [...sids].sort((a, b) => (a < b ? -1 : 1));
}

function configsFor(seen: Seen, me: Sid): readonly EnsembleConfig[] {
  const named = votersIn(seen, me);
  // Who never found a leader may belong to any larger ensemble.
  const unheardMax = seen.complete ? 0 : seen.entered ? Math.max(0, named.length - 1) : named.length + 1;
  return Array.from({ length: unheardMax + 1 }, (_, unheard) => {
    const voters = [...named, ...unheardSids([...named, me], unheard)];
    const members = voters.map((sid) => member(sid, 'PARTICIPANT'));
    if (seen.observer && !voters.includes(me)) members.push(member(me, 'OBSERVER'));
    return { version: asConfigVersion(0n), members, quorumSystem: { kind: 'majority' } };
  });
}

const membersText = ({ members }: EnsembleConfig): string => members.map(({ sid, type }) => `${sid}${type}`).join();

function member(sid: Sid, type: Member['type']): Member {
  return { sid, type, addresses: [], clientAddress: null };
}

/** Ids that no server of the log has. */
function unheardSids(seen: readonly Sid[], count: number): readonly Sid[] {
  const highest = seen.reduce<bigint>((a, b) => (a > b ? a : b), 0n);
  return Array.from({ length: count }, (_, index) => asSid(highest + 1n + BigInt(index)));
}
