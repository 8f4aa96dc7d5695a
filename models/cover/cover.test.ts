/**
 * Goal: a share says what it seems to say. Method: a model so small that everything is counted by hand; walks that must touch all
 * of it; actions left out that must show as gaps; walks and scripts of every kind, of which none may leave what is reachable.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { makeRng } from '../../base/rng.js';
import { Graph } from '../../checker/live/graph.js';
import { checkNaively } from '../../checker/naive.js';
import { manyOf, THOROUGH } from '../../scripts/thorough.js';
import type { Action } from '../../spec/action.js';
import { asPeerEpoch, asZxid } from '../../types/ids.js';
import { Conformance } from '../conformance/conformance.js';
import { implSubject } from '../conformance/impl-subject.js';
import { bounds } from '../election/testing.js';
import { specSystem } from '../election/spec-system.js';
import { parseAction } from '../fuzz/action-text.js';
import type { Script } from '../fuzz/script.js';
import { DEFAULT_WALK } from '../fuzz/suite.js';
import { chooseAction } from '../fuzz/walk.js';
import { exampleOf } from './example.js';
import { gapGroups, pairGaps, Paths } from './gaps.js';
import { pairsIn } from './pairs.js';
import { Player, situationOf } from './player.js';
import { Rest } from './rest.js';
import { touchScript } from './scripts.js';
import { Space } from './space.js';
import { sharesOf, Touched } from './touched.js';
import { CoverageWalk, type WalkOptions } from './walk.js';

const MUCH = { maxBytes: 2 ** 30 };

async function spaceOf(options: Readonly<Record<string, string>>): Promise<Space> {
  const within = bounds(options);
  return new Space(await Graph.of(specSystem(within), { fairness: [], restrictions: [] }, MUCH), within);
}

function walked(space: Space, runs: number, options: Partial<WalkOptions> = {}): Touched {
  const touched = new Touched(space);
  const walk = new CoverageWalk(space, touched, { subject: implSubject, seed: 1, stepsPerRun: 400, ...options });
  for (let run = 0; run < runs; run += 1) walk.run(run);
  return touched;
}

/** The walk of the fuzzer as it is, of every fault. */
function freely(setup: Script['setup'], seed: number): Script {
  const rng = makeRng(seed);
  const run = new Conformance(implSubject, setup);
  const sids = setup.servers.map(({ sid }) => sid);
  const actions: Action[] = [];
  while (actions.length < 120) {
    const action = chooseAction(run.state, sids, { rng, style: DEFAULT_WALK });
    if (action === null) break;
    actions.push(action);
    run.step(action);
  }
  return { setup, actions };
}

/** `touched of all`, in the order of the table. */
function told(space: Space, touched: Touched): readonly string[] {
  return Object.values(sharesOf(space, pairsIn(space), touched)).map((share) => `${share.touched} of ${share.all}`);
}

describe('one server that votes for itself', () => {
  // It has begun and its own copy is on the way; it takes the copy, counts itself as the quorum of one and waits for
  // silence (merged); the wait ends and it leads. Three states, two steps, nothing else can happen.
  const PAIRS = [
    ['Receive', 0],
    ['TestState looking', 0],
    ['Enqueue', 0],
    ['CompareRound silent', 0],
    ['Handle K4', 0],
    ['Silence', 1],
    ['FinalEnd', 1],
    ['Publish', 1],
  ] as const;
  let space: Space;
  beforeAll(async () => void (space = await spaceOf({ servers: '1' })));

  it('has a space that can be counted by hand', () => {
    expect(told(space, new Touched(space))).toEqual(['0 of 3', '0 of 2', '0 of 3', '0 of 2', '0 of 8']);
    expect(new Map(pairsIn(space))).toEqual(new Map(PAIRS));
  });

  it('of which each step touches what it should', () => {
    const rest = new Rest(space);
    const touched = new Touched(space);
    const player = new Player({ space, rest, touched, subject: implSubject });
    player.begin();
    expect(told(space, touched)).toEqual(['1 of 3', '0 of 2', '1 of 3', '0 of 2', '0 of 8']);
    player.playHead('Receive 1->1');
    expect(told(space, touched)).toEqual(['2 of 3', '1 of 2', '2 of 3', '1 of 2', '4 of 8']);
    player.playHead('Silence 1');
    expect(told(space, touched)).toEqual(['3 of 3', '2 of 2', '3 of 3', '2 of 2', '8 of 8']);
    // Restart; Begin; Receive with three steps of WorkerReceiver; Handle; Silence, FinalEnd, Publish.
    expect(touched.steps).toBe(10);
    expect([...touched.outside]).toEqual([['not yet where the model begins', 1]]);
  });
});

