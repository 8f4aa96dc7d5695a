/**
 * Goal: under every profile ensembles of our peer do what the specification of that profile allows, and a peer that errs in one switch
 * is found out. Method: the suite that others run, told the release; every switch of a profile turned in the peer alone.
 *
 * Three cannot be seen in ensembles of one release, and are left to the oracle of that release (oracle/release-oracle.test.ts) and
 * to release-profiles.test.ts: an oracle before 3.8, which no configuration has; a sender of format 0, which no release
 * covered here is; and, before configurations could change, a vote for a server that is no voter.
 */
import { describe, expect, it } from 'vitest';
import type { ReleaseProfile } from '../impl/release-profile.js';
import { transition } from '../impl/transition.js';
import { implSubject, subjectOf } from '../models/conformance/impl-subject.js';
import { Fuzzer } from '../models/fuzz/fuzz.js';
import { setupsOf } from '../models/fuzz/setups.js';
import { checkSubject, fuzzOptions, setupFromSeed } from '../models/fuzz/suite.js';

const RELEASES = ['3.4.6', '3.4.14', '3.5.0-alpha', '3.5.4-beta', '3.5.5', '3.5.10', '3.6.0', '3.7.2', '3.8.0'];

describe.each(RELEASES)('%s', (release) => {
  it('ensembles of our peer hold', () => {
    const { steps, coverage } = checkSubject(implSubject, { release, runs: 15, stepsPerRun: 200 });
    expect(steps).toBeGreaterThan(2500);
    expect(coverage.get('Handle J2') ?? 0, 'joins of decided servers').toBeGreaterThan(0);
  });

  const turned = {
    hasOracle: (p: ReleaseProfile) => ({ ...p, hasOracle: !p.hasOracle }),
    joinsWithinRound: (p: ReleaseProfile) => ({ ...p, joinsWithinRound: !p.joinsWithinRound }),
    votesKeepRound: (p: ReleaseProfile) => ({ ...p, votesKeepRound: !p.votesKeepRound }),
    refusesMissingZxid: (p: ReleaseProfile) => ({ ...p, refusesMissingZxid: !p.refusesMissingZxid }),
    leaderMustVote: (p: ReleaseProfile) => ({ ...p, leaderMustVote: !p.leaderMustVote }),
    messageVersion: (p: ReleaseProfile) => ({ ...p, messageVersion: 3 - p.messageVersion }),
  };
  const isUnseen = (name: string): boolean =>
    (name === 'hasOracle' && release !== '3.8.0') || (name === 'leaderMustVote' && release.startsWith('3.4'));

  it.each(Object.entries(turned).filter(([name]) => !isUnseen(name)))('%s, turned, is found', (name, turn) => {
    const subject = subjectOf(name, (config, peer, event) =>
      transition({ ...config, profile: turn(config.profile) }, peer, event),
    );
    const fuzzer = new Fuzzer({ ...fuzzOptions(subject, { release, seed: 1 }), makeWatch: null });
    let failure = null;
    for (let run = 0; run < 40 && failure === null; run += 1) failure = fuzzer.run(run);
    expect(failure?.violation.kind).toBe('diverged');
  });
});

describe('ensembles of a release', () => {
  const seeds = Array.from({ length: 300 }, (_, seed) => seed);
  const systems = (release: string): ReadonlySet<string> =>
    new Set(seeds.map((seed) => setupFromSeed(seed, setupsOf(release)).config.quorumSystem.kind));
  const change = (release: string): boolean =>
    seeds.some((seed) => setupFromSeed(seed, setupsOf(release)).laterConfigs.length > 0);

  it('ask an oracle since 3.8, and change their configuration since 3.5', () => {
    expect([...systems('3.7.2')].sort()).toEqual(['hierarchical', 'majority']);
    expect([...systems('3.8.0')].sort()).toEqual(['hierarchical', 'majority', 'oracle']);
    expect([change('3.4.14'), change('3.5.0')]).toEqual([false, true]);
  });
});
