/** Every predicate, with values worked out from the Java of 3.8.0 (methods named in the titles). */
import { describe, expect, it } from 'vitest';
import { asRound } from '../types/ids.js';
import { LONG_MAX, LONG_MIN } from '../types/int64.js';
import { SERVER_STATES, type ServerState } from '../types/server-state.js';
import { checkLeader } from './check-leader.js';
import { initialProposal } from './initial-vote.js';
import { configOf, durable, ensemble, grouped, sid, vote, type VoteFields } from './testing.js';
import { votesEqual } from './vote-equality.js';
import { totalOrderPredicate } from './vote-order.js';
import { hasAllQuorums, supporters } from './vote-tracker.js';

const NONE = { needOracle: true, says: false };

describe('FastLeaderElection.totalOrderPredicate', () => {
  const config = configOf(1, ensemble(3));
  it.each<[string, VoteFields, VoteFields, boolean]>([
    ['a higher epoch wins over zxid and id', { epoch: 1, zxid: 0, leader: 1 }, { epoch: 0, zxid: 9, leader: 9 }, true],
    [
      'a lower epoch loses in spite of zxid and id',
      { epoch: 0, zxid: 9, leader: 9 },
      { epoch: 1, zxid: 0, leader: 1 },
      false,
    ],
    ['equal epoch: a higher zxid wins over the id', { zxid: 2, leader: 1 }, { zxid: 1, leader: 3 }, true],
    ['equal epoch: a lower zxid loses', { zxid: 1, leader: 3 }, { zxid: 2, leader: 1 }, false],
    ['equal epoch and zxid: the higher id wins', { leader: 2 }, { leader: 1 }, true],
    ['equal epoch and zxid: the lower id loses', { leader: 1 }, { leader: 2 }, false],
    ['an equal vote does not succeed itself', { leader: 2 }, { leader: 2 }, false],
    ['comparison is signed: −1 is less than 0', { zxid: 0 }, { zxid: -1 }, true],
    ['Long.MIN_VALUE loses to everything', { epoch: LONG_MIN, zxid: LONG_MAX }, { epoch: LONG_MIN + 1n }, false],
    ['Long.MAX_VALUE wins', { zxid: LONG_MAX }, { zxid: LONG_MAX - 1n }, true],
    ['2^53 + 1 is more than 2^53', { zxid: (1n << 53n) + 1n }, { zxid: 1n << 53n }, true],
    ['ids beyond the configuration count: a majority gives everybody weight 1', { leader: 99 }, { leader: 3 }, true],
  ])('%s', (_, candidate, current, expected) => {
    expect(totalOrderPredicate(config, vote(candidate), vote(current))).toBe(expected);
  });

  it('round, state and version play no part', () => {
    const candidate = vote({ leader: 1, round: 99, state: 'LEADING', version: 2 });
    expect(totalOrderPredicate(config, candidate, vote({ leader: 2, round: 1 }))).toBe(false);
  });

  it('weights: 0 never succeeds, an unknown id is an exception in Java (getWeight unboxes null)', () => {
    const weighted = configOf(1, ensemble(3, 0, grouped([[1, 2, 3]], [1, 1, 0])));
    expect(totalOrderPredicate(weighted, vote({ leader: 3, epoch: 9 }), vote({ leader: 1 }))).toBe(false);
    expect(totalOrderPredicate(weighted, vote({ leader: 2 }), vote({ leader: 3 }))).toBe(false);
    expect(totalOrderPredicate(weighted, vote({ leader: 2, epoch: 1 }), vote({ leader: 3 }))).toBe(true);
    expect(totalOrderPredicate(weighted, vote({ leader: 7 }), vote({ leader: 1 }))).toBe('unknownWeight');
  });

  // FLEPredicateTest.testPredicate: (new id, zxid, epoch), (current id, zxid, epoch)
  it.each([
    [[4, 0, 0], [3, 0, 2], false],
    [[0, 0, 1], [1, 0, 0], true],
    [[0, 1, 0], [1, 0, 0], true],
    [[1, 1, 0], [0, 1, 0], true],
  ] as const)('FLEPredicateTest: %j over %j is %s', ([a, b, c], [x, y, z], expected) => {
    const candidate = vote({ leader: a, zxid: b, epoch: c });
    expect(totalOrderPredicate(config, candidate, vote({ leader: x, zxid: y, epoch: z }))).toBe(expected);
  });
});

