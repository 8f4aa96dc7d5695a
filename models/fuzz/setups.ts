/** Random ensembles: members, quorum systems, and what stands on their disks. */
import type { Rng } from '../../base/rng.js';
import type { InitialSituation as Setup } from '../../spec/init.js';
import type { EnsembleConfig, Member, QuorumSystem } from '../../types/ensemble.js';
import {
  asConfigVersion,
  asPeerEpoch,
  asSid,
  asZxid,
  makeZxid,
  type PeerEpoch,
  type Sid,
  type Zxid,
  zxidEpoch,
} from '../../types/ids.js';
import { LONG_MAX, LONG_MIN } from '../../types/int64.js';
import { profileOfRelease } from '../../types/release.js';

/** What kinds of ensemble are wanted. */
export interface SetupStyle {
  /** Bounds of the number of voters, inclusive. */
  readonly voters: readonly [number, number];
  readonly observersMax: number;
  /** Share of ensembles with hierarchical quorums; two voters may get an oracle instead. */
  readonly grouped: number;
  /** Share with ids, zxids and epochs at the edges of 64 bits. */
  readonly extreme: number;
  /** Share with a second configuration to change to. */
  readonly reconfigured: number;
  /** Share of ensembles of two voters that ask an oracle. */
  readonly oracles: number;
  /** Of all servers; absent: 3.8. */
  readonly release?: string;
}

export const ANY_SETUP: SetupStyle = {
  voters: [1, 7],
  observersMax: 2,
  grouped: 0.2,
  extreme: 0.1,
  reconfigured: 0.2,
  oracles: 0.3,
};

/** Ensembles as that release can have them: configurations change since 3.5, an oracle is asked since 3.8. */
export function setupsOf(release: string, style: SetupStyle = ANY_SETUP): SetupStyle {
  const name = profileOfRelease(release);
  return {
    ...style,
    release,
    reconfigured: name === 'P346' ? 0 : style.reconfigured,
    oracles: name === 'P380' ? style.oracles : 0,
  };
}

/** Null: such an ensemble of such servers can be; else why not, in a sentence. */
export function whyNoSetup({ release, config, laterConfigs }: Setup): string | null {
  if (release === undefined) return null;
  const name = profileOfRelease(release);
  if (name === null) return `release ${release} is not covered: 3.4.6 to 3.10 are`;
  if (name === 'P346' && laterConfigs.length > 0) return `servers of ${release} cannot change their configuration`;
  const asksOracle = [config, ...laterConfigs].some(({ quorumSystem }) => quorumSystem.kind === 'oracle');
  return name !== 'P380' && asksOracle ? `servers of ${release} have no oracle` : null;
}

/** An ensemble of the style; every server is still down. */
export function randomSetup(rng: Rng, style: SetupStyle): Setup {
  const [least, most] = style.voters;
  // Small ensembles mostly: they go further in a run, and their failures read shorter.
  const voters = least + Math.min(rng.below(most - least + 1), rng.below(most - least + 1));
  const observers = rng.below(style.observersMax + 1);
  const extreme = rng.chance(style.extreme);
  const sids = chooseSids(rng, voters + observers, extreme);
  const { oracles, release } = style;
  const config = configOf(rng, { sids, voters, grouped: rng.chance(style.grouped), oracles, version: 0n });
  const laterConfigs = rng.chance(style.reconfigured) && sids.length > 1 ? [laterConfig(rng, config, oracles)] : [];
  return {
    servers: sids.map((sid) => ({ sid, ...randomDisk(rng, extreme) })),
    config,
    laterConfigs,
    oracle: rng.chance(0.5),
    ...(release === undefined ? {} : { release }),
  };
}

/** Ascending. Small ids mostly, so that stories stay readable. */
function chooseSids(rng: Rng, count: number, extreme: boolean): readonly Sid[] {
  const sids = new Set<bigint>();
  if (extreme) for (const edge of [LONG_MIN, -1n, 0n, LONG_MAX]) if (rng.chance(0.4)) sids.add(edge);
  for (let next = 1n; sids.size < count; next++) sids.add(next);
  return [...sids].slice(0, count).sort(ascending).map(asSid);
}

const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

interface ConfigShape {
  readonly sids: readonly Sid[];
  readonly voters: number;
  readonly grouped: boolean;
  readonly oracles: number;
  readonly version: bigint;
}

function configOf(rng: Rng, { sids, voters, grouped, oracles, version }: ConfigShape): EnsembleConfig {
  const roles = sids.map((_, index) => index);
  const voting = new Set(shuffled(rng, roles).slice(0, voters));
  const members = sids.map((sid, index): Member => {
    const type = voting.has(index) ? 'PARTICIPANT' : 'OBSERVER';
    return { sid, type, addresses: [], clientAddress: null };
  });
  const voterSids = members.filter(({ type }) => type === 'PARTICIPANT').map(({ sid }) => sid);
  return { version: asConfigVersion(version), members, quorumSystem: systemFor(rng, voterSids, { grouped, oracles }) };
}

function systemFor(
  rng: Rng,
  voters: readonly Sid[],
  { grouped, oracles }: Pick<ConfigShape, 'grouped' | 'oracles'>,
): QuorumSystem {
  if (voters.length === 2 && rng.chance(oracles)) return { kind: 'oracle', oraclePath: '/oracle' };
  if (!grouped) return { kind: 'majority' };
  const groups = 1 + rng.below(3);
  return {
    kind: 'hierarchical',
    groups: new Map(voters.map((sid, index) => [sid, BigInt(index % groups)])),
    weights: new Map(voters.map((sid, index) => [sid, index > 0 && rng.chance(0.15) ? 0n : BigInt(1 + rng.below(3))])),
  };
}

/** The same servers in other roles, majority quorums. */
function laterConfig(rng: Rng, config: EnsembleConfig, oracles: number): EnsembleConfig {
  const sids = config.members.map(({ sid }) => sid);
  return configOf(rng, { sids, voters: 1 + rng.below(sids.length), grouped: false, oracles, version: 5n });
}

function shuffled<T>(rng: Rng, items: readonly T[]): readonly T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = rng.below(i + 1);
    const a = result[i] as T;
    result[i] = result[j] as T;
    result[j] = a;
  }
  return result;
}

interface Disk {
  readonly zxid: Zxid;
  readonly currentEpoch: PeerEpoch;
  readonly acceptedEpoch: PeerEpoch;
}

/** What a server may find when it starts: epoch of zxid <= currentEpoch <= acceptedEpoch, or no database (−1). */
function randomDisk(rng: Rng, extreme: boolean): Disk {
  if (rng.chance(0.04)) return diskOf(asZxid(-1n), 0n, 0n);
  const base = extreme && rng.chance(0.3) ? 2n ** 31n - 8n : 0n;
  const epoch = base + BigInt(rng.below(3));
  const counter = BigInt(rng.below(3));
  const zxid = rng.chance(0.4) ? asZxid(0n) : makeZxid(asPeerEpoch(epoch), counter);
  const current = zxidEpoch(zxid) + BigInt(rng.below(2));
  return diskOf(zxid, current, current + (rng.chance(0.2) ? 1n : 0n));
}

function diskOf(zxid: Zxid, currentEpoch: bigint, acceptedEpoch: bigint): Disk {
  return { zxid, currentEpoch: asPeerEpoch(currentEpoch), acceptedEpoch: asPeerEpoch(acceptedEpoch) };
}
