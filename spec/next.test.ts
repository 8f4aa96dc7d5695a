import { describe, expect, test } from 'vitest';
import { makeRng } from '../base/rng.js';
import type { Action } from './action.js';
import { ALIASES } from './aliases.js';
import { enabledLocal, enabledReceives } from './enabled-actions.js';
import { strict, windowed, type Grain } from './grains.js';
import { initialState } from './init.js';
import { ENVIRONMENT, RECEIVING, SYSTEM, localWhyNot, nextStates, whyNotEnabled } from './next.js';
import type { State } from './state.js';
import { disk, ensemble, run, sid } from './testing.js';

const config = ensemble(3);
const start = initialState({ servers: [1, 2, 3].map((s) => disk(s)), config, laterConfigs: [], oracle: false });
const all = [1, 2, 3].map(sid);

/** Everything the servers can do now but leave a role or send again. */
function busy(state: State, grain: Grain): readonly Action[] {
  const local = [...state.servers.values()].flatMap((server) => enabledLocal(server));
  const receives = all.flatMap((s) => enabledReceives(state, s));
  const wanted = [...local, ...receives].filter(({ name }) => name !== 'Leave' && name !== 'Resend');
  return wanted.filter((action) => grain.whyNot(state, action) === null);
}

/** Three servers start together and take steps, silence last, until none is left. */
function elect(grain: Grain, seed: number): State {
  const rng = makeRng(seed);
  let state = all.reduce((at, s) => grain.next(at, { name: 'Restart', s })[0]?.state ?? at, start);
  for (let i = 0; i < 5000; i++) {
    const actions = busy(state, grain);
    const lively = actions.filter(({ name }) => name !== 'Silence');
    const choice = lively.length > 0 ? lively : actions;
    const action = choice[rng.below(choice.length)];
    if (action === undefined) return state;
    const [step] = grain.next(state, action);
    if (step === undefined) throw new Error(`${action.name} is enabled without result`);
    state = step.state;
  }
  throw new Error('the election does not end');
}

describe.each([windowed, strict])('$name', (grain) => {
  test.each([1, 2, 3, 4])('three fresh servers elect the highest id (%i)', (seed) => {
    const lives = [...elect(grain, seed).servers.values()].map(({ life }) => life);
    expect(lives.map((life) => life?.st)).toEqual(['FOLLOWING', 'FOLLOWING', 'LEADING']);
    expect(lives.map((life) => [life?.cur.leader, life?.cur.round])).toEqual(Array.from({ length: 3 }, () => [3n, 1n]));
  });
});

describe('strict steps', () => {
  test('a restart begins the election at once, a receipt ends with WorkerReceiver idle', () => {
    const [up] = strict.next(start, { name: 'Restart', s: sid(1) });
    expect(up?.state.servers.get(sid(1))?.life).toMatchObject({ pc: 'POLL', clk: 1n });
    expect(up?.sends).toHaveLength(3);
    const [got] = strict.next(up?.state ?? start, { name: 'Receive', from: sid(1), s: sid(1) });
    expect(got?.state.servers.get(sid(1))?.life).toMatchObject({ nq: [{ from: 1n }], worker: { stage: 'IDLE' } });
    expect(got?.cases).toEqual(['plain', 'looking', 'plain', 'silent']);
  });

  test('inner steps are none of their own', () => {
    const up = run(start, { name: 'Restart', s: sid(1) });
    expect(whyNotEnabled(up, { name: 'Begin', s: sid(1) })).toBe(null);
    expect(strict.whyNot(up, { name: 'Begin', s: sid(1) })).not.toBe(null);
    expect(strict.next(up, { name: 'Begin', s: sid(1) })).toEqual([]);
  });
});

test('a step that is not enabled leads nowhere', () => {
  expect(nextStates(start, { name: 'Begin', s: sid(1) })).toEqual([]);
  expect(nextStates(start, { name: 'Begin', s: sid(9) })).toEqual([]);
  expect(nextStates(start, { name: 'Crash', s: sid(1) })).toEqual([]);
});

test('enabledLocal names exactly the enabled steps', () => {
  const rng = makeRng(7);
  let state = all.reduce((at, s) => run(at, { name: 'Restart', s }), start);
  for (let i = 0; i < 1000; i++) {
    for (const server of state.servers.values()) {
      const names = Object.values(SYSTEM).map(({ name }) => name);
      const enabled = names.filter((name) => localWhyNot(server, { name, s: server.sid }) === null);
      expect(new Set(enabledLocal(server).map(({ name }) => name))).toEqual(new Set(enabled));
    }
    const actions = [...state.servers.values()].flatMap((server) => enabledLocal(server));
    const receives = all.flatMap((s) => enabledReceives(state, s));
    const action = [...actions, ...receives, ...receives][rng.below(actions.length + 2 * receives.length)];
    state = (action && nextStates(state, action)[0]?.state) ?? state;
  }
});

test('every rule stands under its own name and has an alias', () => {
  const rules = { ...SYSTEM, ...RECEIVING, ...ENVIRONMENT };
  for (const [name, rule] of Object.entries(rules)) expect(rule.name).toBe(name);
  expect(Object.keys(ALIASES).toSorted()).toEqual(Object.keys(rules).toSorted());
});
