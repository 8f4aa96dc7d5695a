/** Memory of fingerprints: a table that grows by parts, and rows for those states alone that wait to be expanded. */
import type { Crew } from './crew.js';
import { BLOCK, CONTROL, type ExpandReport, type Ranges } from './hand.js';
import { FINGERPRINT_WORDS, type FingerprintMemory } from './fingerprints.js';
import { newTableMemory, Parts, spreadOut, type TableMemory } from './parts.js';
import { type MemoryOptions, SearchMemory } from './search-memory.js';
import type { System } from './system.js';

const ENTRY_BYTES = FINGERPRINT_WORDS * 4;
/** More blocks than memory has room for. */
const FREE_BLOCKS = 1 << 20;

export class FingerprintsInMemory extends SearchMemory {
  protected states: FingerprintMemory;

  constructor(system: System, crew: Crew, options: MemoryOptions) {
    super(system, crew, options);
    this.states = {
      rows: this.reserve(1),
      table: newTableMemory(FINGERPRINT_WORDS),
      freeBlocks: new SharedArrayBuffer(FREE_BLOCKS * 4),
    };
    this.#setLimit();
  }

  get table(): TableMemory {
    return this.states.table;
  }

  get bytes(): number {
    return this.#rowBytes() + this.#tableBytes();
  }

  /** The blocks of a level that is expanded may be used again. */
  async endLevel(level: Ranges): Promise<void> {
    await this.crew.closeBlocks();
    const blocks = new Int32Array(this.states.freeBlocks);
    const free = new Set<number>();
    for (let i = 0; i < level.length; i += 2) {
      const [start, end] = [level[i] as number, level[i + 1] as number];
      for (let block = Math.floor(start / BLOCK); block * BLOCK < end; block += 1) free.add(block);
    }
    for (const block of free) blocks[Atomics.add(this.control, CONTROL.freeBlocks, 1)] = block;
  }

  async makeRoom(reports: readonly ExpandReport[], all: () => Ranges): Promise<string | null> {
    const wider = this.widened(reports);
    if (wider !== null) {
      if (this.numbered * wider.words * 4 + this.#tableBytes() > this.options.maxBytes) return this.tooMuch();
      const old = { old: this.states, widths: this.layout.widths };
      this.layout = wider;
      this.states = { ...this.states, rows: this.reserve(1) };
      await this.handOut();
      await this.work({ do: 'repackRows', ranges: all(), ...old });
    } else if (reports.some(({ reason }) => reason === 'table')) {
      const table = {
        parts: () => this.#parts(),
        entryBytes: ENTRY_BYTES,
        spread: () => this.#spread(),
        grow: (parts: readonly number[]) => ({ do: 'growFingerprints', parts }) as const,
      };
      const wanted = Atomics.load(this.control, CONTROL.states) + BLOCK * this.crew.size + 1;
      const bound = await this.makeRoomIn(table, wanted);
      if (bound !== null) return bound;
    }
    return this.#setLimit();
  }

  #spread(): boolean {
    const table = spreadOut(this.table, this.reserved(1), FINGERPRINT_WORDS);
    if (table !== null) this.states = { ...this.states, table };
    return table !== null;
  }

  #parts(): Parts {
    return new Parts(this.table, FINGERPRINT_WORDS);
  }

  /** A part that grows is copied, by each hand. */
  #tableBytes(): number {
    const { length, largest } = this.#parts();
    return (length + largest * this.crew.size) * ENTRY_BYTES;
  }

  /** So many states at once: as the table allows. Gives the bound if rows have no room left. */
  #setLimit(): string | null {
    Atomics.store(this.control, CONTROL.limit, Math.min(this.#parts().room, 2 ** 31 - 1));
    return this.bytes > this.options.maxBytes ? this.tooMuch() : null;
  }

  #rowBytes(): number {
    return this.numbered * this.layout.words * 4;
  }
}
