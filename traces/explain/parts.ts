/** The parts of a log that can be left out, and the log without some of them. */
import type { Sid } from '../../types/ids.js';
import type { LeftOutLine, Observation, ReadLine } from '../observation.js';

/** What is left out together: a line, or what WorkerReceiver prints of one message at DEBUG. Indices of lines, ascending. */
export type Part = readonly number[];

export function partsOf(log: readonly Observation[]): readonly Part[] {
  const parts: number[][] = [];
  let message: number[] | null = null;
  log.forEach(({ said: { what } }, index) => {
    const joins = (what === 'notification' && message !== null && isAnnounced(log, message)) || what === 'answering';
    if (joins && message !== null) message.push(index);
    else {
      const part = [index];
      parts.push(part);
      if (what === 'receiving' || what === 'notification') message = part;
    }
  });
  return parts;
}

/** Only announced so far. */
const isAnnounced = (log: readonly Observation[], message: readonly number[]): boolean =>
  message.every((index) => log[index]?.said.what === 'receiving');

/** One log, of which lines can be left out. */
export class Excerptible {
  readonly sid: Sid;
  readonly log: readonly Observation[];
  readonly parts: readonly Part[];
  readonly #leftOut: readonly Observation[];

  constructor(sid: Sid, log: readonly Observation[]) {
    this.sid = sid;
    this.log = log;
    this.parts = partsOf(log);
    const hidden = new Map<ReadLine, LeftOutLine>();
    this.#leftOut = log.map((observation) => {
      const { said } = observation;
      if (said.what === 'leftOut') return observation;
      const line = hidden.get(said) ?? { what: 'leftOut', said };
      hidden.set(said, line);
      return { ...observation, said: line };
    });
  }

  /** The log with these lines only. What stands before the first of them is not there at all: the log begins later. */
  only(kept: ReadonlySet<number>): readonly Observation[] {
    const first = this.log.findIndex((_, index) => kept.has(index));
    if (first < 0) return [];
    return this.log.slice(first).flatMap((observation, offset) => {
      const index = first + offset;
      const one = kept.has(index) ? observation : this.#leftOut[index];
      return one === undefined ? [] : [one];
    });
  }
}
