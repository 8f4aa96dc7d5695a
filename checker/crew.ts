/** The hands that explore, as the coordinator sees them: one in this thread, or several in threads of their own. */
import { Hand, type ExpandReport, type HandMemory, type Ranges } from './hand.js';
import { shortestTrace, type TraceQuestion, type TraceText } from './shortest-trace.js';
import type { System } from './system.js';

export interface Crew {
  /** How many hands. */
  readonly size: number;
  /** Kinds of slots. */
  readonly kinds: number;
  /** New buffers, shared where hands are in other threads. */
  allocate(bytes: number): ArrayBufferLike;
  /** Memory for everybody from here on. */
  move(memory: HandMemory): Promise<void>;
  /** One hand enters the initial rows. */
  enterInitial(): Promise<ExpandReport>;
  expand(ranges: Ranges): Promise<readonly ExpandReport[]>;
  rehash(ranges: Ranges): Promise<void>;
  repack(ranges: Ranges, old: Pick<HandMemory, 'rows' | 'widths'>): Promise<void>;
  /** All states of the level are expanded, and those of the next found. */
  endLevel(): Promise<void>;
  rehashFingerprints(old: ArrayBufferLike): Promise<void>;
  /** By hand. */
  actions(): Promise<readonly Readonly<Record<string, number>>[]>;
  trace(question: TraceQuestion): Promise<TraceText | null>;
  close(): Promise<void>;
}

/** So many states are expanded before the coordinator may look up. */
const SLICE = 50_000;

/** One hand, in this thread. */
export class OwnCrew implements Crew {
  readonly size = 1;
  readonly #system: System;
  #hand: Hand | null = null;

  readonly #pause: () => Promise<void>;

  /** `pause`: called between slices of work, so that the process may hear signals. */
  constructor(system: System, pause: () => Promise<void> = async () => undefined) {
    this.#system = system;
    this.#pause = pause;
  }

  get kinds(): number {
    return new Set(this.#system.slots.map(({ kind }) => kind)).size;
  }

  get #present(): Hand {
    if (this.#hand === null) throw new Error('internal error: no memory yet');
    return this.#hand;
  }

  allocate(bytes: number): ArrayBufferLike {
    return new ArrayBuffer(bytes);
  }

  async move(memory: HandMemory): Promise<void> {
    if (this.#hand === null) this.#hand = new Hand(this.#system, memory);
    else this.#hand.move(memory);
  }

  async enterInitial(): Promise<ExpandReport> {
    return this.#present.enterInitial();
  }

  async expand(ranges: Ranges): Promise<readonly ExpandReport[]> {
    await this.#pause();
    return [this.#present.expand(ranges, SLICE)];
  }

  async rehash(ranges: Ranges): Promise<void> {
    this.#present.rehash(ranges);
  }

  async repack(ranges: Ranges, old: Pick<HandMemory, 'rows' | 'widths'>): Promise<void> {
    this.#present.repack(ranges, old);
  }

  async endLevel(): Promise<void> {
    this.#present.endLevel();
  }

  async rehashFingerprints(old: ArrayBufferLike): Promise<void> {
    this.#present.rehashFingerprints(old);
  }

  async actions(): Promise<readonly Readonly<Record<string, number>>[]> {
    return [this.#present.actions()];
  }

  async trace(question: TraceQuestion): Promise<TraceText | null> {
    return shortestTrace(this.#present.explorer, question);
  }

  async close(): Promise<void> {
    this.#hand = null;
  }
}
