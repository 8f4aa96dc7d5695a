/** The nearest legal story: the most plausible change with which a line that nothing explains would be legal. */
import type { Machine } from '../machine.js';
import type { Observation } from '../observation.js';
import type { Change, Placed } from './change.js';
import { Follower, type FollowOptions } from './follow.js';
import type { HeldLog } from './held.js';

/** How far a changed log is explained. */
export interface Reach {
  readonly change: Change;
  readonly placed: readonly Placed[];
  /** The first line that is not; null: all are. */
  readonly stopsAt: Observation | null;
}

export interface StorySearch {
  /** Changes with which the line is explained, those that explain all of the log first, then by cost. */
  readonly reached: readonly Reach[];
  readonly tried: number;
  /** Not all changes were tried. */
  readonly isCut: boolean;
}

export interface StoryOptions extends FollowOptions {
  /** So many changes are tried. */
  readonly changesMax: number;
  /** So many changes that explain all are enough. */
  readonly enough: number;
}

/** `at`: index of the line that nothing explains. Throws what `pause` throws. */
export async function reachOf<S>(
  machine: Machine<S>,
  { held, at, changes }: { readonly held: HeldLog; readonly at: number; readonly changes: readonly Change[] },
  options: StoryOptions,
): Promise<StorySearch> {
  const followed = new Follower(machine, held.hints, options);
  const inOrder = [...changes].sort((a, b) => a.cost - b.cost);
  const whole: Reach[] = [];
  const partly: Reach[] = [];
  let tried = 0;
  for (const change of inOrder) {
    if (tried >= options.changesMax || whole.length >= options.enough || options.isOver()) break;
    tried += 1;
    const placed = change.apply(held.log);
    const follower =
      change.hints === undefined ? followed : new Follower(machine, { ...held.hints, ...change.hints }, options);
    const end = await follower.follow(placed.map(({ observation }) => observation));
    if (end.kind === 'explained') whole.push({ change, placed, stopsAt: null });
    if (end.kind !== 'refused') continue;
    const stop = placed.find(({ observation }) => observation === end.observation);
    if (stop !== undefined && stop.position > at && !stop.isChanged)
      partly.push({ change, placed, stopsAt: end.observation });
  }
  const isCut = tried < inOrder.length && whole.length < options.enough;
  return { reached: [...whole, ...partly], tried, isCut };
}
