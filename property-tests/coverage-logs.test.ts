/**
 * Goal: what a log is said to touch was touched. Method: peers walk through a model at random and print as servers do; what each server
 * really touched is known. Certain must be a part of it, possible must contain it; at DEBUG, where nearly all is told, certain is most of it.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { makeRng } from '../base/rng.js';
import { Graph } from '../checker/live/graph.js';
import { makePeerConfig } from '../impl/peer-config.js';
import { type Peer, peerAtRest } from '../impl/peer.js';
import { P380 } from '../impl/release-profile.js';
import type { PeerEvent } from '../impl/event.js';
import { transition } from '../impl/transition.js';
import { Conformance } from '../models/conformance/conformance.js';
import { implSubject } from '../models/conformance/impl-subject.js';
import { inputsOf } from '../models/conformance/inputs.js';
import { Explained } from '../models/cover/explained.js';
import { LocalView } from '../models/cover/local-view.js';
import { Player, situationOf } from '../models/cover/player.js';
import { Rest } from '../models/cover/rest.js';
import { headOf, Space } from '../models/cover/space.js';
import { Touched } from '../models/cover/touched.js';
import { parseBounds } from '../models/election/bounds.js';
import { specSystem } from '../models/election/spec-system.js';
import { specMachine } from '../models/spec-machine.js';
import { manyOf } from '../scripts/thorough.js';
import type { Action } from '../spec/action.js';
import { nextStates } from '../spec/next.js';
import { TELLING_ONLY } from '../traces/hypothesis-sets.js';
import type { Observation, ObservedLine } from '../traces/observation.js';
import { ObservationWindow } from '../traces/window.js';
import { asPeerEpoch, asZxid, type Sid } from '../types/ids.js';

async function spaceOf(options: Readonly<Record<string, string>>): Promise<Space> {
  const bounds = parseBounds(options);
  if (!bounds.ok) throw new Error(bounds.error);
  const graph = await Graph.of(specSystem(bounds.value), { fairness: [], restrictions: [] }, { maxBytes: 2 ** 30 });
  return new Space(graph, bounds.value);
}

/** A random way through the graph, played by peers. */
function wander(
  space: Space,
  rest: Rest,
  seed: number,
): { readonly actions: readonly Action[]; readonly truth: Touched } {
  const rng = makeRng(seed);
  const truth = new Touched(space);
  const player = new Player({ space, rest, touched: truth, subject: implSubject });
  player.begin();
  const { graph } = space;
  for (let step = 0; step < 40; step += 1) {
    const { at } = player.follower;
    const first = graph.first[at] as number;
    const count = (graph.first[at + 1] as number) - first;
    const label = graph.labels[graph.kinds[first + rng.below(count)] as number];
    if (count === 0 || label === undefined) break;
    player.playHead(headOf(label));
  }
  return { actions: player.actions, truth };
}

/** What the servers print on the way. */
function printed(space: Space, actions: readonly Action[], debug: boolean): ReadonlyMap<Sid, readonly Observation[]> {
  const run = new Conformance(implSubject, situationOf(space));
  const disk = { lastZxid: asZxid(0n), currentEpoch: asPeerEpoch(0n), acceptedEpoch: asPeerEpoch(0n) };
  const peers = new Map<Sid, Peer>(space.layout.sids.map((sid) => [sid, peerAtRest(disk)]));
  const logs = new Map<Sid, Observation[]>(space.layout.sids.map((sid) => [sid, []]));
  const say = (sid: Sid, said: ObservedLine): void => {
    const log = logs.get(sid) ?? [];
    log.push({ sid, at: { file: `server-${sid}.log`, line: log.length + 1 }, said });
  };
  const happen = (sid: Sid, event: PeerEvent): void => {
    const config = makePeerConfig({ sid, membership: { committed: space.config, lastSeen: null }, profile: P380 });
    const { peer, effects } = transition(config, peers.get(sid) ?? peerAtRest(disk), event);
    peers.set(sid, peer);
    for (const effect of effects) {
      if (effect.type === 'log' && (debug || effect.level !== 'debug')) say(sid, effect.line);
    }
  };
  for (const action of actions) {
    const after = nextStates(run.state, action)[0]?.state ?? run.state;
    for (const call of inputsOf(run.state, action, after)) {
      if (call.kind === 'crash') happen(call.sid, { type: 'Crash' });
      if (call.kind === 'input') happen(call.sid, call.input as PeerEvent);
      if (call.kind !== 'boot') continue;
      const isFirst = logs.get(call.sid)?.length === 0;
      say(call.sid, { what: 'processStarted', myId: call.sid });
      say(call.sid, { what: 'snapshotLoaded', zxid: asZxid(0n) });
      if (isFirst) say(call.sid, { what: 'epochDefault', which: 'currentEpoch', epoch: asPeerEpoch(0n) });
      happen(call.sid, { type: 'Restart' });
    }
    run.step(action);
  }
  return logs;
}

