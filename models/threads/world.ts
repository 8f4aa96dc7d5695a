/**
 * An ensemble at the thread grain: servers, and a network for each pair. The parts are immutable values; the world that holds them
 * changes in place, so that millions of steps cost no more than they must. Who runs is decided elsewhere.
 */
import { assert } from '../../base/assert.js';
import { type Peer, peerAtRest } from '../../impl/peer.js';
import type { Messenger } from '../../impl/threads/state.js';
import { makePeerConfig } from '../../impl/peer-config.js';
import type { NetEffect } from '../../impl/threads/effect.js';
import {
  startServer,
  stopServer,
  type ThreadedConfig,
  type ThreadedServer,
  type ThreadEvent,
  threadStep,
} from '../../impl/threads/process.js';
import type { ThreadProfile } from '../../impl/threads/profile.js';
import { mainStep } from '../../impl/threads/quorum-peer.js';
import { receiverStep } from '../../impl/threads/worker-receiver.js';
import type { Effect } from '../../impl/effect.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { asPeerEpoch, asZxid, type Sid } from '../../types/ids.js';
import { listenerMoves, type Move, recvMoves, requestMoves, sendMoves, type Side } from './moves.js';
import { applied, died, emptyPair, isOf, type PairNet, SOCKETS_OF_A_PAIR } from './network.js';

export interface World {
  readonly sids: readonly Sid[];
  readonly configs: readonly ThreadedConfig[];
  /** In the order of `sids`. */
  readonly servers: ThreadedServer[];
  /** The pair of servers i < j is at `pairIndex(n, i, j)`. */
  readonly pairs: PairNet[];
}

/** A step of one thread of server number `at`; `net`: the pair's network after what the step takes from it. */
export interface Step {
  readonly at: number;
  readonly event: ThreadEvent;
  readonly pair: number;
  readonly net: PairNet | null;
}

export function makeWorld(config: EnsembleConfig, profile: ThreadProfile): World {
  const sids = config.members.map(({ sid }) => sid);
  const atRest = peerAtRest({ lastZxid: asZxid(0n), currentEpoch: asPeerEpoch(0n), acceptedEpoch: asPeerEpoch(0n) });
  return {
    sids,
    configs: sids.map((sid) => ({
      config: makePeerConfig({ sid, membership: { committed: config, lastSeen: null } }),
      profile,
    })),
    servers: sids.map(() => ({ peer: atRest, messenger: null })),
    pairs: Array.from({ length: (sids.length * (sids.length - 1)) / 2 }, (_, index) => emptyPair(index)),
  };
}

/** Precondition: i and j differ. */
export function pairIndex(count: number, i: number, j: number): number {
  const [low, high] = i < j ? [i, j] : [j, i];
  return (low * (2 * count - low - 1)) / 2 + (high - low - 1);
}

export function indexOf({ sids }: World, sid: Sid): number {
  const index = sids.indexOf(sid);
  if (index < 0) throw new Error(`internal error: server ${sid} is no member`);
  return index;
}

const NO_PAIR = -1;

/** Every step of every thread of the server; a time-out and the end of a role count as possible whenever they may come. */
export function stepsOf(world: World, at: number): Step[] {
  const steps: Step[] = [];
  for (let group = 0; group < groupsOf(world); group += 1) steps.push(...stepsOfGroup(world, at, group));
  return steps;
}

/** Threads in groups, which can be asked one by one: QuorumPeer, WorkerReceiver, WorkerSender, then those towards each other server. */
export function groupsOf({ sids }: World): number {
  return LOCAL_GROUPS + sids.length - 1;
}

const LOCAL_GROUPS = 3;
const NO_STEPS: readonly Step[] = [];

export function stepsOfGroup(world: World, at: number, group: number): readonly Step[] {
  const { peer, messenger } = serverAt(world, at);
  if (messenger === null) return NO_STEPS;
  if (group >= LOCAL_GROUPS) {
    const other = group - LOCAL_GROUPS;
    return socketSteps(world, at, other < at ? other : other + 1);
  }
  const event = localEvent(group, peer, messenger);
  return event === null ? NO_STEPS : [{ at, event, pair: NO_PAIR, net: null }];
}

function localEvent(group: number, peer: Peer, messenger: Messenger): ThreadEvent | null {
  if (group === 0) {
    const step = mainStep(peer);
    return step === null ? null : { thread: 'QuorumPeer', step };
  }
  if (group === 1) {
    const step = receiverStep(peer, messenger.recvQueue);
    return step === null ? null : { thread: 'WorkerReceiver', step };
  }
  if (messenger.workerSender.at === 'taken') return { thread: 'WorkerSender', step: 'HandOver' };
  return messenger.sendqueue.length > 0 ? { thread: 'WorkerSender', step: 'Take' } : null;
}

