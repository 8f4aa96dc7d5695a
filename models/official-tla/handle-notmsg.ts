/**
 * The main part of lookForLeader(): what a looking server makes of the head of its queue.
 *
 * Source: zookeeper-specifications/system-spec/zk-3.7/FastLeaderElection.tla (HandleNotmsg,
 * ReceivedFollowingAndLeadingNotification). All its disjunctions exclude each other: there is at most one successor.
 */
import {
  historyIn,
  type LocalState,
  type Notification,
  notificationOf,
  selfVote,
  type ServerId,
  type ServerState,
  type Vote,
} from './local-state.js';
import { isLeaderConfirmed, isQuorum, put, putAlone, votersFor } from './received-votes.js';
import { isGreaterVote } from './vote-order.js';

/** What a server does by itself: its variables afterwards, and what it sends to all others; null: nothing. */
export interface OwnStep {
  readonly after: LocalState;
  readonly broadcast: Notification | null;
}

/** HandleNotmsg(id); null where it is not enabled. */
export function handleNotmsg(id: ServerId, server: LocalState): OwnStep | null {
  const [head, ...recvQueue] = server.recvQueue;
  if (server.state !== 'LOOKING' || server.waitNotmsg || head === undefined) return null;
  const taken = { ...server, recvQueue };
  if (head.mtype === 'NONE') return { after: taken, broadcast: notificationOf(id, taken) };
  if (head.mstate !== 'LOOKING') return { after: settledBy(id, taken, head), broadcast: null };
  if (head.mround < server.logicalClock) return { after: taken, broadcast: null };
  const { after, broadcast } =
    head.mround > server.logicalClock ? laterRound(id, taken, head) : sameRound(id, taken, head);
  const vote = { vote: after.currentVote, round: head.mround };
  const isDecided = isQuorum(votersFor(id, after.receiveVotes, vote), after.receiveVotes.length);
  return { after: isDecided ? { ...after, waitNotmsg: true } : after, broadcast };
}

/** A round ahead: it is joined, votes of the old one are forgotten, and the greater of own and foreign vote is proposed. */
function laterRound(id: ServerId, server: LocalState, message: Notification): OwnStep {
  const own = selfVote(id, server);
  const after = {
    ...server,
    logicalClock: message.mround,
    currentVote: isGreaterVote(message.mvote, own) ? message.mvote : own,
    receiveVotes: putAlone(server.receiveVotes.length, message),
  };
  return { after, broadcast: notificationOf(id, after) };
}

/** The own round: a greater vote is taken over and told. */
function sameRound(id: ServerId, server: LocalState, message: Notification): OwnStep {
  const isGreater = isGreaterVote(message.mvote, server.currentVote);
  const after = {
    ...server,
    currentVote: isGreater ? message.mvote : server.currentVote,
    receiveVotes: put(server.receiveVotes, message),
  };
  return { after, broadcast: isGreater ? notificationOf(id, after) : null };
}

/** ReceivedFollowingAndLeadingNotification: the sender follows or leads. InitHistory comes with it, whatever follows. */
function settledBy(id: ServerId, server: LocalState, message: Notification): LocalState {
  const after = joined(id, server, message);
  return { ...after, history: historyIn(after.state, id, server.history) };
}

/** The three ways to leave the election, in the order in which they are tried; or else looking goes on. */
function joined(id: ServerId, server: LocalState, message: Notification): LocalState {
  const { logicalClock, receiveVotes, outOfElection } = server;
  const { mround, mvote, mstate } = message;
  const vote = { vote: mvote, round: mround };
  const asker = { id, clock: logicalClock };
  const isOwnRound = mround === logicalClock;

  const inElection = put(receiveVotes, message);
  const received = isOwnRound ? { ...server, receiveVotes: inElection } : server;
  const voters = votersFor(message.msource, inElection, vote);
  if (isOwnRound && isQuorum(voters, inElection.length) && isLeaderConfirmed(asker, inElection, vote))
    return leading(received, { id, voters }, mvote);

  const outside = put(outOfElection, message);
  const remembered = { ...received, outOfElection: outside };
  const outsiders = votersFor(message.msource, outside, vote);
  // The round compared is still the old one.
  if (isQuorum(outsiders, outside.length) && isLeaderConfirmed(asker, outside, vote))
    return leading({ ...remembered, logicalClock: mround }, { id, voters: outsiders }, mvote);

  if (mstate === 'LEADING' && isOwnRound)
    return { ...remembered, state: stateUnder(mvote.proposedLeader, id), currentVote: mvote };
  return remembered;
}

/** Leads or follows by this vote; a leader counts the voters. */
function leading(
  server: LocalState,
  { id, voters }: { readonly id: ServerId; readonly voters: readonly ServerId[] },
  vote: Vote,
): LocalState {
  const state = stateUnder(vote.proposedLeader, id);
  const leadingVoteSet = state === 'LEADING' ? voters : server.leadingVoteSet;
  return { ...server, state, leadingVoteSet, currentVote: vote };
}

/** What server `id` becomes under this leader. */
export function stateUnder(leader: ServerId, id: ServerId): ServerState {
  return leader === id ? 'LEADING' : 'FOLLOWING';
}
