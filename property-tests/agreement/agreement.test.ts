/**
 * Goal: what `spec` and `impl` decide twice on purpose, they decide alike. Method: each pair is compared on every
 * value of a small domain, then on random values with the ends of 64 bits.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manyOf } from '../../scripts/thorough.js';
import { initialProposal, startVote as implStartVote } from '../../impl/initial-vote.js';
import { makePeerConfig } from '../../impl/peer-config.js';
import { weightOf } from '../../impl/quorum-verifier.js';
import { votesEqual } from '../../impl/vote-equality.js';
import { totalOrderPredicate } from '../../impl/vote-order.js';
import { hasAllQuorums, supporters } from '../../impl/vote-tracker.js';
import { better } from '../../spec/order.js';
import { allVoters, isJointQuorum, validVoter, weight } from '../../spec/quorums.js';
import { initialVote, serverAtRest, startVote } from '../../spec/server.js';
import { agree, agreeing } from '../../spec/vote-agreement.js';
import type { EnsembleConfig, Membership, QuorumSystem } from '../../types/ensemble.js';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid, type Sid } from '../../types/ids.js';
import { LONG_MAX, LONG_MIN } from '../../types/int64.js';
import { SERVER_STATES } from '../../types/server-state.js';
import type { Proposal, Vote } from '../../types/vote.js';

const RANDOM = { numRuns: manyOf(20_000) };
const int64 = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: -2n, max: 4n }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(LONG_MIN, LONG_MIN + 1n, 1n << 53n, (1n << 53n) + 1n, LONG_MAX - 1n, LONG_MAX),
  },
  { weight: 1, arbitrary: fc.bigInt({ min: LONG_MIN, max: LONG_MAX }) },
);
const proposal: fc.Arbitrary<Proposal> = fc
  .tuple(int64, int64, int64)
  .map(([leader, zxid, epoch]) => ({ leader: asSid(leader), zxid: asZxid(zxid), epoch: asPeerEpoch(epoch) }));
const vote: fc.Arbitrary<Vote> = fc
  .tuple(proposal, int64, fc.constantFrom(...SERVER_STATES), fc.constantFrom(-1, 0, 1, 2))
  .map(([one, round, state, version]) => ({ ...one, round: asRound(round), state, version }));

const sids = [1n, 2n, 3n, 4n, 5n].map(asSid);

function configOf(voters: readonly Sid[], quorumSystem: QuorumSystem, version = 0n): EnsembleConfig {
  const members = sids.map((sid) => ({
    sid,
    type: voters.includes(sid) ? ('PARTICIPANT' as const) : ('OBSERVER' as const),
    addresses: [],
    clientAddress: null,
  }));
  return { version: asConfigVersion(version), members, quorumSystem };
}

/** Groups and weights are given to some servers, voters or not; some voters have none. */
const hierarchical = fc
  .array(
    fc.tuple(fc.constantFrom(...sids), fc.bigInt({ min: 0n, max: 2n }), fc.option(fc.bigInt({ min: -1n, max: 4n }))),
    {
      maxLength: 6,
    },
  )
  .map((rows): QuorumSystem => ({
    kind: 'hierarchical',
    groups: new Map(rows.map(([sid, group]) => [sid, group])),
    weights: new Map(rows.flatMap(([sid, , value]) => (value === null ? [] : [[sid, value] as const]))),
  }));
const system = fc.oneof(
  fc.constant<QuorumSystem>({ kind: 'majority' }),
  fc.constant<QuorumSystem>({ kind: 'oracle', oraclePath: '/oracle' }),
  hierarchical,
);
const config = (version: bigint): fc.Arbitrary<EnsembleConfig> =>
  fc.tuple(fc.subarray(sids, { minLength: 1 }), system).map(([voters, one]) => configOf(voters, one, version));
const membership: fc.Arbitrary<Membership> = fc
  .tuple(config(3n), fc.option(fc.bigInt({ min: 1n, max: 5n }).chain(config)))
  .map(([committed, lastSeen]) => ({ committed, lastSeen }));