interface Told {
  readonly certain: ReadonlySet<string>;
  readonly possible: ReadonlySet<string>;
}

function toldBy(
  space: Space,
  rest: Rest,
  { sid, log, debug }: { readonly sid: Sid; readonly log: readonly Observation[]; readonly debug: boolean },
): Told {
  const hints = { sid, configs: [space.config], debug, maxNotificationIntervalMs: null };
  const of = { view: new LocalView(space, rest), outside: new Touched(space) };
  const explained = new Explained(specMachine, hints, of);
  const window = new ObservationWindow(sid);
  for (const line of log) window.push(line);
  for (let oldest = window.oldest; oldest !== undefined; oldest = window.oldest) {
    explained.line(oldest, window, TELLING_ONLY.has(oldest.said.what));
    window.shift();
  }
  expect(explained.ended).toBeNull();
  const { certain, possible } = explained.found(window.before);
  return { certain: new Set(certain), possible: new Set(possible) };
}

/** What the server touched, as the log tells it. */
function truthOf(space: Space, truth: Touched, sid: Sid): ReadonlySet<string> {
  const slot = space.layout.servers[space.layout.sids.indexOf(sid)] ?? -1;
  const states = [...truth.locals].filter((value) => (space.graph.valueOf(slot, value) as { sid: Sid }).sid === sid);
  const steps = space.localSteps.flatMap((step, number) =>
    truth.localSteps[number] === 1 && step.slot === slot ? [number] : [],
  );
  return new Set([...states.map((value) => `state ${value}`), ...steps.map((step) => `step ${step}`)]);
}

// Where servers crash, much of what they touch is told by no line.
describe.each<{ readonly options: Readonly<Record<string, string>>; readonly info: number; readonly debug: number }>([
  { options: { servers: '2' }, info: 0.6, debug: 0.65 },
  { options: { servers: '2', crashes: '1', losses: '1' }, info: 0.33, debug: 0.4 },
])('$options', ({ options, ...least }) => {
  let space: Space;
  let rest: Rest;
  beforeAll(async () => {
    space = await spaceOf(options);
    rest = new Rest(space);
  });

  it.each(['info', 'debug'] as const)('at %s: certain is touched, and what is touched is possible', (level) => {
    const debug = level === 'debug';
    let [certainly, really] = [0, 0];
    for (let seed = 1; seed <= manyOf(48); seed += 1) {
      const { actions, truth } = wander(space, rest, seed);
      for (const [sid, log] of printed(space, actions, debug)) {
        const { certain, possible } = toldBy(space, rest, { sid, log, debug });
        const touched = truthOf(space, truth, sid);
        const crashed = actions.some(({ name }) => name === 'Crash');
        // A crash and a restart are no lines of the log: the steps themselves are not told.
        const heads = (item: string): string =>
          space.heads.texts[space.localSteps[Number(item.slice(5))]?.head ?? -1] ?? '';
        const asked = [...touched].filter((item) => !item.startsWith('step') || !/^(Crash|Restart) /.test(heads(item)));
        const down = (item: string): boolean =>
          crashed && item.startsWith('state') && isDown(space, Number(item.slice(6)));
        expect([seed, sid, [...certain].filter((item) => !touched.has(item))]).toEqual([seed, sid, []]);
        expect([seed, sid, asked.filter((item) => !possible.has(item) && !down(item))]).toEqual([seed, sid, []]);
        certainly += certain.size;
        really += touched.size;
      }
    }
    expect(certainly / really).toBeGreaterThan(least[level]);
  });
});

function isDown(space: Space, value: number): boolean {
  return (space.graph.valueOf(0, value) as { readonly life: unknown }).life === null;
}