function socketSteps(world: World, at: number, other: number): readonly Step[] {
  const pair = pairIndex(world.sids.length, at, other);
  const { messenger } = serverAt(world, at);
  const net = world.pairs[pair];
  const me = world.sids[at];
  const peer = world.sids[other];
  if (messenger === null || net === undefined || me === undefined || peer === undefined) return NO_STEPS;
  const { manager } = messenger;
  const side: Side = { me, manager, profile: profileAt(world, at) };
  let steps: readonly Step[] = NO_STEPS;
  const binds = manager.listener.at !== 'bind' || other === firstOther(at);
  if (binds) steps = withMoves(steps, listenerMoves(side, peer, net), at, pair);
  steps = withMoves(steps, requestMoves(side, peer, net), at, pair);
  for (const socket of manager.connections.keys()) {
    if (!isOf(net, socket)) continue;
    steps = withMoves(steps, sendMoves(side, socket, net), at, pair);
    steps = withMoves(steps, recvMoves(side, socket, net), at, pair);
  }
  return steps;
}

/** Nothing is made where nothing is added: most threads wait most of the time. */
function withMoves(steps: readonly Step[], moves: readonly Move[], at: number, pair: number): readonly Step[] {
  if (moves.length === 0) return steps;
  const more = moves.map(({ event, net }) => ({ at, event, pair, net }));
  return steps.length === 0 ? more : [...steps, ...more];
}

const firstOther = (at: number): number => (at === 0 ? 1 : 0);

/** Makes the step, and carries out what it asks of the network. The effects of the peer are handed back. */
export function perform(world: World, { at, event, pair, net }: Step): readonly Effect[] {
  const config = world.configs[at];
  assert(config !== undefined, 'a server has a configuration');
  const result = threadStep(config, serverAt(world, at), event);
  if (result === null) throw new Error(`internal error: ${event.thread}.${event.step} is not enabled`);
  world.servers[at] = result.server;
  if (net !== null) world.pairs[pair] = net;
  for (const effect of result.net) ask(world, at, effect);
  return result.effects;
}

function ask(world: World, at: number, effect: NetEffect): void {
  const me = sidAt(world, at);
  if (effect.type === 'listen' || effect.type === 'deaf') {
    for (let other = 0; other < world.sids.length; other += 1) {
      if (other !== at) changePair(world, pairIndex(world.sids.length, at, other), (net) => applied(net, me, effect));
    }
    return;
  }
  changePair(world, Math.floor(effect.socket / SOCKETS_OF_A_PAIR), (net) => applied(net, me, effect));
}

export function changePair(world: World, pair: number, change: (net: PairNet) => PairNet): void {
  const net = world.pairs[pair];
  assert(net !== undefined, 'every socket belongs to a pair');
  world.pairs[pair] = change(net);
}

/** A server that is down comes up. */
export function boot(world: World, at: number): readonly Effect[] {
  const config = world.configs[at];
  assert(config !== undefined, 'a server has a configuration');
  const { server, effects } = startServer(config, serverAt(world, at).peer);
  world.servers[at] = server;
  return effects;
}

/** A server dies; `silently`: with its machine, so that nobody's socket hears of it. */
export function crash(world: World, at: number, silently: boolean): void {
  const me = sidAt(world, at);
  world.servers[at] = stopServer(serverAt(world, at));
  for (let other = 0; other < world.sids.length; other += 1) {
    if (other !== at) changePair(world, pairIndex(world.sids.length, at, other), (net) => died(net, me, silently));
  }
}

export function serverAt({ servers }: World, at: number): ThreadedServer {
  const server = servers[at];
  if (server === undefined) throw new Error(`internal error: there is no server number ${at}`);
  return server;
}

export function sidAt({ sids }: World, at: number): Sid {
  const sid = sids[at];
  if (sid === undefined) throw new Error(`internal error: there is no server number ${at}`);
  return sid;
}

function profileAt({ configs }: World, at: number): ThreadProfile {
  const config = configs[at];
  assert(config !== undefined, 'a server has a configuration');
  return config.profile;
}

/** The other server of a step that touches sockets; null: none does. */
export function partnerOf({ sids }: World, { at, pair }: Step): number | null {
  if (pair < 0) return null;
  for (let other = 0; other < sids.length; other += 1) {
    const [low, high] = at < other ? [at, other] : [other, at];
    if (other !== at && (low * (2 * sids.length - low - 1)) / 2 + (high - low - 1) === pair) return other + 1;
  }
  return null;
}
