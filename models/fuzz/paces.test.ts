/** Goal: uneven speeds make happen what fair walks never do, and runs without them are what they were. */
import { describe, expect, it } from 'vitest';
import { makeRng } from '../../base/rng.js';
import type { Action } from '../../spec/action.js';
import { initialState } from '../../spec/init.js';
import { nextStates } from '../../spec/next.js';
import { implSubject } from '../conformance/impl-subject.js';
import { Fuzzer, pacesOf } from './fuzz.js';
import { pacedAction, Paces } from './paces.js';
import { setupFromSeed, DEFAULT_WALK } from './suite.js';
import type { SetupStyle } from './setups.js';

const THREE: SetupStyle = { voters: [3, 3], observersMax: 0, grouped: 0, extreme: 0, reconfigured: 0, oracles: 0 };
const RUNS = 80;

/** The longest recvqueue of a server in each run, and its actions. */
function queues(paces?: null): { readonly longest: readonly number[]; readonly actions: readonly string[] } {
  const longest: number[] = [];
  const actions: string[] = [];
  let most = 0;
  let run: Action[] = [];
  const fuzzer = new Fuzzer({
    subject: implSubject,
    seed: 1,
    setups: THREE,
    walk: { ...DEFAULT_WALK, faults: [], ...(paces === null ? { paces } : {}) },
    stepsPerRun: 200,
    makeWatch: null,
    onStep: ({ state }, action) => {
      run.push(action);
      for (const { life } of state.servers.values()) most = Math.max(most, life?.nq.length ?? 0);
    },
  });
  for (let index = 0; index < RUNS; index += 1) {
    [most, run] = [0, []];
    fuzzer.run(index);
    longest.push(most);
    actions.push(run.map(({ name }) => name).join());
  }
  return { longest, actions };
}

describe('threads and connections of uneven speed', () => {
  it('let notifications pile up as fair walks do not; the other runs are the same', () => {
    const [uneven, fair] = [queues(), queues(null)];
    const piled = (lengths: readonly number[]): number => lengths.filter((length) => length >= 7).length;
    expect(piled(fair.longest)).toBe(0);
    expect(piled(uneven.longest)).toBeGreaterThanOrEqual(3);
    const isSame = uneven.actions.map((actions, run) => actions === fair.actions[run]);
    const same = isSame.filter(Boolean).length;
    expect(same).toBeGreaterThan(RUNS / 4);
    expect(same).toBeLessThan((RUNS * 3) / 4);
  });

  it('equal seeds draw equal speeds, for about half of the runs', () => {
    const drawn = Array.from({ length: 1000 }, (_, seed) => pacesOf(seed));
    const some = drawn.filter((paces) => paces !== null).length;
    expect(some).toBeGreaterThan(440);
    expect(some).toBeLessThan(560);
    const action = { name: 'Handle', s: setupFromSeed(1, THREE).servers[0]?.sid ?? 1n } as never;
    drawn.forEach((paces, seed) => expect(paces?.of(action)).toBe(pacesOf(seed)?.of(action)));
  });

  it('the faster is taken the more often, in the ratio of the speeds', () => {
    const setup = setupFromSeed(1, THREE);
    let state = initialState(setup);
    for (const { sid: s } of setup.servers) state = nextStates(state, { name: 'Restart', s })[0]?.state ?? state;
    const paces = new Paces(makeRng(7));
    const begins = setup.servers.map(({ sid: s }) => ({ name: 'Begin', s }) as const);
    const all = begins.reduce((sum, begin) => sum + paces.of(begin), 0);
    const rng = makeRng(1);
    const taken = Array.from({ length: 4000 }, () => pacedAction(state, paces, rng));
    for (const begin of begins) {
      const share = taken.filter((action) => action !== null && 's' in action && action.s === begin.s).length / 4000;
      expect(Math.abs(share - paces.of(begin) / all)).toBeLessThan(0.03);
    }
  });
});
