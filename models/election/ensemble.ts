/** Who takes part in a model, and the servers with which it begins. */
import { assert } from '../../base/assert.js';
import { nextStates } from '../../spec/next.js';
import { type Profile, profileOf, specProfile } from '../../spec/profile.js';
import { bootLife, live, serverAtRest } from '../../spec/server.js';
import type { Message, Server, State } from '../../spec/state.js';
import { serverOf } from '../../spec/world.js';
import type { EnsembleConfig, Member } from '../../types/ensemble.js';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid, type Sid } from '../../types/ids.js';
import type { ElectionBounds } from './bounds.js';

/** Majority quorums of voters 1, 2, ...; observers have the ids after them. */
export function configOf({ servers, observers }: ElectionBounds): EnsembleConfig {
  const members = Array.from({ length: servers + observers }, (_, index): Member => ({
    sid: asSid(BigInt(index + 1)),
    type: index < servers ? 'PARTICIPANT' : 'OBSERVER',
    addresses: [],
    clientAddress: null,
  }));
  return { version: asConfigVersion(0n), members, quorumSystem: { kind: 'majority' } };
}

/** What the servers are; absent: of 3.8. */
export function specProfileOf({ release }: Pick<ElectionBounds, 'release'>): Profile | undefined {
  const profile = release === null ? undefined : specProfile(release);
  assert(profile !== null, `the specification says nothing of ${release}`);
  return profile;
}

/** All servers, down, with equal and empty histories. */
export function serversAtRest(config: EnsembleConfig, profile?: Profile): readonly Server[] {
  const disk = { zxid: asZxid(0n), currentEpoch: asPeerEpoch(0n), acceptedEpoch: asPeerEpoch(0n) };
  return config.members.map(({ sid }) => serverAtRest({ sid, ...disk }, config, profile));
}

/** The highest voter leads all others and is established in epoch 1: what Activate makes of an ended first election. */
export function establishedServers(config: EnsembleConfig, profile?: Profile): readonly Server[] {
  const voters = config.members.filter(({ type }) => type === 'PARTICIPANT').map(({ sid }) => sid);
  const leader = voters.at(-1);
  assert(leader !== undefined, 'an ensemble has a voter');
  const before = sceneOf(serversAtRest(config, profile).map((server) => decided(server, leader)));
  const activate = { name: 'Activate', leader, followers: voters.slice(0, -1), extent: 'upToDate' } as const;
  const [activated] = nextStates(before, activate);
  assert(activated !== undefined, 'a leader with all voters behind it can be activated');
  const observers = config.members.filter(({ type }) => type === 'OBSERVER').map(({ sid }) => sid);
  const after = observers.reduce(
    (state, s) => nextStates(state, { name: 'CatchUp', s })[0]?.state ?? state,
    activated.state,
  );
  return config.members.map(({ sid }) => serverOf(after, sid));
}

function decided(server: Server, leader: Sid): Server {
  const learning = server.learnerType === 'PARTICIPANT' ? 'FOLLOWING' : 'OBSERVING';
  const vote = { leader, zxid: asZxid(0n), epoch: asPeerEpoch(0n) };
  const round = asRound(profileOf(server).roundsOutside ? 1n : -1n);
  return live(
    { ...server, life: bootLife(server) },
    {
      st: server.sid === leader ? 'LEADING' : learning,
      pc: 'OUT',
      clk: asRound(1n),
      prop: vote,
      cur: { ...vote, round, state: 'LOOKING', version: 0 },
    },
  );
}

/** A message about to be received. */
export interface Arrival {
  readonly from: Sid;
  readonly to: Sid;
  readonly message: Message;
}

/** A state of the specification with these servers alone and, if given, one message on its way. */
export function sceneOf(servers: readonly Server[], arrival: Arrival | null = null): State {
  const channels: State['channels'] =
    arrival === null
      ? NO_CHANNELS
      : new Map([[arrival.from, new Map([[arrival.to, { queue: [arrival.message], newest: null }]])]]);
  return { servers: new Map(servers.map((each) => [each.sid, each])), channels, oracle: false, configs: NO_CONFIGS };
}

const NO_CHANNELS: State['channels'] = new Map();
const NO_CONFIGS: State['configs'] = new Map();
