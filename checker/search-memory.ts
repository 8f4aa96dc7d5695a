/** The memory of a search: packed rows, the table of their numbers, and how both grow while the hands rest. */
import type { Crew } from './crew.js';
import { ASKED, BLOCK, CONTROL, type ExpandReport, type HandMemory, type Ranges, TALLIES_AT } from './hand.js';
import { FINGERPRINT_GROWTH } from './fingerprints.js';
import { Layout } from './layout.js';
import { Pools } from './pools.js';
import type { System } from './system.js';

const START_WIDTH = 8;
const WIDER = 2;
const FIRST_ROWS = 1 << 14;
const FIRST_TABLE = 1 << 15;
/** More blocks than memory has room for. */
const FREE_BLOCKS = 1 << 20;

/** A typed array of words cannot be larger. */
const RESERVED_MAX = 2 ** 32 - 2 ** 16;

export interface MemoryOptions {
  /** Bytes that states may take, the table included: beyond it the answer is inconclusive. */
  readonly maxBytes: number;
  /** Shared memory cannot grow: all of `maxBytes` is reserved at once (the system gives pages as they are used). */
  readonly reserve?: boolean;
  /** States are kept as fingerprints of 64 bits. */
  readonly fingerprints?: boolean;
  /** Ends the search: the answer is then inconclusive. */
  readonly signal?: AbortSignal;
}

export class SearchMemory {
  readonly #crew: Crew;
  readonly #options: MemoryOptions;
  readonly #kindOf: readonly number[];
  readonly #control: Int32Array;
  readonly #tallies: Float64Array;
  #memory: HandMemory;
  #bound: string | null = null;

