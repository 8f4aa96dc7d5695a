/** The hands that explore, as the coordinator sees them: one in this thread, or several in threads of their own. */
import { Hand, type ExpandReport, type HandMemory, type Ranges } from './hand.js';
import { newSharedTextsMemory, type SharedTextsMemory } from './shared-texts.js';
import { shortestTrace, type TraceQuestion, type TraceText } from './shortest-trace.js';
import type { System } from './system.js';
import type { Task } from './tasks.js';

export interface Crew {
  /** How many hands. */
  readonly size: number;
  /** Kinds of slots. */
  readonly kinds: number;
  /** The values, in the order of their numbers. */
  readonly texts: SharedTextsMemory;
  /** Memory for everybody from here on. */
  move(memory: HandMemory): Promise<void>;
  /** One hand enters the initial rows. */
  enterInitial(): Promise<ExpandReport>;
  expand(ranges: Ranges): Promise<readonly ExpandReport[]>;
  /** Between phases: everybody does a share. */
  work(task: Task): Promise<void>;
  /** Everybody begins another block. Gives the numbers of left and of right halves that nothing has. */
  closeBlocks(): Promise<readonly [readonly number[], readonly number[]]>;
  /** By hand. */
  actions(): Promise<readonly Readonly<Record<string, number>>[]>;
  trace(question: TraceQuestion): Promise<TraceText | null>;
  close(): Promise<void>;
}

/** Reserved for the texts of values. */
const TEXTS_MB = 1024;
/** So many states are expanded before the coordinator may look up. */
const SLICE = 50_000;

/** One hand, in this thread. */
export class OwnCrew implements Crew {
  readonly size = 1;
  readonly texts = newSharedTextsMemory(TEXTS_MB);
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

  async move(memory: HandMemory): Promise<void> {
    if (this.#hand === null) this.#hand = new Hand(this.#system, memory, { texts: this.texts });
    else this.#hand.move(memory);
  }

  async enterInitial(): Promise<ExpandReport> {
    return this.#present.enterInitial();
  }

  async expand(ranges: Ranges): Promise<readonly ExpandReport[]> {
    await this.#pause();
    return [this.#present.expand(ranges, SLICE)];
  }

  async work(task: Task): Promise<void> {
    this.#present.work(task);
  }

  async closeBlocks(): Promise<readonly [readonly number[], readonly number[]]> {
    return sparesOf([this.#present.closeBlocks()]);
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

/** By half, of what the hands tell. */
export function sparesOf(all: readonly (readonly [number, number])[]): readonly [readonly number[], readonly number[]] {
  const side = (which: 0 | 1): readonly number[] => all.map((one) => one[which]).filter((number) => number >= 0);
  return [side(0), side(1)];
}
