/**
 * The fuzzing, kept within a model: the walk of `zabcheck fuzz`, with the model's servers and faults, in steps of its grain. Real
 * peers take every step under the specification's eyes.
 */
import { makeRng } from '../../base/rng.js';
import type { Action } from '../../spec/action.js';
import { enabledLocal, enabledReceives } from '../../spec/enabled-actions.js';
import { serverOf } from '../../spec/world.js';
import type { Conformance } from '../conformance/conformance.js';
import type { Subject } from '../conformance/peer.js';
import type { FaultName } from '../fuzz/faults.js';
import { pacesOf } from '../fuzz/fuzz.js';
import { DEFAULT_WALK } from '../fuzz/suite.js';
import { chooseAction, type WalkContext, type WalkStyle } from '../fuzz/walk.js';
import { admitted } from './admits.js';
import type { Follower } from './follower.js';
import { Player } from './player.js';
import { Rest } from './rest.js';
import type { Space } from './space.js';
import type { Touched } from './touched.js';

export interface WalkOptions {
  readonly subject: Subject;
  readonly seed: number;
  /** Steps of one run, at most, after all servers have begun. */
  readonly stepsPerRun: number;
  /** Instead of the model's own. */
  readonly style?: Partial<WalkStyle>;
  /** Is the action left out? For tests: what is never taken must be told as a gap. */
  readonly leaveOut?: (action: Action) => boolean;
}

/** Proposals that the model does not have are made again so often; then any step that it has. */
const TRIES = 12;

/** What the model may do to its servers, as the walk proposes it. */
function styleOf({ bounds }: Space): WalkStyle {
  const { crashes, losses, partial, full, channel, leaves } = bounds;
  const faults: readonly (readonly [FaultName, boolean])[] = [
    ['crash', crashes !== 0],
    ['restart', crashes !== 0],
    ['break', losses !== 0 || crashes !== 0],
    ['lose', channel === 'f2'],
    ['zab', partial + full > 0],
  ];
  const allowed = faults.flatMap(([name, isAllowed]) => (isAllowed ? [name] : []));
  return {
    ...DEFAULT_WALK,
    faults: allowed,
    fault: allowed.length === 0 ? 0 : DEFAULT_WALK.fault,
    leave: leaves !== 0 ? 0.05 : 0,
  };
}

/** Walks run by run; equal options walk alike. */
export class CoverageWalk {
  readonly #space: Space;
  readonly #rest: Rest;
  readonly #touched: Touched;
  readonly #options: WalkOptions;
  readonly #style: WalkStyle;

  constructor(space: Space, touched: Touched, options: WalkOptions, rest = new Rest(space)) {
    this.#space = space;
    this.#rest = rest;
    this.#touched = touched;
    this.#options = options;
    this.#style = { ...styleOf(space), ...options.style };
  }

  /** Throws where a peer does not do what the specification allows, or a step leads out of the space. */
  run(index: number, stepsLeft = Infinity): void {
    const { subject, seed, stepsPerRun } = this.#options;
    const own = Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b);
    const rng = makeRng(own);
    const player = new Player({ space: this.#space, rest: this.#rest, touched: this.#touched, subject });
    player.begin();
    const { paces = pacesOf(own) } = this.#style;
    const style = { ...this.#style, paces };
    const most = this.#touched.steps + Math.min(stepsPerRun, stepsLeft);
    while (this.#touched.steps < most) {
      const action = this.#choose(player, { rng, style });
      if (action === null) return;
      player.play(action);
    }
  }

  #choose({ run, follower }: Player, { rng, style }: WalkContext): Action | null {
    const sids = [...run.state.servers.keys()];
    for (let tries = 0; tries < TRIES; tries += 1) {
      const action = chooseAction(run.state, sids, { rng, style });
      if (action !== null && this.#isWithin(run, follower, action)) return action;
    }
    const all = this.#possible(run).filter((action) => this.#isWithin(run, follower, action));
    return all[rng.below(all.length)] ?? null;
  }

  /** Steps of servers, and restarts: what a model can always do. */
  #possible({ state }: Conformance): readonly Action[] {
    return [...state.servers.values()].flatMap((server): readonly Action[] => {
      if (server.life === null) return [{ name: 'Restart', s: server.sid }];
      const local = enabledLocal(server).map((action) =>
        action.name === 'Resend' ? { ...action, delivered: true } : action,
      );
      return [...local, ...enabledReceives(state, server.sid)];
    });
  }

  #isWithin(run: Conformance, follower: Follower, action: Action): boolean {
    if (this.#options.leaveOut?.(action) === true || run.whyNot(action) !== null) return false;
    const of = { space: this.#space, rest: this.#rest };
    const answer = admitted(of, run.state, action, follower.account.budget);
    if ('why' in answer) return false;
    // A step that changes nothing in the model but takes from it what it would do is no step of the walk.
    return !(action.name === 'Break' && answer.head === null) && !isLostForNothing(run, action);
  }
}

/** Own copies that a server in a role answers to itself go round without end. */
function isLostForNothing({ state }: Conformance, action: Action): boolean {
  return action.name === 'Receive' && action.from === action.s && serverOf(state, action.s).life?.st !== 'LOOKING';
}
