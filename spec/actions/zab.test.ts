import { describe, expect, test } from 'vitest';
import { asConfigVersion, makeZxid, type Sid } from '../../types/ids.js';
import { EXTENTS, type Action, type Extent } from '../action.js';
import { whyNotEnabled } from '../next.js';
import { serverOf, withChannel } from '../world.js';
import { disk, ensemble, epoch, message, round, run, running, sid, step, vote, world } from '../testing.js';
import type { Life, Server, State } from '../state.js';

const config = ensemble(3);
const [s1, s2, s3] = [sid(1), sid(2), sid(3)] as const;
const cur = vote('LOOKING', [3, 5, 2, 1], 0);
const role = (st: 'FOLLOWING' | 'LEADING'): Partial<Life> => ({ st, pc: 'OUT', clk: round(2), cur });

/** Server 3 leads 1 and 2. */
function led(follower: Server = running(disk(1, 5, 1), config, role('FOLLOWING'))): State {
  const second = running(disk(2, 4, 1), config, role('FOLLOWING'));
  return world(config, [follower, second, running(disk(3, 5, 1), config, role('LEADING'))]);
}
const activate = (extent: Extent, ...followers: readonly Sid[]): Action => ({
  name: 'Activate',
  leader: s3,
  followers,
  extent,
});

describe('Activate', () => {
  const zero = makeZxid(epoch(2), 0n);
  const before = { zx: 5n, ce: 1n };
  test.each<[Extent, object, object]>([
    ['accepted', { ...before, ae: 2n, life: { leadership: 'chosen', cur } }, { zx: 4n, ce: 1n, ae: 2n }],
    ['committed', { zx: 5n, ce: 2n, ae: 2n, life: { leadership: 'chosen', cur } }, { zx: 4n, ce: 1n, ae: 2n }],
    [
      'synchronized',
      { zx: 5n, ce: 2n, ae: 2n, life: { leadership: 'chosen', cur } },
      { zx: 5n, logged: 5n, ce: 2n, life: { cur } },
    ],
    [
      'established',
      { zx: zero, logged: 5n, ce: 2n, ae: 2n, life: { leadership: 'established', cur: { ...cur, epoch: 2n } } },
      { zx: 5n, ce: 2n, life: { cur } },
    ],
    [
      'upToDate',
      { zx: zero, life: { cur: { ...cur, epoch: 2n } } },
      { zx: 5n, ce: 2n, life: { cur: { ...cur, epoch: 2n } } },
    ],
  ])('%s', (extent, leader, follower) => {
    const { state } = step(led(), activate(extent, s2));
    expect(serverOf(state, s3)).toMatchObject(leader);
    expect(serverOf(state, s2)).toMatchObject(follower);
    expect(serverOf(state, s1)).toEqual(serverOf(led(), s1));
  });

  test('the epoch is above every accepted one of those who take part', () => {
    const ahead = led(running(disk(1, 5, 1, 7), config, role('FOLLOWING')));
    expect(serverOf(step(ahead, activate('committed', s1)).state, s3).ce).toBe(8n);
    expect(serverOf(step(ahead, activate('committed', s2)).state, s3).ce).toBe(2n);
  });

  test('a follower with a longer history can be told the epoch, but does not acknowledge it', () => {
    const longer = led(running(disk(1, 6, 1), config, role('FOLLOWING')));
    expect(whyNotEnabled(longer, activate('accepted', s1))).toBe(null);
    expect(whyNotEnabled(longer, activate('committed', s1))).not.toBe(null);
  });

  test('neither without a quorum, nor twice', () => {
    expect(whyNotEnabled(led(), activate('accepted'))).not.toBe(null);
    const once = step(led(), activate('accepted', s2)).state;
    expect(EXTENTS.map((extent) => whyNotEnabled(once, activate(extent, s2)))).not.toContain(null);
  });

  test('afterwards the leader writes and a learner catches up', () => {
    const wrote = run(led(), activate('upToDate', s2), { name: 'Write', leader: s3 });
    const first = makeZxid(epoch(2), 1n);
    expect(serverOf(wrote, s3)).toMatchObject({ zx: first, logged: first });
    const caught = serverOf(run(wrote, { name: 'CatchUp', s: s1 }), s1);
    expect(caught).toMatchObject({ zx: first, logged: first, ce: 2n, ae: 2n, life: { cur: { ...cur, epoch: 2n } } });
    expect(whyNotEnabled(run(wrote, { name: 'CatchUp', s: s1 }), { name: 'CatchUp', s: s1 })).not.toBe(null);
    expect(whyNotEnabled(led(), { name: 'CatchUp', s: s1 })).not.toBe(null);
  });
});

