import { describe, expect, test } from 'vitest';
import { THOROUGH } from '../../scripts/thorough.js';
import type { ElectionBounds } from './bounds.js';
import { implSystem } from './impl-system.js';
import { lockstepSystem } from './lockstep-system.js';
import { specSystem } from './spec-system.js';
import type { ElectionSystem } from './system.js';
import { bounds, reach, type Reached } from './testing.js';

/** What must be the same with and without reductions, and on both sides of the refinement. */
const seen = ({ all, final, violated, found, broken }: Reached): object => ({ all, final, violated, found, broken });

type Options = Readonly<Record<string, string>>;

const run = (options: Options, make: (of: ElectionBounds) => ElectionSystem = specSystem): Reached =>
  reach(make(bounds({ servers: '2', ...options })));

/** Two servers, or one and an observer, with every kind of fault. */
const SMALL: readonly Options[] = [
  {},
  { losses: '1' },
  { crashes: '1' },
  { crashes: '1', losses: '1' },
  { partial: '1', full: '1', crashes: '1' },
  { leaves: '1', rounds: '2' },
  { channel: 'f2', crashes: '1' },
  { resend: 'silence', losses: '1', nq: '2' },
  { start: 'established', crashes: '1', losses: '1', partial: '1' },
  { start: 'established', leaves: '2', rounds: '2', full: '1' },
  { servers: '1', observers: '1', nq: '2', crashes: '1', full: '1' },
];
const GRAINS = ['strict', 'windowed'] as const;
const MODELS = SMALL.flatMap((options) => GRAINS.map((grain): Options => ({ ...options, grain }))).filter(
  (_, index) => THOROUGH || index % 3 === 0,
);
const nameOf = (options: Options): string => JSON.stringify(options).replaceAll('"', '');

describe.each(MODELS.map((options) => [nameOf(options), options] as const))('%s', (_, options) => {
  const plain = run({ ...options, reduce: 'none' });

  test('holds', () => {
    expect(plain.broken).toEqual([]);
    expect([...plain.violated]).toEqual([]);
    expect(plain.found).toEqual(new Set(['led', 'ended']));
  });

  test.each(['merge', 'dead', 'merge,dead'])('reduced by %s it reaches the same', (reduce) => {
    const reduced = run({ ...options, reduce });
    expect(seen(reduced)).toEqual(seen(plain));
    expect(reduced.states).toBeLessThanOrEqual(plain.states);
  });

  test('the peers are the specification, step by step', () => {
    const peers = run(options, implSystem);
    const both = run(options, lockstepSystem);
    const reduced = run(options);
    expect(both.broken).toEqual([]);
    expect(seen(both)).toEqual(seen(plain));
    expect(seen(peers)).toEqual(seen(plain));
    expect([peers.states, both.states]).toEqual([reduced.states, reduced.states]);
  });
});

test('the size of two servers, for those who change something', () => {
  expect(run({ reduce: 'none' })).toMatchObject({ states: 259, generated: 639 });
  expect(run({})).toMatchObject({ states: 48, generated: 101 });
  expect(run({ grain: 'windowed' })).toMatchObject({ states: 60 });
});

describe('three servers without faults', () => {
  const reached = run({ servers: '3', nq: '2' });

  test('end in one of six ways; server 1 is never elected', () => {
    const role = (sid: number, leader: number): string => (leader === sid ? 'leads' : `follows ${leader}`);
    const ends = [
      [3, 3, 3],
      [2, 2, 2],
      [2, 2, 3],
      [3, 2, 3],
      [2, 3, 3],
      [3, 2, 2],
    ].map((leaders) => leaders.map((leader, i) => `${i + 1} ${role(i + 1, leader)} (round 1)`).join('; '));
    expect([...reached.final].sort()).toEqual(ends.sort());
  });

  test('pass through fifteen more', () => {
    expect(reached.all.size).toBe(21);
    expect(reached.states).toBe(68_549);
  });

  test('refute what is tempting and keep what is claimed', () => {
    expect(reached.found).toEqual(new Set(['led', 'ended', 'two leaders', 'followed follower']));
    expect([...reached.violated, ...reached.broken]).toEqual([]);
  });
});
