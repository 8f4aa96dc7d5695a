/** Predicates as they were: defects seeded on purpose, and old releases. Expected values are read off the Java of the named tags. */
import { describe, expect, it } from 'vitest';
import { asPeerEpoch, asRound, asZxid, type Sid } from '../types/ids.js';
import { LONG_MIN } from '../types/int64.js';
import type { ServerState } from '../types/server-state.js';
import type { Proposal } from '../types/vote.js';
import { checkLeader } from './check-leader.js';
import { initialProposal } from './initial-vote.js';
import type { PeerConfig } from './peer-config.js';
import { type Defect, DEFECTS, P350, P380, profileForRelease, type ReleaseProfile } from './release-profile.js';
import { configOf, durable, ensemble, sid, vote, type VoteFields } from './testing.js';
import { totalOrderPredicate } from './vote-order.js';
import { supporters } from './vote-tracker.js';

const seeded = (...defects: readonly Defect[]): ReleaseProfile => ({ ...P380, defects });
/** All defects but one: none does the work of another. */
const othersThan = (one: Defect): ReleaseProfile => seeded(...DEFECTS.filter((name) => name !== one));

describe('checkLeader', () => {
  const heard = (state: ServerState | null): ReadonlyMap<Sid, ReturnType<typeof vote>> =>
    new Map(state === null ? [] : [[sid(3), vote({ leader: 3, state })]]);
  const check = (profile: ReleaseProfile, leader: number, round: number, state: ServerState | null = null): boolean =>
    checkLeader(heard(state), {
      me: sid(2),
      logicalclock: asRound(4n),
      leader: sid(leader),
      round: asRound(BigInt(round)),
      profile,
    });

  it('ZOOKEEPER-1514: of itself, release 3.4.0 did not ask for the round', () => {
    expect(check(P380, 2, 3)).toBe(false);
    expect(check(seeded('ZOOKEEPER-1514'), 2, 3)).toBe(true);
    expect(check(seeded('ZOOKEEPER-1514'), 2, 4)).toBe(true);
    expect(check(seeded('ZOOKEEPER-1514'), 3, 4, 'FOLLOWING')).toBe(false);
    expect(check(othersThan('ZOOKEEPER-1514'), 2, 3)).toBe(false);
  });

  it('ZOOKEEPER-159: of another, nobody asked whether it was heard LEADING', () => {
    expect(check(P380, 3, 4)).toBe(false);
    for (const state of [null, 'FOLLOWING', 'LOOKING', 'LEADING'] as const)
      expect(check(seeded('ZOOKEEPER-159'), 3, 4, state), `${state}`).toBe(true);
    expect(check(seeded('ZOOKEEPER-159'), 2, 3)).toBe(false);
    expect(check(seeded('ZOOKEEPER-159'), 2, 4)).toBe(true);
    expect(check(othersThan('ZOOKEEPER-159'), 3, 4)).toBe(false);
  });
});

describe('totalOrderPredicate', () => {
  const proposal = ([epoch, zxid, leader]: readonly [number, number, number]): Proposal => ({
    epoch: asPeerEpoch(BigInt(epoch)),
    zxid: asZxid(BigInt(zxid)),
    leader: sid(leader),
  });
  const of = (profile: ReleaseProfile): PeerConfig => ({ ...configOf(1, ensemble(3)), profile });
  const BUGGY = of(seeded('ZOOKEEPER-1419'));

  it.each([
    // newEpoch, newZxid, newId against current: (newZxid == curZxid) && (newId > curId) stands for itself.
    ['an older epoch with the same zxid and a larger id', [1, 5, 3], [2, 5, 2], true],
    ['… not with the same id', [1, 5, 2], [2, 5, 2], false],
    ['… nor a smaller one', [1, 5, 1], [2, 5, 2], false],
    ['… nor with another zxid', [1, 6, 3], [2, 5, 2], false],
    ['a newer epoch', [3, 1, 1], [2, 5, 2], true],
    ['the same epoch, a newer zxid', [2, 6, 1], [2, 5, 2], true],
    ['the same epoch, an older zxid', [2, 4, 3], [2, 5, 2], false],
  ] as const)('ZOOKEEPER-1419, as release 3.4.0 compares: %s', (_, candidate, current, expected) => {
    expect(totalOrderPredicate(BUGGY, proposal(candidate), proposal(current))).toBe(expected);
  });

  it('is mended, and none of the other defects is this one', () => {
    for (const config of [of(P380), of(othersThan('ZOOKEEPER-1419'))])
      expect(totalOrderPredicate(config, proposal([1, 5, 3]), proposal([2, 5, 2]))).toBe(false);
  });
});

describe('getInitId', () => {
  const observer = (profile: ReleaseProfile): bigint =>
    initialProposal({ ...configOf(4, ensemble(3, 1)), profile }, durable({ zxid: 7, currentEpoch: 2 })).leader;

  it('ZOOKEEPER-764: a non-voter proposes itself', () => {
    expect(observer(seeded('ZOOKEEPER-764'))).toBe(4n);
    expect(observer(othersThan('ZOOKEEPER-764'))).toBe(LONG_MIN);
  });
});

describe('Vote.equals of old releases', () => {
  const IS: VoteFields = { leader: 2, zxid: 5, round: 1, epoch: 3, state: 'FOLLOWING', version: 2 };
  const counted = (profile: ReleaseProfile, fields: VoteFields): boolean =>
    supporters(new Map([[sid(1), vote({ ...IS, ...fields })]]), vote(IS), profile).length === 1;
  const OTHER: readonly VoteFields[] = [{ leader: 3 }, { zxid: 6 }, { round: 2 }, { epoch: 4 }];

  it('3.5.0: all four fields must be equal, states and versions play no part', () => {
    for (const profile of [P350, profileForRelease('3.5.4-beta') ?? P380]) {
      expect(OTHER.map((fields) => counted(profile, fields))).toEqual([false, false, false, false]);
      expect(counted(profile, {})).toBe(true);
      expect(counted(profile, { state: 'LOOKING' })).toBe(true);
      // Now the epoch of a sender of the old format is not asked for.
      expect(counted(profile, { version: 0, epoch: 4 })).toBe(false);
    }
    expect(counted(P380, { version: 0, epoch: 4 })).toBe(true);
  });

  it('ZOOKEEPER-1732: votes of decided servers must agree in zxid and round, too', () => {
    const [now, before] = [P380, seeded('ZOOKEEPER-1732')].map((profile) =>
      OTHER.map((fields) => counted(profile, fields)),
    );
    expect(now).toEqual([false, true, true, false]);
    expect(before).toEqual([false, false, false, false]);
    expect(counted(seeded('ZOOKEEPER-1732'), {})).toBe(true);
    expect(counted(othersThan('ZOOKEEPER-1732'), { zxid: 6, round: 2 })).toBe(true);
    expect(supporters(new Map([[sid(1), vote({ ...IS, zxid: 6 })]]), vote(IS))).toEqual([sid(1)]);
  });
});
