/** A line that nothing explains, and what is known for finding changes that would. */
import type { Remedies } from '../machine.js';
import type { Observation } from '../observation.js';
import type { HeldLog } from './held.js';

export interface Place {
  readonly held: HeldLog;
  /** Index of the line that nothing explains. */
  readonly at: number;
  /** Indices of the other lines that contradict it. */
  readonly excerpt: readonly number[];
  readonly remedies: Remedies;
}

/** How far-fetched each kind of change is; what is likelier in a log that was copied, cut or mended by hand is cheaper. */
export const COST = {
  restart: 1,
  repeated: 1.5,
  lostLine: 2,
  lostMessage: 2.4,
  changed: 2.5,
  likeNeighbours: 2.8,
  otherSender: 0.4,
  changedEarlier: 3,
  moved: 3.2,
  extraLine: 3.6,
  extraEarlier: 4.2,
  missingLines: 8,
} as const;

/** So many things that could stand instead are tried. */
export const REMEDIES_MAX = 16;

export const placeWords = ({ at }: Observation): string => `${at.file}:${at.line}`;

export function failing({ held, at }: Place): Observation {
  const observation = held.log[at];
  if (observation === undefined) throw new Error('internal error: the line that fails is held');
  return observation;
}