describe('two servers', () => {
  let space: Space;
  beforeAll(async () => void (space = await spaceOf({ servers: '2' })));

  it('has as many states and steps as the naive exploration', () => {
    const { distinct, generated } = checkNaively(specSystem(bounds({ servers: '2' })));
    // The initial state is generated, too; no step of this model leaves everything as it was.
    expect([space.states, space.edges]).toEqual([distinct, generated - 1]);
  });

  it('is touched wholly, sooner or later: exactly 100 %', () => {
    // With other seeds and the usual patience it takes up to 70,000 steps.
    const touched = walked(space, 200, { seed: 3, style: { impatience: 0.5 } });
    const shares = sharesOf(space, pairsIn(space), touched);
    for (const [name, share] of Object.entries(shares)) expect([name, share.touched]).toEqual([name, share.all]);
    expect([...pairGaps(space, pairsIn(space), touched), ...gapGroups(space, touched)]).toEqual([]);
  });

  it('equal seeds touch the same', () => {
    const [a, b] = [walked(space, 20), walked(space, 20)];
    expect(a).toEqual(b);
    expect(walked(space, 20, { seed: 2 })).not.toEqual(a);
  });

  it('an action that the walk leaves out is a gap, and what lies behind it', () => {
    const touched = walked(space, 120, { leaveOut: ({ name }) => name === 'Silence' });
    const pairs = pairsIn(space);
    expect(
      pairGaps(space, pairs, touched)
        .map(({ pair }) => pair)
        .sort(),
    ).toEqual(['FinalEnd', 'Publish', 'Silence']);
    const [first] = gapGroups(space, touched);
    expect([first?.action, first?.at, first?.localTransitions.touched]).toEqual([
      'Silence, then FinalEnd, Publish',
      'FINAL (LOOKING)',
      0,
    ]);
    expect([...touched.pairs].filter((pair) => !pairs.has(pair))).toEqual([]);
  });

  it('a message that is never taken is a gap of that connection alone', () => {
    const touched = walked(space, 60, { leaveOut: (action) => action.name === 'Receive' && action.from === 1n });
    const heads = space.localSteps.flatMap(({ head }, step) =>
      touched.localSteps[step] === 1 ? [space.heads.texts[head] ?? ''] : [],
    );
    expect(heads.some((head) => head.startsWith('Receive 1->'))).toBe(false);
    expect(heads.some((head) => head.startsWith('Receive 2->'))).toBe(true);
  });
});

const LARGE: readonly Readonly<Record<string, string>>[] = [
  {},
  { losses: '1', nq: '2' },
  { servers: '2', crashes: '1', losses: '1', partial: '1', full: '1', leaves: '1', rounds: '2', nq: '2' },
  { servers: '2', crashes: '1', partial: '1', full: '1', leaves: '1', rounds: '2', nq: '2', grain: 'windowed' },
  { servers: '2', crashes: '2', losses: '2', reduce: 'none' },
  { servers: '2', resend: 'silence', nq: '2', losses: '1' },
  { servers: '2', observers: '1', nq: '2' },
];

