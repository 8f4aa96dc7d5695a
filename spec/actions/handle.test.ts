import { describe, expect, test } from 'vitest';
import type { Notification } from '../../types/vote.js';
import type { LocalOutcome } from '../action.js';
import { lifeOf } from '../server.js';
import type { Life } from '../state.js';
import { disk, ensemble, hierarchy, message, note, only, proposal, round, running, sid, vote } from '../testing.js';

const config = ensemble(3);

/** Server 1 (zxid 5, epoch 1) polls in round 2 with its own proposal and reads `n`. */
function handled(
  n: Notification,
  changes: Partial<Life> = {},
  settings = { config, of: disk(1, 5, 1), oracle: false },
): LocalOutcome {
  const polling: Partial<Life> = { pc: 'POLL', clk: round(2), prop: proposal(1, 5, 1), nq: [n] };
  return only(
    running(settings.of, settings.config, { ...polling, ...changes }),
    { name: 'Handle', s: sid(1) },
    settings.oracle,
  );
}

describe('Handle: the gate', () => {
  test.each([
    ['a sender that is no voter', note(9, 'LOOKING', [3, 9, 3, 3])],
    ['a proposed leader that is no voter', note(2, 'LEADING', [9, 9, 3, 3])],
  ])('%s', (_, n) => {
    const { server, sends, cases } = handled(n);
    expect(cases).toEqual(['gate']);
    expect(sends).toEqual([]);
    expect(lifeOf(server)).toMatchObject({ nq: [], clk: 2n, prop: proposal(1, 5, 1) });
  });

  test('an OBSERVING sender changes nothing', () => {
    expect(handled(note(2, 'OBSERVING', [3, 9, 2, 3])).cases).toEqual(['observing']);
  });
});

describe('Handle: a LOOKING vote', () => {
  test('K0: zxid −1, its or mine', () => {
    expect(handled(note(2, 'LOOKING', [2, -1, 9, 9])).cases).toEqual(['K0']);
    const empty = { config, of: disk(1, -1, 0), oracle: false };
    const { server, cases } = handled(note(2, 'LOOKING', [2, 5, 9, 9]), {}, empty);
    expect(cases).toEqual(['K0']);
    expect(lifeOf(server).recvset.size).toBe(0);
  });

  test('K1: a higher round with a better vote: all is taken over and sent to every voter, me included', () => {
    const old = new Map([[sid(3), vote('LOOKING', [3, 0, 2, 0], 0)]]);
    const { server, sends, cases } = handled(note(2, 'LOOKING', [2, 5, 4, 1]), { recvset: old });
    expect(cases).toEqual(['K1']);
    expect(lifeOf(server)).toMatchObject({ clk: 4n, prop: proposal(2, 5, 1), pc: 'POLL', counted: [2n] });
    expect([...lifeOf(server).recvset]).toEqual([[2n, vote('LOOKING', [2, 5, 4, 1], 0)]]);
    expect(sends).toEqual([1, 2, 3].map((to) => ({ to: sid(to), message: message('LOOKING', [2, 5, 4, 1]) })));
  });

  test('K1: compared with the own initial vote, not with the proposal; sent even if nothing wins', () => {
    const { server, sends } = handled(note(2, 'LOOKING', [2, 4, 4, 1]), { prop: proposal(3, 9, 1) });
    expect(lifeOf(server)).toMatchObject({ clk: 4n, prop: proposal(1, 5, 1), counted: [] });
    expect(sends[0]?.message).toEqual(message('LOOKING', [1, 5, 4, 1]));
  });

  test('K2: a lower round is not counted', () => {
    const { server, cases } = handled(note(2, 'LOOKING', [3, 9, 1, 9]));
    expect(cases).toEqual(['K2']);
    expect(lifeOf(server)).toMatchObject({ recvset: new Map(), counted: null });
  });

  test('K3: the better vote of the round is adopted; my own stored vote no longer agrees', () => {
    const own = new Map([[sid(1), vote('LOOKING', [1, 5, 2, 1], 0)]]);
    const { server, sends, cases } = handled(note(3, 'LOOKING', [3, 5, 2, 1]), { recvset: own });
    expect(cases).toEqual(['K3']);
    expect(lifeOf(server)).toMatchObject({ prop: proposal(3, 5, 1), pc: 'POLL', counted: [3n] });
    expect(sends).toHaveLength(3);
  });

  test('K4: a lower vote of the round is stored without an answer', () => {
    const { server, sends, cases } = handled(note(2, 'LOOKING', [2, 4, 2, 1]));
    expect(cases).toEqual(['K4']);
    expect(sends).toEqual([]);
    expect(lifeOf(server).recvset.get(sid(2))).toEqual(vote('LOOKING', [2, 4, 2, 1], 0));
    expect(lifeOf(server)).toMatchObject({ pc: 'POLL', counted: [] });
  });

  test('K4 with a quorum: the finalize wait begins', () => {
    const changes = { prop: proposal(3, 5, 1), recvset: new Map([[sid(3), vote('LOOKING', [3, 5, 2, 1], 0)]]) };
    const { server, cases } = handled(note(1, 'LOOKING', [3, 5, 2, 1]), changes);
    expect(cases).toEqual(['K4']);
    expect(lifeOf(server)).toMatchObject({ pc: 'FINAL', st: 'LOOKING', counted: [1n, 3n] });
  });

  test('a leader of unknown weight throws: a new call, the higher round stays', () => {
    const committed = ensemble(3, { quorumSystem: hierarchy([[1, 2, 3]]) });
    const n = note(2, 'LOOKING', [4, 9, 7, 9]);
    const server = running(disk(1, 5, 1), committed, {
      pc: 'POLL',
      clk: round(2),
      prop: proposal(1, 5, 1),
      nq: [n, n],
    });
    const joint = { ...server, membership: { committed, lastSeen: ensemble(4, { version: config.version }) } };
    const { server: after, cases, sends } = only(joint, { name: 'Handle', s: sid(1) });
    expect(cases).toEqual(['K1', 'exception']);
    expect(sends).toEqual([]);
    expect(lifeOf(after)).toMatchObject({ pc: 'ENTER', st: 'LOOKING', clk: 7n, prop: proposal(1, 5, 1), nq: [n] });
  });
});

