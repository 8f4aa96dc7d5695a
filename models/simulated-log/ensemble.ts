/** Ensembles at random, and their logs: what really happened is known. */
import { makeRng, type Rng } from '../../base/rng.js';
import type { Durable } from '../../impl/peer.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { asConfigVersion, asPeerEpoch, asSid, asZxid, type PeerEpoch, type Sid } from '../../types/ids.js';
import type { Observation, ObservedLine } from '../../traces/observation.js';
import { type EstablishedLeader, simulateEnsemble } from '../simulated-log.js';

export interface GeneratedEnsemble {
  readonly seed: number;
  readonly release: string;
  readonly ensemble: EnsembleConfig;
  readonly observers: ReadonlySet<Sid>;
  readonly debug: boolean;
  readonly durable: (sid: Sid) => Durable;
  readonly logs: ReadonlyMap<Sid, readonly Observation[]>;
  readonly established: readonly EstablishedLeader[];
  /** By server and line from 0: thread steps that had been taken when it was printed. */
  readonly moments: ReadonlyMap<Sid, readonly number[]>;
  /** By line: what comparisons print since 3.8.5 and 3.9.2. */
  readonly comparedEpochs: ReadonlyMap<Observation, readonly [PeerEpoch, PeerEpoch]>;
}

export interface GeneratedOptions {
  /** Thread steps to take. */
  readonly steps: number;
  /** So small and quiet that every schedule can be tried: three voters, nobody leaves, no new epoch. */
  readonly small?: boolean;
  /** Voters and observers, if not at random. */
  readonly servers?: number;
  readonly observers?: number;
  /** If not at random. */
  readonly debug?: boolean;
  /** 3.4.6 to 3.10; default 3.8.0. */
  readonly release?: string;
  /** Of ten thousand steps, so many crash a server, which starts again later; default 5. */
  readonly restarts?: number;
}

/** Three to five servers, one of them perhaps an observer, if nothing else is asked for. Equal arguments give equal logs. */
export function generateEnsemble(seed: number, options: GeneratedOptions): GeneratedEnsemble {
  const rng = makeRng(seed);
  const { steps, small = false, release = '3.8.0', restarts } = options;
  const size = small ? 3 : 3 + rng.below(3);
  const observer = !small && rng.chance(0.2);
  const { servers = observer ? size - 1 : size, observers = observer ? 1 : 0 } = options;
  const sids = Array.from({ length: servers + observers }, (_, index) => asSid(BigInt(index + 1)));
  const ensemble: EnsembleConfig = {
    version: asConfigVersion(0n),
    members: sids.map((sid, index) => {
      const type = index < servers ? ('PARTICIPANT' as const) : ('OBSERVER' as const);
      return { sid, type, addresses: [], clientAddress: null };
    }),
    quorumSystem: { kind: 'majority' },
  };
  const disks = new Map(sids.map((sid) => [sid, diskAtRandom(rng)]));
  const durable = (sid: Sid): Durable => disks.get(sid) ?? diskOf(0n);
  const atRandom = rng.chance(0.4);
  const debug = options.debug ?? atRandom;
  const quiet = small ? { activateChance: 0 } : {};
  const crashes = restarts === undefined ? {} : { crashChance: restarts / 10_000 };
  const tellsRelease = !small;
  const told = { ensemble, durable, seed, steps, debug, release, tellsRelease, ...quiet, ...crashes };
  const simulated = simulateEnsemble(told);
  return { seed, release, ensemble, observers: new Set(sids.slice(servers)), debug, durable, ...simulated };
}

/** Lines that tell of processes, rounds, roles and established leaders: without them it would not be known what a log should tell. */
const KEPT: ReadonlySet<ObservedLine['what']> = new Set<ObservedLine['what']>([
  'processStarted',
  'version',
  'looking',
  'newElection',
  'stateChanged',
  'roleEntered',
  'quorumOfSupporters',
]);

/** May this line be left out, and the elections still be told? */
export function mayBeMissing({ what }: ObservedLine): boolean {
  return !KEPT.has(what);
}

function diskAtRandom(rng: Rng): Durable {
  return diskOf(BigInt(rng.below(3)));
}

function diskOf(zxid: bigint): Durable {
  return { lastZxid: asZxid(zxid), currentEpoch: asPeerEpoch(0n), acceptedEpoch: asPeerEpoch(0n) };
}