describe('nothing is touched that is not reachable, and nothing within the model leads out of it', () => {
  // A violation throws an internal error that names state and action.
  it.each<Readonly<Record<string, string>>>([
    ...(THOROUGH ? LARGE : []),
    { servers: '2', reduce: 'none' },
    { servers: '2', grain: 'windowed', losses: '1', nq: '1' },
    { servers: '2', crashes: '1', losses: '1' },
    { servers: '2', channel: 'f2', losses: '1' },
    { servers: '2', resend: 'silence', nq: '1' },
    { servers: '2', partial: '1', full: '1' },
    { servers: '2', leaves: '1', rounds: '2', release: '3.4.14' },
  ])('%j', async (options) => {
    const space = await spaceOf(options);
    const touched = walked(space, manyOf(200));
    expect(touched.pairs.size).toBeGreaterThan(5);
    expect([...touched.outside.keys()]).toEqual(['not yet where the model begins']);
    const pairs = pairsIn(space);
    expect([...touched.pairs].filter((pair) => !pairs.has(pair))).toEqual([]);
    // Who touches a step of the ensemble touches that step of its server.
    const alone = [...touched.edges.keys()].filter(
      (edge) => touched.edges[edge] === 1 && space.localsOf(edge).some((local) => touched.localSteps[local] === 0),
    );
    expect(alone).toEqual([]);
  });

  it('scripts that do as they like are followed where they are within it', async () => {
    const space = await spaceOf({ servers: '2', crashes: '1', losses: '1' });
    const rest = new Rest(space);
    const touched = new Touched(space);
    for (let seed = 1; seed <= manyOf(60); seed += 1) {
      touchScript({ space, rest, touched, subject: implSubject }, freely(situationOf(space), seed));
    }
    const reasons = [...touched.outside.keys()];
    expect(reasons).toContain('what is one step in the model was taken apart');
    expect(reasons).toContain('Resend is no step of the model');
    expect(
      Math.min(...Object.values(sharesOf(space, pairsIn(space), touched)).map((share) => share.touched)),
    ).toBeGreaterThan(5);
    const free = walked(space, 20);
    expect([...touched.outside.values()].reduce((sum, steps) => sum + steps, 0)).toBeLessThan(touched.steps);
    expect([...free.outside.keys()]).toEqual(['not yet where the model begins']);
  });

  it('servers of other histories are followed one by one', async () => {
    const space = await spaceOf({ servers: '2' });
    const rest = new Rest(space);
    const [touched, large] = [new Touched(space), new Touched(space)];
    const setup = situationOf(space);
    const script = freely(setup, 5);
    const disk = { zxid: asZxid(0x3_0000_0007n), currentEpoch: asPeerEpoch(3n), acceptedEpoch: asPeerEpoch(3n) };
    const servers = setup.servers.map((server) => ({ ...server, ...disk }));
    // Up to a second round or an epoch there is one of each; behind them the one is renamed, the other is outside.
    const actions = script.actions.slice(
      0,
      script.actions.findIndex(({ name }) => name === 'Activate' || name === 'Leave') >>> 0,
    );
    touchScript({ space, rest, touched, subject: implSubject }, { setup, actions });
    touchScript({ space, rest, touched: large, subject: implSubject }, { setup: { ...setup, servers }, actions });
    expect(large.locals.size).toBeGreaterThan(2);
    expect(large.locals).toEqual(touched.locals);
    expect(large.localSteps).toEqual(touched.localSteps);
    expect(large.states.some((mark) => mark === 1)).toBe(false);
  });

  it('a step that the model does not have is told, not taken for one', async () => {
    const within = bounds({ servers: '2' });
    const system = specSystem(within);
    const without = { ...system, rules: system.rules.filter(({ name }) => name !== 'receive 2>1') };
    const graph = await Graph.of(without, { fairness: [], restrictions: [] }, MUCH);
    const space = new Space(graph, within);
    expect(() => walked(space, 20)).toThrow(/internal error: Receive 2->1 leads from state \d+ of the model/);
  });
});

describe('examples of gaps', () => {
  it('peers that play one touch that gap', async () => {
    const space = await spaceOf({ servers: '2', crashes: '1', losses: '1' });
    const rest = new Rest(space);
    const paths = new Paths(space);
    const groups = gapGroups(space, new Touched(space));
    expect(groups.length).toBeGreaterThan(20);
    // exampleOf throws where that is not so.
    const examples = groups.map(({ nearest }) => exampleOf({ space, rest, subject: implSubject }, paths, nearest));
    expect(examples.every(({ steps, script }) => script.actions.length >= steps.length)).toBe(true);
  });

  it('the way to a state is a shortest one', async () => {
    const space = await spaceOf({ servers: '2' });
    const { graph } = space;
    // By relaxation, in no order.
    const distance = Array.from({ length: graph.states }, (_, state) => (graph.initial.includes(state) ? 0 : Infinity));
    for (let changed = true; changed;) {
      changed = false;
      for (let state = graph.states - 1; state >= 0; state -= 1) {
        const near = (distance[state] ?? 0) + 1;
        for (const to of graph.targets.slice(graph.first[state], graph.first[state + 1])) {
          changed ||= near < (distance[to] ?? 0);
          distance[to] = Math.min(distance[to] ?? 0, near);
        }
      }
    }
    const paths = new Paths(space);
    for (const { state, edge } of space.localSteps) {
      expect([edge, paths.to(state, edge).length]).toEqual([edge, (distance[state] ?? 0) + 1]);
    }
  });

  it('no label of the model is unknown to the player', async () => {
    const space = await spaceOf({ servers: '2', crashes: '1', losses: '1', partial: '1', full: '1', nq: '2' });
    for (const head of space.heads.texts) expect([head, parseAction(head).ok]).toEqual([head, true]);
  });
});
