/** Reading and replacing parts of a state. Only what changes is copied. */
import { assert } from '../base/assert.js';
import type { Sid } from '../types/ids.js';
import type { Send } from './action.js';
import { EMPTY_CHANNEL, fifo } from './network.js';
import type { Channel, Server, State } from './state.js';

/** A server that is known to exist. */
export function serverOf(state: State, sid: Sid): Server {
  const server = state.servers.get(sid);
  assert(server !== undefined, `server ${sid} does not exist`);
  return server;
}

export function channelOf(state: State, from: Sid, to: Sid): Channel {
  return state.channels.get(from)?.get(to) ?? EMPTY_CHANNEL;
}

export function withServer(state: State, server: Server): State {
  return { ...state, servers: new Map(state.servers).set(server.sid, server) };
}

export function withChannel(state: State, from: Sid, to: Sid, channel: Channel): State {
  const row = new Map(state.channels.get(from)).set(to, channel);
  return { ...state, channels: new Map(state.channels).set(from, row) };
}

/**
 * Messages of `from` enter their channels, in order. An own copy passes no connection (QuorumCnxManager.toSend puts
 * it into recvQueue at once): nothing remembers it for a replay.
 */
export function withSends(state: State, from: Sid, sends: readonly Send[]): State {
  if (sends.length === 0) return state;
  const row = new Map(state.channels.get(from));
  for (const { to, message } of sends) {
    const channel = fifo.send(row.get(to) ?? EMPTY_CHANNEL, message);
    row.set(to, to === from ? { ...channel, newest: null } : channel);
  }
  return { ...state, channels: new Map(state.channels).set(from, row) };
}

/** A new connection manager at `sid`: its own copies are gone, and it remembers no message for a replay. */
export function withNewManager(state: State, sid: Sid): State {
  const old = state.channels.get(sid);
  if (old === undefined) return state;
  const row = new Map([...old].map(([to, channel]) => [to, to === sid ? EMPTY_CHANNEL : forgetful(channel)] as const));
  return { ...state, channels: new Map(state.channels).set(sid, row) };
}

const forgetful = (channel: Channel): Channel => (channel.newest === null ? channel : { ...channel, newest: null });
