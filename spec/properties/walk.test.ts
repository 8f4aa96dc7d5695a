/** Random behaviours of the whole specification: what is claimed holds, and what is refuted is met. */
import { describe, expect, test } from 'vitest';
import { makeRng, type Rng } from '../../base/rng.js';
import { manyOf, THOROUGH } from '../../scripts/thorough.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { EXTENTS, type Action } from '../action.js';
import { enabledLocal, enabledReceives } from '../enabled-actions.js';
import { GRAINS, type Grain } from '../grains.js';
import { emptyHistory, extend, type History, type StepTaken } from '../history.js';
import { initialState } from '../init.js';
import type { Server, State } from '../state.js';
import { config, epoch, weighted, zxid } from './examples.js';
import { FALSE_CLAIMS, isClaimed, PROPERTIES, violationOf } from './index.js';

function pick<T>(rng: Rng, from: readonly T[]): T {
  return from[rng.below(from.length)] as T;
}

/** What the world may do to one server; whatever is not enabled falls away later. */
function faults(state: State, { sid: s, life }: Server, rng: Rng): Action[] {
  const others = [...state.servers.values()].filter((each) => each.sid !== s);
  const to = pick(rng, [...state.servers.keys()]);
  const result: Action[] = [];
  if (life === null && rng.chance(0.3)) result.push({ name: 'Restart', s });
  if (rng.chance(0.01)) result.push({ name: 'Crash', s });
  if (rng.chance(0.05)) {
    result.push({ name: 'Lose', from: s, to, index: 0 }, { name: 'Replay', from: s, to });
    result.push({ name: 'Break', a: s, b: to, keepAB: rng.below(2), keepBA: rng.below(2) });
  }
  if (life?.st === 'LEADING' && rng.chance(0.3)) {
    const followers = others.filter((each) => each.life?.cur.leader === s && rng.chance(0.9)).map((each) => each.sid);
    result.push({ name: 'Activate', leader: s, followers, extent: pick(rng, EXTENTS) }, { name: 'Write', leader: s });
  }
  if (rng.chance(0.1)) result.push({ name: 'CatchUp', s });
  return result;
}

function candidates(state: State, rng: Rng): Action[] {
  const result: Action[] = [];
  for (const server of state.servers.values()) {
    for (const action of enabledLocal(server)) {
      const chance = action.name === 'Leave' ? 0.05 : action.name === 'Resend' ? 0.3 : 1;
      if (rng.chance(chance)) result.push(action);
    }
    result.push(...enabledReceives(state, server.sid), ...faults(state, server, rng));
  }
  return result;
}

/** Steps of one behaviour, each with the history after it. */
function* behaviour(first: State, grain: Grain, length: number, rng: Rng): Generator<readonly [StepTaken, History]> {
  let [state, history] = [first, emptyHistory(first)];
  for (let i = 0; i < length; i++) {
    const actions = candidates(state, rng);
    const action = actions.length === 0 ? null : pick(rng, actions);
    const next = action === null ? [] : grain.next(state, action);
    if (action === null || next.length === 0) continue;
    const { state: after, sends } = pick(rng, next);
    const step = { before: state, action, after, sends };
    history = extend(history, step);
    state = after;
    yield [step, history];
  }
}

function first(committed: EnsembleConfig, rng: Rng): State {
  const servers = committed.members.map((member) => ({
    sid: member.sid,
    zxid: zxid(rng.below(3)),
    currentEpoch: epoch(0),
    acceptedEpoch: epoch(0),
  }));
  return initialState({ servers, config: committed, laterConfigs: [], oracle: false });
}

describe.each(['windowed', 'strict'] as const)('%s', (name) => {
  test.each([
    ['three voters', config(3)],
    ['four voters', config(4)],
    ['an observer', config(3, { kind: 'majority' }, 4)],
    ['weights', weighted(2, 1, 1)],
    ['a weight of zero', weighted(2, 1, 1, 0)],
    ['an oracle', config(2, { kind: 'oracle', oraclePath: '/oracle' })],
  ] as const)('no claim is broken: %s', (_what, committed) => {
    for (let seed = 1; seed <= manyOf(10); seed++) {
      const rng = makeRng(seed);
      const start = first(committed, rng);
      const claimed = PROPERTIES.filter((property) => isClaimed(property, start, name));
      for (const [step, history] of behaviour(start, GRAINS[name], 2000, rng)) {
        for (const property of claimed) {
          const violation = violationOf(property, step, history);
          if (violation !== null) expect.fail(`${property.id}, seed ${seed}: ${violation}`);
        }
      }
    }
  });
});

test('false claims are refuted by behaviours of the specification', () => {
  const open = new Set(FALSE_CLAIMS);
  for (let seed = 1; seed <= (THOROUGH ? 200 : 10) && open.size > 0; seed++) {
    const rng = makeRng(seed);
    const start = first(config(3, { kind: 'majority' }, seed % 2 === 0 ? 3 : 4), rng);
    const grain = GRAINS[seed % 3 === 0 ? 'strict' : 'windowed'];
    for (const [step, history] of behaviour(start, grain, 3000, rng)) {
      for (const claim of open) if (claim.witness(step, history)) open.delete(claim);
    }
  }
  // A witness of every one is kept, and played by another test.
  if (THOROUGH) expect([...open].map(({ id }) => id)).toEqual([]);
  else expect(open.size).toBeLessThan(FALSE_CLAIMS.length / 2);
});
