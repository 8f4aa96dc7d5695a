/** Random crashes and restarts of five servers, as steps: a pure function of a seed. */
import { makeRng, type Rng } from '../../base/rng.js';
import type { Scenario, ScenarioStep } from './scenario.js';

const VOTERS = [1, 2, 3, 4, 5] as const;
/** How long the storm lasts if nobody says, start and end not counted. */
const STORM_SECONDS = 18;
const WAITS = [0.2, 0.5, 0.9, 1.4, 2.2, 3.1] as const;

/** Up to two servers are down at a time; now and then three, so that no quorum is left. Ends with all five running. */
export function crashStorm(seed: number, stormSeconds: number = STORM_SECONDS): Scenario {
  const storm: ScenarioStep[] = [];
  const rng = makeRng(seed);
  let down: readonly number[] = [];
  for (let passed = 0; passed < stormSeconds;) {
    const most = rng.chance(0.2) ? 3 : 2;
    const crash = down.length === 0 || (down.length < most && rng.chance(0.5));
    const sids = crash ? pick(rng, without(VOTERS, down), most - down.length) : pick(rng, down, down.length);
    if (crash) storm.push(...sids.map((sid) => ({ do: 'crash', sid }) as const));
    else storm.push({ do: 'start', sids });
    down = crash ? [...down, ...sids] : without(down, sids);
    const seconds = WAITS[rng.below(WAITS.length)] ?? 1;
    storm.push({ do: 'wait', seconds });
    passed += seconds;
  }
  const all = [...VOTERS];
  return {
    name: 'crash-storm',
    sentence: 'Five servers crash and restart at random; at the end all five run.',
    voters: VOTERS,
    observers: [],
    config: [],
    seed,
    steps: [
      { do: 'start', sids: all },
      { do: 'expect', running: all },
      ...storm,
      ...(down.length > 0 ? [{ do: 'start', sids: down } as const] : []),
      { do: 'expect', running: all },
    ],
  };
}

/** At least one and at most `most` of them, ascending. */
function pick(rng: Rng, sids: readonly number[], most: number): readonly number[] {
  let rest = sids;
  const count = 1 + rng.below(most);
  for (let taken = 0; taken < count; taken += 1) rest = rest.toSpliced(rng.below(rest.length), 1);
  return without(sids, rest);
}

function without(sids: readonly number[], gone: readonly number[]): readonly number[] {
  return sids.filter((sid) => !gone.includes(sid));
}
