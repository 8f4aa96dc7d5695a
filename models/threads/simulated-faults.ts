/** What the dice do to a simulated ensemble, and how long it goes without a leader. */
import type { Rng } from '../../base/rng.js';
import { serverAt, type World } from './world.js';

export type SimulatedFault =
  | { readonly kind: 'process dies' | 'machine dies'; readonly at: number }
  | { readonly kind: 'connection breaks'; readonly pair: number; readonly socket: number };

/** Crashes leave a majority up. Null: there is nothing to break. */
export function chooseFault(world: World, rng: Rng): SimulatedFault | null {
  const count = world.sids.length;
  const down = world.servers.filter(({ messenger }) => messenger === null).length;
  const at = rng.below(count);
  const mayDie = 2 * (count - down - 1) > count && serverAt(world, at).messenger !== null;
  const kind = rng.below(4);
  if (kind <= 1 && mayDie) return { kind: kind === 0 ? 'process dies' : 'machine dies', at };
  const pair = rng.below(world.pairs.length);
  const links = world.pairs[pair]?.links ?? [];
  const link = links[rng.below(links.length)];
  return link === undefined ? null : { kind: 'connection breaks', pair, socket: link.socket };
}

/** Times without an established leader that a quorum follows; in the unit of whoever notes them. */
export class Gaps {
  #since = 0;
  #has = false;
  #longest = 0;
  #longestAt = 0;

  note(has: boolean, now: number): void {
    if (has && !this.#has) this.#keep(now);
    if (!has && this.#has) this.#since = now;
    this.#has = has;
  }

  /** The longest so far, one that is open included. */
  longest(now: number): { readonly length: number; readonly at: number } {
    if (!this.#has) this.#keep(now);
    return { length: this.#longest, at: this.#longestAt };
  }

  #keep(now: number): void {
    if (now - this.#since <= this.#longest) return;
    this.#longest = now - this.#since;
    this.#longestAt = this.#since;
  }
}
