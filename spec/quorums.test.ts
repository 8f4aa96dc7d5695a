import { describe, expect, test } from 'vitest';
import { asConfigVersion } from '../types/ids.js';
import { allVoters, isJointQuorum, isQuorum, validVoter, voters } from './quorums.js';
import { ensemble, hierarchy, sid } from './testing.js';

const no = { needOracle: true, says: false };
const yes = { needOracle: true, says: true };
const sids = (...ids: readonly number[]) => ids.map(sid);

describe('QuorumMaj.containsQuorum', () => {
  test.each([
    [3, [1, 2], true],
    [3, [1], false],
    [4, [1, 2], false],
    [4, [1, 2, 3], true],
    [1, [1], true],
    [5, [], false],
  ])('of %i voters, %j', (n, acks, expected) => {
    expect(isQuorum(ensemble(n), sids(...acks), yes)).toBe(expected);
  });

  test('observers and strangers do not count', () => {
    const config = ensemble(3, { observers: 2 });
    expect(isQuorum(config, sids(1, 4, 5, 9), no)).toBe(false);
    expect([...voters(config)]).toEqual(sids(1, 2, 3));
  });
});

describe('QuorumHierarchical.containsQuorum', () => {
  const three = ensemble(9, {
    quorumSystem: hierarchy([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]),
  });
  test('a majority of groups, each by a majority of its weight', () => {
    expect(isQuorum(three, sids(1, 2, 4, 5), no)).toBe(true);
    expect(isQuorum(three, sids(1, 2, 3, 4, 7), no)).toBe(false);
    expect(isQuorum(three, [], no)).toBe(false);
  });

  test('of two groups both are needed', () => {
    const two = ensemble(4, {
      quorumSystem: hierarchy([
        [1, 2],
        [3, 4],
      ]),
    });
    expect(isQuorum(two, sids(1, 2, 3), no)).toBe(false);
    expect(isQuorum(two, sids(1, 2, 3, 4), no)).toBe(true);
  });

  test('a group of weight 0 does not count, a heavy server may be enough', () => {
    const config = ensemble(5, {
      quorumSystem: hierarchy(
        [
          [1, 2, 3],
          [4, 5],
        ],
        { 1: 3, 4: 0, 5: 0 },
      ),
    });
    expect(isQuorum(config, sids(1), no)).toBe(true);
    expect(isQuorum(config, sids(2, 3, 4, 5), no)).toBe(false);
  });

  test('a non-voter in a group line adds to its weight', () => {
    const config = ensemble(3, { observers: 1, quorumSystem: hierarchy([[1, 2, 3, 4]], { 4: 2 }) });
    expect(isQuorum(config, sids(1, 2), no)).toBe(false);
    expect(isQuorum(config, sids(1, 2, 3), no)).toBe(true);
  });
});

describe('QuorumOracleMaj.containsQuorum', () => {
  const two = ensemble(2, { quorumSystem: { kind: 'oracle', oraclePath: '/o' } });
  test('of two voters one is enough if the oracle is needed and says so; even none', () => {
    expect(isQuorum(two, sids(1), yes)).toBe(true);
    expect(isQuorum(two, [], yes)).toBe(true);
    expect(isQuorum(two, sids(1), no)).toBe(false);
    expect(isQuorum(two, sids(1), { needOracle: false, says: true })).toBe(false);
    expect(isQuorum(two, sids(1, 2), no)).toBe(true);
  });

  test('of three a majority decides alone', () => {
    const three = ensemble(3, { quorumSystem: { kind: 'oracle', oraclePath: '/o' } });
    expect(isQuorum(three, sids(1), yes)).toBe(false);
  });
});

describe('two configurations', () => {
  const committed = ensemble(3);
  const members = ensemble(5).members.slice(2);
  const newer = ensemble(0, { members, version: asConfigVersion(1n) });
  const older = ensemble(0, { members, version: asConfigVersion(0n) });

  test('a newer proposed one needs its quorum as well', () => {
    expect(isJointQuorum({ committed, lastSeen: newer }, sids(1, 2), no)).toBe(false);
    expect(isJointQuorum({ committed, lastSeen: newer }, sids(1, 3, 4), no)).toBe(true);
  });

  test('one that is not newer does not, yet its voters are valid', () => {
    expect(isJointQuorum({ committed, lastSeen: older }, sids(1, 2), no)).toBe(true);
    expect(validVoter({ committed, lastSeen: older }, sid(5))).toBe(true);
    expect(validVoter({ committed, lastSeen: null }, sid(5))).toBe(false);
    expect([...allVoters({ committed, lastSeen: older })]).toEqual(sids(1, 2, 3, 4, 5));
  });
});
