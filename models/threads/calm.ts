/** Ensembles that are left alone: everybody comes to rest, and then pairs have the properties claimed of them. */
import type { Rng } from '../../base/rng.js';
import { tell, untold } from './network.js';
import type { PairHistory } from './pair-history.js';
import { isLive, pairFault, type PairSide } from './pair-properties.js';
import { type Refined, refined, RefinementError } from './refinement.js';
import { changePair, pairIndex, serverAt, sidAt, type Step, stepsOf, type World } from './world.js';

/** Steps that end a wait: nobody at rest makes them. */
export const ENDS_OF_WAITS: ReadonlySet<string> = new Set(['TimeOut', 'Silence', 'Leave']);
const CALM_STEPS = 20_000;

export function played(world: World, step: Step, history: PairHistory): Refined {
  history.note(world, step);
  return refined(world, step);
}

/** Throws `RefinementError` with the first property of a pair that is broken. */
export function judgePairs(world: World, at: number, history: PairHistory): void {
  for (let other = 0; other < world.sids.length; other += 1) {
    const net = world.pairs[pairIndex(world.sids.length, at, other)];
    if (other === at || net === undefined) continue;
    const side = (one: number, two: number): PairSide => ({
      sid: sidAt(world, one),
      messenger: serverAt(world, one).messenger,
      heard: history.heard(world, two, one),
      notedLate: (socket) => history.notedLate(world, one, two, socket),
    });
    const fault = pairFault({ a: side(at, other), b: side(other, at), net }, (x, y) => x === y);
    if (fault !== null) throw new RefinementError(`${fault.property}: ${fault.why}`);
  }
}

/** Nothing breaks, whoever can is told of what is broken: everybody comes to rest. Throws if a property fails, or nobody rests. */
export function calm(world: World, rng: Rng, history: PairHistory): void {
  world.pairs.forEach((_, pair) => tellAll(world, pair));
  if (comesToRest(world, rng, history)) world.sids.forEach((_, at) => judgePairs(world, at, history));
}

/** False: there is an observer, and it goes on for ever. */
function comesToRest(world: World, rng: Rng, history: PairHistory): boolean {
  for (let steps = 0; steps < CALM_STEPS; steps += 1) {
    const possible = world.sids.flatMap((_, at) =>
      stepsOf(world, at).filter(({ event }) => !ENDS_OF_WAITS.has(event.step)),
    );
    const step = possible[rng.below(possible.length)];
    if (step === undefined) return true;
    played(world, step, history);
  }
  if (!hasObserver(world)) throw new RefinementError(`nobody comes to rest within ${CALM_STEPS} steps`);
  return false;
}

/**
 * Whoever has no connection to another is given a message for it. Then there must be one, though the other may still believe in an
 * old connection that is dead.
 */
export function knockEverywhere(world: World, rng: Rng, history: PairHistory): void {
  if (!comesToRest(world, rng, history)) return;
  for (let i = 0; i < world.sids.length; i += 1) {
    for (let j = 0; j < world.sids.length; j += 1) {
      if (i === j || !mayKnock(world, i, j)) continue;
      offer(world, i, j);
      if (!comesToRest(world, rng, history)) return;
      const links = world.pairs[pairIndex(world.sids.length, i, j)]?.links ?? [];
      if (!links.some(isLive))
        throw new RefinementError(`a knock is answered: server ${sidAt(world, j)} has not answered ${sidAt(world, i)}`);
    }
  }
}

/** Both are up, the caller has no connection, and the listener of the other is not kept by a client that says nothing. */
function mayKnock(world: World, i: number, j: number): boolean {
  const [from, to] = [serverAt(world, i).messenger, serverAt(world, j).messenger];
  if (from === null || to === null) return false;
  const isFree = [from, to].every(({ manager }) => manager.listener.at === 'accept');
  return isFree && !from.manager.senderWorkerMap.has(sidAt(world, j)) && !from.manager.requests.has(sidAt(world, j));
}

function offer(world: World, i: number, j: number): void {
  const { peer, messenger } = serverAt(world, i);
  const { process } = peer;
  const config = world.configs[i]?.config;
  if (process === null || messenger === null || config === undefined) return;
  const message = {
    ...process.currentVote,
    state: process.state,
    version: 2,
    configVersion: config.membership.committed.version,
  };
  world.servers[i] = {
    peer,
    messenger: { ...messenger, sendqueue: [...messenger.sendqueue, { to: sidAt(world, j), message }] },
  };
}

/** A LOOKING voter and an OBSERVING observer answer each other without end. */
function hasObserver({ configs }: World): boolean {
  return configs.some(({ config }) => config.learnerType === 'OBSERVER');
}

function tellAll(world: World, pair: number): void {
  const net = world.pairs[pair];
  for (const { at, socket } of net === undefined ? [] : untold(net))
    changePair(world, pair, (now) => tell(now, at, socket));
}
