import { describe, expect, test } from 'vitest';
import type { Vote } from '../types/vote.js';
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