describe('Handle: a FOLLOWING or LEADING vote', () => {
  test('one report is stored twice, with version 0 in recvset; nothing is sent', () => {
    const { server, sends, cases } = handled(note(2, 'FOLLOWING', [3, 5, 2, 1]));
    expect(cases).toEqual(['stay']);
    expect(sends).toEqual([]);
    expect(lifeOf(server).recvset.get(sid(2))).toEqual(vote('FOLLOWING', [3, 5, 2, 1], 0));
    expect(lifeOf(server).ooe.get(sid(2))).toEqual(vote('FOLLOWING', [3, 5, 2, 1]));
    expect(lifeOf(server).counted).toBe(null);
  });

  test('J1: in the own round the leader id is enough, epochs and zxids may differ', () => {
    const recvset = new Map([[sid(2), vote('FOLLOWING', [3, 4, 2, 1], 0)]]);
    const { server, cases } = handled(note(3, 'LEADING', [3, 5, 2, 2]), { recvset });
    expect(cases).toEqual(['J1']);
    expect(lifeOf(server)).toMatchObject({ st: 'FOLLOWING', pc: 'DECIDED', clk: 2n, prop: proposal(1, 5, 1) });
    expect(lifeOf(server).end).toEqual({ ...proposal(3, 5, 2), round: 2n });
    expect(lifeOf(server)).toMatchObject({ recvset: new Map(), ooe: new Map(), counted: null });
  });

  test('J1: my own equal LOOKING vote helps', () => {
    const recvset = new Map([[sid(1), vote('LOOKING', [3, 5, 2, 1], 0)]]);
    expect(handled(note(3, 'LEADING', [3, 5, 2, 1]), { recvset }).cases).toEqual(['J1']);
  });

  test('J1: everybody follows me in this round: I lead', () => {
    const recvset = new Map([[sid(2), vote('FOLLOWING', [1, 5, 2, 1], 0)]]);
    const { server, cases } = handled(note(3, 'FOLLOWING', [1, 5, 2, 1]), { recvset });
    expect(cases).toEqual(['J1']);
    expect(lifeOf(server).st).toBe('LEADING');
  });

  test('J2: of another round: id and epoch; the clock goes down; unread notifications are wiped', () => {
    const ooe = new Map([[sid(2), vote('FOLLOWING', [3, 4, 9, 1])]]);
    const n = note(3, 'LEADING', [3, 5, 1, 1]);
    const { server, cases } = handled(n, { ooe, nq: [n, n] });
    expect(cases).toEqual(['J2', 'wipe']);
    expect(lifeOf(server)).toMatchObject({ st: 'FOLLOWING', clk: 1n, nq: [], end: { leader: 3n, round: 1n } });
  });

  test('J2: differing epochs do not join', () => {
    const ooe = new Map([[sid(2), vote('FOLLOWING', [3, 4, 1, 0])]]);
    expect(handled(note(3, 'LEADING', [3, 5, 1, 1]), { ooe }).cases).toEqual(['stay']);
  });

  test('followers alone do not join: the leader must have reported LEADING', () => {
    const ooe = new Map([[sid(2), vote('FOLLOWING', [3, 4, 1, 1])]]);
    expect(handled(note(1, 'FOLLOWING', [3, 5, 1, 1]), { ooe }).cases).toEqual(['stay']);
    expect(handled(note(3, 'FOLLOWING', [3, 5, 1, 1]), { ooe }).cases).toEqual(['stay']);
  });

  test('in another round I am not the leader, whoever says so', () => {
    const ooe = new Map([[sid(2), vote('FOLLOWING', [1, 5, 1, 1])]]);
    expect(handled(note(3, 'FOLLOWING', [1, 5, 1, 1]), { ooe }).cases).toEqual(['stay']);
  });

  test('an observer becomes OBSERVING', () => {
    const observed = ensemble(2, { observers: 1 });
    const server = running(disk(3), observed, {
      pc: 'POLL',
      ooe: new Map([[sid(1), vote('FOLLOWING', [2, 0, 1, 1])]]),
      nq: [note(2, 'LEADING', [2, 0, 1, 1])],
    });
    expect(lifeOf(only(server, { name: 'Handle', s: sid(3) }).server).st).toBe('OBSERVING');
  });

  const two = ensemble(2, { quorumSystem: { kind: 'oracle', oraclePath: '/o' } });
  test('J3: an oracle that does not say 1 means: follow; of any round, the clock stays', () => {
    const of = disk(1, 5, 1);
    const { server, cases } = handled(note(2, 'LEADING', [2, 5, 7, 1]), {}, { config: two, of, oracle: false });
    expect(cases).toEqual(['J3']);
    expect(lifeOf(server)).toMatchObject({ st: 'FOLLOWING', clk: 2n, end: { leader: 2n, round: 7n } });
  });

  test('J3 needs LEADING and needOracle', () => {
    const settings = { config: two, of: disk(1, 5, 1), oracle: false };
    expect(handled(note(2, 'FOLLOWING', [2, 5, 7, 1]), {}, settings).cases).toEqual(['stay']);
    expect(handled(note(2, 'LEADING', [2, 5, 7, 1]), { needOracle: false }, settings).cases).toEqual(['stay']);
  });
});