  constructor(system: System, crew: Crew, options: MemoryOptions) {
    this.#crew = crew;
    this.#options = options;
    this.#kindOf = new Pools(system).kindOf;
    const widths = Array.from({ length: crew.kinds }, () => START_WIDTH);
    const { words } = new Layout(this.#kindOf, widths);
    this.#memory = {
      control: crew.allocate(TALLIES_AT + crew.size * 8),
      rows: crew.allocate(this.#rowBytes(words, FIRST_ROWS)),
      table: crew.allocate(FIRST_TABLE * 4),
      widths,
      freeBlocks: options.fingerprints === true ? crew.allocate(FREE_BLOCKS * 4) : null,
    };
    this.#control = new Int32Array(this.#memory.control, 0, CONTROL.words);
    this.#tallies = new Float64Array(this.#memory.control, TALLIES_AT);
  }

  /** Hands it to everybody. */
  begin(): Promise<void> {
    return this.#crew.move(this.#memory);
  }

  /** Ends the present phase. */
  stop(): void {
    Atomics.store(this.#control, CONTROL.stop, ASKED);
  }

  /** Numbers given out: hardly more than there are states. */
  get numbered(): number {
    return Atomics.load(this.#control, CONTROL.next);
  }

  /** Chunks that the hands took in this phase. */
  get taken(): number {
    return Atomics.load(this.#control, CONTROL.cursor);
  }

  /** Successors computed. */
  get generated(): number {
    return this.#tallies.reduce((sum, one) => sum + one, 0);
  }

  /** The blocks of a level that is expanded may be used again, where rows are not kept. */
  async endLevel(level: Ranges): Promise<void> {
    const { freeBlocks } = this.#memory;
    if (freeBlocks === null) return;
    await this.#crew.endLevel();
    const blocks = new Int32Array(freeBlocks);
    const free = new Set(level.filter((_, i) => i % 2 === 0).map((start) => Math.floor(start / BLOCK)));
    for (const block of free) blocks[Atomics.add(this.#control, CONTROL.freeBlocks, 1)] = block;
  }

  /** The fingerprints; null where rows are kept. */
  get fingerprints(): ArrayBufferLike | null {
    return this.#memory.freeBlocks === null ? null : this.#memory.table;
  }

  get bytes(): number {
    return this.#usedRowBytes() + this.#memory.table.byteLength;
  }

  /** Before a phase. */
  beginPhase(): void {
    Atomics.store(this.#control, CONTROL.cursor, 0);
    Atomics.store(this.#control, CONTROL.stop, this.#options.signal?.aborted === true ? ASKED : 0);
  }

  /** After a phase that stopped for want of room. `all`: every state. Gives the bound, in words, if there is no more. */
  async makeRoom(reports: readonly ExpandReport[], all: Ranges): Promise<string | null> {
    const kinds = new Set(reports.flatMap(({ kind }) => (kind === null ? [] : [kind])));
    if (kinds.size > 0) await this.#widen(kinds, all);
    else if (reports.some(({ reason }) => reason === 'rows')) await this.#growRows();
    else if (reports.some(({ reason }) => reason === 'table')) await this.#growTable(all);
    return this.#bound;
  }

  async #widen(kinds: ReadonlySet<number>, all: Ranges): Promise<void> {
    const old = this.#memory;
    const widths = old.widths.map((width, kind) => (kinds.has(kind) ? width + WIDER : width));
    const { words } = new Layout(this.#kindOf, widths);
    const needed = Atomics.load(this.#control, CONTROL.next) + FIRST_ROWS;
    const rows = this.#crew.allocate(this.#rowBytes(words, needed));
    if (this.#isTooMuch(rows.byteLength, old.table.byteLength)) return;
    const table = old.freeBlocks === null ? this.#crew.allocate(old.table.byteLength) : old.table;
    await this.#take({ ...old, widths, rows, table });
    this.beginPhase();
    await this.#crew.repack(all, old);
    if (old.freeBlocks !== null) return;
    this.beginPhase();
    await this.#crew.rehash(all);
  }

  async #growRows(): Promise<void> {
    const { rows, table, widths } = this.#memory;
    const larger = rows.byteLength * 2;
    if (this.#options.reserve === true || this.#isTooMuch(larger, table.byteLength)) {
      this.#bound = this.#tooMuch();
      return;
    }
    const copy = this.#crew.allocate(larger);
    new Uint8Array(copy).set(new Uint8Array(rows));
    await this.#take({ ...this.#memory, rows: copy, widths });
  }

  async #growTable(all: Ranges): Promise<void> {
    const { table, freeBlocks } = this.#memory;
    const larger =
      freeBlocks === null ? table.byteLength * 2 : Math.ceil((table.byteLength * FINGERPRINT_GROWTH) / 8) * 8;
    if (this.#isTooMuch(this.#usedRowBytes(), larger)) return;
    await this.#take({ ...this.#memory, table: this.#crew.allocate(larger) });
    this.beginPhase();
    await (freeBlocks === null ? this.#crew.rehash(all) : this.#crew.rehashFingerprints(table));
  }

  #take(memory: HandMemory): Promise<void> {
    this.#memory = memory;
    return this.#crew.move(memory);
  }

  #rowBytes(words: number, rows: number): number {
    if (this.#options.reserve !== true) return 2 ** Math.ceil(Math.log2(rows * words * 4));
    const all = Math.min(this.#options.maxBytes, RESERVED_MAX);
    return Math.floor(all / (words * 4)) * words * 4;
  }

  #usedRowBytes(): number {
    const { words } = new Layout(this.#kindOf, this.#memory.widths);
    return Atomics.load(this.#control, CONTROL.next) * words * 4;
  }

  #isTooMuch(rowBytes: number, tableBytes: number): boolean {
    const used = this.#options.reserve === true ? this.#usedRowBytes() : rowBytes;
    if (used + tableBytes <= this.#options.maxBytes) return false;
    this.#bound = this.#tooMuch();
    return true;
  }

  #tooMuch(): string {
    return `${Math.round(this.#options.maxBytes / 2 ** 20)} MB of memory`;
  }
}
