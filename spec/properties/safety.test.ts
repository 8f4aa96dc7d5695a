import { describe, expect, test } from 'vitest';
import type { Proposal } from '../../types/vote.js';
import { emptyHistory, type StepTaken } from '../history.js';
import type { Life } from '../state.js';
import {
  config,
  electing,
  epoch,
  heard,
  historyOf,
  inRole,
  proposal,
  recorded,
  round,
  server,
  sid,
  state,
  step,
  vote,
  weighted,
} from './examples.js';
import { FIXED_CONFIG, NO_ORACLE, POSITIVE_WEIGHTS } from './assumptions.js';
import { isClaimed, violationIn, violationOf, type ServerProperty, type StepProperty } from './property.js';
import { Q1, Q2 } from './quorum.js';
import { S1, S3, S3r, S4, S5, S6, S7, S7v, S8, S8a, S9 } from './safety.js';
import { I9, I9a, Z1 } from './zab.js';

/** Does the property hold of a step of server 1, beside 2 that leads? */
function ofStep(property: StepProperty, before: Life, name: 'Handle' | 'FinalEnd' | 'TestState', after: Life) {
  const first = state([server(1, before), server(2, inRole(2, 2)), server(3, null)]);
  const taken = step(first, { name, s: sid(1) }, [server(1, after)]);
  return violationOf(property, taken, historyOf(first, taken));
}

/** Does the property hold of server 1? */
function ofLife(property: ServerProperty, life: Life): string | null {
  const only = state([server(1, life)]);
  return violationIn(property, only, emptyHistory(only));
}

describe('the order of votes', () => {
  const votes = [1, 2, 3].flatMap((leader) => [0, 1].flatMap((z) => [0, 1].map((e) => proposal(leader, z, e))));

  test('S1 holds for majorities and positive weights, and not for a server of weight zero', () => {
    expect(S1.check(config(3), votes)).toBeNull();
    expect(S1.check(weighted(1, 2, 1), votes)).toBeNull();
    expect(S1.check(weighted(1, 0, 1), votes)).toContain('neither of');
  });

  test('S8 holds, and sees a weight that the order does not', () => {
    expect(S8.check(weighted(1, 0, 1), votes)).toBeNull();
    const told = weighted(1, 0, 1);
    // A map that changes its mind stands for an order that does not ask.
    const fickle = new Map([[sid(2), 0n]]);
    let asked = 0;
    fickle.get = () => (asked++ === 0 ? 0n : 1n);
    const system = { ...told.quorumSystem, weights: fickle } as typeof told.quorumSystem;
    const two: Proposal[] = [proposal(2, 9), proposal(1)];
    expect(S8.check({ ...told, quorumSystem: system }, two)).toContain('of weight zero');
  });
});

describe('quorums', () => {
  const sids = (...ids: number[]) => ids.map(sid);
  test('Q1 and Q2 hold for all sets of five, four, and a hierarchy', () => {
    const subsets = Array.from({ length: 32 }, (_, bits) => sids(1, 2, 3, 4, 5).filter((_id, at) => bits & (1 << at)));
    for (const each of [config(5), config(4), weighted(3, 1, 1, 0, 2)]) {
      for (const a of subsets) {
        for (const b of subsets) {
          expect([Q1.check(each, a, b), Q2.check(each, a, b)]).toEqual([null, null]);
        }
      }
    }
  });

  test('Q2 fails where a server weighs less than nothing', () => {
    const negative = weighted(2, 1, -2);
    expect(Q2.check(negative, sids(1), sids(1, 2, 3)) ?? Q2.check(negative, sids(1), sids(1, 3))).toContain(
      'is a quorum, but',
    );
  });

  test('Q1 fails where a negative weight makes room for two majorities', () => {
    const negative = weighted(2, 2, -3);
    expect(Q1.check(negative, sids(1), sids(2))).toContain('without a common voter');
  });
});

describe('safety of one server', () => {
  test.each<[ServerProperty, Life, Life]>([
    [S3r, inRole(1, 2, 0), inRole(1, 2, -1)],
    [S4, electing(1, { recvset: recorded([2, vote(1, 1)]) }), electing(1, { recvset: recorded([2, vote(2, 1)]) })],
    [S7v, electing(1, { ooe: recorded([2, vote(2, 1)]) }), electing(1, { ooe: recorded([4, vote(2, 1)]) })],
    [S7v, electing(1, { counted: [sid(3)] }), electing(1, { counted: [sid(9)] })],
  ])('$id', (property, good, bad) => {
    expect(ofLife(property, good)).toBeNull();
    expect(ofLife(property, bad)).toContain('server 1');
  });

  test('S4 lets an answer of a decided server be better', () => {
    expect(ofLife(S4, electing(1, { recvset: recorded([2, vote(2, 1, 'LEADING')]) }))).toBeNull();
  });

  test('S8a: the own vote may weigh nothing, an adopted one may not', () => {
    const membership = { committed: weighted(0, 1, 0), lastSeen: null };
    const proposing = (id: number) => state([server(1, electing(1, { prop: proposal(id) }), { membership })]);
    const history = emptyHistory(proposing(1));
    expect([1, 2].map((id) => violationIn(S8a, proposing(id), history))).toEqual([null, null]);
    expect(violationIn(S8a, proposing(3), history)).toContain('of weight zero');
  });

  test('I9a: epochs on disk', () => {
    const of = (ce: number, ae: number) => state([server(1, null, { ce: epoch(ce), ae: epoch(ae) })]);
    const history = emptyHistory(of(1, 2));
    expect(violationIn(I9a, of(1, 2), history)).toBeNull();
    expect(violationIn(I9a, of(1, 1), history)).toContain('from acceptedEpoch 2 to 1');
    expect(violationIn(I9a, of(3, 2), history)).toContain('above acceptedEpoch');
  });
});

