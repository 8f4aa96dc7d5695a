/** Quorums and who supports a vote, with values worked out from the Java of 3.8.0 (methods named in the titles). */
import { describe, expect, it } from 'vitest';
import { asConfigVersion, type Sid } from '../types/ids.js';
import type { QuorumSystem } from '../types/ensemble.js';
import type { Verifier } from './peer-config.js';
import { containsQuorum, weightOf } from './quorum-verifier.js';
import { configOf, ensemble, grouped, sid, vote } from './testing.js';
import { hasAllQuorums, supporters } from './vote-tracker.js';

const NONE = { needOracle: true, says: false };

describe('QuorumMaj, QuorumHierarchical, QuorumOracleMaj', () => {
  const verifierOf = (voters: number, system?: QuorumSystem): Verifier => {
    const [verifier] = configOf(1, ensemble(voters, 0, system)).verifiers;
    if (verifier === undefined) throw new Error('no verifier');
    return verifier;
  };
  const set = (...ids: number[]): ReadonlySet<Sid> => new Set(ids.map(sid));

  it('a majority is more than half, for one to seven voters and every set', () => {
    for (let voters = 1; voters <= 7; voters += 1) {
      for (let bits = 0; bits < 1 << voters; bits += 1) {
        const ids = Array.from({ length: voters }, (_, index) => index + 1).filter((id) => bits & (1 << (id - 1)));
        expect(containsQuorum(verifierOf(voters), set(...ids), NONE)).toBe(2 * ids.length > voters);
      }
    }
  });

  it('groups: more than half of the groups, each by more than half of its weight', () => {
    const nine = verifierOf(
      9,
      grouped(
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
        [1, 1, 1, 1, 1, 1, 1, 1, 1],
      ),
    );
    expect(containsQuorum(nine, set(1, 2, 4, 5), NONE)).toBe(true);
    expect(containsQuorum(nine, set(1, 2, 3, 4, 7), NONE)).toBe(false);
    expect(containsQuorum(nine, set(), NONE)).toBe(false);
    expect(containsQuorum(nine, set(99), NONE)).toBe(false);
  });

  it('half of an odd weight is rounded down, half of the groups too', () => {
    const weighted = verifierOf(
      4,
      grouped(
        [
          [1, 2],
          [3, 4],
        ],
        [3, 2, 1, 1],
      ),
    );
    expect(containsQuorum(weighted, set(1, 3, 4), NONE)).toBe(true);
    expect(containsQuorum(weighted, set(2, 3, 4), NONE)).toBe(false);
    expect(containsQuorum(weighted, set(1, 3), NONE)).toBe(false);
  });

  it('a group of weight 0 does not count as a group', () => {
    const three = verifierOf(
      9,
      grouped(
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ],
        [1, 1, 1, 0, 0, 0, 0, 0, 0],
      ),
    );
    expect(containsQuorum(three, set(1, 2), NONE)).toBe(true);
    expect(containsQuorum(three, set(4, 5, 6, 7, 8, 9), NONE)).toBe(false);
  });

  it('the oracle is asked by at most two voters that need it, also for an empty set', () => {
    const oracle: QuorumSystem = { kind: 'oracle', oraclePath: '/o' };
    const yes = { needOracle: true, says: true };
    expect(containsQuorum(verifierOf(2, oracle), set(1), yes)).toBe(true);
    expect(containsQuorum(verifierOf(2, oracle), set(), yes)).toBe(true);
    expect(containsQuorum(verifierOf(2, oracle), set(1), { needOracle: false, says: true })).toBe(false);
    expect(containsQuorum(verifierOf(2, oracle), set(1), NONE)).toBe(false);
    expect(containsQuorum(verifierOf(2, oracle), set(1, 2), NONE)).toBe(true);
    expect(containsQuorum(verifierOf(3, oracle), set(1), yes)).toBe(false);
    expect(containsQuorum(verifierOf(1, oracle), set(1), NONE)).toBe(true);
  });

  it('weights: 1 for anybody in a majority, as configured in groups, unknown ids have none', () => {
    expect(weightOf(ensemble(3), sid(77))).toBe(1n);
    const config = ensemble(3, 0, grouped([[1, 2, 3]], [2, 0, 1]));
    expect([weightOf(config, sid(1)), weightOf(config, sid(2)), weightOf(config, sid(77))]).toEqual([2n, 0n, null]);
  });
});

describe('getVoteTracker, SyncedLearnerTracker', () => {
  const votes = new Map([
    [sid(1), vote({ leader: 3 })],
    [sid(2), vote({ leader: 2 })],
    [sid(3), vote({ leader: 3 })],
    [sid(9), vote({ leader: 3 })],
  ]);

  it('supporters are the senders of equal votes', () => {
    expect(supporters(votes, vote({ leader: 3 }))).toEqual([sid(1), sid(3), sid(9)]);
  });

  it('only voters of a verifier count for it', () => {
    expect(hasAllQuorums(configOf(1, ensemble(3)), [sid(1), sid(9)], NONE)).toBe(false);
    expect(hasAllQuorums(configOf(1, ensemble(3)), [sid(1), sid(3)], NONE)).toBe(true);
    expect(hasAllQuorums(configOf(1, ensemble(3, 1)), [sid(1), sid(4)], NONE)).toBe(false);
  });

  it('a last seen configuration counts only if its version is greater', () => {
    const newer = { ...ensemble(5), version: asConfigVersion(1n) };
    const same = ensemble(5);
    const two = [sid(1), sid(2)];
    expect(hasAllQuorums(configOf(1, ensemble(3), newer), two, NONE)).toBe(false);
    expect(hasAllQuorums(configOf(1, ensemble(3), newer), [...two, sid(4)], NONE)).toBe(true);
    expect(hasAllQuorums(configOf(1, ensemble(3), newer), [sid(1), sid(4), sid(5)], NONE)).toBe(false);
    expect(hasAllQuorums(configOf(1, ensemble(3), same), two, NONE)).toBe(true);
    expect(hasAllQuorums(configOf(1, { ...ensemble(3), version: asConfigVersion(2n) }, newer), two, NONE)).toBe(true);
  });

  it('valid voters are those of both configurations, whatever their versions', () => {
    const config = configOf(1, ensemble(3), ensemble(5, 1));
    expect(config.voters).toEqual([1, 2, 3, 4, 5].map(sid));
    expect(config.committedVoters.has(sid(5))).toBe(false);
  });
});
