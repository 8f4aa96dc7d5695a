/** Which release a log is of, from what it says and from what it prints: builds between releases may say one and be another. */
import { profileOfRelease } from '../types/release.js';
import type { ObservedLine } from './observation.js';
import { releaseIn } from './release-in.js';

export class WordingSurvey {
  #named: string | null = null;
  /** A line was worded as before 3.6. */
  #older = false;
  /** The highest format version of a message. */
  #format = -1;
  #rolesEntered = 0;
  #stateChanges = 0;
  #oracle = false;
  /** LEADING answers that came to an electing server: since 3.8 each that decides nothing is commented. */
  #leading = 0;
  /** Answers of decided servers with and without a round. */
  #withRound = 0;
  #withoutRound = 0;

  see(said: ObservedLine, older: boolean): void {
    if (older) this.#older = true;
    switch (said.what) {
      case 'version':
        this.#named = releaseIn(said.text) ?? this.#named;
        return;
      case 'notification': {
        const { version, state, round } = said.notification;
        this.#format = Math.max(this.#format, version);
        if (state === 'LOOKING') return;
        if (round === -1n) this.#withoutRound += 1;
        else this.#withRound += 1;
        if (state === 'LEADING' && said.myState === 'LOOKING') this.#leading += 1;
        return;
      }
      case 'roleEntered':
        this.#rolesEntered += 1;
        return;
      case 'stateChanged':
        if (said.state !== 'LOOKING') this.#stateChanges += 1;
        return;
      case 'oracle':
        this.#oracle = true;
        return;
      default:
        return;
    }
  }

  get release(): string | null {
    const named = this.#named;
    if (named === null) return this.#printed();
    const profile = profileOfRelease(named);
    const late = profile === 'P360' || profile === 'P380';
    // A build on the way to a release may still print as the one before it.
    return late && this.#printsAsBefore36() ? this.#printed() : named;
  }

  #printsAsBefore36(): boolean {
    return this.#older || (this.#rolesEntered > 0 && this.#stateChanges === 0);
  }

  #printed(): string | null {
    if (this.#format === 0) return '3.4.5';
    if (this.#format === 1) return '3.4.14';
    if (this.#printsAsBefore36()) return this.#withoutRound > this.#withRound ? '3.5.3' : '3.5.10';
    return this.#stateChanges > 0 && this.#leading > 1 && !this.#oracle ? '3.7.2' : null;
  }
}
