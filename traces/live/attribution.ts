/** Tells, line by line, which server printed what a growing file holds: one server, or several that share it. */
import { CONTEXT_LINES } from '../../types/election-line.js';
import type { Sid } from '../../types/ids.js';
import { ambiguousLine, type Observation } from '../observation.js';

export interface Attributed {
  readonly sid: Sid;
  readonly observation: Observation;
}

export interface AttributionOptions {
  /** The user said whose log it is: lines of others are left out. */
  readonly only: Sid | null;
  /** What the path suggests, for lines that do not tell. */
  readonly byPath: Sid | null;
}

/** So many lines wait for one that tells whose they are. */
const HELD_MAX = 4096;
/** So many servers may share a file. */
const SIDS_MAX = 64;

const NONE: readonly Attributed[] = [];

export class Attribution {
  readonly #options: AttributionOptions;
  readonly #sids = new Set<Sid>();
  /** Lines of nobody, as long as no server is known. */
  #held: Observation[] = [];
  /** The last line that was taken for one of the only server, though it did not tell. */
  #assumed: Observation | null = null;
  readonly #settings = new Map<'min' | 'max', Observation>();
  /** Election lines of a file of one server that do not tell whose they are. */
  anonymous = 0;
  /** Lines that were left out: another server's, or nobody's. */
  foreign = 0;
  /** A sentence: why what is said of these servers cannot be relied on; null: nothing is known against it. */
  trouble: string | null = null;

  constructor(options: AttributionOptions) {
    this.#options = options;
  }

  /** The servers of whom lines were met. */
  get sids(): readonly Sid[] {
    return [...this.#sids];
  }

  /** Do lines wait because nothing tells whose they are? */
  get isWaiting(): boolean {
    return this.#held.length > 0;
  }

  /** What the line means, and for whom: nothing, one server, or every server of the file. */
  take(observation: Observation): readonly Attributed[] {
    const { only } = this.#options;
    const told = this.#take(observation);
    if (only === null) return told;
    const own = told.filter(({ sid }) => sid === only);
    this.foreign += told.length - own.length;
    return own;
  }

  #take(observation: Observation): readonly Attributed[] {
    const { sid, said } = observation;
    if (sid !== null) {
      const before = this.#meet(sid);
      if (this.#sids.has(sid)) return [...before, { sid, observation }];
      this.foreign += 1;
      return NONE;
    }
    if (this.#sids.size > 1) return this.#nobodys(observation);
    const [known] = this.#sids;
    if (known !== undefined) return this.#assume(known, observation);
    const { only, byPath } = this.#options;
    const assumed = only ?? (CONTEXT_LINES.has(said.what) || said.what === 'seam' ? null : byPath);
    if (assumed !== null) return [...this.#meet(assumed), ...this.#assume(assumed, observation)];
    if (this.#held.length < HELD_MAX) this.#held.push(observation);
    else this.foreign += 1;
    return NONE;
  }

  /** What the appearance of a server tells: of the first one the lines that waited, of others what is everybody's. */
  #meet(sid: Sid): readonly Attributed[] {
    if (this.#sids.has(sid) || this.#sids.size >= SIDS_MAX) return NONE;
    const [first] = this.#sids;
    this.#sids.add(sid);
    if (first === undefined) return this.#held.splice(0).flatMap((one) => this.#assume(sid, one));
    const settings = [...this.#settings.values()].map((observation) => ({ sid, observation }));
    const assumed = this.#assumed;
    this.#assumed = null;
    if (assumed === null) return settings;
    const why = 'another server shares this file: lines above that name no server may be its own';
    return [...settings, { sid: first, observation: { sid: first, at: assumed.at, said: { what: 'seam', why } } }];
  }

  #assume(sid: Sid, observation: Observation): readonly Attributed[] {
    const { said } = observation;
    if (said.what === 'intervalSetting') this.#settings.set(said.which, observation);
    if (said.what !== 'seam' && said.what !== 'unreadable') {
      this.#assumed = observation;
      if (!CONTEXT_LINES.has(said.what)) this.anonymous += 1;
    }
    return [{ sid, observation }];
  }

  /** A line of a file of several servers that names none. */
  #nobodys(observation: Observation): readonly Attributed[] {
    const { said } = observation;
    const all = (one: Observation): readonly Attributed[] => this.sids.map((sid) => ({ sid, observation: one }));
    if (said.what === 'seam' || said.what === 'unreadable') return all(observation);
    if (said.what === 'intervalSetting') return this.#setting(said, observation) ? all(observation) : NONE;
    if (!CONTEXT_LINES.has(said.what)) return all(ambiguousLine(observation));
    this.foreign += 1;
    return NONE;
  }

  /** Is it a setting that was not told yet? Every server of the file is held to have it. */
  #setting(said: Extract<Observation['said'], { what: 'intervalSetting' }>, observation: Observation): boolean {
    const known = this.#settings.get(said.which)?.said;
    this.#settings.set(said.which, observation);
    if (known?.what === 'intervalSetting' && known.ms !== said.ms) {
      this.trouble ??=
        'the servers in this file have different notification intervals, and the lines do not say which has which';
    }
    return known === undefined;
  }
}
