/** Memory of exact states: pairs of halves, and three tables that grow by parts. */
import type { Resumed, SearchRecord, Snapshot, Stream } from './checkpoints.js';
import type { Crew } from './crew.js';
import { BLOCK, CONTROL, type ExpandReport } from './hand.js';
import { BITS_MAX, emptyLike, newNumberTable, PartTable } from './part-table.js';
import { spreadOut } from './parts.js';
import { joined } from './ranges.js';
import type { RowMemory } from './row-table.js';
import { type MemoryOptions, SearchMemory } from './search-memory.js';
import { lengthOfTexts, takeTexts } from './shared-texts.js';
import type { StateMemory } from './store.js';
import type { System } from './system.js';
import type { TableName } from './tasks.js';

/** Shares of all memory that rows and tables may come to: a state has 8 bytes, its entries of 4 are filled to 0.57 at least. */
const SHARES = { states: { rows: 0.66, entries: 0.5 }, half: { rows: 0.5, entries: 0.33 } } as const;
const PAIR_BYTES = 8;

export class StatesInMemory extends SearchMemory {
  protected states: StateMemory;
  #unused: SearchRecord['unused'] = { left: [], right: [] };
  /** How often the halves were packed anew. */
  #age = 0;

  constructor(system: System, crew: Crew, options: MemoryOptions) {
    super(system, crew, options);
    const half = (): RowMemory => ({ ...newNumberTable(), rows: this.reserve(SHARES.half.rows) });
    this.states = {
      states: { ...newNumberTable(), rows: this.reserve(SHARES.states.rows) },
      left: half(),
      right: half(),
    };
    this.#setLimits();
  }

  get bytes(): number {
    return this.#bytesWith(this.#counts());
  }

