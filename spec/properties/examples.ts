/** Small states and steps, written by hand, for the tests of properties: any part that is not given is uneventful. */
import { assert } from '../../base/assert.js';
import type { EnsembleConfig, QuorumSystem } from '../../types/ensemble.js';
import {
  asConfigVersion,
  asPeerEpoch,
  asRound,
  asSid,
  asZxid,
  type PeerEpoch,
  type Round,
  type Sid,
  type Zxid,
} from '../../types/ids.js';
import type { LearnerType, ServerState } from '../../types/server-state.js';
import type { Notification, Proposal, Vote } from '../../types/vote.js';
import type { Action, Send } from '../action.js';
import { emptyHistory, extend, type History, type StepTaken } from '../history.js';
import type { Life, Message, Server, State } from '../state.js';

export const sid = (id: number): Sid => asSid(BigInt(id));
export const zxid = (value: number): Zxid => asZxid(BigInt(value));
export const epoch = (value: number): PeerEpoch => asPeerEpoch(BigInt(value));
export const round = (value: number): Round => asRound(BigInt(value));

/** Voters `1..count`, then observers up to `last`. */
export function config(count: number, quorumSystem: QuorumSystem = { kind: 'majority' }, last = count): EnsembleConfig {
  const members = Array.from({ length: last }, (_, index) => ({
    sid: sid(index + 1),
    type: (index < count ? 'PARTICIPANT' : 'OBSERVER') as LearnerType,
    addresses: [],
    clientAddress: null,
  }));
  return { version: asConfigVersion(0n), members, quorumSystem };
}

/** A hierarchy of one group. */
export function weighted(...weights: readonly number[]): EnsembleConfig {
  const sids = weights.map((_, index) => sid(index + 1));
  return config(weights.length, {
    kind: 'hierarchical',
    groups: new Map(sids.map((id) => [id, 1n])),
    weights: new Map(sids.map((id, index) => [id, BigInt(weights[index] ?? 1)])),
  });
}

export const proposal = (leader: number, z = 0, e = 0): Proposal => ({
  leader: sid(leader),
  zxid: zxid(z),
  epoch: epoch(e),
});

export const vote = (leader: number, r: number, state: ServerState = 'LOOKING', rest: Partial<Vote> = {}): Vote => ({
  ...proposal(leader),
  round: round(r),
  state,
  version: 0,
  ...rest,
});

export const message = (leader: number, r: number, state?: ServerState, rest: Partial<Vote> = {}): Message => ({
  ...vote(leader, r, state, rest),
  configVersion: asConfigVersion(0n),
});

/** As received from server `from`. */
export const heard = (from: number, leader: number, r: number, state?: ServerState): Notification => ({
  ...message(leader, r, state),
  from: sid(from),
});

export const recorded = (...votes: readonly (readonly [from: number, of: Vote])[]): ReadonlyMap<Sid, Vote> =>
  new Map(votes.map(([from, of]) => [sid(from), of]));

/** An electing server of round 1 that proposes itself. */
export function electing(id: number, rest: Partial<Life> = {}): Life {
  return {
    st: 'LOOKING',
    pc: 'POLL',
    clk: round(1),
    prop: proposal(id),
    cur: vote(id, -1),
    end: null,
    recvset: new Map(),
    ooe: new Map(),
    nq: [],
    counted: null,
    needOracle: true,
    reconfigFlag: false,
    worker: { stage: 'IDLE' },
    leadership: 'none',
    ...rest,
  };
}

/** A server in the role that its vote for `leader` gives it. */
export function inRole(id: number, leader: number, r = 1, rest: Partial<Life> = {}): Life {
  const st = id === leader ? 'LEADING' : 'FOLLOWING';
  return electing(id, { st, pc: 'OUT', clk: round(r), cur: vote(leader, r), ...rest });
}

export function server(id: number, life: Life | null, rest: Partial<Server> = {}): Server {
  return {
    sid: sid(id),
    learnerType: 'PARTICIPANT',
    membership: { committed: config(3), lastSeen: null },
    zx: zxid(0),
    logged: zxid(0),
    ce: epoch(0),
    ae: epoch(0),
    life,
    ...rest,
  };
}

/** The servers and, if given, one message on its way. */
export function state(servers: readonly Server[], way?: readonly [from: number, to: number, what: Message]): State {
  const channels: State['channels'] =
    way === undefined
      ? new Map()
      : new Map([[sid(way[0]), new Map([[sid(way[1]), { queue: [way[2]], newest: null }]])]]);
  const configs = servers.map(({ membership }) => membership.committed);
  return {
    servers: new Map(servers.map((each) => [each.sid, each])),
    channels,
    oracle: false,
    configs: new Map(configs.map((each) => [each.version, each])),
  };
}

/** The step that replaces some servers. */
export function step(before: State, action: Action, after: readonly Server[], sends: readonly Send[] = []): StepTaken {
  assert(
    after.every((each) => before.servers.has(each.sid)),
    'a step makes no servers',
  );
  const servers = new Map(before.servers);
  for (const each of after) servers.set(each.sid, each);
  return { before, action, after: { ...before, servers }, sends };
}

/** The history of a behaviour. */
export function historyOf(first: State, ...steps: readonly StepTaken[]): History {
  return steps.reduce((history, taken) => extend(history, taken), emptyHistory(first));
}
