/** What the world may do to an ensemble, chosen at random: faults, progress of Zab, reconfigurations. */
import type { Rng } from '../../base/rng.js';
import { type Action, EXTENTS } from '../../spec/action.js';
import type { Channel, Server, State } from '../../spec/state.js';
import type { Sid } from '../../types/ids.js';

/** Kinds that a run may be allowed. `zab`: Activate, Write, CatchUp; without it no leader is ever established. */
export const FAULTS = ['crash', 'restart', 'break', 'lose', 'replay', 'overflow', 'zab', 'oracle', 'reconfig'] as const;
export type FaultName = (typeof FAULTS)[number];

export interface FaultContext {
  readonly rng: Rng;
  readonly faults: readonly FaultName[];
  readonly queueLengthMax: number;
}

/** How often each kind is tried, against the others. */
const WEIGHTS: Readonly<Record<FaultName, number>> = {
  crash: 3,
  restart: 4,
  break: 2,
  lose: 2,
  replay: 2,
  overflow: 1,
  zab: 8,
  oracle: 1,
  reconfig: 4,
};

/** A fault of an allowed kind, likely enabled; null if this kind finds nothing to do. */
export function proposeFault(state: State, sids: readonly Sid[], context: FaultContext): Action | null {
  const { rng, faults } = context;
  const kind = weighted(faults, rng);
  const sid = kind === null ? null : serverFor(kind, state, { sids, rng });
  const server = sid === null ? undefined : state.servers.get(sid);
  if (kind === null || server === undefined) return null;
  return MAKERS[kind]({ state, sids, server, context });
}

function weighted(faults: readonly FaultName[], rng: Rng): FaultName | null {
  let total = 0;
  for (const name of faults) total += WEIGHTS[name];
  let left = rng.next() * total;
  for (const name of faults) {
    left -= WEIGHTS[name];
    if (left < 0) return name;
  }
  return null;
}

/** Any server; for steps after an election, one that is in a role. */
function serverFor(
  kind: FaultName,
  state: State,
  { sids, rng }: { readonly sids: readonly Sid[]; readonly rng: Rng },
): Sid | null {
  const candidates =
    kind === 'zab' || kind === 'reconfig' ? sids.filter((sid) => state.servers.get(sid)?.life?.pc === 'OUT') : sids;
  return candidates[rng.below(candidates.length)] ?? null;
}

interface Place {
  readonly state: State;
  readonly sids: readonly Sid[];
  readonly server: Server;
  readonly context: FaultContext;
}

const MAKERS: Readonly<Record<FaultName, (place: Place) => Action | null>> = {
  crash: ({ server: { sid, life } }) => (life === null ? null : { name: 'Crash', s: sid }),
  restart: ({ server: { sid, life } }) => (life === null ? { name: 'Restart', s: sid } : null),
  break: breakPair,
  lose: loseOne,
  replay: (place) => {
    const to = otherThan(place);
    return to === null ? null : { name: 'Replay', from: place.server.sid, to };
  },
  overflow: (place) => {
    const from = place.sids[place.context.rng.below(place.sids.length)];
    return from === undefined ? null : { name: 'Overflow', from, s: place.server.sid };
  },
  zab: zabStep,
  oracle: ({ server, context: { rng } }) =>
    rng.chance(0.5) ? { name: 'OracleFlip' } : { name: 'CountFollowers', leader: server.sid, none: rng.chance(0.5) },
  reconfig: reconfigure,
};

function otherThan({ sids, server, context: { rng } }: Place): Sid | null {
  const others = sids.filter((sid) => sid !== server.sid);
  return others[rng.below(others.length)] ?? null;
}

function channel(state: State, from: Sid, to: Sid): Channel | undefined {
  return state.channels.get(from)?.get(to);
}

function breakPair(place: Place): Action | null {
  const { state, server, context } = place;
  const b = otherThan(place);
  if (b === null) return null;
  const ab = channel(state, server.sid, b)?.queue.length ?? 0;
  const ba = channel(state, b, server.sid)?.queue.length ?? 0;
  if (ab + ba === 0) return null;
  const { rng } = context;
  return { name: 'Break', a: server.sid, b, keepAB: rng.below(ab + 1), keepBA: rng.below(ba + 1) };
}

function loseOne(place: Place): Action | null {
  const to = otherThan(place);
  const { state, server, context } = place;
  if (to === null) return null;
  const length = channel(state, server.sid, to)?.queue.length ?? 0;
  return length < 2 ? null : { name: 'Lose', from: server.sid, to, index: context.rng.below(length - 1) };
}

function zabStep({ state, sids, server, context: { rng } }: Place): Action | null {
  const { sid, life } = server;
  if (life === null || life.pc !== 'OUT') return null;
  if (life.st !== 'LEADING') return { name: 'CatchUp', s: sid };
  if (life.leadership === 'established') return { name: 'Write', leader: sid };
  const followers = sids.filter((other) => {
    const that = state.servers.get(other)?.life;
    return other !== sid && that?.pc === 'OUT' && that.st === 'FOLLOWING' && that.cur.leader === sid;
  });
  const some = followers.filter(() => rng.chance(0.8));
  const extent = rng.chance(0.5) ? 'upToDate' : EXTENTS[rng.below(EXTENTS.length)];
  return extent === undefined ? null : { name: 'Activate', leader: sid, followers: some, extent };
}

function reconfigure({ state, server, context: { rng } }: Place): Action | null {
  const { committed, lastSeen } = server.membership;
  if (lastSeen !== null && lastSeen.version > committed.version && rng.chance(0.5)) {
    const voters = lastSeen.members.filter(({ type }) => type === 'PARTICIPANT');
    const designated = rng.chance(0.5) ? server.life?.cur.leader : voters[rng.below(voters.length)]?.sid;
    return designated === undefined ? null : { name: 'CommitConfig', s: server.sid, designated };
  }
  const newer = [...state.configs.keys()].filter((version) => version > committed.version);
  const version = newer[rng.below(newer.length)];
  return version === undefined ? null : { name: 'ProposeConfig', s: server.sid, version };
}
