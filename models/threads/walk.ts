/**
 * Random walks through an ensemble at the thread grain, every step held against the algorithm grain. No time passes: any thread may
 * run at any moment, any wait may end, connections break and servers die when the dice say so.
 */
import { makeRng, type Rng } from '../../base/rng.js';
import { NO_DEFECTS, type ThreadProfile } from '../../impl/threads/profile.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { ChannelStep } from './channel-steps.js';
import { cut, injected, tell, untold } from './network.js';
import { isLive } from './pair-properties.js';
import { calm, judgePairs, knockEverywhere, played } from './calm.js';
import { PairHistory } from './pair-history.js';
import { boot, changePair, crash, makeWorld, serverAt, type Step, stepsOf, type World } from './world.js';
import { activate, inRole, write } from './zab.js';

export interface WalkOptions {
  readonly config: EnsembleConfig;
  readonly seed: number;
  readonly steps: number;
  readonly profile?: ThreadProfile;
}

export interface WalkReport {
  readonly steps: number;
  /** By thread and step. */
  readonly taken: ReadonlyMap<string, number>;
  readonly channels: ReadonlyMap<ChannelStep, number>;
  readonly faults: ReadonlyMap<string, number>;
  /** Newest messages that were lost and will not be repeated. */
  readonly forgotten: number;
  /** Roles entered. */
  readonly elections: number;
  /** The step that failed, and why; null: none did. */
  readonly broken: { readonly at: number; readonly why: string } | null;
}

/** So often everybody is left to come to rest. */
const CALM_EVERY = 2_000;
/** Of 10 000 steps so many are faults. */
const FAULTS = 60;
/** Waits that end although a message may be near, one in so many of their chances. */
const CHANCES: Readonly<Record<string, number>> = { TimeOut: 60, Silence: 8, Leave: 400 };

export function walk({ config, seed, steps, profile = NO_DEFECTS }: WalkOptions): WalkReport {
  const rng = makeRng(seed);
  const world = makeWorld(config, profile);
  const taken = new Map<string, number>();
  const channels = new Map<ChannelStep, number>();
  const faults = new Map<string, number>();
  const history = new PairHistory();
  let elections = 0;
  let forgotten = 0;
  let at = 0;
  try {
    for (world.sids.forEach((_, index) => boot(world, index)); at < steps; at += 1) {
      if (rng.below(10_000) < FAULTS) count(faults, fault(world, rng));
      const step = choose(world, rng);
      if (step === null) continue;
      const { channels: seen, forgotten: gone } = played(world, step, history);
      count(taken, `${step.event.thread}.${step.event.step}`);
      if (step.event.step === 'Publish') elections += 1;
      for (const one of seen) count(channels, one);
      forgotten += gone.length;
      if (at % CALM_EVERY === CALM_EVERY - 1) calm(world, rng, history);
      else if (at % CALM_EVERY === CALM_EVERY / 2) knockEverywhere(world, rng, history);
      else if (step.pair >= 0 || step.event.thread === 'WorkerSender') judgePairs(world, step.at, history);
    }
  } catch (error) {
    return {
      steps: at,
      taken,
      channels,
      faults,
      elections,
      forgotten,
      broken: { at, why: error instanceof Error ? error.message : String(error) },
    };
  }
  return { steps: at, taken, channels, faults, elections, forgotten, broken: null };
}

function count<K>(map: Map<K, number>, key: K): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

/** Null: nobody the dice fell on can do anything. */
function choose(world: World, rng: Rng): Step | null {
  for (let tries = 0; tries < 20; tries += 1) {
    const steps = stepsOf(world, rng.below(world.sids.length));
    const step = steps[rng.below(steps.length)];
    if (
      step !== undefined &&
      (CHANCES[step.event.step] === undefined || rng.below(CHANCES[step.event.step] ?? 1) === 0)
    )
      return step;
  }
  return null;
}

/** Its name; `none` if it could not happen. */
function fault(world: World, rng: Rng): string {
  const at = rng.below(world.sids.length);
  const { peer } = serverAt(world, at);
  if (peer.process === null) {
    boot(world, at);
    return 'restart';
  }
  switch (rng.below(6)) {
    case 0: {
      const silently = rng.chance(0.3);
      crash(world, at, silently);
      return silently ? 'machine dies' : 'process dies';
    }
    case 1:
    case 2:
      return connectionFault(world, rng);
    case 3:
      return inRole(world, at)?.state === 'LEADING' && activate(world, at) ? 'leader established' : 'none';
    case 4:
      if (inRole(world, at)?.state !== 'LEADING') return 'none';
      write(world, at);
      return 'write';
    default:
      return garbage(world, rng);
  }
}

/** Bytes that are no notification arrive in a frame of good length: WorkerReceiver skips them, the connection stays. */
function garbage(world: World, rng: Rng): string {
  const pair = rng.below(world.pairs.length);
  const link = world.pairs[pair]?.links.find(isLive);
  if (link === undefined) return 'none';
  changePair(world, pair, (net) =>
    injected(net, link.opener.sid, link.socket, { frame: { malformed: 'endsInEpoch' } }),
  );
  return 'garbage arrives';
}

function connectionFault(world: World, rng: Rng): string {
  const pair = rng.below(world.pairs.length);
  const net = world.pairs[pair];
  if (net === undefined) return 'none';
  const told = untold(net);
  const one = told[rng.below(told.length)];
  if (one !== undefined) {
    changePair(world, pair, (now) => tell(now, one.at, one.socket));
    return 'end of a broken connection noticed';
  }
  const link = net.links[rng.below(net.links.length)];
  if (link === undefined) return 'none';
  changePair(world, pair, (now) => cut(now, link.socket));
  return 'connection cut';
}
