/**
 * All other actions, as functions of the variables that they look at. null: not enabled. None has more than one successor:
 * the disjunctions within an action exclude each other.
 *
 * Source: zookeeper-specifications/system-spec/zk-3.7/FastLeaderElection.tla.
 */
import { type OwnStep, stateUnder } from './handle-notmsg.js';
import {
  type ElectionMsgs,
  historyIn,
  lastOf,
  type LastProcessed,
  type LocalState,
  type Notification,
  notificationOf,
  noVotes,
  selfVote,
  type ServerId,
} from './local-state.js';
import { votersFor } from './received-votes.js';
import { isGreaterVote, isGreaterZxid } from './vote-order.js';

/** ZabTimeout(id): a role ends, and a new election begins. */
export function zabTimeout(id: ServerId, server: LocalState): OwnStep | null {
  if (server.state === 'LOOKING') return null;
  const count = server.receiveVotes.length;
  const looking: LocalState = {
    ...server,
    state: 'LOOKING',
    lastProcessed: lastOf(server.history),
    logicalClock: server.logicalClock + 1,
    receiveVotes: noVotes(count),
    outOfElection: noVotes(count),
    recvQueue: [],
    waitNotmsg: false,
    leadingVoteSet: [],
  };
  const after = { ...looking, currentVote: selfVote(id, looking) };
  return { after, broadcast: notificationOf(id, after) };
}

/** A message taken from a channel. */
export interface Reception {
  readonly after: LocalState;
  readonly rest: ElectionMsgs;
  /** To the sender; null: none. */
  readonly reply: Notification | null;
}

/**
 * ReceiveNotmsg(id, j), for j other than id. Who is looking keeps the message, and answers one of an earlier round; who
 * follows or leads answers whoever is looking.
 */
export function receiveNotmsg(id: ServerId, server: LocalState, messages: ElectionMsgs): Reception | null {
  const [message, ...rest] = messages;
  if (message === undefined) return null;
  const isLooking = server.state === 'LOOKING';
  const isBehind = message.mround < server.logicalClock;
  const isAnswered = message.mstate === 'LOOKING' && (!isLooking || isBehind);
  const kept = server.recvQueue.filter(({ mtype }) => mtype !== 'NONE');
  return {
    after: isLooking ? { ...server, recvQueue: [...kept, message] } : server,
    rest,
    reply: isAnswered ? notificationOf(id, server) : null,
  };
}

/** NotmsgTimeout(i): nothing has come, and nothing is on its way. `incoming`: electionMsgs[j][i] for every j. */
export function notmsgTimeout(server: LocalState, incoming: readonly ElectionMsgs[]): LocalState | null {
  const isSilent = server.recvQueue.length === 0 && incoming.every(({ length }) => length === 0);
  return server.state === 'LOOKING' && isSilent ? { ...server, recvQueue: [{ mtype: 'NONE' }] } : null;
}

/**
 * WaitNewNotmsg(id): a quorum agrees. A greater vote ends the waiting, and goes to the end of the queue; any other is
 * discarded; silence ends the election.
 */
export function waitNewNotmsg(id: ServerId, server: LocalState): LocalState | null {
  if (server.state !== 'LOOKING' || !server.waitNotmsg) return null;
  const [head, ...rest] = server.recvQueue;
  if (head?.mtype === 'NOTIFICATION')
    return isGreaterVote(head.mvote, server.currentVote)
      ? { ...server, waitNotmsg: false, recvQueue: [...rest, head] }
      : { ...server, recvQueue: rest };
  const { currentVote, logicalClock, receiveVotes, leadingVoteSet, history } = server;
  const state = stateUnder(currentVote.proposedLeader, id);
  return {
    ...server,
    state,
    leadingVoteSet:
      state === 'LEADING' ? votersFor(id, receiveVotes, { vote: currentVote, round: logicalClock }) : leadingVoteSet,
    history: historyIn(state, id, history),
  };
}

/** LeaderAdvanceEpoch(i). */
export function leaderAdvanceEpoch(server: LocalState): LocalState | null {
  return server.state === 'LEADING' ? { ...server, currentEpoch: server.currentEpoch + 1 } : null;
}

/** Another server that may be the leader. */
export interface Other {
  readonly id: ServerId;
  readonly server: LocalState;
}

/** FollowerUpdateEpoch(i, j): the follower i afterwards. */
export function followerUpdateEpoch(server: LocalState, other: Other): LocalState | null {
  const { currentEpoch } = other.server;
  return follows(server, other) && server.currentEpoch < currentEpoch ? { ...server, currentEpoch } : null;
}

/** LeaderAdvanceZxid(i): one transaction more, the first of its epoch or the next. */
export function leaderAdvanceZxid(server: LocalState): LocalState | null {
  const { state, currentEpoch, history } = server;
  if (state !== 'LEADING') return null;
  const { index, zxid } = server.lastProcessed;
  const counter = zxid[0] === currentEpoch ? zxid[1] + 1 : 1;
  const lastProcessed: LastProcessed = { index: index + 1, zxid: [currentEpoch, counter] };
  return {
    ...server,
    lastProcessed,
    history: [...history, { zxid: lastProcessed.zxid, value: 'NONE', ackSid: [], epoch: 0 }],
  };
}

/** FollowerUpdateZxid(i, j): the follower i afterwards, with the whole history of the leader. */
export function followerUpdateZxid(server: LocalState, other: Other): LocalState | null {
  const { lastProcessed, history } = other.server;
  const isBehind = isGreaterZxid(lastProcessed.zxid, server.lastProcessed.zxid);
  return follows(server, other) && isBehind ? { ...server, lastProcessed, history } : null;
}

function follows({ state, currentVote }: LocalState, leader: Other): boolean {
  return state === 'FOLLOWING' && currentVote.proposedLeader === leader.id && leader.server.state === 'LEADING';
}
