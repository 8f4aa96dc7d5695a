/** What an action of the specification means for the peers: who is told what, in which order. */
import { unreachable } from '../../base/assert.js';
import { type Action, EXTENTS } from '../../spec/action.js';
import { sameConfig } from '../../spec/reconfiguration.js';
import type { Life, Server, State } from '../../spec/state.js';
import type { Sid } from '../../types/ids.js';
import type { PeerInput, PeerSettings } from './peer.js';

/** One thing done to one server. */
export type PeerCall =
  | { readonly kind: 'crash'; readonly sid: Sid }
  | { readonly kind: 'boot'; readonly sid: Sid }
  | { readonly kind: 'input'; readonly sid: Sid; readonly input: PeerInput };

/** What a peer is told of itself. */
export function settingsOf({ sid, learnerType, membership, profile }: Server): PeerSettings {
  return { sid, learnerType, membership, ...(profile === undefined ? {} : { release: profile.release }) };
}

/** The calls of an enabled action. `after` is a state that the action leads to: Zab's numbers are read from it. */
export function inputsOf(before: State, action: Action, after: State): readonly PeerCall[] {
  switch (action.name) {
    case 'Begin':
    case 'TestState':
    case 'Enqueue':
    case 'CompareRound':
    case 'SendReply':
    case 'FinalStep':
    case 'Silence':
    case 'FinalEnd':
    case 'Publish':
      return [{ kind: 'input', sid: action.s, input: { type: action.name } }];
    case 'Handle':
      return [input(action.s, { type: 'Handle', oracleSays: before.oracle })];
    case 'Resend':
      return [input(action.s, { type: 'TimeOut', haveDelivered: action.delivered ?? true, oracleSays: before.oracle })];
    case 'Leave':
      return [input(action.s, { type: 'Leave', reconfigured: lifeOf(before, action.s).reconfigFlag })];
    case 'Receive':
      return receive(before, action);
    case 'Crash':
      return [{ kind: 'crash', sid: action.s }];
    case 'Restart':
      return [{ kind: 'boot', sid: action.s }];
    case 'Break':
    case 'Lose':
    case 'Replay':
    case 'Overflow':
    case 'OracleFlip':
      return [];
    case 'Activate':
    case 'Write':
    case 'CatchUp':
    case 'CountFollowers':
      return zabCalls(before, action, after);
    case 'ConfigGossip':
    case 'ProposeConfig':
    case 'CommitConfig':
      return configCalls(before, action, after);
    default:
      return unreachable(action);
  }
}

function input(sid: Sid, what: PeerInput): PeerCall {
  return { kind: 'input', sid, input: what };
}

function receive(before: State, { from, s }: { readonly from: Sid; readonly s: Sid }): readonly PeerCall[] {
  const head = before.channels.get(from)?.get(s)?.queue[0];
  if (head === undefined) return [];
  return [input(s, { type: 'Receive', notification: { ...head, from } })];
}

type ZabAction = Extract<Action, { name: 'Activate' | 'Write' | 'CatchUp' | 'CountFollowers' }>;

function zabCalls(before: State, action: ZabAction, after: State): readonly PeerCall[] {
  switch (action.name) {
    case 'Activate':
      return activation(action, serverOf(before, action.leader), serverOf(after, action.leader));
    case 'Write':
      return [input(action.leader, { type: 'Write', zxid: serverOf(after, action.leader).zx })];
    case 'CatchUp': {
      const { zx: zxid, ce: epoch } = serverOf(after, action.s);
      return [
        input(action.s, { type: 'AcceptEpoch', epoch }),
        input(action.s, { type: 'Synchronize', zxid, epoch }),
        input(action.s, { type: 'UpToDate', epoch }),
      ];
    }
    case 'CountFollowers':
      return [input(action.leader, { type: 'CountFollowers', none: action.none })];
  }
}

/** Discovery and synchronisation, message by message, up to the extent. */
function activation(
  { leader, followers, extent }: Extract<Action, { name: 'Activate' }>,
  before: Server,
  after: Server,
): readonly PeerCall[] {
  const epoch = after.ae;
  const each = (what: PeerInput): readonly PeerCall[] => followers.map((sid) => input(sid, what));
  const phases: readonly (readonly PeerCall[])[] = [
    [input(leader, { type: 'ProposeEpoch', epoch }), ...each({ type: 'AcceptEpoch', epoch })],
    [input(leader, { type: 'CommitEpoch' })],
    each({ type: 'Synchronize', zxid: before.zx, epoch }),
    [input(leader, { type: 'Establish' })],
    each({ type: 'UpToDate', epoch }),
  ];
  return phases.slice(0, EXTENTS.indexOf(extent) + 1).flat();
}

type ConfigAction = Extract<Action, { name: 'ConfigGossip' | 'ProposeConfig' | 'CommitConfig' }>;

function configCalls(before: State, action: ConfigAction, after: State): readonly PeerCall[] {
  const settings = settingsOf(serverOf(after, action.s));
  const { sid, membership } = settings;
  const configure = input(sid, { type: 'Configure', settings });
  if (action.name === 'ProposeConfig') return [configure];
  const replaced = !sameConfig(serverOf(before, sid).membership.committed, membership.committed);
  if (action.name === 'ConfigGossip') {
    return [configure, ...(replaced ? [input(sid, { type: 'RestartElection' })] : receive(before, action))];
  }
  if (!replaced) return [configure];
  const restart = [configure, input(sid, { type: 'RestartElection' })];
  const { cur } = lifeOf(before, sid);
  if (action.designated === cur.leader) return restart;
  return [...restart, input(sid, { type: 'UpdateVote', leader: action.designated, zxid: serverOf(before, sid).zx })];
}

function serverOf(state: State, sid: Sid): Server {
  const server = state.servers.get(sid);
  if (server === undefined) throw new Error(`internal error: no server ${sid}`);
  return server;
}

function lifeOf(state: State, sid: Sid): Life {
  const { life } = serverOf(state, sid);
  if (life === null) throw new Error(`internal error: server ${sid} is down`);
  return life;
}
