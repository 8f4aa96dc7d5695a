/** The table of fingerprints: parts that grow keep what they hold, and the estimates look at neighbours in any part. */
import { describe, expect, it } from 'vitest';
import { estimateCollisions, FINGERPRINT_WORDS, FingerprintStore } from './fingerprints.js';
import { Layout } from './layout.js';
import { newTableMemory, Parts, PARTS, spreadOut } from './parts.js';

/** Room for numbers of one word each. */
function storeOf(table = newTableMemory(FINGERPRINT_WORDS), states = 4096): FingerprintStore {
  const layout = new Layout([0], [30], new Set([0]));
  const buffer = (words: number): SharedArrayBuffer => new SharedArrayBuffer(words * 4);
  return new FingerprintStore(layout, { rows: buffer(states * layout.words), freeBlocks: buffer(1), table }, true);
}

describe('parts that grow', () => {
  it('keep what they hold, and have room for more', () => {
    const words = (number: number): Uint32Array => Uint32Array.of(number * 7919);
    const near = newTableMemory(FINGERPRINT_WORDS);
    for (let number = 0; number < 2000; number += 1) expect(storeOf(near).enter(words(number), number)).toBe(number);
    const table = spreadOut(near, 2 ** 26, FINGERPRINT_WORDS);
    if (table === null) throw new Error('there is more to be had');
    const before = new Parts(table, FINGERPRINT_WORDS).sizes.slice();
    for (let part = 0; part < PARTS; part += 1) storeOf(table).grow(part);
    const { sizes, length } = new Parts(table, FINGERPRINT_WORDS);
    expect(sizes.every((size, part) => size > (before[part] as number) * 1.4)).toBe(true);
    expect(length).toBe(sizes.reduce((sum, size) => sum + size));
    // All are known; what is new still finds a place.
    for (let number = 0; number < 2000; number += 1) expect(storeOf(table).enter(words(number), 9)).toBe(-1);
    for (let number = 2000; number < 4000; number += 1) expect(storeOf(table).enter(words(number), 9)).toBe(9);
  });
});

describe('the estimates', () => {
  /** With these fingerprints, each at the beginning of its part. */
  function tableOf(...fingerprints: readonly bigint[]): ReturnType<typeof newTableMemory> {
    const table = newTableMemory(FINGERPRINT_WORDS);
    const { stride } = new Parts(table, FINGERPRINT_WORDS);
    const entries = new BigUint64Array(table.entries);
    for (const one of fingerprints) {
      let place = Number(one >> 56n) * stride;
      while (entries[place] !== 0n) place += 1;
      entries[place] = one;
    }
    return table;
  }
  const COUNTS = { distinct: 3, generated: 2 ** 20 };

  it.each([
    ['within a part', [0x0100_0000_0000_0005n, 0x0100_0000_0000_0001n, 0x0500_0000_0000_0000n], 4],
    ['across two parts', [0x00ff_ffff_ffff_fff0n, 0x0100_0000_0000_0005n, 0x0500_0000_0000_0000n], 21],
    [
      'with empty parts between',
      [0x01ff_ffff_ffff_fff0n, 0xff00_0000_0000_0001n, 0x0100_0000_0000_0001n],
      Number(0xff_ffff_ffff_ffefn),
    ],
  ])('the smallest distance: %s', (_, fingerprints, distance) => {
    expect(estimateCollisions(tableOf(...fingerprints), COUNTS).actual).toBe(1 / distance);
  });

  it('by the counts alone: distinct times what was met again, of 2^64', () => {
    expect(estimateCollisions(tableOf(1n, 2n, 3n), COUNTS).calculated).toBe((3 * (2 ** 20 - 3)) / 2 ** 64);
  });
});
