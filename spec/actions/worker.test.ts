import { describe, expect, test } from 'vitest';
import type { Notification } from '../../types/vote.js';
import type { LocalAction, LocalOutcome } from '../action.js';
import { takeMessage } from '../next.js';
import { lifeOf, live } from '../server.js';
import type { Life, Server } from '../state.js';
import { disk, ensemble, message, note, only, proposal, round, running, sid, vote } from '../testing.js';

const config = ensemble(3);
const s = sid(1);

/** Takes `n`, then makes the named steps. */
function after(server: Server, n: Notification, ...names: readonly LocalAction['name'][]): LocalOutcome {
  const taken = takeMessage(server, n);
  if (taken === null) throw new Error('WorkerReceiver is busy');
  return names.reduce<LocalOutcome>((at, name) => only(at.server, { name, s }), taken);
}

const looking: Partial<Life> = { pc: 'POLL', clk: round(3), prop: proposal(2, 5, 1) };
const following: Partial<Life> = {
  st: 'FOLLOWING',
  pc: 'OUT',
  clk: round(3),
  prop: proposal(1, 5, 0),
  cur: vote('LOOKING', [2, 5, 3, 1], 0),
};
const ask = note(3, 'LOOKING', [3, 0, 1, 0]);
const all = ['TestState', 'Enqueue', 'CompareRound', 'SendReply'] as const;

describe('WorkerReceiver', () => {
  test('a sender that is no voter gets the published vote with the clock, even while LOOKING', () => {
    const server = running(disk(1), config, { ...looking, cur: vote('LOOKING', [3, 7, 2, 1], 0) });
    const { server: end, sends, cases } = after(server, note(9, 'LOOKING', [9, 0, 1, 0]), 'SendReply');
    expect(cases).toEqual(['nonVoter']);
    expect(sends).toEqual([{ to: sid(9), message: message('LOOKING', [3, 7, 3, 1]) }]);
    expect(lifeOf(end)).toMatchObject({ nq: [], worker: { stage: 'IDLE' } });
  });

  test('LOOKING: a lower round enters the queue and gets the proposal', () => {
    const { server, sends, cases } = after(running(disk(1), config, looking), ask, ...all);
    expect(cases).toEqual(['lagging']);
    expect(sends).toEqual([{ to: sid(3), message: message('LOOKING', [2, 5, 3, 1]) }]);
    expect(lifeOf(server).nq).toEqual([ask]);
  });

  test.each([
    ['the same round', note(3, 'LOOKING', [3, 0, 3, 0])],
    ['a sender in a role', note(3, 'FOLLOWING', [3, 0, 1, 0])],
  ])('LOOKING: no answer to %s', (_, n) => {
    const { server, cases } = after(running(disk(1), config, looking), n, 'TestState', 'Enqueue', 'CompareRound');
    expect(cases).toEqual(['silent']);
    expect(lifeOf(server)).toMatchObject({ nq: [n], worker: { stage: 'IDLE' } });
  });

  test('in a role: a LOOKING sender gets the published vote with its own round', () => {
    const { sends, cases } = after(
      running(disk(1), config, { ...following, clk: round(8) }),
      ask,
      'TestState',
      'SendReply',
    );
    expect(cases).toEqual(['decided']);
    expect(sends).toEqual([{ to: sid(3), message: message('FOLLOWING', [2, 5, 3, 1]) }]);
  });

  test('in a role: nothing for a sender in a role', () => {
    const { server, cases } = after(running(disk(1), config, following), note(3, 'LEADING', [3, 0, 9, 9]), 'TestState');
    expect(cases).toEqual(['silent']);
    expect(lifeOf(server)).toMatchObject({ nq: [], worker: { stage: 'IDLE' } });
  });

  test('an own late copy is answered like any other', () => {
    const { sends } = after(
      running(disk(1), config, following),
      note(1, 'LOOKING', [1, 0, 3, 0]),
      'TestState',
      'SendReply',
    );
    expect(sends).toEqual([{ to: s, message: message('FOLLOWING', [2, 5, 3, 1]) }]);
  });

  test('a busy one takes nothing', () => {
    expect(takeMessage(after(running(disk(1), config, looking), ask).server, ask)).toBe(null);
  });
});

describe('torn reads', () => {
  test('TR-A: the clock and the proposal move between capture and sending', () => {
    const { server } = after(running(disk(1), config, looking), ask, 'TestState', 'Enqueue', 'CompareRound');
    const moved = live(server, { clk: round(5), prop: proposal(3, 5, 1) });
    const { sends, cases } = only(moved, { name: 'SendReply', s });
    expect(cases).toEqual(['TR-A']);
    expect(sends[0]?.message).toEqual(message('LOOKING', [2, 5, 5, 1]));
  });

  test('TR-B: LOOKING again, the election not yet begun', () => {
    const { sends, cases } = after(running(disk(1), config, { ...looking, pc: 'ENTER' }), ask, ...all);
    expect(cases).toEqual(['TR-B']);
    expect(sends[0]?.message).toEqual(message('LOOKING', [2, 5, 3, 1]));
  });

  test('TR-C: the state is set, the vote not yet published', () => {
    const server = running(disk(1, 5, 1), config, { ...looking, st: 'FOLLOWING', pc: 'DECIDED' });
    const { sends, cases } = after(server, ask, 'TestState', 'SendReply');
    expect(cases).toEqual(['TR-C']);
    expect(sends[0]?.message).toEqual(message('FOLLOWING', [1, 5, -1, 1]));
  });

  test('TR-D: the proposal is captured while LOOKING, the state read after the exit', () => {
    const { server } = after(running(disk(1), config, looking), ask, 'TestState', 'Enqueue', 'CompareRound');
    const { sends, cases } = only(live(server, { st: 'FOLLOWING', pc: 'DECIDED', clk: round(1) }), {
      name: 'SendReply',
      s,
    });
    expect(cases).toEqual(['TR-D']);
    expect(sends[0]?.message).toEqual(message('FOLLOWING', [2, 5, 1, 1]));
  });

  test('TR-E: the vote is captured in a role, the state read after its end', () => {
    const { server } = after(running(disk(1), config, following), ask, 'TestState');
    const { sends, cases } = only(live(server, { st: 'LOOKING', pc: 'ENTER' }), { name: 'SendReply', s });
    expect(cases).toEqual(['TR-E']);
    expect(sends[0]?.message).toEqual(message('LOOKING', [2, 5, 3, 1]));
  });

  test('TR-F: tested while LOOKING, queued after the exit', () => {
    const { server } = after(running(disk(1), config, looking), ask, 'TestState');
    const { server: end, cases } = only(live(server, { st: 'FOLLOWING', pc: 'OUT' }), { name: 'Enqueue', s });
    expect(cases).toEqual(['TR-F']);
    expect(lifeOf(end).nq).toEqual([ask]);
  });
});
