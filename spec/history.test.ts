import { describe, expect, test } from 'vitest';
import { GrowingSet } from './growing-set.js';
import { emptyHistory, extend, pastOf } from './history.js';
import {
  electing,
  epoch,
  heard,
  historyOf,
  inRole,
  message,
  proposal,
  round,
  server,
  sid,
  state,
  step,
  vote,
  zxid,
} from './properties/examples.js';
import { sentKey, tripleKey } from './properties/terms.js';

describe('a growing set', () => {
  test('older versions do not see what newer ones have, whichever way they branched', () => {
    const first = GrowingSet.of('a');
    const left = first.with('b').with('c');
    const right = first.with('c');
    expect([first.members(), left.members(), right.members()]).toEqual([['a'], ['a', 'b', 'c'], ['a', 'c']]);
    expect([first.has('c'), left.has('c'), right.has('c'), right.has('b')]).toEqual([false, true, true, false]);
    expect(left.with('a')).toBe(left);
  });
});

const down = state([server(1, null), server(2, null), server(3, null)]);
const entered = electing(1, { pc: 'ENTER', clk: round(0), prop: proposal(-1, -1) });
const atEnter = state([server(1, entered), server(2, null)]);
const begin = step(
  atEnter,
  { name: 'Begin', s: sid(1) },
  [server(1, electing(1))],
  [{ to: sid(2), message: message(1, 1) }],
);

describe('the history', () => {
  test('is the same object where nothing that it records has happened', () => {
    const history = emptyHistory(down);
    expect(extend(history, step(down, { name: 'OracleFlip' }, []))).toBe(history);
    const tested = step(atEnter, { name: 'TestState', s: sid(1) }, [server(1, { ...entered })]);
    const begun = emptyHistory(atEnter);
    expect(extend(begun, tested)).toBe(begun);
  });

  test('records what a server begins with, and in which round', () => {
    const history = historyOf(atEnter, begin);
    expect(history.initials.members()).toEqual([tripleKey(proposal(1))]);
    expect(history.initialZxids.members()).toEqual(['1|0']);
    expect(pastOf(history, sid(1))).toMatchObject({ roundReused: false, highestZxid: 0n });
    expect(pastOf(history, sid(1)).rounds.members()).toEqual(['1']);
  });

  test('records what was sent, and whether the sender was ahead of it', () => {
    const history = historyOf(atEnter, begin);
    const key = sentKey(sid(1), message(1, 1));
    expect([history.sent.has(key), history.sentAboveOwn.has(key)]).toEqual([true, true]);
    const ahead = state([server(1, electing(1), { zx: zxid(5) })]);
    const low = step(ahead, { name: 'SendReply', s: sid(1) }, [], [{ to: sid(2), message: message(2, 1) }]);
    const after = historyOf(ahead, low);
    const lowKey = sentKey(sid(1), message(2, 1));
    expect([after.sent.has(lowKey), after.sentAboveOwn.has(lowKey)]).toEqual([true, false]);
  });

  test('a second Begin in a round is a reuse, but not in a new process', () => {
    const again = step(begin.after, { name: 'Begin', s: sid(1) }, [server(1, electing(1))]);
    expect(pastOf(historyOf(atEnter, begin, again), sid(1)).roundReused).toBe(true);
    const crash = step(begin.after, { name: 'Crash', s: sid(1) }, [server(1, null)]);
    const restart = step(crash.after, { name: 'Restart', s: sid(1) }, [server(1, entered)]);
    const anew = step(restart.after, { name: 'Begin', s: sid(1) }, [server(1, electing(1))]);
    expect(pastOf(historyOf(atEnter, begin, crash, restart, anew), sid(1)).roundReused).toBe(false);
  });

  test('LEADING notifications are remembered until the next Begin', () => {
    const first = state([server(1, electing(1, { nq: [heard(2, 2, 1, 'LEADING')] }))]);
    const handle = step(first, { name: 'Handle', s: sid(1) }, [server(1, electing(1))]);
    const history = historyOf(first, handle);
    expect(pastOf(history, sid(1)).heardLeading).toEqual([sid(2)]);
    const next = step(handle.after, { name: 'Begin', s: sid(1) }, [server(1, electing(1, { clk: round(2) }))]);
    expect(pastOf(extend(history, next), sid(1)).heardLeading).toEqual([]);
  });

  test('counts what the finalize wait drops', () => {
    const nq = [heard(2, 2, 1), heard(2, 2, 1)];
    const first = state([server(1, electing(1, { pc: 'FINAL', nq }))]);
    const one = step(first, { name: 'FinalStep', s: sid(1) }, [
      server(1, electing(1, { pc: 'FINAL', nq: nq.slice(1) })),
    ]);
    const two = step(one.after, { name: 'FinalStep', s: sid(1) }, [server(1, electing(1, { pc: 'FINAL' }))]);
    const end = step(two.after, { name: 'Silence', s: sid(1) }, [server(1, electing(1, { pc: 'SILENT' }))]);
    expect(pastOf(historyOf(first, one, two), sid(1)).finalDrops).toBe(2);
    expect(pastOf(historyOf(first, one, two, end), sid(1)).finalDrops).toBe(0);
  });

  test('records leaders, and how far their epochs came', () => {
    const first = state([server(1, electing(1, { pc: 'SILENT' })), server(2, inRole(2, 1))]);
    const led = step(first, { name: 'FinalEnd', s: sid(1) }, [server(1, inRole(1, 1))]);
    const activate = { name: 'Activate', leader: sid(1), followers: [sid(2)], extent: 'established' } as const;
    const epochs = { ce: epoch(1), ae: epoch(1) };
    const active = step(led.after, activate, [
      server(1, inRole(1, 1, 1, { leadership: 'established' }), epochs),
      server(2, inRole(2, 1), epochs),
    ]);
    const history = historyOf(first, led, active);
    expect(history.everLeading.members()).toEqual(['1', '1|1|0']);
    expect(history.acknowledged).toEqual(new Map([[1n, [1n]]]));
    expect(history.established).toEqual(new Map([[1n, [1n]]]));
    expect([...history.highestAccepted.values()]).toEqual([1n, 1n]);
  });

  test('takes what a first state contains as begun with and sent', () => {
    const life = electing(1, { recvset: new Map([[sid(2), vote(2, 1)]]), nq: [heard(3, 3, 1)] });
    const leader = server(3, inRole(3, 3, 1, { leadership: 'established' }), { ce: epoch(1) });
    const history = emptyHistory(state([server(1, life), leader], [2, 1, message(2, 7)]));
    expect(history.initials.has(tripleKey(proposal(1)))).toBe(true);
    for (const key of [sentKey(sid(2), vote(2, 1)), sentKey(sid(3), vote(3, 1)), sentKey(sid(2), vote(2, 7))]) {
      expect(history.sent.has(key)).toBe(true);
    }
    expect(history.established.get(epoch(1))).toEqual([sid(3)]);
    expect(history.everLeading.has('3')).toBe(true);
  });
});
