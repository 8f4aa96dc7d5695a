import { describe, expect, test } from 'vitest';
import { asSid } from '../../types/ids.js';
import type { Observation, ObservedLine } from '../observation.js';
import { Attribution, type AttributionOptions } from './attribution.js';

const NOBODY: AttributionOptions = { only: null, byPath: null };
const LOOKING: ObservedLine = { what: 'looking' };
const STARTED: ObservedLine = { what: 'processStarted', myId: null };
const MAX = (ms: number): ObservedLine => ({ what: 'intervalSetting', which: 'max', ms });

/** Lines in their order: who is named, what is said. */
function told(options: AttributionOptions, ...lines: readonly [sid: number | null, said: ObservedLine][]) {
  const attribution = new Attribution(options);
  const found = lines.map(([sid, said], index) => {
    const observation: Observation = {
      sid: sid === null ? null : asSid(BigInt(sid)),
      at: { file: 'f', line: index + 1 },
      said,
    };
    return attribution
      .take(observation)
      .map((one) => `${one.sid} ${one.observation.said.what} ${one.observation.at.line}`);
  });
  return { attribution, found };
}

describe('one server in a file', () => {
  test('lines that do not tell wait for one that does', () => {
    const { attribution, found } = told(NOBODY, [null, STARTED], [null, LOOKING], [3, LOOKING], [null, LOOKING]);
    expect(found).toEqual([[], [], ['3 processStarted 1', '3 looking 2', '3 looking 3'], ['3 looking 4']]);
    expect(attribution).toMatchObject({ anonymous: 2, foreign: 0, isWaiting: false });
  });

  test('or are of the server that the path tells, as soon as one of an election comes', () => {
    const byPath = { only: null, byPath: asSid(5n) };
    const { attribution, found } = told(byPath, [null, STARTED], [null, LOOKING], [null, STARTED]);
    expect(found).toEqual([[], ['5 processStarted 1', '5 looking 2'], ['5 processStarted 3']]);
    expect(attribution.anonymous).toBe(1);
  });

  test('nothing tells: they wait', () => {
    const { attribution, found } = told(NOBODY, [null, STARTED], [null, LOOKING]);
    expect(found).toEqual([[], []]);
    expect(attribution.isWaiting).toBe(true);
  });
});

describe('several servers in a file', () => {
  test('each has its lines; what names nobody is left out, or is unreadable for all', () => {
    const { attribution, found } = told(
      NOBODY,
      [1, LOOKING],
      [2, LOOKING],
      [null, STARTED],
      [null, LOOKING],
      [1, STARTED],
    );
    expect(found.slice(2)).toEqual([[], ['1 unreadable 4', '2 unreadable 4'], ['1 processStarted 5']]);
    expect(attribution).toMatchObject({ foreign: 1, anonymous: 0 });
  });

  test('what was taken for the first server casts doubt on it when a second appears', () => {
    const { found } = told(NOBODY, [1, LOOKING], [null, STARTED], [2, LOOKING], [2, LOOKING]);
    expect(found).toEqual([['1 looking 1'], ['1 processStarted 2'], ['1 seam 2', '2 looking 3'], ['2 looking 4']]);
    expect(told(NOBODY, [1, LOOKING], [2, LOOKING]).found).toEqual([['1 looking 1'], ['2 looking 2']]);
  });

  test("settings that name nobody are everybody's, of those who come later, too", () => {
    const { attribution, found } = told(
      NOBODY,
      [null, MAX(9)],
      [1, LOOKING],
      [2, LOOKING],
      [null, MAX(9)],
      [3, LOOKING],
    );
    expect(found).toEqual([
      [],
      ['1 intervalSetting 1', '1 looking 2'],
      ['2 intervalSetting 1', '1 seam 1', '2 looking 3'],
      [],
      ['3 intervalSetting 4', '3 looking 5'],
    ]);
    expect(attribution.trouble).toBeNull();
    const other = told(NOBODY, [1, LOOKING], [2, LOOKING], [null, MAX(9)], [null, MAX(8)]);
    expect(other.found[2]).toEqual(['1 intervalSetting 3', '2 intervalSetting 3']);
    expect(other.attribution.trouble).toMatch(/different notification intervals/);
  });

  test('more than can be in any ensemble: the rest is left out', () => {
    const { attribution, found } = told(
      NOBODY,
      ...Array.from({ length: 70 }, (_, sid): [number, ObservedLine] => [sid, LOOKING]),
    );
    expect(found.flat()).toHaveLength(64);
    expect(attribution.foreign).toBe(6);
  });
});

test('--sid: only that server, and what names nobody as long as nobody else is there', () => {
  const only = { only: asSid(2n), byPath: asSid(7n) };
  const { attribution, found } = told(
    only,
    [null, LOOKING],
    [2, LOOKING],
    [1, LOOKING],
    [null, LOOKING],
    [null, STARTED],
  );
  expect(found).toEqual([['2 looking 1'], ['2 looking 2'], ['2 seam 1'], ['2 unreadable 4'], []]);
  expect(attribution.foreign).toBe(3);
});