describe('Vote.equals', () => {
  const base = { leader: 5, zxid: 6, round: 7, epoch: 8 };
  it.each<[string, VoteFields, VoteFields, boolean]>([
    ['LOOKING: all four fields', { state: 'LOOKING' }, { state: 'LOOKING' }, true],
    ['LOOKING: zxid counts', { state: 'LOOKING' }, { state: 'LOOKING', zxid: 0 }, false],
    ['LOOKING: round counts', { state: 'LOOKING' }, { state: 'LOOKING', round: 0 }, false],
    ['LOOKING: epoch counts', { state: 'LOOKING' }, { state: 'LOOKING', epoch: 0 }, false],
    ['one LOOKING suffices for all four', { state: 'LOOKING' }, { state: 'LEADING', zxid: 0 }, false],
    [
      'one LOOKING, versions differ: still all four',
      { state: 'LEADING', version: 2 },
      { state: 'LOOKING', epoch: 0 },
      false,
    ],
    ['one LOOKING, all equal', { state: 'FOLLOWING', version: 2 }, { state: 'LOOKING' }, true],
    ['decided: zxid and round are free', { state: 'FOLLOWING' }, { state: 'LEADING', zxid: 0, round: 0 }, true],
    ['decided, both versions 0: epoch counts', { state: 'FOLLOWING' }, { state: 'LEADING', epoch: 0 }, false],
    [
      'decided, both above 0: epoch counts',
      { state: 'FOLLOWING', version: 1 },
      { state: 'LEADING', version: 2, epoch: 0 },
      false,
    ],
    [
      'decided, exactly one above 0: id alone',
      { state: 'FOLLOWING', version: 2 },
      { state: 'LEADING', epoch: 0, zxid: 0 },
      true,
    ],
    [
      'decided, mixed versions: the id still counts',
      { state: 'FOLLOWING', version: 2 },
      { state: 'LEADING', leader: 0 },
      false,
    ],
    ['a negative version is not above 0', { state: 'FOLLOWING', version: -1 }, { state: 'LEADING', epoch: 0 }, false],
    ['OBSERVING is not LOOKING', { state: 'OBSERVING' }, { state: 'FOLLOWING', zxid: 0 }, true],
  ])('%s', (_, a, b, expected) => {
    expect(votesEqual(vote({ ...base, ...a }), vote({ ...base, ...b }))).toBe(expected);
    expect(votesEqual(vote({ ...base, ...b }), vote({ ...base, ...a }))).toBe(expected);
  });

  it('is not transitive: version 2 agrees with 0, 0 with another 2, not 2 with 2', () => {
    const [a, b, c] = [
      vote({ ...base, state: 'FOLLOWING', version: 2, epoch: 1 }),
      vote({ ...base, state: 'FOLLOWING', version: 0, epoch: 2 }),
      vote({ ...base, state: 'FOLLOWING', version: 2, epoch: 3 }),
    ];
    expect([votesEqual(a, b), votesEqual(b, c), votesEqual(a, c)]).toEqual([true, true, false]);
  });

  it('the states themselves are never compared', () => {
    for (const state of SERVER_STATES) expect(votesEqual(vote({ state }), vote({ state: 'LOOKING' }))).toBe(true);
  });
});

describe('checkLeader', () => {
  const votes = new Map([
    [sid(1), vote({ leader: 3, state: 'FOLLOWING' })],
    [sid(3), vote({ leader: 2, state: 'LEADING' })],
  ]);
  const check = (leader: number, round: number): boolean =>
    checkLeader(votes, { me: sid(2), logicalclock: asRound(4n), leader: sid(leader), round: asRound(BigInt(round)) });

  it('another server must have said that it is LEADING; whom it votes for is not asked', () => {
    expect(check(3, 1)).toBe(true);
    expect(check(1, 4)).toBe(false);
    expect(check(5, 4)).toBe(false);
  });

  it('for itself the round must be its own', () => {
    expect(check(2, 4)).toBe(true);
    expect(check(2, 3)).toBe(false);
  });
});

