import { describe, expect, test } from 'vitest';
import { LONG_MAX, LONG_MIN } from '../../types/int64.js';
import { localOutcomes, localWhyNot } from '../next.js';
import { lifeOf } from '../server.js';
import { disk, ensemble, hierarchy, message, note, only, proposal, round, running, sid, vote } from '../testing.js';

const config = ensemble(3);
const s = sid(1);

describe('Begin', () => {
  test('round + 1, the own vote to every voter; recvqueue keeps what it holds', () => {
    const left = note(2, 'LOOKING', [2, 0, 1, 0]);
    const stale = new Map([[sid(2), vote('FOLLOWING', [3, 0, 1, 1])]]);
    const { server, sends } = only(running(disk(1, 5, 1), config, { clk: round(4), nq: [left], ooe: stale }), {
      name: 'Begin',
      s,
    });
    expect(lifeOf(server)).toMatchObject({ clk: 5n, prop: proposal(1, 5, 1), pc: 'POLL', nq: [left], ooe: new Map() });
    expect(sends).toEqual([1, 2, 3].map((to) => ({ to: sid(to), message: message('LOOKING', [1, 5, 5, 1]) })));
  });

  test('an observer proposes the smallest values and sends to voters only', () => {
    const server = running(disk(3, 5, 1), ensemble(2, { observers: 1 }));
    const { server: after, sends } = only(server, { name: 'Begin', s: sid(3) });
    expect(lifeOf(after).prop).toEqual(proposal(LONG_MIN, LONG_MIN, LONG_MIN));
    expect(sends.map(({ to }) => to)).toEqual([1n, 2n]);
  });

  test('a participant outside the configuration has its own zxid and epoch', () => {
    expect(lifeOf(only(running(disk(7, 5, 1), config), { name: 'Begin', s: sid(7) }).server).prop).toEqual(
      proposal(LONG_MIN, 5, 1),
    );
  });

  test('the clock wraps as a Java long', () => {
    const server = running(disk(1), config, { clk: round(LONG_MAX) });
    expect(lifeOf(only(server, { name: 'Begin', s }).server).clk).toBe(LONG_MIN);
  });
});

describe('Resend', () => {
  test('votes again, or only connections', () => {
    const server = running(disk(1), config, { pc: 'POLL', clk: round(1), prop: proposal(1, 0, 0) });
    const both = localOutcomes(server, { name: 'Resend', s }, { oracle: false });
    expect(both.map(({ cases, sends }) => [cases, sends.length])).toEqual([
      [['resend'], 3],
      [['reconnect'], 0],
    ]);
    expect(only(server, { name: 'Resend', s, delivered: false }).cases).toEqual(['reconnect']);
  });

  test('the oracle may decide for what was counted last', () => {
    const two = ensemble(2, { quorumSystem: { kind: 'oracle', oraclePath: '/o' } });
    const server = running(disk(1), two, { pc: 'POLL', clk: round(1), prop: proposal(1, 0, 0), counted: [s] });
    const exited = only(server, { name: 'Resend', s, delivered: true }, true);
    expect(exited.cases).toEqual(['resend', 'oracle']);
    expect(lifeOf(exited.server)).toMatchObject({ st: 'LEADING', pc: 'DECIDED', end: { leader: 1n, round: 1n } });
    expect(only(server, { name: 'Resend', s, delivered: true }, false).cases).toEqual(['resend']);
    const uncounted = running(disk(1), two, { pc: 'POLL', clk: round(1), prop: proposal(1, 0, 0) });
    expect(only(uncounted, { name: 'Resend', s, delivered: true }, true).cases).toEqual(['resend']);
  });
});

