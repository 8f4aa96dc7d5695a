import { describe, expect, test } from 'vitest';
import type { Vote } from '../types/vote.js';
import { specProfile } from './profile.js';
import { agree, agreeing } from './vote-agreement.js';
import { sid, vote } from './testing.js';

const F = (fields: readonly [number, number, number, number], version = 2): Vote => vote('FOLLOWING', fields, version);
const D = (fields: readonly [number, number, number, number], version = 2): Vote => vote('LEADING', fields, version);
const L = (fields: readonly [number, number, number, number], version = 0): Vote => vote('LOOKING', fields, version);

describe('Vote.equals', () => {
  test.each([
    ['a LOOKING vote: all four fields', L([2, 5, 1, 0]), F([2, 5, 1, 0]), true],
    ['… the round', L([2, 5, 1, 0]), F([2, 5, 2, 0]), false],
    ['… the zxid', L([2, 5, 1, 0]), L([2, 6, 1, 0]), false],
    ['… the epoch, whatever the versions', L([2, 5, 1, 0]), F([2, 5, 1, 1]), false],
    ['two reports: leader and epoch', F([2, 5, 1, 1]), D([2, 9, 7, 1]), true],
    ['… not the epoch', F([2, 5, 1, 1]), D([2, 5, 1, 2]), false],
    ['… both of the old format', F([2, 5, 1, 1], 0), D([2, 5, 1, 2], 0), false],
    ['mixed formats: the leader only', F([2, 5, 1, 1], 0), D([2, 9, 7, 2]), true],
    ['… not another leader', F([2, 5, 1, 1], 0), D([3, 5, 1, 1]), false],
  ])('%s', (_, a, b, expected) => {
    expect(agree(a, b)).toBe(expected);
    expect(agree(b, a)).toBe(expected);
  });

  test('the agreeing senders ascend numerically', () => {
    const votes = new Map([
      [sid(10), F([2, 0, 0, 1])],
      [sid(9), D([2, 3, 3, 1])],
      [sid(1), F([3, 0, 0, 1])],
    ]);
    expect(agreeing(votes, F([2, 5, 5, 1]))).toEqual([sid(9), sid(10)]);
  });
});

// Vote.equals at release-3.5.0: id, zxid, electionEpoch and peerEpoch are equal; nothing else is looked at.
describe('who agrees, before 3.5.5', () => {
  const IS = F([2, 5, 1, 3]);
  const agrees = (release: string, other: Vote): boolean =>
    agreeing(new Map([[sid(1), other]]), IS, specProfile(release) ?? undefined).length === 1;

  test.each([
    ['the same', F([2, 5, 1, 3]), true, true],
    ['another state', L([2, 5, 1, 3]), true, true],
    ['another format', F([2, 5, 1, 3], 0), true, true],
    ['another leader', F([3, 5, 1, 3]), false, false],
    ['another zxid', F([2, 6, 1, 3]), false, true],
    ['another round', F([2, 5, 2, 3]), false, true],
    ['another epoch', F([2, 5, 1, 4]), false, false],
    ['another epoch in the old format', F([2, 5, 1, 4], 0), false, true],
  ])('%s', (_, other, before, now) => {
    expect(['3.5.0-alpha', '3.5.4-beta'].map((release) => agrees(release, other))).toEqual([before, before]);
    expect(['3.4.6', '3.5.5', '3.8.0'].map((release) => agrees(release, other))).toEqual([now, now, now]);
  });
});
