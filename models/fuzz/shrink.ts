/**
 * Shrinks a failing script with fast-check: actions are left out as long as the subject still fails. What an action
 * left out disables is left out with it, so whole chains go at once.
 */
import fc from 'fast-check';
import type { Action } from '../../spec/action.js';
import type { Watch } from '../conformance/conformance.js';
import type { Subject } from '../conformance/peer.js';
import { type Played, playScript, type Script } from './script.js';

export interface Shrunk {
  readonly script: Script;
  readonly played: Played;
}

export interface ShrinkOptions {
  /** Properties are watched by an object that remembers: a new one for each attempt. */
  readonly makeWatch?: (setup: Script['setup']) => Watch;
  /** Asked between attempts: true ends the shrinking with what was found so far. */
  readonly expired?: () => boolean;
}

/** Precondition: the script fails. The result fails too; unless time ran out, no single action can be left out. */
export function shrinkScript(subject: Subject, script: Script, options: ShrinkOptions = {}): Shrunk {
  const attempt = new Attempts(subject, script, options);
  for (let before = Infinity; attempt.length < before && !attempt.expired;) {
    before = attempt.length;
    attempt.withoutServers();
    attempt.withoutStretches();
    attempt.oneByOne();
    attempt.several();
  }
  return { script: { setup: script.setup, actions: attempt.best.taken }, played: attempt.best };
}

/** Random removals that are tried at each size, when no single action can be left out any more. */
const REMOVALS = 300;

class Attempts {
  best: Played;
  readonly #subject: Subject;
  readonly #setup: Script['setup'];
  readonly #options: ShrinkOptions;
  readonly #watched: boolean;

  constructor(subject: Subject, { setup, actions }: Script, options: ShrinkOptions) {
    this.#subject = subject;
    this.#setup = setup;
    this.#options = options;
    this.#watched = true;
    this.best = this.#play(actions);
    // Properties are watched only as long as one of them is what fails.
    this.#watched = this.best.violation?.kind === 'property';
  }

  get length(): number {
    return this.best.taken.length;
  }

  get expired(): boolean {
    return this.#options.expired?.() === true;
  }

  /** Does it still fail with these actions, some of the best? Remembers the shortest that does. */
  fails(actions: readonly Action[]): boolean {
    if (actions.length === this.length) return true;
    if (this.expired) return false;
    const played = this.#play(actions);
    if (played.violation === null) return false;
    if (played.taken.length < this.length) this.best = played;
    return true;
  }

  /** Whole servers first: what happened at them often does not matter. */
  withoutServers(): void {
    for (const { sid } of this.#setup.servers) {
      this.fails(this.best.taken.filter((action) => !concerns(action, sid)));
    }
  }

  /** Then stretches, long ones first: fast-check takes single actions only, and a long run holds hundreds. */
  withoutStretches(): void {
    for (let size = this.length >> 1; size >= 4; size >>= 1) {
      for (let start = this.length - size - 1; start >= 0; start -= size) {
        this.fails(this.best.taken.filter((_, index) => index < start || index >= start + size));
      }
    }
  }

  /** Single actions: fast-check's own shrinking of a subarray. */
  oneByOne(): void {
    // Identity, not equality, is how fc.subarray knows its elements: each action becomes an object of its own.
    const whole = this.best.taken.map((action) => ({ ...action }));
    const property = fc.property(fc.subarray(whole), (some) => !this.fails(some));
    fc.check(property, { numRuns: 1, examples: [[whole]], seed: 1 });
  }

  /** A few at once, or what happened at one server for a while: steps that only make sense together. */
  several(): void {
    const sids = this.#setup.servers.map(({ sid }) => sid);
    const property = fc.property(
      fc.uniqueArray(fc.nat(), { minLength: 2, maxLength: 5 }),
      fc.option(fc.record({ sid: fc.constantFrom(...sids), from: fc.nat(), length: fc.integer({ min: 2, max: 12 }) })),
      (places, span) => {
        const { taken } = this.best;
        const dropped = new Set(places.map((place) => place % taken.length));
        const start = span === null ? 0 : span.from % taken.length;
        const keep = (action: Action, index: number): boolean =>
          span === null
            ? !dropped.has(index)
            : index < start || index >= start + span.length || !concerns(action, span.sid);
        this.fails(taken.filter(keep));
      },
    );
    fc.check(property, { numRuns: REMOVALS, seed: 1 });
  }

  #play(actions: readonly Action[]): Played {
    const watch = this.#watched ? (this.#options.makeWatch?.(this.#setup) ?? null) : null;
    return playScript(this.#subject, { setup: this.#setup, actions }, { watch });
  }
}

function concerns(action: Action, sid: bigint): boolean {
  return Object.values(action).includes(sid);
}
