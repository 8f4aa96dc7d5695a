import type { Durable } from '../../impl/peer.js';
import type { Observation } from '../../traces/observation.js';
import { isDebugKind } from '../../types/election-line.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { PeerEpoch, Sid } from '../../types/ids.js';

export type Answer = 'possible' | 'impossible' | 'undecided';

export interface Question {
  readonly ensemble: EnsembleConfig;
  /** What each server has on disk; its epoch may also be one that its own log tells. */
  readonly durable: (sid: Sid) => Durable;
  readonly logs: ReadonlyMap<Sid, readonly Observation[]>;
  /** So many states are met before it is left undecided. */
  readonly statesMax: number;
}

const debugOf = new WeakMap<readonly Observation[], boolean>();

/** Does the logger of this server print DEBUG lines? One that prints none may be of another level. */
export function isDebug({ logs }: Question, sid: Sid): boolean {
  const log = logs.get(sid) ?? [];
  let known = debugOf.get(log);
  if (known === undefined) debugOf.set(log, (known = log.some(({ said }) => isDebugKind(said.what))));
  return known;
}

/** The epochs that a server may have had on disk. */
export function epochsOf({ durable, logs }: Question, sid: Sid): readonly PeerEpoch[] {
  const told = (logs.get(sid) ?? []).flatMap(({ said }) => {
    const own = said.what === 'notification' && said.notification.from === sid && said.notification.leader === sid;
    return own ? [said.notification.epoch] : said.what === 'sending' && said.leader === sid ? [said.epoch] : [];
  });
  return [...new Set([durable(sid).currentEpoch, ...told])];
}
