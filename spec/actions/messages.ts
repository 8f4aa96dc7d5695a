/** Messages of the election port: the format version of the release, the sender's committed configuration. */
import type { ServerState } from '../../types/server-state.js';
import type { EndVote, Notification } from '../../types/vote.js';
import type { Send } from '../action.js';
import { profileOf } from '../profile.js';
import { allVoters } from '../quorums.js';
import { lifeOf } from '../server.js';
import type { Message, Server } from '../state.js';

/** A message of `server` (ToSend, buildMsg); the state is an argument, not the vote's. */
export function message(server: Server, vote: EndVote, state: ServerState): Message {
  return {
    leader: vote.leader,
    zxid: vote.zxid,
    epoch: vote.epoch,
    round: vote.round,
    state,
    version: profileOf(server).format,
    configVersion: server.membership.committed.version,
  };
}

/**
 * The proposal to every voter of the committed and the last seen configuration, ascending; to oneself if one is a
 * voter; never to observers (sendNotifications; TLA+: BroadcastNotmsg, which leaves the sender out).
 */
export function sendAll(server: Server): readonly Send[] {
  const { prop, clk } = lifeOf(server);
  const sent = message(server, { leader: prop.leader, zxid: prop.zxid, epoch: prop.epoch, round: clk }, 'LOOKING');
  return [...allVoters(server.membership)].map((to) => ({ to, message: sent }));
}

/** A message as the receiver sees it, with the id bound to the connection. */
export function received(from: Notification['from'], sent: Message): Notification {
  return { ...sent, from };
}
