import { describe, expect, test } from 'vitest';
import { emptyHistory, type StepTaken } from '../history.js';
import type { Life, State } from '../state.js';
import {
  config,
  electing,
  heard,
  historyOf,
  inRole,
  message,
  proposal,
  recorded,
  round,
  server,
  sid,
  state,
  step,
  vote,
  zxid,
} from './examples.js';
import { I1, I10, I12, I2, I3, I4, I4w, I5, I6, I6L, I7, I8 } from './invariants.js';
import { violationIn, violationOf, type ServerProperty } from './property.js';

const agreed = recorded([1, vote(1, 1)], [2, vote(1, 1)]);

/** A step of server 1 from one life to another, beside an electing server 2. */
function from(before: Partial<Life>, name: 'Handle' | 'FinalEnd', after: Life): StepTaken {
  const first = state([server(1, electing(1, before)), server(2, electing(2)), server(3, null)]);
  return step(first, { name, s: sid(1) }, [server(1, after)]);
}

describe('invariants of one server', () => {
  const follower = inRole(1, 2);
  test.each<[ServerProperty, string, Partial<Life>, Partial<Life>]>([
    [I1, 'round', { recvset: agreed }, { recvset: recorded([2, vote(1, 2)]) }],
    [I2, 'vote', { prop: proposal(2) }, { prop: proposal(0) }],
    [I5, 'quorum', { pc: 'FINAL', recvset: agreed }, { pc: 'FINAL', recvset: recorded([2, vote(1, 1)]) }],
    [I5, 'other votes', { pc: 'SILENT', recvset: agreed }, { pc: 'SILENT', recvset: agreed, prop: proposal(2) }],
    [I10, 'role', follower, { ...follower, st: 'LEADING' }],
    [I10, 'clock', follower, { ...follower, clk: round(2) }],
  ])('$id (%s)', (property, _what, good, bad) => {
    const holds = state([server(1, electing(1, good))]);
    const fails = state([server(1, electing(1, bad))]);
    expect(violationIn(property, holds, emptyHistory(holds))).toBeNull();
    expect(violationIn(property, fails, emptyHistory(fails))).toContain('server 1');
  });

  test('I2 counts the history on disk', () => {
    const behind = state([server(1, electing(1, { prop: proposal(3) }), { zx: zxid(1) })]);
    expect(violationIn(I2, behind, emptyHistory(behind))).toContain('below its own');
  });

  test.each([I4, I4w])('$id: integrity', (property) => {
    const first = state([server(1, electing(1)), server(2, electing(2))]);
    const history = emptyHistory(first);
    const to = (z: number, e: number): State =>
      state([server(1, electing(1, { prop: proposal(2, z, e) })), server(2, electing(2))]);
    expect(violationIn(property, to(0, 0), history)).toBeNull();
    expect(violationIn(property, to(7, 0), history)).toContain('never began with');
    expect(violationIn(property, to(0, 1), history) === null).toBe(property === I4w);
  });
});

test('I8: two servers may lead, but not two with quorums', () => {
  const led = state([server(1, inRole(1, 1)), server(2, inRole(2, 2)), server(3, inRole(3, 2))]);
  expect(I8.check(led, emptyHistory(led))).toBeNull();
  // Only servers of different configurations can bring it about.
  const alone = server(1, inRole(1, 1), { membership: { committed: config(1), lastSeen: null } });
  const torn = state([alone, server(2, inRole(2, 2)), server(3, inRole(3, 2))]);
  expect(I8.check(torn, emptyHistory(torn))).toBe('servers 1 and 2 are each named by a quorum');
});

describe('invariants of steps', () => {
  test('I3: a proposal rises, and may fall only with a new round', () => {
    const up = from({}, 'Handle', electing(1, { prop: proposal(2) }));
    const fall = from({ prop: proposal(2) }, 'Handle', electing(1));
    const anew = from({ prop: proposal(2) }, 'Handle', electing(1, { clk: round(2) }));
    expect([up, anew].map((taken) => violationOf(I3, taken, historyOf(taken.before)))).toEqual([null, null]);
    expect(violationOf(I3, fall, historyOf(fall.before))).toContain('down to');
  });

  const final = { pc: 'SILENT', recvset: agreed } as const;
  const leads = inRole(1, 1);

  test('I6: what a quorum never said cannot be decided', () => {
    const exit = from(final, 'FinalEnd', leads);
    expect(violationOf(I6, exit, historyOf(exit.before, exit))).toBeNull();
    const unheard = from({ pc: 'SILENT' }, 'FinalEnd', leads);
    const history = historyOf(unheard.before);
    expect(violationOf(I6, exit, history)).toContain('said only by []');
    expect(violationOf(I6, unheard, history)).toContain('decides');
  });

  test('I6L: an elector was not ahead of what it said', () => {
    const decided = from(
      { pc: 'SILENT', recvset: recorded([2, vote(3, 1)]), prop: proposal(3) },
      'FinalEnd',
      inRole(1, 3),
    );
    /** Server 2, with a history of that length, has said that it supports server 3. */
    const said = (history: number): StepTaken => {
      const first = state([server(1, electing(1)), server(2, electing(2), { zx: zxid(history) })]);
      return step(first, { name: 'SendReply', s: sid(2) }, [], [{ to: sid(1), message: message(3, 1) }]);
    };
    const [fair, ahead] = [said(0), said(5)];
    expect(violationOf(I6L, decided, historyOf(fair.before, fair))).toBeNull();
    expect(violationOf(I6L, decided, historyOf(ahead.before, ahead))).toContain('with 2, which was ahead');
  });

  test('I7: joining takes a word from the leader itself', () => {
    const joined = (sender: number): StepTaken =>
      from({ nq: [heard(sender, 2, 1, sender === 2 ? 'LEADING' : 'FOLLOWING')] }, 'Handle', inRole(1, 2));
    const [good, bad] = [joined(2), joined(3)];
    expect(violationOf(I7, good, historyOf(good.before, good))).toBeNull();
    expect(violationOf(I7, bad, historyOf(bad.before, bad))).toBe(
      'server 1 joins 2 without a LEADING notification from it',
    );
  });

  test('I12: an exit leaves no notification', () => {
    const clean = from(final, 'FinalEnd', leads);
    const left = from(final, 'FinalEnd', inRole(1, 1, 1, { nq: [heard(2, 2, 1)] }));
    expect(violationOf(I12, clean, historyOf(clean.before))).toBeNull();
    expect(violationOf(I12, left, historyOf(left.before))).toContain('notifications waiting');
  });
});