describe('getInitId, getInitLastLoggedZxid, getPeerEpoch', () => {
  const disk = durable({ zxid: 7, currentEpoch: 2 });
  it('a voter proposes itself', () => {
    expect(initialProposal(configOf(2, ensemble(3)), disk)).toEqual({ leader: 2n, zxid: 7n, epoch: 2n });
  });
  it('an observer proposes Long.MIN_VALUE three times', () => {
    expect(initialProposal(configOf(4, ensemble(3, 1)), disk)).toEqual({
      leader: LONG_MIN,
      zxid: LONG_MIN,
      epoch: LONG_MIN,
    });
  });
  it('a participant that the configuration does not know proposes no leader, but its zxid and epoch', () => {
    expect(initialProposal(configOf(9, ensemble(3)), disk)).toEqual({ leader: LONG_MIN, zxid: 7n, epoch: 2n });
  });
});

/** FLEOutOfElectionTest: five servers 0 to 4, each case a map of votes and a reference. */
describe('FLEOutOfElectionTest', () => {
  const five = {
    ...ensemble(5),
    members: ensemble(5).members.map((member, index) => ({ ...member, sid: sid(index) })),
  };
  const config = configOf(3, five);
  const zxid = (epoch: number, counter: number): bigint => (BigInt(epoch) << 32n) | BigInt(counter);
  type Row = readonly [version: number, leader: number, z: bigint, round: number, epoch: number, state: ServerState];
  const row = (...[version, leader, z, round, epoch, state]: Row): VoteFields => ({
    version,
    leader,
    zxid: z,
    round,
    epoch,
    state,
  });
  const quorum = (rows: readonly (readonly [number, VoteFields])[], reference: VoteFields): boolean =>
    hasAllQuorums(config, supporters(new Map(rows.map(([from, v]) => [sid(from), vote(v)])), vote(reference)), NONE);

  it('testIgnoringZxidElectionEpoch', () => {
    const rows = [
      [0, row(1, 4, zxid(1, 1), 1, 2, 'FOLLOWING')],
      [1, row(1, 4, zxid(1, 2), 1, 2, 'FOLLOWING')],
      [3, row(1, 4, zxid(2, 1), 2, 2, 'FOLLOWING')],
      [4, row(1, 4, zxid(2, 1), 2, 2, 'LEADING')],
    ] as const;
    expect(quorum(rows, row(0, 4, zxid(2, 1), 2, 2, 'FOLLOWING'))).toBe(true);
  });

  it('testElectionWIthDifferentVersion', () => {
    const rows = [
      [0, row(1, 4, zxid(1, 1), 1, 1, 'FOLLOWING')],
      [1, row(1, 4, zxid(1, 1), 1, 1, 'FOLLOWING')],
      [3, row(0, 4, zxid(2, 1), 2, 2, 'FOLLOWING')],
      [4, row(0, 4, zxid(2, 1), 2, 2, 'LEADING')],
    ] as const;
    expect(quorum(rows, row(0, 4, zxid(2, 1), 2, 2, 'FOLLOWING'))).toBe(true);
  });

  it('testLookingNormal', () => {
    const same = row(0, 4, zxid(2, 1), 1, 1, 'LOOKING');
    const rows = [
      [0, same],
      [1, same],
      [3, same],
      [4, { ...same, state: 'LEADING' }],
    ] as const;
    expect(quorum(rows, same)).toBe(true);
  });

  it('testLookingDiffRounds', () => {
    const rows = [
      [0, row(0, 4, zxid(1, 1), 1, 1, 'LOOKING')],
      [1, row(0, 4, zxid(2, 1), 2, 2, 'LOOKING')],
      [3, row(0, 4, zxid(2, 1), 3, 2, 'LOOKING')],
      [4, row(0, 4, zxid(2, 1), 3, 2, 'LEADING')],
    ] as const;
    expect(quorum(rows, row(0, 4, zxid(2, 1), 2, 2, 'LOOKING'))).toBe(false);
  });

  it('testOutofElection', () => {
    const old = row(0, 5, zxid(15, 0), 0xa, 0x17, 'FOLLOWING');
    const leader = row(1, 5, zxid(15, 0), 0xa, 0x18, 'LEADING');
    const rows = [
      [1, old],
      [2, old],
      [4, { ...leader, state: 'FOLLOWING' }],
      [5, leader],
    ] as const;
    // Server 5 is no voter of servers 0 to 4 here; the other three are the quorum.
    expect(quorum(rows, leader)).toBe(true);
    const map = new Map(rows.map(([from, v]) => [sid(from), vote(v)]));
    const check = { me: sid(3), logicalclock: asRound(1n), leader: sid(5), round: asRound(0xan) };
    expect(checkLeader(map, check)).toBe(true);
  });
});
