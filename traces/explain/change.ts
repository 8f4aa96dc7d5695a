/** One change of a log, or of what is assumed about its server: what a story is made of. */
import type { Sid } from '../../types/ids.js';
import type { Hints } from '../machine.js';
import type { Observation, ObservedLine } from '../observation.js';
import type { ChangeKind } from './reasons.js';

/** A line of a changed log. */
export interface Placed {
  readonly observation: Observation;
  /** Index in the log as it was; what is put in stands half a place before the line that it precedes. */
  readonly position: number;
  /** It is not what the log says there. */
  readonly isChanged: boolean;
}

export interface Change {
  readonly sid: Sid;
  readonly kind: ChangeKind;
  /** Behind `would be legal if `: what is said only if it is true. */
  readonly words: string;
  /** How far-fetched it is: the lower the sooner it is told. */
  readonly cost: number;
  /** The changed log. */
  readonly apply: (log: readonly Observation[]) => readonly Placed[];
  /** What is assumed instead. */
  readonly hints?: Partial<Hints>;
}

const asItStands = (log: readonly Observation[]): readonly Placed[] =>
  log.map((observation, position) => ({ observation, position, isChanged: false }));

export const nothing = asItStands;

/** `said`, before the line at `index`. */
export function inserted(index: number, said: readonly ObservedLine[]) {
  return (log: readonly Observation[]): readonly Placed[] => {
    const like = log[index] ?? log.at(-1);
    if (like === undefined) return [];
    const put = said.map((line) => ({ observation: { ...like, said: line }, position: index - 0.5, isChanged: true }));
    const all = asItStands(log);
    return [...all.slice(0, index), ...put, ...all.slice(index)];
  };
}

export function removed(indices: readonly number[]) {
  const gone = new Set(indices);
  return (log: readonly Observation[]): readonly Placed[] =>
    asItStands(log).filter(({ position }) => !gone.has(position));
}

export function replaced(index: number, said: ObservedLine) {
  return (log: readonly Observation[]): readonly Placed[] => replacedIn(asItStands(log), index, said);
}

/** In a log of which lines are changed already. */
export function replacedIn(placed: readonly Placed[], index: number, said: ObservedLine): readonly Placed[] {
  return placed.map((one) =>
    one.position === index ? { ...one, observation: { ...one.observation, said }, isChanged: true } : one,
  );
}

/** Those lines, now before the line at `before`. */
export function moved(indices: readonly number[], before: number) {
  const gone = new Set(indices);
  return (log: readonly Observation[]): readonly Placed[] => {
    const all = asItStands(log);
    const taken = all
      .filter(({ position }) => gone.has(position))
      .map((one) => ({ ...one, position: before - 0.5, isChanged: true }));
    const rest = all.filter(({ position }) => !gone.has(position));
    const at = rest.findIndex(({ position }) => position >= before);
    return at < 0 ? [...rest, ...taken] : [...rest.slice(0, at), ...taken, ...rest.slice(at)];
  };
}
