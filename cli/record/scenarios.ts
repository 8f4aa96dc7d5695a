/**
 * Every scenario that can be recorded. Where one server must lead, it is started a second before the others, so that it
 * is heard before a quorum has formed without it.
 */
import { crashStorm } from './crash-storm.js';
import type { Scenario, ScenarioStep } from './scenario.js';

const THREE = [1, 2, 3] as const;
const FOUR = [1, 2, 3, 4] as const;
const FIVE = [1, 2, 3, 4, 5] as const;
const STORM_SEED = 1;

/** Server `first` runs before the others do, and leads. */
function startLedBy(first: number, all: readonly number[]): readonly ScenarioStep[] {
  return [
    { do: 'start', sids: [first] },
    { do: 'wait', seconds: 1 },
    { do: 'start', sids: all.filter((sid) => sid !== first) },
    { do: 'expect', running: all, leader: first },
  ];
}

/** The server goes down politely and comes back as a follower of the leader. */
function restart(sid: number, leader: number): readonly ScenarioStep[] {
  return [
    { do: 'stop', sid },
    { do: 'start', sids: [sid] },
    { do: 'expect', running: FIVE, leader },
  ];
}

const STARTS_AND_CRASHES: readonly Scenario[] = [
  {
    name: 'three-start',
    sentence: 'Three servers start together.',
    voters: THREE,
    observers: [],
    config: [],
    steps: [
      { do: 'start', sids: THREE },
      { do: 'expect', running: THREE },
    ],
  },
  {
    name: 'follower-restart',
    sentence: 'Server1 of three crashes and restarts as a follower.',
    voters: THREE,
    observers: [],
    config: [],
    steps: [
      { do: 'start', sids: THREE },
      { do: 'expect', running: THREE, leader: 3 },
      { do: 'crash', sid: 1 },
      { do: 'expect', running: [2, 3], leader: 3 },
      { do: 'start', sids: [1] },
      { do: 'expect', running: THREE, leader: 3 },
    ],
  },
  {
    name: 'leader-crash',
    sentence: 'Leader Server4 of four crashes, the others elect a new leader, Server4 returns.',
    voters: FOUR,
    observers: [],
    config: [],
    steps: [
      { do: 'start', sids: FOUR },
      { do: 'expect', running: FOUR, leader: 4 },
      { do: 'crash', sid: 4 },
      { do: 'expect', running: THREE },
      { do: 'start', sids: [4] },
      { do: 'expect', running: FOUR },
    ],
  },
  {
    name: 'rolling-restart',
    sentence: 'Five servers are stopped and started again one after the other, the leader Server5 last.',
    voters: FIVE,
    observers: [],
    config: [],
    steps: [
      ...startLedBy(5, FIVE),
      ...FOUR.flatMap((sid) => restart(sid, 5)),
      { do: 'stop', sid: 5 },
      { do: 'expect', running: FOUR },
      { do: 'start', sids: [5] },
      { do: 'expect', running: FIVE },
    ],
  },
  {
    name: 'observer-leader-crash',
    sentence: 'Leader Server3 of three voters and the observer Server4 crashes and returns.',
    voters: THREE,
    observers: [4],
    config: [],
    steps: [
      ...startLedBy(3, FOUR),
      { do: 'crash', sid: 3 },
      { do: 'expect', running: [1, 2, 4] },
      { do: 'start', sids: [3] },
      { do: 'expect', running: FOUR },
    ],
  },
];

const OTHER_TROUBLE: readonly Scenario[] = [
  {
    name: 'leader-frozen',
    sentence: 'Leader Server3 of three is frozen, the others replace it, it is thawed and follows.',
    voters: THREE,
    observers: [],
    config: [],
    steps: [
      ...startLedBy(3, THREE),
      { do: 'freeze', sid: 3 },
      { do: 'expect', running: [1, 2] },
      { do: 'thaw', sid: 3 },
      { do: 'expect', running: THREE },
    ],
  },
  {
    name: 'lone-server',
    sentence: 'Server1 looks for the others alone for 15 seconds, then they start.',
    voters: THREE,
    observers: [],
    config: [],
    steps: [
      { do: 'start', sids: [1] },
      { do: 'wait', seconds: 15 },
      { do: 'start', sids: [2, 3] },
      { do: 'expect', running: THREE },
    ],
  },
  {
    name: 'zxids-differ',
    sentence: 'Server3 misses what a client wrote; in the next election the zxid of Server1 beats the id of Server3.',
    voters: THREE,
    observers: [],
    config: [],
    steps: [
      { do: 'start', sids: [1, 2] },
      { do: 'expect', running: [1, 2], leader: 2 },
      { do: 'start', sids: [3] },
      { do: 'expect', running: THREE, leader: 2 },
      { do: 'crash', sid: 3 },
      { do: 'expect', running: [1, 2], leader: 2 },
      { do: 'write', through: 2, nodes: 3 },
      { do: 'crash', sid: 2 },
      { do: 'start', sids: [3] },
      { do: 'expect', running: [1, 3], leader: 1 },
      { do: 'start', sids: [2] },
      { do: 'expect', running: THREE, leader: 1 },
    ],
  },
  {
    name: 'followers-cut',
    sentence: 'All connections of the followers Server1 and Server2 of five with the leader Server5 are cut.',
    voters: FIVE,
    observers: [],
    config: [],
    steps: [...startLedBy(5, FIVE), { do: 'cut', sid: 5, from: [1, 2] }, { do: 'expect', running: FIVE, leader: 5 }],
  },
  {
    name: 'hierarchical',
    sentence: 'Two groups, Server5 weighs nothing; leader Server4 crashes and returns.',
    voters: FIVE,
    observers: [],
    // Both groups are needed: 1 and 2 in the first, 3 in the second.
    config: ['group.1=1:2:5', 'group.2=3:4', 'weight.3=2', 'weight.4=1', 'weight.5=0'],
    steps: [
      { do: 'start', sids: [4, 5] },
      { do: 'wait', seconds: 1 },
      { do: 'start', sids: THREE },
      { do: 'expect', running: FIVE, leader: 4 },
      { do: 'crash', sid: 4 },
      { do: 'expect', running: [1, 2, 3, 5], leader: 3 },
      { do: 'start', sids: [4] },
      { do: 'expect', running: FIVE, leader: 3 },
    ],
  },
];

export const SCENARIOS: readonly Scenario[] = [...STARTS_AND_CRASHES, ...OTHER_TROUBLE, crashStorm(STORM_SEED)];