describe('the finalize wait', () => {
  const final = { pc: 'FINAL', clk: round(2), prop: proposal(2, 5, 1) } as const;
  const other = note(1, 'LOOKING', [1, 0, 2, 0]);

  test('a better vote goes to the tail of the queue, whatever its sender, round and state', () => {
    const better = note(9, 'FOLLOWING', [8, 5, 0, 1]);
    const { server, cases } = only(running(disk(1, 5, 1), config, { ...final, nq: [better, other] }), {
      name: 'FinalStep',
      s,
    });
    expect(cases).toEqual(['putBack']);
    expect(lifeOf(server)).toMatchObject({ pc: 'POLL', nq: [other, better] });
  });

  test('anything else is dropped, a higher round too', () => {
    const later = note(3, 'LOOKING', [2, 5, 9, 1]);
    const { server, cases } = only(running(disk(1, 5, 1), config, { ...final, nq: [later, other] }), {
      name: 'FinalStep',
      s,
    });
    expect(cases).toEqual(['drop']);
    expect(lifeOf(server)).toMatchObject({ pc: 'FINAL', nq: [other] });
  });

  test('an unknown leader throws in a hierarchy', () => {
    const weighted = ensemble(3, { quorumSystem: hierarchy([[1, 2, 3]]) });
    const server = running(disk(1, 5, 1), weighted, { ...final, nq: [note(3, 'LOOKING', [8, 0, 0, 0])] });
    const after = only(server, { name: 'FinalStep', s });
    expect(after.cases).toEqual(['exception']);
    expect(lifeOf(after.server)).toMatchObject({ pc: 'ENTER', nq: [], clk: 2n });
  });

  test('silence, the exit, the publication', () => {
    const silent = only(running(disk(2, 5, 1), config, final), { name: 'Silence', s: sid(2) }).server;
    expect(lifeOf(silent)).toMatchObject({ pc: 'SILENT', st: 'LOOKING' });
    const ended = only(silent, { name: 'FinalEnd', s: sid(2) });
    expect(ended.cases).toEqual(['plain']);
    expect(lifeOf(ended.server)).toMatchObject({ pc: 'DECIDED', st: 'LEADING', cur: { leader: 2n, round: -1n } });
    const published = lifeOf(only(ended.server, { name: 'Publish', s: sid(2) }).server);
    expect(published).toMatchObject({ pc: 'OUT', end: null, cur: vote('LOOKING', [2, 5, 2, 1], 0) });
  });

  test('what arrives after the silence is wiped', () => {
    const { server, cases } = only(running(disk(1), config, { ...final, pc: 'SILENT', nq: [other] }), {
      name: 'FinalEnd',
      s,
    });
    expect(cases).toEqual(['wipe']);
    expect(lifeOf(server)).toMatchObject({ st: 'FOLLOWING', nq: [] });
  });

  test('no silence while something waits', () => {
    expect(localWhyNot(running(disk(1), config, { ...final, nq: [other] }), { name: 'Silence', s })).not.toBe(null);
  });
});

describe('Leave', () => {
  test('LOOKING again; vote, proposal and clock stay visible', () => {
    const out = { st: 'FOLLOWING', pc: 'OUT', clk: round(3), cur: vote('LOOKING', [2, 5, 3, 1], 0) } as const;
    const { server, cases } = only(running(disk(1), config, { ...out, prop: proposal(2, 5, 0) }), { name: 'Leave', s });
    expect(cases).toEqual(['toLooking']);
    expect(lifeOf(server)).toMatchObject({
      st: 'LOOKING',
      pc: 'ENTER',
      clk: 3n,
      cur: out.cur,
      prop: proposal(2, 5, 0),
    });
  });

  test('after a reconfiguration the vote names the next role', () => {
    const out = { st: 'FOLLOWING', pc: 'OUT', reconfigFlag: true } as const;
    const { server, cases } = only(running(disk(1), config, { ...out, cur: vote('LOOKING', [1, 5, -1, -1], 0) }), {
      name: 'Leave',
      s,
    });
    expect(cases).toEqual(['skipLooking']);
    expect(lifeOf(server)).toMatchObject({ st: 'LEADING', pc: 'OUT', reconfigFlag: false });
  });
});
