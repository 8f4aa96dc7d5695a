/** Memory of fingerprints: a table that grows by making it anew, and rows for those states alone that wait to be expanded. */
import type { Crew } from './crew.js';
import { BLOCK, CONTROL, type ExpandReport, type Ranges } from './hand.js';
import { FINGERPRINT_GROWTH, type FingerprintMemory, fingerprintRoom } from './fingerprints.js';
import { type MemoryOptions, SearchMemory } from './search-memory.js';
import type { System } from './system.js';

const FIRST_TABLE = 1 << 17;
/** More blocks than memory has room for. */
const FREE_BLOCKS = 1 << 20;

export class FingerprintsInMemory extends SearchMemory {
  protected states: FingerprintMemory;

  constructor(system: System, crew: Crew, options: MemoryOptions) {
    super(system, crew, options);
    this.states = {
      rows: this.reserve(1),
      table: new SharedArrayBuffer(FIRST_TABLE),
      freeBlocks: new SharedArrayBuffer(FREE_BLOCKS * 4),
    };
    this.#setLimit();
  }

  get table(): SharedArrayBuffer {
    return this.states.table;
  }

  get bytes(): number {
    return this.#rowBytes() + this.states.table.byteLength;
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
      if (this.numbered * wider.words * 4 + this.table.byteLength > this.options.maxBytes) return this.tooMuch();
      const old = { old: this.states, widths: this.layout.widths };
      this.layout = wider;
      this.states = { ...this.states, rows: this.reserve(1) };
      await this.handOut();
      await this.work({ do: 'repackRows', ranges: all(), ...old });
    } else if (reports.some(({ reason }) => reason === 'table')) {
      const old = this.table;
      const larger = Math.ceil((old.byteLength * FINGERPRINT_GROWTH) / 8) * 8;
      if (this.#rowBytes() + larger > this.options.maxBytes) return this.tooMuch();
      this.states = { ...this.states, table: new SharedArrayBuffer(larger) };
      await this.handOut();
      await this.work({ do: 'rehashFingerprints', old });
    }
    return this.#setLimit();
  }

  /** So many states at once: as the table allows. Gives the bound if rows have no room left. */
  #setLimit(): string | null {
    Atomics.store(this.control, CONTROL.limit, Math.min(fingerprintRoom(this.table), 2 ** 31 - 1));
    return this.bytes > this.options.maxBytes ? this.tooMuch() : null;
  }

  #rowBytes(): number {
    return this.numbered * this.layout.words * 4;
  }
}
