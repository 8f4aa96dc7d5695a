/** Short forms for the tests of this folder. */
import type { EnsembleConfig, Member, QuorumSystem } from '../types/ensemble.js';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid, type Sid } from '../types/ids.js';
import type { LearnerType, ServerState } from '../types/server-state.js';
import type { Notification, Proposal, Vote } from '../types/vote.js';
import { bootLife, live, serverAtRest, type Disk } from './server.js';
import { initialState } from './init.js';
import type { Life, Message, Server, State } from './state.js';
import type { Action, LocalAction, LocalOutcome } from './action.js';
import { localOutcomes, localWhyNot, nextStates, whyNotEnabled, type Step } from './next.js';
import { withServer } from './world.js';

type Int = bigint | number;

export const sid = (n: Int): Sid => asSid(BigInt(n));
export const round = (n: Int): Vote['round'] => asRound(BigInt(n));
export const epoch = (n: Int): Vote['epoch'] => asPeerEpoch(BigInt(n));
export const zxid = (n: Int): Vote['zxid'] => asZxid(BigInt(n));

/** Voters 1..n and observers after them. */
export function ensemble(
  n: number,
  more: Partial<EnsembleConfig> & { readonly observers?: number } = {},
): EnsembleConfig {
  const member = (i: number, type: LearnerType): Member => ({
    sid: sid(i),
    type,
    addresses: [{ host: 'h', quorumPort: 2000 + i, electionPort: 3000 + i }],
    clientAddress: null,
  });
  const members = Array.from({ length: n + (more.observers ?? 0) }, (_, i) =>
    member(i + 1, i < n ? 'PARTICIPANT' : 'OBSERVER'),
  );
  return {
    version: more.version ?? asConfigVersion(0n),
    members: more.members ?? members,
    quorumSystem: more.quorumSystem ?? { kind: 'majority' },
  };
}

/** Groups as lists of sids; weights by sid. */
export function hierarchy(
  groups: readonly (readonly Int[])[],
  weights: Readonly<Record<string, number>> = {},
): QuorumSystem {
  return {
    kind: 'hierarchical',
    groups: new Map(groups.flatMap((group, g) => group.map((s) => [sid(s), BigInt(g + 1)] as const))),
    weights: new Map(Object.entries(weights).map(([s, w]) => [sid(BigInt(s)), BigInt(w)])),
  };
}

export const proposal = (leader: Int, z: Int, e: Int): Proposal => ({
  leader: sid(leader),
  zxid: zxid(z),
  epoch: epoch(e),
});

/** A vote: state, leader, zxid, round, epoch. */
export function vote(state: ServerState, fields: readonly [Int, Int, Int, Int], version = 2): Vote {
  const [leader, z, r, e] = fields;
  return { ...proposal(leader, z, e), round: round(r), state, version };
}

export const message = (state: ServerState, fields: readonly [Int, Int, Int, Int], version = 2): Message => ({
  ...vote(state, fields, version),
  configVersion: asConfigVersion(0n),
});

export const note = (
  from: Int,
  state: ServerState,
  fields: readonly [Int, Int, Int, Int],
  version = 2,
): Notification => ({ ...message(state, fields, version), from: sid(from) });

export const disk = (s: Int, z: Int = 0, ce: Int = 0, ae: Int = ce): Disk => ({
  sid: sid(s),
  zxid: zxid(z),
  currentEpoch: epoch(ce),
  acceptedEpoch: epoch(ae),
});

/** A running server that has just started, then changed. */
export function running(of: Disk, config: EnsembleConfig, changes: Partial<Life> = {}): Server {
  const rest = serverAtRest(of, config);
  return live({ ...rest, life: bootLife(rest) }, changes);
}

/** The only outcome. */
export function only(server: Server, action: LocalAction, oracle = false): LocalOutcome {
  const outcomes = localOutcomes(server, action, { oracle });
  const [first] = outcomes;
  if (first === undefined || outcomes.length > 1) {
    throw new Error(`${action.name}: ${localWhyNot(server, action) ?? `${outcomes.length} outcomes`}`);
  }
  return first;
}

/** All servers of a configuration, up; then changed. */
export function world(config: EnsembleConfig, servers: readonly Server[], more: Partial<State> = {}): State {
  const disks = servers.map((s) => ({ sid: s.sid, zxid: s.zx, currentEpoch: s.ce, acceptedEpoch: s.ae }));
  const empty = initialState({ servers: disks, config, laterConfigs: [], oracle: false });
  return { ...servers.reduce(withServer, empty), ...more };
}

/** The only next state. */
export function step(state: State, action: Action): Step {
  const steps = nextStates(state, action);
  const [first] = steps;
  if (first === undefined || steps.length > 1) {
    throw new Error(`${action.name}: ${whyNotEnabled(state, action) ?? `${steps.length} steps`}`);
  }
  return first;
}

/** Several actions, each with one next state. */
export const run = (state: State, ...actions: readonly Action[]): State =>
  actions.reduce((at, action) => step(at, action).state, state);
