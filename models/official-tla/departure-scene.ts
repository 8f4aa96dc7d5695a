/**
 * One situation, told to both: a row of our reading of the official module, and a state of the specification. Ids are
 * those of the specification; the module numbers downwards, so that its server 1 has the greatest id.
 */
import type { Value } from '../../checker/system.js';
import { bootLife, live, serverAtRest } from '../../spec/server.js';
import type { Channel, Life, Message, Server, State } from '../../spec/state.js';
import type { EnsembleConfig, QuorumSystem } from '../../types/ensemble.js';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid, makeZxid, type Sid } from '../../types/ids.js';
import type { Proposal, Vote } from '../../types/vote.js';
import { channelSlot, serverSlot } from './layout.js';
import { initialState, type LocalState, type Notification, noVotes, type Vote as ModuleVote } from './local-state.js';
import { put } from './received-votes.js';
import { officialTla } from './system.js';

/** LOOKING, FOLLOWING or LEADING. */
type Doing = LocalState['state'];
/** Epoch and counter of a zxid. */
type Pair = readonly [number, number];

/** A message or a recorded vote: who sent it, as what, for whom, in which round; zxid 0:0 and epoch 0 unless given. */
export type Said = readonly [from: number, state: Doing, leader: number, round: number, zxid?: Pair, epoch?: number];

/** One server; what is absent is as after a first Begin: LOOKING, for itself, in round 1, nothing heard. */
export interface Peer {
  /** 'rest': not yet started; the module has only servers that are up, LOOKING, in round 0. */
  readonly doing?: Doing | 'rest';
  /** In the finalize wait. */
  readonly waiting?: boolean;
  readonly round?: number;
  /** Its proposal, or whom it follows. */
  readonly for?: number;
  /** What it had proposed before it joined. */
  readonly proposed?: number;
  readonly recvset?: readonly Said[];
  readonly outOfElection?: readonly Said[];
  readonly queue?: readonly Said[];
}

export interface Scene {
  /** Three, if not said otherwise; missing ones are as an empty Peer. */
  readonly peers: Readonly<Record<number, Peer>>;
  /** On the way to server `to`. */
  readonly way?: readonly (readonly [to: number, said: Said])[];
  /** By server. Absent: majorities. */
  readonly weights?: readonly number[];
  /** No voter, but an observer; the module has none. */
  readonly observer?: number;
}

export const COUNT = 3;
export const SIDS: readonly number[] = [1, 2, 3];

/** From an id of the specification to one of the module, and back. */
export const mirrored = (id: number): number => COUNT + 1 - id;

export const module = officialTla({ servers: COUNT, C: 9, E: 9, I: 9, Q: 9, V: 9 });

function moduleVote(leader: number, zxid: Pair = [0, 0], epoch = 0): ModuleVote {
  return { proposedLeader: mirrored(leader), proposedZxid: zxid, proposedEpoch: epoch };
}

function moduleMessage([from, mstate, leader, mround, zxid, epoch]: Said): Notification {
  const mvote = moduleVote(leader, zxid, epoch);
  return { mtype: 'NOTIFICATION', msource: mirrored(from), mstate, mround, mvote };
}

function modulePeer(sid: number, peer: Peer): LocalState {
  const start = initialState(mirrored(sid), COUNT);
  if (peer.doing === 'rest') return start;
  // What a server sent to itself the module does not have.
  const others = (said: readonly Said[] = []): readonly Notification[] =>
    said.filter(([from]) => from !== sid).map(moduleMessage);
  return {
    ...start,
    state: peer.doing ?? 'LOOKING',
    logicalClock: peer.round ?? 1,
    currentVote: moduleVote(peer.for ?? sid),
    receiveVotes: others(peer.recvset).reduce(put, noVotes(COUNT)),
    outOfElection: others(peer.outOfElection).reduce(put, noVotes(COUNT)),
    recvQueue: others(peer.queue),
    waitNotmsg: peer.waiting ?? false,
  };
}