  /** Numbers given out of states and halves. */
  #counts(): Readonly<Record<TableName, number>> {
    const read = (place: number): number => Atomics.load(this.control, place);
    return { states: read(CONTROL.next), left: read(CONTROL.nextLeft), right: read(CONTROL.nextRight) };
  }

  #bytesWith(counts: Readonly<Record<TableName, number>>): number {
    const tables = NAMES.map((name) => this.#table(name));
    const entries = tables.reduce((sum, table) => sum + table.length, 0);
    // A part that grows is copied, by each hand.
    const copies = tables.reduce((most, { largest }) => Math.max(most, largest), 0) * this.crew.size;
    return NAMES.reduce((sum, name) => sum + counts[name] * this.#rowBytes(name), (entries + copies) * 4);
  }

  #rowBytes(name: TableName): number {
    const { split, words } = this.layout;
    return { states: PAIR_BYTES, left: split * 4, right: (words - split) * 4 }[name];
  }

  #table(name: TableName): PartTable {
    return new PartTable(this.states[name]);
  }

  async endLevel(): Promise<void> {
    // Rows are kept: there is nothing to give back.
  }

  async makeRoom(reports: readonly ExpandReport[]): Promise<string | null> {
    const wider = this.widened(reports);
    if (wider !== null) {
      const bound = await this.#widen(wider);
      if (bound !== null) return bound;
    }
    for (const name of ['left', 'right', 'states'] as const) {
      const margin = name === 'states' ? BLOCK * this.crew.size + 1 : this.crew.size + 1;
      const bound = await this.growTo(name, this.#counts()[name] + margin);
      if (bound !== null) return bound;
    }
    return this.#setLimits();
  }

  /** These numbers of halves nothing has, for ever. */
  forgetHalves({ left, right }: SearchRecord['unused']): void {
    this.#unused = { left: [...this.#unused.left, ...left], right: [...this.#unused.right, ...right] };
  }

  /** Hands must have closed their blocks. */
  record(): Pick<SearchRecord, 'widths' | 'numbers' | 'unused'> {
    return { widths: this.layout.widths, numbers: this.#counts(), unused: this.#unused };
  }

  /** What stands in memory, and does not change. */
  streams(): Snapshot['streams'] {
    const counts = this.#counts();
    const stream = (name: TableName): Stream => ({
      bytes: this.states[name].rows,
      length: counts[name] * this.#rowBytes(name),
      age: name === 'states' ? 0 : this.#age,
    });
    const { texts } = this.crew;
    return {
      states: stream('states'),
      left: stream('left'),
      right: stream('right'),
      texts: { bytes: texts.bytes, length: lengthOfTexts(texts), age: 0 },
    };
  }

  /** Takes over what was kept, before anybody begins: tables are made anew. Throws RangeError if there is no room for it. */
  async resume({ record, textBytes, fill }: Resumed): Promise<void> {
    const { widths, numbers, unused, levels, found } = record;
    this.layout = this.layout.withWidths(widths);
    this.#unused = unused;
    for (const name of NAMES) {
      if (numbers[name] * this.#rowBytes(name) > this.states[name].rows.byteLength) throw this.#tooLittle();
      await fill(name, this.states[name].rows);
    }
    await fill('texts', this.crew.texts.bytes);
    takeTexts(this.crew.texts, textBytes);
    Atomics.store(this.control, CONTROL.next, numbers.states);
    Atomics.store(this.control, CONTROL.states, numbers.states);
    Atomics.store(this.control, CONTROL.nextLeft, numbers.left);
    Atomics.store(this.control, CONTROL.nextRight, numbers.right);
    await this.begin();
    const ranges = { states: joined([...levels, found]), left: [0, numbers.left], right: [0, numbers.right] };
    const except = { states: [], ...unused };
    for (const name of NAMES) {
      const bound = await this.growTo(name, numbers[name] + BLOCK * this.crew.size + 1);
      if (bound !== null) throw this.#tooLittle();
      await this.work({ do: 'enterRows', table: name, ranges: ranges[name], except: except[name] });
    }
    if (this.#setLimits() !== null) throw this.#tooLittle();
  }

  #tooLittle(): RangeError {
    return new RangeError(`${this.tooMuch()} is too little for what was kept`);
  }

  /** Room in a table for so many. Gives the bound if that is too much. */
  protected async growTo(name: TableName, wanted: number): Promise<string | null> {
    const table = this.#table(name);
    while (wanted > capacityOf(table.bits)) {
      const { bits } = table;
      if (bits === BITS_MAX) return `${capacityOf(BITS_MAX)} states`;
      table.widenNumbers();
      await this.work({ do: 'look' });
      await this.work({ do: 'retag', table: name, bits });
    }
    const growing = {
      parts: () => this.#table(name),
      entryBytes: 4,
      spread: () => this.#spread(name),
      grow: (parts: readonly number[]) => ({ do: 'grow', table: name, parts }) as const,
    };
    return this.makeRoomIn(growing, wanted);
  }

  #spread(name: TableName): boolean {
    const most = this.reserved(name === 'states' ? SHARES.states.entries : SHARES.half.entries);
    const spread = spreadOut(this.states[name], most);
    if (spread !== null) this.states = { ...this.states, [name]: { ...this.states[name], ...spread } };
    return spread !== null;
  }

  /** Values of some kinds have more bits: halves are packed anew, states stay as they are. */
  async #widen(layout: StatesInMemory['layout']): Promise<string | null> {
    const counts = this.#counts();
    const words = layout.words + this.layout.words;
    if (this.bytes + (counts.left + counts.right) * words * 4 > this.options.maxBytes) return this.tooMuch();
    const before = { old: this.states, widths: this.layout.widths };
    this.layout = layout;
    this.#age += 1;
    const anew = (memory: RowMemory): RowMemory => ({ ...emptyLike(memory), rows: this.reserve(SHARES.half.rows) });
    this.states = { ...before.old, left: anew(before.old.left), right: anew(before.old.right) };
    await this.handOut();
    const old = { left: before.old.left, right: before.old.right };
    await this.work({ do: 'repackHalves', old, widths: before.widths, counts: [counts.left, counts.right] });
    await this.work({ do: 'reenterHalves', old });
    return null;
  }

  /** How far numbers may be given out before somebody looks again. Gives the bound if that is not far. */
  #setLimits(): string | null {
    const { control } = this;
    const limits = Object.fromEntries(
      NAMES.map((name) => {
        const table = this.#table(name);
        const capacity = Math.floor(this.states[name].rows.byteLength / this.#rowBytes(name)) - BLOCK * this.crew.size;
        return [name, Math.min(table.room, capacityOf(table.bits), capacity)];
      }),
    ) as Record<TableName, number>;
    const tables = this.#bytesWith({ ...limits, states: 0 });
    const states = Math.min(limits.states, Math.floor((this.options.maxBytes - tables) / PAIR_BYTES));
    Atomics.store(control, CONTROL.limit, states);
    Atomics.store(control, CONTROL.limitLeft, limits.left);
    Atomics.store(control, CONTROL.limitRight, limits.right);
    const counts = this.#counts();
    const isFull = counts.left >= limits.left || counts.right >= limits.right || counts.states + BLOCK > states;
    return isFull ? this.tooMuch() : null;
  }
}

const NAMES = ['states', 'left', 'right'] as const;

/** Numbers of so many bits, kept plus one; hands may overstep by a block each. */
function capacityOf(bits: number): number {
  return 2 ** bits - 2 - 64 * BLOCK;
}
