/** The memory of a search: what is said to the hands while they explore, and how memory grows while they rest. */
import type { Crew } from './crew.js';
import { ASKED, CONTROL, type ExpandReport, type HandMemory, type Ranges, TALLIES_AT } from './hand.js';
import { Layout, leftHalf } from './layout.js';
import type { Parts } from './parts.js';
import { Pools } from './pools.js';
import type { System } from './system.js';
import type { Task } from './tasks.js';

const START_WIDTH = 8;
const WIDER = 2;
/** A typed array cannot have more bytes. */
const ARRAY_MAX = 2 ** 34 - 2 ** 16;

export interface MemoryOptions {
  /**
   * Bytes that states may take, the tables included: beyond it the answer is inconclusive. Shared memory cannot grow: it is reserved at
   * once, and the system gives pages as they are used.
   */
  readonly maxBytes: number;
  /** States are kept as fingerprints of 64 bits. */
  readonly fingerprints?: boolean;
  /** Ends the search: the answer is then inconclusive. */
  readonly signal?: AbortSignal;
}

/** A table that grows by parts. */
interface GrowingTable {
  /** As it is now. */
  readonly parts: () => Parts;
  readonly entryBytes: number;
  /** Sets its parts farther apart, in other memory. False: they have all that is reserved. */
  readonly spread: () => boolean;
  readonly grow: (parts: readonly number[]) => Task;
}

/** What both ways to keep states have in common. */
export abstract class SearchMemory {
  protected readonly crew: Crew;
  protected readonly options: MemoryOptions;
  protected readonly control: Int32Array;
  protected layout: Layout;
  readonly #controlBytes: SharedArrayBuffer;
  readonly #tallies: Float64Array;

  constructor(system: System, crew: Crew, options: MemoryOptions) {
    this.crew = crew;
    this.options = options;
    const widths = Array.from({ length: crew.kinds }, () => START_WIDTH);
    this.layout = new Layout(new Pools(system).kindOf, widths, leftHalf(system));
    this.#controlBytes = new SharedArrayBuffer(TALLIES_AT + crew.size * 8);
    this.control = new Int32Array(this.#controlBytes, 0, CONTROL.words);
    this.#tallies = new Float64Array(this.#controlBytes, TALLIES_AT);
  }

  /** Hands it to everybody. */
  begin(): Promise<void> {
    return this.handOut();
  }

  protected handOut(): Promise<void> {
    const { widths } = this.layout;
    return this.crew.move({ control: this.#controlBytes, widths, alone: this.crew.size === 1, states: this.states });
  }

  /** The memory of states as it is now. */
  protected abstract readonly states: HandMemory['states'];
  /** In use. */
  abstract readonly bytes: number;

  /** After a phase that stopped for want of room. `all`: every state. Gives the bound, in words, if there is no more. */
  abstract makeRoom(reports: readonly ExpandReport[], all: () => Ranges): Promise<string | null>;

  /** A level is expanded. */
  abstract endLevel(level: Ranges): Promise<void>;

  /** Ends the present phase. */
  stop(): void {
    Atomics.store(this.control, CONTROL.stop, ASKED);
  }

  /** Numbers given out: hardly more than there are states. */
  get numbered(): number {
    return Atomics.load(this.control, CONTROL.next);
  }

  /** Chunks that the hands took in this phase. */
  get taken(): number {
    return Atomics.load(this.control, CONTROL.cursor);
  }

  /** Successors computed. */
  get generated(): number {
    return this.#tallies.reduce((sum, one) => sum + one, 0);
  }

  /** Before a phase. */
  beginPhase(): void {
    Atomics.store(this.control, CONTROL.cursor, 0);
    Atomics.store(this.control, CONTROL.stop, this.options.signal?.aborted === true ? ASKED : 0);
  }

  protected async work(task: Task): Promise<void> {
    Atomics.store(this.control, CONTROL.cursor, 0);
    await this.crew.work(task);
  }

  /** Room in a table for so many. Gives the bound if that is too much. */
  protected async makeRoomIn(
    { parts, entryBytes, spread, grow }: GrowingTable,
    wanted: number,
  ): Promise<string | null> {
    for (;;) {
      const table = parts();
      if (table.room >= wanted) return null;
      const chosen = table.partsToGrow(wanted, this.crew.size);
      const more = chosen.reduce((sum, part) => sum + table.sizeGrown(part) - (table.sizes[part] as number), 0);
      if (this.bytes + more * entryBytes > this.options.maxBytes) return this.tooMuch();
      if (chosen.every((part) => table.hasSpaceFor(part))) await this.work(grow(chosen));
      else if (spread()) await this.handOut();
      else return this.tooMuch();
    }
  }

  protected widened(reports: readonly ExpandReport[]): Layout | null {
    const kinds = new Set(reports.flatMap(({ kind }) => (kind === null ? [] : [kind])));
    if (kinds.size === 0) return null;
    return this.layout.withWidths(this.layout.widths.map((width, kind) => (kinds.has(kind) ? width + WIDER : width)));
  }

  /** Words for a share of all memory. */
  protected reserve(share: number): SharedArrayBuffer {
    return new SharedArrayBuffer(this.reserved(share));
  }

  protected reserved(share: number): number {
    return Math.floor(Math.min(this.options.maxBytes * share + 2 ** 16, ARRAY_MAX) / 8) * 8;
  }

  protected tooMuch(): string {
    return `${Math.round(this.options.maxBytes / 2 ** 20)} MB of memory`;
  }
}