describe('safety of steps', () => {
  const reports = (r: number) => electing(1, { nq: [heard(2, 2, r, 'LEADING')] });
  const oneFollower = electing(1, { nq: [heard(2, 2, 1, 'LEADING')], ooe: recorded([3, vote(2, 1, 'FOLLOWING')]) });
  const silent = electing(1, { pc: 'SILENT' });
  type Change = readonly [before: Life, after: Life];
  test.each<[StepProperty, 'Handle' | 'FinalEnd', Change, Change]>([
    [S3, 'Handle', [electing(1), electing(1, { clk: round(2) })], [electing(1), electing(1, { clk: round(0) })]],
    [S5, 'Handle', [oneFollower, inRole(1, 2)], [reports(1), inRole(1, 2)]],
    [S6, 'Handle', [electing(1), inRole(1, 1)], [electing(1), inRole(1, 1, 3)]],
    [S7, 'FinalEnd', [silent, inRole(1, 3)], [silent, inRole(1, 4)]],
  ])('$id', (property, name, good, bad) => {
    expect(ofStep(property, good[0], name, good[1])).toBeNull();
    expect(ofStep(property, bad[0], name, bad[1])).not.toBeNull();
  });

  test('S5 counts recvset in the own round only', () => {
    const half = { recvset: recorded([1, vote(2, 1)]) };
    expect(ofStep(S5, { ...reports(1), ...half }, 'Handle', inRole(1, 2))).toBeNull();
    expect(ofStep(S5, { ...reports(2), ...half }, 'Handle', inRole(1, 2, 2))).toContain('on the word of');
  });

  test('S9: a message may occupy the worker of a decided server, and no more', () => {
    const role = inRole(1, 2);
    const busy: Life = { ...role, worker: { stage: 'TAKEN', n: heard(3, 3, 9) } };
    expect(ofStep(S9, busy, 'TestState', { ...busy, worker: { stage: 'IDLE' } })).toBeNull();
    expect(ofStep(S9, busy, 'TestState', { ...busy, clk: round(9) })).toContain('which is FOLLOWING');
    expect(ofStep(S9, electing(1), 'Handle', role)).toBeNull();
  });
});

describe('epochs', () => {
  const activated = (leader: number, e: number, before: StepTaken | null, extent: 'committed' | 'established') => {
    const first =
      before?.after ?? state([server(1, inRole(1, 1)), server(2, inRole(2, 2)), server(3, inRole(3, leader))]);
    const leadership = extent === 'established' ? 'established' : 'chosen';
    const action = { name: 'Activate', leader: sid(leader), followers: [sid(3)], extent } as const;
    const epochs = { ce: epoch(e), ae: epoch(e) };
    return step(first, action, [server(leader, inRole(leader, leader, 1, { leadership }), epochs)]);
  };

  test.each([
    [I9, 'established', 'established by leaders 1, 2'],
    [Z1, 'committed', 'acknowledged by leaders 1, 2'],
  ] as const)('$id', (property, extent, sentence) => {
    const one = activated(1, 1, null, extent);
    const higher = activated(2, 2, one, extent);
    const same = activated(2, 1, one, extent);
    expect(violationOf(property, higher, historyOf(one.before, one, higher))).toBeNull();
    expect(violationOf(property, same, historyOf(one.before, one, same))).toContain(sentence);
  });

  test('I9 does not mind an epoch that two have only chosen', () => {
    const one = activated(1, 1, null, 'committed');
    const same = activated(2, 1, one, 'committed');
    expect(violationOf(I9, same, historyOf(one.before, one, same))).toBeNull();
  });
});

describe('assumptions', () => {
  const of = (committed: ReturnType<typeof config>) =>
    state([server(1, null, { membership: { committed, lastSeen: null } })]);
  const oracle = of(config(2, { kind: 'oracle', oraclePath: '/oracle' }));
  const later = { ...config(4), version: 1n } as ReturnType<typeof config>;

  test('each holds of a plain state, and not of one that it excludes', () => {
    const plain = of(config(3));
    expect([NO_ORACLE, FIXED_CONFIG, POSITIVE_WEIGHTS].map((each) => each.holds(plain))).toEqual([true, true, true]);
    expect(NO_ORACLE.holds(oracle)).toBe(false);
    expect(POSITIVE_WEIGHTS.holds(of(weighted(1, 0)))).toBe(false);
    expect(FIXED_CONFIG.holds({ ...plain, configs: new Map([...plain.configs, [later.version, later]]) })).toBe(false);
    const proposed = server(1, null, { membership: { committed: config(3), lastSeen: config(3) } });
    expect(FIXED_CONFIG.holds(state([proposed]))).toBe(false);
  });

  test('a strict property is claimed of strict steps only, and none beyond its assumptions', () => {
    const plain = of(config(3));
    expect([isClaimed(S3r, plain, 'strict'), isClaimed(S3r, plain, 'windowed')]).toEqual([true, false]);
    expect([isClaimed(S7, plain, 'windowed'), isClaimed(S7, oracle, 'windowed')]).toEqual([true, false]);
  });
});