describe('the vote order', () => {
  const small = [-1n, 0n, 1n];
  const all = small.flatMap((leader) =>
    small.flatMap((zxid) =>
      small.map((epoch) => ({ leader: asSid(leader), zxid: asZxid(zxid), epoch: asPeerEpoch(epoch) })),
    ),
  );
  const weights = new Map([0n, 1n].map((sid) => [asSid(sid), sid]));
  const systems: readonly QuorumSystem[] = [{ kind: 'majority' }, { kind: 'hierarchical', groups: new Map(), weights }];

  it('agrees on all pairs of 27 proposals, with and without weights', () => {
    let compared = 0;
    for (const one of systems) {
      const ensemble = configOf(sids, one);
      const peer = makePeerConfig({ sid: asSid(1n), membership: { committed: ensemble, lastSeen: null } });
      for (const a of all) {
        for (const b of all) {
          expect(totalOrderPredicate(peer, a, b)).toBe(better(ensemble, a, b));
          compared += 1;
        }
      }
    }
    expect(compared).toBe(2 * 27 * 27);
  });

  it('agrees on random proposals under any quorum system', () => {
    fc.assert(
      fc.property(config(0n), proposal, proposal, (ensemble, a, b) => {
        const peer = makePeerConfig({ sid: asSid(1n), membership: { committed: ensemble, lastSeen: null } });
        expect(totalOrderPredicate(peer, a, b)).toBe(better(ensemble, a, b));
        expect(weightOf(ensemble, a.leader)).toBe(weight(ensemble, a.leader));
      }),
      RANDOM,
    );
  });
});

describe('equality of votes', () => {
  it('agrees on all pairs of a small domain', () => {
    const small: Vote[] = [];
    for (const state of SERVER_STATES) {
      for (const version of [0, 2]) {
        for (let bits = 0; bits < 16; bits++) {
          small.push({
            leader: asSid(BigInt(bits & 1)),
            zxid: asZxid(BigInt((bits >> 1) & 1)),
            round: asRound(BigInt((bits >> 2) & 1)),
            epoch: asPeerEpoch(BigInt((bits >> 3) & 1)),
            state,
            version,
          });
        }
      }
    }
    const differing = small.flatMap((a) => small.filter((b) => votesEqual(a, b) !== agree(a, b)));
    expect(differing).toEqual([]);
    expect(small).toHaveLength(128);
  });

  it('agrees on random votes, and on who supports one', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...sids), vote)), vote, (entries, mine) => {
        const votes = new Map(entries);
        for (const theirs of votes.values()) expect(votesEqual(mine, theirs)).toBe(agree(mine, theirs));
        expect([...supporters(votes, mine)].sort()).toEqual([...agreeing(votes, mine)].sort());
      }),
      RANDOM,
    );
  });
});

describe('quorums', () => {
  const subsets = Array.from({ length: 32 }, (_, mask) => sids.filter((_sid, index) => (mask >> index) % 2 === 1));

  it('agree on all sets of five servers, for random memberships', () => {
    fc.assert(
      fc.property(membership, fc.boolean(), fc.boolean(), (members, needOracle, says) => {
        const peer = makePeerConfig({ sid: asSid(1n), membership: members });
        for (const set of subsets) {
          const mine = hasAllQuorums(peer, set, { needOracle, says });
          expect(mine, set.join()).toBe(isJointQuorum(members, set, { needOracle, says }));
        }
        for (const sid of [...sids, asSid(99n), asSid(LONG_MIN)]) {
          expect(peer.validVoters.has(sid)).toBe(validVoter(members, sid));
        }
        expect(peer.voters).toEqual([...allVoters(members)]);
      }),
      { numRuns: manyOf(2000) },
    );
  });
});

describe('what a server proposes first', () => {
  it('agrees, whatever its disk and its place in the configuration', () => {
    fc.assert(
      fc.property(membership, fc.constantFrom(...sids, asSid(9n)), int64, int64, (members, sid, zxid, epoch) => {
        const disk = { zxid: asZxid(zxid), currentEpoch: asPeerEpoch(epoch), acceptedEpoch: asPeerEpoch(epoch) };
        const server = { ...serverAtRest({ sid, ...disk }, members.committed), membership: members };
        const peer = makePeerConfig({ sid, membership: members });
        const durable = { lastZxid: disk.zxid, currentEpoch: disk.currentEpoch, acceptedEpoch: disk.acceptedEpoch };
        expect(peer.learnerType).toBe(server.learnerType);
        expect(initialProposal(peer, durable)).toEqual(initialVote(server));
        expect(implStartVote(sid, durable)).toEqual(startVote(server));
      }),
      { numRuns: manyOf(5000) },
    );
  });
});
