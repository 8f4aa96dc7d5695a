/** Ensembles at random, and their logs: what really happened is known. */
import { makeRng, type Rng } from '../../base/rng.js';
import type { Durable } from '../../impl/peer.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { asConfigVersion, asPeerEpoch, asSid, asZxid, type Sid } from '../../types/ids.js';
import type { Observation } from '../../traces/observation.js';
import { simulateLogs } from '../simulated-log.js';

export interface GeneratedEnsemble {
  readonly seed: number;
  readonly ensemble: EnsembleConfig;
  readonly observers: ReadonlySet<Sid>;
  readonly debug: boolean;
  readonly durable: (sid: Sid) => Durable;
  readonly logs: ReadonlyMap<Sid, readonly Observation[]>;
}

export interface GeneratedOptions {
  /** Thread steps to take. */
  readonly steps: number;
  /** So small and quiet that every schedule can be tried: three voters, nobody leaves, no new epoch. */
  readonly small?: boolean;
}

/** Three to five servers, one of them perhaps an observer. Equal arguments give equal logs. */
export function generateEnsemble(seed: number, { steps, small = false }: GeneratedOptions): GeneratedEnsemble {
  const rng = makeRng(seed);
  const size = small ? 3 : 3 + rng.below(3);
  const observer = !small && rng.chance(0.2);
  const sids = Array.from({ length: size }, (_, index) => asSid(BigInt(index + 1)));
  const ensemble: EnsembleConfig = {
    version: asConfigVersion(0n),
    members: sids.map((sid, index) => {
      const type = observer && index === size - 1 ? ('OBSERVER' as const) : ('PARTICIPANT' as const);
      return { sid, type, addresses: [], clientAddress: null };
    }),
    quorumSystem: { kind: 'majority' },
  };
  const disks = new Map(sids.map((sid) => [sid, diskAtRandom(rng)]));
  const durable = (sid: Sid): Durable => disks.get(sid) ?? diskOf(0n);
  const debug = rng.chance(0.4);
  const quiet = small ? { activateChance: 0 } : {};
  const logs = simulateLogs({ ensemble, durable, seed, steps, debug, ...quiet });
  const observers = new Set(observer ? sids.slice(-1) : []);
  return { seed, ensemble, observers, debug, durable, logs };
}

function diskAtRandom(rng: Rng): Durable {
  return diskOf(BigInt(rng.below(3)));
}

function diskOf(zxid: bigint): Durable {
  return { lastZxid: asZxid(zxid), currentEpoch: asPeerEpoch(0n), acceptedEpoch: asPeerEpoch(0n) };
}
