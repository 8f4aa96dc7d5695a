/** Scenarios as data: who takes part, what is done to whom, and what must be true before the next step. */

/** One thing that is done, in order. */
export type ScenarioStep =
  /** Start these servers, all at once. */
  | { readonly do: 'start'; readonly sids: readonly number[] }
  /** SIGKILL: the process ends without a word. */
  | { readonly do: 'crash'; readonly sid: number }
  /** SIGTERM. */
  | { readonly do: 'stop'; readonly sid: number }
  /** Wait until these servers report exactly one leader (this one, if named) and a role for each other. */
  | { readonly do: 'expect'; readonly running: readonly number[]; readonly leader?: number };

export interface Scenario {
  readonly name: string;
  /** One sentence: what happens. */
  readonly sentence: string;
  readonly voters: readonly number[];
  readonly observers: readonly number[];
  /** Further lines of zoo.cfg, such as groups and weights. */
  readonly config: readonly string[];
  readonly steps: readonly ScenarioStep[];
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'three-start',
    sentence: 'Three servers start together.',
    voters: [1, 2, 3],
    observers: [],
    config: [],
    steps: [
      { do: 'start', sids: [1, 2, 3] },
      { do: 'expect', running: [1, 2, 3] },
    ],
  },
  {
    name: 'follower-restart',
    sentence: 'Server1 of three crashes and restarts as a follower.',
    voters: [1, 2, 3],
    observers: [],
    config: [],
    steps: [
      { do: 'start', sids: [1, 2, 3] },
      { do: 'expect', running: [1, 2, 3], leader: 3 },
      { do: 'crash', sid: 1 },
      { do: 'expect', running: [2, 3], leader: 3 },
      { do: 'start', sids: [1] },
      { do: 'expect', running: [1, 2, 3], leader: 3 },
    ],
  },
  {
    name: 'leader-crash',
    sentence: 'Leader Server4 of four crashes, the others elect a new leader, Server4 returns.',
    voters: [1, 2, 3, 4],
    observers: [],
    config: [],
    steps: [
      { do: 'start', sids: [1, 2, 3, 4] },
      { do: 'expect', running: [1, 2, 3, 4], leader: 4 },
      { do: 'crash', sid: 4 },
      { do: 'expect', running: [1, 2, 3] },
      { do: 'start', sids: [4] },
      { do: 'expect', running: [1, 2, 3, 4] },
    ],
  },
];
