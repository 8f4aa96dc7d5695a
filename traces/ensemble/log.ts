/** The logs of an ensemble, as they are judged together. */
import type { Sid } from '../../types/ids.js';
import type { Hints } from '../machine.js';
import type { Observation } from '../observation.js';
import type { Verdict } from '../verdict.js';

/** One server's log, and what judging it alone has shown. */
export interface EnsembleLog {
  readonly sid: Sid;
  readonly label: string;
  readonly verdict: Verdict;
  readonly hints: Hints;
  /** Reads it from the beginning, each time it is called. */
  readonly observations: () => AsyncIterable<readonly Observation[]>;
  /** It begins with the start of a process and has no hole: what is missing in it did not happen. */
  readonly whole: boolean;
}

/** By receiver and sender: the lines that tell of what was received, in order. */
export type Received = ReadonlyMap<Sid, ReadonlyMap<Sid, readonly Observation[]>>;

export async function receptionsOf(logs: readonly EnsembleLog[]): Promise<Received> {
  const sids = new Set(logs.map(({ sid }) => sid));
  const entries = await Promise.all(
    logs.map(async ({ sid, observations }) => {
      const bySender = new Map<Sid, Observation[]>();
      for await (const batch of observations()) {
        for (const observation of batch) {
          if (observation.said.what !== 'notification') continue;
          const { from } = observation.said.notification;
          if (!sids.has(from)) continue;
          const all = bySender.get(from) ?? [];
          if (all.push(observation) === 1) bySender.set(from, all);
        }
      }
      return [sid, bySender] as const;
    }),
  );
  return new Map(entries);
}
