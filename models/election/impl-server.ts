/** Peers of `impl` as values: pure data, driven by what the actions of the specification mean for a peer. */
import { whyNotEnabled } from '../../impl/enabled.js';
import type { PeerEvent } from '../../impl/event.js';
import { makePeerConfig, type PeerConfig } from '../../impl/peer-config.js';
import { type Peer, peerAtRest } from '../../impl/peer.js';
import { P380, profileForRelease, type ReleaseProfile } from '../../impl/release-profile.js';
import { transition } from '../../impl/transition.js';
import type { Action, Send } from '../../spec/action.js';
import { nextStates } from '../../spec/next.js';
import type { Life, Server, State } from '../../spec/state.js';
import { serverOf as serverIn } from '../../spec/world.js';
import type { EnsembleConfig, Membership } from '../../types/ensemble.js';
import type { Sid, Zxid } from '../../types/ids.js';
import { inputsOf, type PeerCall } from '../conformance/inputs.js';
import { peerOf, serverOf } from '../spec-machine/convert.js';
import type { ElectionBounds } from './bounds.js';
import { sceneOf } from './ensemble.js';
import { lookingOnce, type Machine, type Moved } from './machine.js';

/** A peer, and what the world around it knows: impl has neither a log nor a leader's progress beyond its votes. */
export interface PeerValue {
  readonly sid: Sid;
  readonly peer: Peer;
  /** What its database would load after a restart. */
  readonly logged: Zxid;
  readonly leadership: Life['leadership'];
}

/** What may be exchanged: a release, or the function itself (how mutants are found). */
export interface ImplOptions {
  readonly profile?: ReleaseProfile;
  readonly transition?: typeof transition;
}

type Step = typeof transition;

/** The release, with the defect that the model is about. */
export function profileOf({ bug, release }: ElectionBounds): ReleaseProfile {
  const profile = release === null ? P380 : profileForRelease(release);
  if (profile === null) throw new Error(`no profile covers release ${release}`);
  return bug.length === 0 ? profile : { ...profile, defects: bug };
}

/** One machine of real peers. What the environment does to epochs is the specification's, as in the conformance run. */
export function implMachine(config: EnsembleConfig, options: ImplOptions = {}): Machine<PeerValue> {
  const membership: Membership = { committed: config, lastSeen: null };
  const step = options.transition ?? transition;
  const { profile } = options;
  const configs = new Map(
    config.members.map(({ sid }) => [
      sid,
      makePeerConfig({ sid, membership, ...(profile === undefined ? {} : { profile }) }),
    ]),
  );
  const configOf = (sid: Sid): PeerConfig => configs.get(sid) ?? missing(sid);
  const look = lookingOnce((value: PeerValue): Server => shown(configOf(value.sid), value));
  const from = (server: Server): PeerValue => valueOf(configOf(server.sid), server);
  return {
    name: 'impl',
    from,
    look,
    step(values, { action, arrival }) {
      const before = sceneOf(values.map(look), arrival);
      const after = action.name === 'Activate' ? nextStates(before, action)[0]?.state : before;
      if (after === undefined) return [];
      const calls = inputsOf(before, action, after);
      const ready = calls.slice(0, 1).every((call) => isReady(values, call, configOf));
      return ready ? [driven(values, calls, { step, configOf, action, after })] : [];
    },
    changed: (value, change) => from(change(look(value))),
  };
}

function missing(sid: Sid): never {
  throw new Error(`internal error: server ${sid} is no member`);
}

/** All that the specification has in a server, read off the peer. */
function shown(config: PeerConfig, { peer, logged, leadership }: PeerValue): Server {
  const server = serverOf(config, peer);
  return { ...server, logged, life: server.life === null ? null : { ...server.life, leadership } };
}

/** The next wait is the shortest: nothing but log lines and, with an oracle, an exit depend on it. */
function valueOf({ sid, profile }: PeerConfig, server: Server): PeerValue {
  const peer = peerOf(server, profile.minNotificationIntervalMs);
  return { sid, peer, logged: server.logged, leadership: server.life?.leadership ?? 'none' };
}

/**
 * Does the peer take the call now? Activate's guard is the specification's: only the first call of an action is
 * asked.
 */
function isReady(values: readonly PeerValue[], call: PeerCall, configOf: (sid: Sid) => PeerConfig): boolean {
  const value = values.find(({ sid }) => sid === call.sid);
  return value !== undefined && whyNotEnabled(configOf(call.sid), value.peer, eventOf(call)) === null;
}

function eventOf(call: PeerCall): PeerEvent {
  if (call.kind === 'crash') return { type: 'Crash' };
  if (call.kind === 'boot') return { type: 'Restart' };
  if (call.input.type === 'Configure') throw new Error('internal error: configurations do not change here');
  return call.input;
}

interface Driving {
  readonly step: Step;
  readonly configOf: (sid: Sid) => PeerConfig;
  readonly action: Action;
  readonly after: State;
}

/** Every call, in order. A peer that throws has broken a property; nobody has moved then. */
function driven(values: readonly PeerValue[], calls: readonly PeerCall[], driving: Driving): Moved<PeerValue> {
  const now = new Map(values.map((value) => [value.sid, value]));
  const sends: Send[] = [];
  for (const call of calls) {
    const value = now.get(call.sid) ?? missing(call.sid);
    try {
      const config = driving.configOf(call.sid);
      const { peer, effects } = driving.step(config, readyFor(call, value), eventOf(call));
      for (const effect of effects) if (effect.type === 'send') sends.push({ to: effect.to, message: effect.message });
      now.set(call.sid, { ...value, peer: sorted(peer) });
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      const why = `server ${call.sid} threw at ${driving.action.name}: ${what}`;
      return { values, sends: [], breaks: { property: 'no exception', why } };
    }
  }
  const settled = values.map(({ sid }) => withWorld(now.get(sid) ?? missing(sid), driving));
  return { values: settled, sends, breaks: null };
}

/** The last count in one order: it is a set, filled in the order of arrival. */
function sorted({ durable, process }: Peer): Peer {
  if (process === null || !('call' in process.main)) return { durable, process };
  const { call } = process.main;
  if (call.voteSet === null) return { durable, process };
  const voteSet = call.voteSet.toSorted((a, b) => (a < b ? -1 : 1));
  return { durable, process: { ...process, main: { ...process.main, call: { ...call, voteSet } } } };
}

/** A process starts from what its database holds. */
function readyFor(call: PeerCall, { peer, logged }: PeerValue): Peer {
  return call.kind === 'boot' ? peerAtRest({ ...peer.durable, lastZxid: logged }) : peer;
}

/** What the world knows after the action: Activate changes it, and a leadership ends with the role. */
function withWorld(value: PeerValue, { action, after }: Driving): PeerValue {
  if (action.name === 'Activate') {
    const { logged, life } = serverIn(after, value.sid);
    return { ...value, logged, leadership: life?.leadership ?? 'none' };
  }
  const { process } = value.peer;
  const leads = process !== null && process.main.at === 'role' && process.state === 'LEADING';
  return leads ? value : { ...value, leadership: 'none' };
}
