/**
 * Goal: a table in parts never loses or doubles a row, however parts grow, numbers get more bits, and rows resemble each other.
 * Method: rows in regular patterns, a plain map beside them.
 */
import { describe, expect, test } from 'vitest';
import { manyOf } from '../scripts/thorough.js';
import { newNumberTable, PartTable } from './part-table.js';
import { GROWTH, PARTS, spreadOut } from './parts.js';
import { HalfTable, PairTable } from './row-table.js';

const PLENTY = 2 ** 26;

/** A table that grows by itself when it is told to hold more. */
class Growing {
  readonly rows = new SharedArrayBuffer(2 ** 22);
  memory = { ...newNumberTable(), rows: this.rows };
  pairs = new PairTable(this.memory, false);

  demand(wanted: number): void {
    while (wanted > 2 ** this.pairs.table.bits - 2) {
      const { bits } = this.pairs.table;
      this.pairs.table.widenNumbers();
      this.pairs.table.look();
      for (let part = 0; part < PARTS; part += 1) this.pairs.table.retag(part, bits);
    }
    while (this.pairs.table.room < wanted) {
      const { table } = this.pairs;
      const parts = table.partsToGrow(wanted, 1);
      if (parts.every((part) => table.hasSpaceFor(part))) for (const part of parts) table.grow(part, this.pairs);
      else {
        const spread = spreadOut(this.memory, PLENTY);
        if (spread === null) throw new Error('no more space');
        this.memory = { ...spread, rows: this.rows };
        this.pairs = new PairTable(this.memory, false);
      }
    }
  }
}

/** Pairs as they come: many left halves with the same right one, and in a grid; in a large distance. */
const PATTERNS: readonly (readonly [string, (i: number) => readonly [number, number]])[] = [
  ['a grid', (i) => [i % 700, Math.floor(i / 700)]],
  ['one right half', (i) => [i, 7]],
  ['one left half', (i) => [0, i]],
  ['powers of two apart', (i) => [(i * 65_536) >>> 0, (i >>> 4) * 256]],
];

describe('pairs', () => {
  test.each(PATTERNS)('%s: each is found under its number, and nothing else is', (name, pairOf) => {
    // So many that numbers need more bits than a table begins with.
    const count = name === 'a grid' ? 270_000 : manyOf(270_000);
    const growing = new Growing();
    const numbers = new Map<string, number>();
    let wrong = 0;
    for (let i = 0; i < count; i += 1) {
      const [a, b] = pairOf(i);
      if (i % 1000 === 0) growing.demand(numbers.size + 1001);
      const next = numbers.size;
      const known = numbers.get(`${a} ${b}`);
      if (growing.pairs.enter(a, b, next) !== (known ?? next)) wrong += 1;
      if (known === undefined) numbers.set(`${a} ${b}`, next);
    }
    const { pairs } = growing;
    expect(pairs.table.bits).toBeGreaterThan(numbers.size > 2 ** 18 ? 18 : 0);
    for (const [text, number] of numbers) {
      const [a, b] = text.split(' ').map(Number) as [number, number];
      if (pairs.find(a, b) !== number) wrong += 1;
    }
    expect(wrong).toBe(0);
    expect(pairs.find(999_999, 999_999)).toBe(-1);
    const entered = Array.from({ length: PARTS }, (__, part) => [...pairs.table.numbersIn(part)]);
    expect(entered.flat().sort((x, y) => x - y)).toEqual([...numbers.values()]);
    // What decides how full a part may be planned: no pattern fills one much more than another.
    const average = numbers.size / PARTS;
    for (const { length } of entered) expect(Math.abs(length - average)).toBeLessThan(6 * Math.sqrt(average));
  });

  test('numbers that are entered anew are found, and parts stay staggered', () => {
    const growing = new Growing();
    for (let i = 0; i < 50_000; i += 1) {
      growing.demand(i + 2);
      growing.pairs.enter(i, i ^ 5, i);
    }
    const sizes = [...growing.pairs.table.sizes].sort((a, b) => a - b);
    expect(sizes.at(-1)).toBeLessThanOrEqual(Math.ceil((sizes[0] ?? 0) * GROWTH) + 2);
    expect(new Set(sizes).size).toBeGreaterThan(100);
    const wrong: number[] = [];
    const again = new Growing();
    again.demand(50_001);
    new Uint32Array(again.rows).set(new Uint32Array(growing.rows));
    for (let i = 0; i < 50_000; i += 1) again.pairs.table.take(i, again.pairs.hashOf(i));
    for (let i = 0; i < 50_000; i += 1) if (again.pairs.find(i, i ^ 5) !== i) wrong.push(i);
    expect(wrong).toEqual([]);
    expect(again.pairs.enter(3, 3 ^ 5, 50_000)).toBe(3);
  });
});

describe('halves', () => {
  test('get numbers as long as there are some', () => {
    let next = 0;
    const numbers = { free: () => (next < 5 ? next : -1), use: () => void (next += 1) };
    const memory = { ...newNumberTable(), rows: new SharedArrayBuffer(2 ** 12) };
    const halves = new HalfTable(3, memory, { alone: false, numbers });
    const row = (i: number): Uint32Array => Uint32Array.from([9, 9, i, 1, 2]);
    // Of each row three words count, from the third.
    expect([0, 1, 2, 1, 3, 4].map((i) => halves.enter(row(i), 2))).toEqual([0, 1, 2, 1, 3, 4]);
    expect(halves.enter(row(5), 2)).toBe(-1);
    expect(halves.enter(row(4), 2)).toBe(4);
    expect([halves.find(row(2), 2), halves.find(row(5), 2)]).toEqual([2, -1]);
    const table = new PartTable(memory);
    const kept = Array.from({ length: PARTS }, (_, part) => [...table.numbersIn(part)]).flat();
    expect([next, kept.sort()]).toEqual([5, [0, 1, 2, 3, 4]]);
  });
});