describe('the oracle', () => {
  test('is needed exactly by a leader without followers among two voters', () => {
    const two = ensemble(2, { quorumSystem: { kind: 'oracle', oraclePath: '/o' } });
    const leading = world(two, [running(disk(1), two, { ...role('LEADING') })]);
    const need = (none: boolean): unknown =>
      serverOf(run(leading, { name: 'CountFollowers', leader: s1, none }), s1).life?.needOracle;
    expect([need(true), need(false)]).toEqual([true, false]);
    expect(whyNotEnabled(led(), { name: 'CountFollowers', leader: s3, none: true })).not.toBe(null);
  });
});

describe('reconfiguration', () => {
  const v1 = asConfigVersion(1n);
  const four = ensemble(4, { version: v1 });
  const observing = ensemble(3, {
    version: v1,
    members: config.members.map((m) => (m.sid === s1 ? { ...m, type: 'OBSERVER' as const } : m)),
  });
  const renumbered = { ...config, version: v1 };
  const known = (state: State, other = four): State => ({
    ...state,
    configs: new Map([config, other].map((c) => [c.version, c])),
  });
  const commit = (state: State, designated: Sid): Server =>
    serverOf(
      run(state, { name: 'ProposeConfig', s: s1, version: v1 }, { name: 'CommitConfig', s: s1, designated }),
      s1,
    );

  test('a proposal is remembered beside the committed one, once', () => {
    const proposed = run(known(led()), { name: 'ProposeConfig', s: s1, version: v1 });
    expect(serverOf(proposed, s1).membership).toEqual({ committed: config, lastSeen: four });
    expect(whyNotEnabled(proposed, { name: 'ProposeConfig', s: s1, version: v1 })).not.toBe(null);
    expect(whyNotEnabled(known(led()), { name: 'CommitConfig', s: s1, designated: s3 })).not.toBe(null);
  });

  test('a commit under the same leader: new election object, role and vote stay', () => {
    const server = commit(known(led()), s3);
    expect(server.membership).toEqual({ committed: four, lastSeen: null });
    expect(server.life).toMatchObject({
      ...role('FOLLOWING'),
      clk: 0n,
      prop: { leader: -1n, zxid: -1n, epoch: 0n },
      reconfigFlag: false,
    });
  });

  test('a commit with another leader: the vote is (designated, zxid, −1, −1), LOOKING will be skipped', () => {
    const { life } = commit(known(led()), s2);
    expect(life).toMatchObject({ st: 'FOLLOWING', reconfigFlag: true, cur: vote('LOOKING', [2, 5, -1, -1], 0) });
  });

  test('a voter becomes an observer', () => {
    const server = commit(known(led(), observing), s3);
    expect(server).toMatchObject({ learnerType: 'OBSERVER', life: { reconfigFlag: true, cur } });
  });

  test('where only the version changes the election object stays', () => {
    expect(commit(known(led(), renumbered), s3)).toMatchObject({
      membership: { committed: renumbered },
      life: { clk: 2n },
    });
  });

  /** Server 1 has published an older vote, polls, and a message of version 1 waits. */
  function gossiping(newer = four, st: 'LOOKING' | 'FOLLOWING' = 'LOOKING'): State {
    const out = st === 'LOOKING' ? 'POLL' : 'OUT';
    const server = running(disk(1, 5, 1), config, { st, pc: out, clk: round(4), cur });
    const sent = { ...message('LOOKING', [2, 0, 1, 0]), configVersion: v1 };
    return withChannel(known(world(config, [server]), newer), s2, s1, { queue: [sent], newest: sent });
  }

  test('a LOOKING server adopts a newer configuration and begins anew; the message is gone', () => {
    const before = gossiping();
    expect(whyNotEnabled(before, { name: 'Receive', from: s2, s: s1 })).not.toBe(null);
    const { state } = step(before, { name: 'ConfigGossip', from: s2, s: s1 });
    expect(serverOf(state, s1)).toMatchObject({
      membership: { committed: four, lastSeen: null },
      life: { pc: 'ENTER', clk: 0n, cur: vote('LOOKING', [1, 5, -1, 1], 0), worker: { stage: 'IDLE' }, nq: [] },
    });
    expect(state.channels.get(s2)?.get(s1)?.queue).toEqual([]);
  });

  test('a server in a role does not', () => {
    const before = gossiping(four, 'FOLLOWING');
    expect(whyNotEnabled(before, { name: 'ConfigGossip', from: s2, s: s1 })).not.toBe(null);
    expect(whyNotEnabled(before, { name: 'Receive', from: s2, s: s1 })).toBe(null);
  });

  test('the learner type follows while LOOKING too', () => {
    const { state } = step(gossiping(observing), { name: 'ConfigGossip', from: s2, s: s1 });
    expect(serverOf(state, s1).learnerType).toBe('OBSERVER');
  });

  test('a mere version is adopted and the message goes on', () => {
    const { state } = step(gossiping(renumbered), { name: 'ConfigGossip', from: s2, s: s1 });
    expect(serverOf(state, s1)).toMatchObject({
      membership: { committed: renumbered },
      life: { clk: 4n, worker: { stage: 'TAKEN' } },
    });
  });
});
