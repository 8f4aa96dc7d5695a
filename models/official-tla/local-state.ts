/**
 * The variables of one server in ZooKeeper's official module, each with the name that it has there; where the module has a
 * function from servers, this is its value for one server.
 *
 * Source: zookeeper-specifications/system-spec/zk-3.7/FastLeaderElection.tla (variables, InitServerVarsL,
 * InitElectionVarsL, InitLeaderVarsL, InitLastProcessed, InitHistory).
 */
import { assert } from '../../base/assert.js';

/** Servers are 1..n. */
export type ServerId = number;

/** NullPoint: something that is no server. */
export const NULL_POINT = 0;

export type ServerState = 'LOOKING' | 'FOLLOWING' | 'LEADING';

/** Epoch and counter. */
export type Zxid = readonly [number, number];

export interface Vote {
  /** A server, or NULL_POINT in the initial vote. */
  readonly proposedLeader: ServerId;
  readonly proposedZxid: Zxid;
  readonly proposedEpoch: number;
}

export interface Notification {
  readonly mtype: 'NOTIFICATION';
  readonly msource: ServerId;
  readonly mstate: ServerState;
  readonly mround: number;
  readonly mvote: Vote;
}

/** In a queue of received notifications: the signal that none came in time. */
export interface NoneSignal {
  readonly mtype: 'NONE';
}

/** What is remembered of the notifications of one server. */
export interface Received {
  readonly vote: Vote;
  readonly round: number;
  readonly state: ServerState;
  /** How many notifications of this round came. */
  readonly version: number;
}

/** By sender: that of server 1 comes first. */
export type ReceivedVotes = readonly Received[];

/** A transaction. */
export interface Txn {
  readonly zxid: Zxid;
  readonly value: 'NONE';
  /** Ascending. */
  readonly ackSid: readonly ServerId[];
  readonly epoch: number;
}

export interface LocalState {
  readonly state: ServerState;
  readonly history: readonly Txn[];
  readonly currentEpoch: number;
  readonly lastProcessed: LastProcessed;
  readonly currentVote: Vote;
  readonly logicalClock: number;
  readonly receiveVotes: ReceivedVotes;
  readonly outOfElection: ReceivedVotes;
  readonly recvQueue: readonly (Notification | NoneSignal)[];
  readonly waitNotmsg: boolean;
  /** Ascending. */
  readonly leadingVoteSet: readonly ServerId[];
}

export interface LastProcessed {
  readonly index: number;
  readonly zxid: Zxid;
}

/** electionMsgs[i][j]: what i has sent to j and j has not yet taken, oldest first. */
export type ElectionMsgs = readonly Notification[];

/** 1..n, ascending. */
export function serversOf(count: number): readonly ServerId[] {
  return Array.from({ length: count }, (_, place) => place + 1);
}

const NOTHING_PROCESSED: LastProcessed = { index: 0, zxid: [0, 0] };
const INITIAL_VOTE: Vote = { proposedLeader: NULL_POINT, proposedZxid: [0, 0], proposedEpoch: 0 };
const NOTHING_RECEIVED: Received = { vote: INITIAL_VOTE, round: 0, state: 'LOOKING', version: 0 };

/** As after RvClear and OoeClear: nothing from any server. */
export function noVotes(count: number): ReceivedVotes {
  return Array.from({ length: count }, () => NOTHING_RECEIVED);
}

/** InitL, for one server: it is looking, and has sent nothing yet. */
export function initialState(id: ServerId, count: number): LocalState {
  return {
    state: 'LOOKING',
    history: [],
    currentEpoch: 0,
    lastProcessed: NOTHING_PROCESSED,
    currentVote: { proposedLeader: id, proposedZxid: NOTHING_PROCESSED.zxid, proposedEpoch: 0 },
    logicalClock: 0,
    receiveVotes: noVotes(count),
    outOfElection: noVotes(count),
    recvQueue: [],
    waitNotmsg: false,
    leadingVoteSet: [],
  };
}

/** SelfVote. */
export function selfVote(id: ServerId, { lastProcessed, currentEpoch }: LocalState): Vote {
  return { proposedLeader: id, proposedZxid: lastProcessed.zxid, proposedEpoch: currentEpoch };
}

/** What server `id` says of itself. */
export function notificationOf(id: ServerId, { state, logicalClock, currentVote }: LocalState): Notification {
  return { mtype: 'NOTIFICATION', msource: id, mstate: state, mround: logicalClock, mvote: currentVote };
}

/** InitLastProcessed: the last transaction of the history. */
export function lastOf(history: readonly Txn[]): LastProcessed {
  const last = history.at(-1);
  return last === undefined ? NOTHING_PROCESSED : { index: history.length, zxid: last.zxid };
}

/** InitHistory: who has become leader counts, for every transaction, only itself as having acknowledged it. */
export function historyIn(state: ServerState, id: ServerId, history: readonly Txn[]): readonly Txn[] {
  return state === 'LEADING' ? history.map((txn) => ({ ...txn, ackSid: [id] })) : history;
}

/** What was received from server `id`. */
export function receivedFrom(votes: ReceivedVotes, id: ServerId): Received {
  const received = votes[id - 1];
  assert(received !== undefined, `${id} is a server`);
  return received;
}
