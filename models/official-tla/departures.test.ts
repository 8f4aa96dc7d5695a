/**
 * Goal: each departure of the official module is real. Method: both sides walk through the scene; the one comes to what is
 * shown by the steps that are named, the other by no few steps of any kind. That both can meet is shown by scenes in which
 * they agree.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ALIASES } from '../../spec/aliases.js';
import { nextStates } from '../../spec/next.js';
import type { Action } from '../../spec/action.js';
import type { Server, State } from '../../spec/state.js';
import { serverOf, withServer } from '../../spec/world.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { asConfigVersion, asSid, type Sid } from '../../types/ids.js';
import { module, moduleRow, type Scene, specState } from './departure-scene.js';
import { moduleReaches, type Point, type Shown, specReaches } from './departure-steps.js';
import { ABSENT, MORE_DEPARTURES } from './departures-more.js';
import { type Departure, DEPARTURES } from './departures.js';
import { handleNotmsg } from './handle-notmsg.js';
import { serverSlot } from './layout.js';
import type { LocalState } from './local-state.js';

const ALL = [...DEPARTURES, ...MORE_DEPARTURES];

function meets(shows: Partial<Shown>, { shown }: Point): boolean {
  return Object.entries(shows).every(
    ([key, value]) => JSON.stringify(shown[key as keyof Shown]) === JSON.stringify(value),
  );
}

function both({ scene, me, only, steps, within = 4, grain }: Departure): {
  readonly one: readonly Point[];
  readonly other: readonly Point[];
} {
  const module = (most: number): readonly Point[] => moduleReaches(scene, me, most);
  const java = (most: number): readonly Point[] => specReaches(scene, me, most, grain);
  return only === 'module'
    ? { one: module(steps.length), other: java(within) }
    : { one: java(steps.length), other: module(within) };
}

describe('departures of the official module', () => {
  it.each(ALL.map((each) => [each.id, each] as const))('%s', (_, departure) => {
    const { one, other } = both(departure);
    const taken = one.filter((point) => point.steps.join() === departure.steps.join());
    expect(taken.filter((point) => meets(departure.shows, point)).length).toBeGreaterThan(0);
    expect(other.length).toBeGreaterThan(1);
    expect(other.filter((point) => meets(departure.shows, point))).toEqual([]);
  });

  it('each has its own id, and a row in docs/tla.md with its steps', () => {
    const page = readFileSync(fileURLToPath(new URL('../../docs/tla.md', import.meta.url)), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, id]) => id);
    expect(rows.toSorted()).toEqual([...ALL.map(({ id }) => id), 'version-counter', 'absent-actions'].toSorted());
    expect(new Set(rows).size).toBe(rows.length);
    for (const { id, source } of ALL) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${id}\` `));
      expect(row, id).toContain(source.split(';')[0]);
    }
  });
});

describe('both sides can meet', () => {
  const agreeing: readonly (readonly [string, Scene, readonly string[], readonly string[]])[] = [
    [
      'a lower vote is counted',
      { peers: { 1: { for: 3, queue: [[2, 'LOOKING', 2, 1]] } } },
      ['HandleNotmsg'],
      ['Handle'],
    ],
    [
      'a lower round is answered',
      { peers: { 1: { round: 3 } }, way: [[1, [2, 'LOOKING', 2, 1]]] },
      ['ReceiveNotmsg'],
      ['Receive'],
    ],
    [
      'who follows answers',
      { peers: { 1: { doing: 'FOLLOWING', for: 3 } }, way: [[1, [2, 'LOOKING', 2, 1]]] },
      ['ReceiveNotmsg'],
      ['Receive'],
    ],
    ['the finalize wait ends', { peers: { 1: { for: 3, waiting: true } } }, ['WaitNewNotmsg'], ['Silence']],
    [
      'a better vote goes back',
      { peers: { 1: { waiting: true, queue: [[2, 'LOOKING', 2, 1]] } } },
      ['WaitNewNotmsg'],
      ['FinalStep'],
    ],
    [
      'a quorum of reports is joined',
      { peers: { 1: { round: 2, outOfElection: [[2, 'FOLLOWING', 3, 1]], queue: [[3, 'LEADING', 3, 1]] } } },
      ['HandleNotmsg'],
      ['Handle'],
    ],
    ['a role ends', { peers: { 1: { doing: 'FOLLOWING', for: 3 } } }, ['ZabTimeout'], ['Leave']],
  ];

  it.each(agreeing)('%s', (_, scene, ofModule, ofSpec) => {
    const at = (points: readonly Point[], steps: readonly string[]): readonly Shown[] =>
      points.filter((point) => point.steps.join() === steps.join()).map(({ shown }) => shown);
    const [start] = at(specReaches(scene, 1, 1), []);
    const [expected] = at(specReaches(scene, 1, 1), ofSpec);
    expect(expected).not.toEqual(start);
    expect(at(moduleReaches(scene, 1, 1), ofModule)).toEqual([expected]);
  });
});

describe('what no scene shows', () => {
  it('version-counter: the module counts how often a vote came; a map does not', () => {
    const scene: Scene = {
      peers: {
        1: {
          for: 3,
          queue: [
            [2, 'LOOKING', 1, 1],
            [2, 'LOOKING', 1, 1],
          ],
        },
      },
    };
    const once = handleNotmsg(3, moduleRow(scene)[serverSlot(3)] as LocalState)?.after;
    const twice = once && handleNotmsg(3, once)?.after;
    expect(once?.receiveVotes[1]).toMatchObject({ version: 1 });
    expect(twice?.receiveVotes[1]).toEqual({ ...once?.receiveVotes[1], version: 2 });

    const handle = (state: State): State | undefined => nextStates(state, { name: 'Handle', s: asSid(1n) })[0]?.state;
    const first = handle(specState(scene));
    const second = first && handle(first);
    const recvset = (state: State | undefined): unknown => state?.servers.get(asSid(1n))?.life?.recvset;
    expect(recvset(first)).toHaveProperty('size', 1);
    expect(recvset(second)).toEqual(recvset(first));
  });

  const [one, two, three] = [1n, 2n, 3n].map(asSid) as [Sid, Sid, Sid];
  const newer = asConfigVersion(1n);
  const calm = specState({
    peers: { 1: { doing: 'FOLLOWING', for: 3 }, 3: { doing: 'LEADING' } },
    way: Array.from({ length: 101 }, () => [2, [3, 'LEADING', 3, 1]] as const),
  });
  const config = calm.configs.get(asConfigVersion(0n)) as EnsembleConfig;
  const proposed: State = { ...calm, configs: new Map([...calm.configs, [newer, { ...config, version: newer }]]) };
  const change = (state: State, sid: Sid, to: (server: Server) => Server): State =>
    withServer(state, to(serverOf(state, sid)));

  it.each<readonly [(typeof ABSENT)[number], State, Action]>([
    ['Crash', calm, { name: 'Crash', s: one }],
    ['Restart', change(calm, one, (server) => ({ ...server, life: null })), { name: 'Restart', s: one }],
    ['Break', calm, { name: 'Break', a: three, b: two, keepAB: 1, keepBA: 0 }],
    ['Lose', calm, { name: 'Lose', from: three, to: two, index: 0 }],
    ['Replay', calm, { name: 'Replay', from: three, to: two }],
    ['Overflow', calm, { name: 'Overflow', from: three, s: two }],
    ['OracleFlip', calm, { name: 'OracleFlip' }],
    ['ProposeConfig', proposed, { name: 'ProposeConfig', s: one, version: newer }],
    [
      'CommitConfig',
      change(proposed, one, (server) => ({
        ...server,
        membership: { committed: config, lastSeen: { ...config, version: newer } },
      })),
      { name: 'CommitConfig', s: one, designated: three },
    ],
    [
      'ConfigGossip',
      change(proposed, two, (server) => ({
        ...server,
        membership: { committed: { ...config, version: asConfigVersion(-1n) }, lastSeen: null },
      })),
      { name: 'ConfigGossip', from: three, s: two },
    ],
    [
      'CountFollowers',
      change(calm, three, (server) => ({
        ...server,
        membership: {
          committed: { ...config, quorumSystem: { kind: 'oracle', oraclePath: 'oracle' } },
          lastSeen: null,
        },
      })),
      { name: 'CountFollowers', leader: three, none: true },
    ],
  ])('absent-actions: %s is possible, and has no counterpart', (name, state, action) => {
    expect(nextStates(state, action).length).toBeGreaterThan(0);
    expect(ALIASES[name].tla).toBeNull();
  });

  it('absent-actions: these are all', () => {
    const without = Object.entries(ALIASES).filter(([, { tla }]) => tla === null);
    expect(without.map(([name]) => name).toSorted()).toEqual([...ABSENT, 'Publish'].toSorted());
    expect(new Set(module.rules.map(({ name }) => name.slice(0, name.indexOf('('))))).toEqual(
      new Set([
        'ZabTimeout',
        'ReceiveNotmsg',
        'NotmsgTimeout',
        'HandleNotmsg',
        'WaitNewNotmsg',
        'LeaderAdvanceEpoch',
        'FollowerUpdateEpoch',
        'LeaderAdvanceZxid',
        'FollowerUpdateZxid',
      ]),
    );
  });
});
