/** What hands do between phases, each taking shares by a common cursor: tables grow, rows are packed anew. */
import type { Explorer } from './explorer.js';
import { type FingerprintMemory, FingerprintStore } from './fingerprints.js';
import { type Layout, leftHalf } from './layout.js';
import { PartTable } from './part-table.js';
import { PARTS } from './parts.js';
import type { HalfTable, PairTable } from './row-table.js';
import { type StateMemory, StateStore } from './store.js';

export type TableName = 'states' | 'left' | 'right';

export type Task =
  /** These parts of a table grow. */
  | { readonly do: 'grow'; readonly table: TableName; readonly parts: readonly number[] }
  /** Numbers had so many bits, and have one more. */
  | { readonly do: 'retag'; readonly table: TableName; readonly bits: number }
  /** What others changed is seen. */
  | { readonly do: 'look' }
  /** Halves of these widths are packed anew into new memory, and entered into its tables. `counts`: left, right. */
  | {
      readonly do: 'repackHalves';
      readonly old: Pick<StateMemory, 'left' | 'right'>;
      readonly widths: readonly number[];
      readonly counts: readonly [number, number];
    }
  /** The repacked halves are entered into tables: the numbers are those of the old ones. */
  | { readonly do: 'reenterHalves'; readonly old: Pick<StateMemory, 'left' | 'right'> }
  /** Rows that have numbers are entered into a new table; `except`: these not. */
  | {
      readonly do: 'enterRows';
      readonly table: TableName;
      readonly ranges: readonly number[];
      readonly except: readonly number[];
    }
  /** The same with rows of states of which fingerprints are kept. */
  | {
      readonly do: 'repackRows';
      readonly ranges: readonly number[];
      readonly old: FingerprintMemory;
      readonly widths: readonly number[];
    }
  /** These parts of the table of fingerprints grow. */
  | { readonly do: 'growFingerprints'; readonly parts: readonly number[] };

/** States, halves or entries that are taken at once. */
const SHARE = 1 << 14;

/** `take` gives 0, 1, ... once each, to whoever asks. */
export function toDo(explorer: Explorer, task: Task, take: () => number): void {
  const { store } = explorer;
  if (store instanceof FingerprintStore) {
    if (task.do === 'repackRows') repackRows(explorer, task, take);
    else if (task.do === 'growFingerprints')
      for (let i = take(); i < task.parts.length; i = take()) store.grow(task.parts[i] as number);
    return;
  }
  if (!(store instanceof StateStore)) throw new Error('internal error: an unknown store');
  switch (task.do) {
    case 'grow': {
      const table = store[task.table];
      for (let i = take(); i < task.parts.length; i = take()) table.table.grow(task.parts[i] as number, table);
      return;
    }
    case 'retag':
      for (let part = take(); part < PARTS; part = take()) store[task.table].table.retag(part, task.bits);
      return;
    case 'look':
      for (const name of ['states', 'left', 'right'] as const) store[name].table.look();
      return;
    case 'repackHalves':
      return repackHalves(explorer, task, take);
    case 'reenterHalves':
      return reenterHalves(store, task.old, take);
    case 'enterRows':
      return enterRows(store[task.table], task, take);
    default:
      throw new Error(`internal error: ${task.do} is for fingerprints`);
  }
}

/** Shares of [0, count), cut into pieces that `visit` gets. */
function share(count: number, take: () => number, visit: (start: number, end: number) => void): void {
  for (let at = take() * SHARE; at < count; at = take() * SHARE) visit(at, Math.min(at + SHARE, count));
}

/** Left ones first, then right ones. */
function repackHalves(
  { system, layout, pools, store }: Explorer,
  { old, widths, counts }: Task & { readonly do: 'repackHalves' },
  take: () => number,
): void {
  if (!(store instanceof StateStore)) return;
  const before = layout.withWidths(widths);
  const left = leftHalf(system);
  const slots = pools.kindOf.map((_, slot) => slot);
  const sides = [
    { from: new Uint32Array(old.left.rows), to: store.left.rows, slots: slots.filter((slot) => left.has(slot)), at: 0 },
    {
      from: new Uint32Array(old.right.rows),
      to: store.right.rows,
      slots: slots.filter((slot) => !left.has(slot)),
      at: 1,
    },
  ];
  const wordsOf = ({ split, words }: Layout, side: number): number => (side === 0 ? split : words - split);
  share(counts[0] + counts[1], take, (start, end) => {
    for (let i = start; i < end; i += 1) {
      const side = sides[i < counts[0] ? 0 : 1] as (typeof sides)[0];
      const number = i < counts[0] ? i : i - counts[0];
      const [base, target] = [number * wordsOf(before, side.at), number * wordsOf(layout, side.at)];
      const [skipBefore, skip] = side.at === 0 ? [0, 0] : [before.split, layout.split];
      for (const slot of side.slots) {
        const id = before.read(side.from, base - skipBefore, slot);
        const word = target - skip + (layout.word[slot] as number);
        side.to[word] = ((side.to[word] as number) | (id << (layout.shift[slot] as number))) >>> 0;
      }
    }
  });
}

function reenterHalves(store: StateStore, old: Pick<StateMemory, 'left' | 'right'>, take: () => number): void {
  const tables = [
    [new PartTable(old.left), store.left],
    [new PartTable(old.right), store.right],
  ] as const;
  for (let i = take(); i < PARTS * 2; i = take()) {
    const [from, to] = tables[i < PARTS ? 0 : 1];
    for (const number of from.numbersIn(i % PARTS)) to.table.take(number, to.hashOf(number));
  }
}

function enterRows(
  table: PairTable | HalfTable,
  { ranges, except }: Task & { readonly do: 'enterRows' },
  take: () => number,
): void {
  const left = new Set(except);
  let taken = take();
  for (let range = 0, passed = 0; range < ranges.length; range += 2) {
    const [start, end] = [ranges[range] as number, ranges[range + 1] as number];
    const shares = Math.ceil((end - start) / SHARE);
    for (; taken < passed + shares; taken = take()) {
      const first = start + (taken - passed) * SHARE;
      for (let number = first; number < Math.min(first + SHARE, end); number += 1)
        if (!left.has(number)) table.table.take(number, table.hashOf(number));
    }
    passed += shares;
  }
}

function repackRows(
  { layout, store }: Explorer,
  { ranges, old, widths }: Task & { readonly do: 'repackRows' },
  take: () => number,
): void {
  if (!(store instanceof FingerprintStore)) return;
  const before = layout.withWidths(widths);
  const rows = new Uint32Array(old.rows);
  const ids = new Int32Array(layout.word.length);
  for (let range = take() * 2; range < ranges.length; range = take() * 2) {
    for (let number = ranges[range] as number; number < (ranges[range + 1] as number); number += 1) {
      before.unpack(rows, number * before.words, ids);
      store.write(number, ids);
    }
  }
}
