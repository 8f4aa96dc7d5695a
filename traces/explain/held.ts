/** Logs that are held in memory to be explained: the lines around those that a divergence is about. */
import type { Sid } from '../../types/ids.js';
import type { EnsembleLog } from '../ensemble/log.js';
import type { Hints } from '../machine.js';
import type { Observation, SourcePosition } from '../observation.js';
import { NOTHING_JUDGED } from '../verdict.js';

export interface HeldLog {
  readonly sid: Sid;
  readonly hints: Hints;
  readonly log: readonly Observation[];
}

export interface HoldOptions {
  /** So many lines before the first place, and behind the last. */
  readonly before: number;
  readonly after: number;
}

/**
 * Of a log that is read once: what stands around these places; all of it if there are none and it is no longer than both together.
 * Behind a cut anything may follow. Null: it is longer, or holds none of the places.
 */
export async function hold(
  observations: AsyncIterable<readonly Observation[]>,
  places: readonly SourcePosition[],
  { before, after }: HoldOptions,
): Promise<readonly Observation[] | null> {
  const isPlace = ({ at }: Observation): boolean =>
    places.some(({ file, line }) => file === at.file && line === at.line);
  const held: Observation[] = [];
  let found = false;
  let behind = 0;
  for await (const batch of observations) {
    for (const observation of batch) {
      held.push(observation);
      if (isPlace(observation)) {
        found = true;
        behind = 0;
      } else if (found) behind += 1;
      if (found && behind > after) return [...held.slice(0, -1), cutAt(observation)];
      if (!found && held.length > 2 * (before + after)) held.splice(0, held.length - before);
      if (!found && places.length === 0 && held.length > before + after) return null;
    }
  }
  return found || places.length === 0 ? held : null;
}

const cutAt = (observation: Observation): Observation => ({
  ...observation,
  said: { what: 'seam', why: 'what follows was not looked at' },
});

/** As if it had been judged alone, and accepted. */
export function asEnsembleLog({ sid, hints, log }: HeldLog): EnsembleLog {
  const observations = async function* (): AsyncGenerator<readonly Observation[]> {
    yield log;
  };
  return { sid, label: '', verdict: { ...NOTHING_JUDGED, kind: 'accepted' }, hints, observations };
}