/** The scene as a row of the module. */
export function moduleRow({ peers, way = [] }: Scene): readonly Value[] {
  const row = module.slots.map((): Value => []);
  for (const sid of SIDS) row[serverSlot(mirrored(sid))] = modulePeer(sid, peers[sid] ?? {});
  for (const [to, said] of way) {
    const slot = channelSlot([mirrored(said[0]), mirrored(to)], COUNT);
    row[slot] = [...(row[slot] as readonly Notification[]), moduleMessage(said)];
  }
  return row;
}

function configOf({ weights, observer }: Scene): EnsembleConfig {
  const members = SIDS.map((sid) => ({
    sid: asSid(BigInt(sid)),
    type: sid === observer ? ('OBSERVER' as const) : ('PARTICIPANT' as const),
    addresses: [],
    clientAddress: null,
  }));
  const ofAll = (numbers: readonly number[]): ReadonlyMap<Sid, bigint> =>
    new Map(members.map(({ sid }, i) => [sid, BigInt(numbers[i] ?? 1)]));
  const quorumSystem: QuorumSystem =
    weights === undefined
      ? { kind: 'majority' }
      : { kind: 'hierarchical', groups: ofAll([1, 1, 1]), weights: ofAll(weights) };
  return { version: asConfigVersion(0n), members, quorumSystem };
}

function proposal(leader: number, zxid: Pair = [0, 0], epoch = 0): Proposal {
  return {
    leader: asSid(BigInt(leader)),
    zxid: makeZxid(asPeerEpoch(BigInt(zxid[0])), BigInt(zxid[1])),
    epoch: asPeerEpoch(BigInt(epoch)),
  };
}

/** `version`: that of a message, or 0 as in recvset. */
function voteOf([, state, leader, round, zxid, epoch]: Said, version: number): Vote {
  return { ...proposal(leader, zxid, epoch), round: asRound(BigInt(round)), state, version };
}

const message = (said: Said): Message => ({ ...voteOf(said, 2), configVersion: asConfigVersion(0n) });

function specPeer(sid: number, peer: Peer, config: EnsembleConfig): Server {
  const disk = { zxid: asZxid(0n), currentEpoch: asPeerEpoch(0n), acceptedEpoch: asPeerEpoch(0n) };
  const rest = serverAtRest({ sid: asSid(BigInt(sid)), ...disk }, config);
  if (peer.doing === 'rest') return rest;
  const recorded = (said: readonly Said[] = [], version: number): ReadonlyMap<Sid, Vote> =>
    new Map(said.map((each) => [asSid(BigInt(each[0])), voteOf(each, version)]));
  const round = asRound(BigInt(peer.round ?? 1));
  const chosen = proposal(peer.for ?? sid);
  const common: Partial<Life> = {
    clk: round,
    prop: peer.proposed === undefined ? chosen : proposal(peer.proposed),
    recvset: recorded(peer.recvset, 0),
    ooe: recorded(peer.outOfElection, 2),
    nq: (peer.queue ?? []).map((said) => ({ ...message(said), from: asSid(BigInt(said[0])) })),
  };
  const doing = peer.doing ?? 'LOOKING';
  const cur: Vote = { ...chosen, round, state: 'LOOKING', version: 0 };
  const own: Partial<Life> =
    doing === 'LOOKING' ? { pc: peer.waiting === true ? 'FINAL' : 'POLL' } : { pc: 'OUT', cur };
  return live({ ...rest, life: bootLife(rest) }, { ...common, st: doing, ...own });
}

/** The scene as a state of the specification. What is on the way is the newest that was sent. */
export function specState(scene: Scene): State {
  const { peers, way = [] } = scene;
  const config = configOf(scene);
  const channels = new Map<Sid, Map<Sid, Channel>>();
  for (const [to, said] of way) {
    const from = asSid(BigInt(said[0]));
    const row = channels.get(from) ?? new Map<Sid, Channel>();
    const queue = [...(row.get(asSid(BigInt(to)))?.queue ?? []), message(said)];
    channels.set(from, row.set(asSid(BigInt(to)), { queue, newest: message(said) }));
  }
  return {
    servers: new Map(SIDS.map((sid) => [asSid(BigInt(sid)), specPeer(sid, peers[sid] ?? {}, config)])),
    channels,
    oracle: false,
    configs: new Map([[config.version, config]]),
  };
}
