import { describe, expect, test } from 'vitest';
import { LONG_MIN } from '../types/int64.js';
import { better, compareProposals, sameProposal } from './order.js';
import { ensemble, hierarchy, proposal } from './testing.js';

const majority = ensemble(3);

describe('the total order (FastLeaderElection.totalOrderPredicate)', () => {
  test.each([
    ['a higher epoch beats zxid and id', proposal(1, 0, 2), proposal(3, 9, 1), true],
    ['a lower epoch loses', proposal(3, 9, 1), proposal(1, 0, 2), false],
    ['at equal epochs the higher zxid wins', proposal(1, 6, 1), proposal(3, 5, 1), true],
    ['then the higher id', proposal(3, 5, 1), proposal(2, 5, 1), true],
    ['equal is not better', proposal(2, 5, 1), proposal(2, 5, 1), false],
    ['the numbers are signed', proposal(1, 0, 0), proposal(LONG_MIN, LONG_MIN, LONG_MIN), true],
    ['beyond 2^53', proposal(1, 2n ** 53n + 1n, 0), proposal(1, 2n ** 53n, 0), true],
  ])('%s', (_, candidate, current, expected) => {
    expect(better(majority, candidate, current)).toBe(expected);
    expect(compareProposals(candidate, current) > 0).toBe(expected);
  });

  test('equal proposals compare as 0, both ways round otherwise', () => {
    expect(compareProposals(proposal(2, 5, 1), proposal(2, 5, 1))).toBe(0);
    expect(compareProposals(proposal(2, 5, 1), proposal(2, 5, 2))).toBe(-1);
    expect(compareProposals(proposal(2, 5, 2), proposal(2, 5, 1))).toBe(1);
  });

  test.each([
    [proposal(2, 5, 1), true],
    [proposal(3, 5, 1), false],
    [proposal(2, 6, 1), false],
    [proposal(2, 5, 2), false],
    [proposal(3, 6, 1), false],
    [proposal(3, 6, 2), false],
  ])('the same proposal is the same in all three parts: %o', (other, same) => {
    expect(sameProposal(proposal(2, 5, 1), other)).toBe(same);
  });

  test('weight 0 never wins, whatever the triple', () => {
    const config = ensemble(3, { quorumSystem: hierarchy([[1, 2, 3]], { 3: 0 }) });
    expect(better(config, proposal(3, 9, 9), proposal(1, 0, 0))).toBe(false);
    expect(better(config, proposal(2, 9, 9), proposal(3, 0, 0))).toBe(true);
  });

  test('an id without a weight makes a hierarchy throw, a majority not', () => {
    const config = ensemble(3, { quorumSystem: hierarchy([[1, 2, 3]]) });
    expect(better(config, proposal(7, 0, 0), proposal(1, 9, 9))).toBe('unknownWeight');
    expect(better(majority, proposal(7, 9, 9), proposal(1, 0, 0))).toBe(true);
  });
});
