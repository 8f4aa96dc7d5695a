/**
 * A process at the grain of its threads: each thread's place, and the six collections between them. Immutable data.
 * Names are those of ZooKeeper 3.8.0: FastLeaderElection (sendqueue, recvqueue), QuorumCnxManager (all others).
 * Thread QuorumPeer, thread WorkerReceiver and recvqueue are in `Peer`.
 */
import type { Sid } from '../../types/ids.js';
import type { Outgoing } from '../effect.js';

/** A byte buffer that was cut from a stream by its length: a notification, or what cannot be read as one. */
export type Frame = Outgoing | Malformed;

export interface Malformed {
  /** Why WorkerReceiver skips it, in words. */
  readonly malformed: string;
}

/** FastLeaderElection.ToSend: an element of sendqueue. */
export interface ToSend {
  readonly to: Sid;
  readonly message: Outgoing;
}

/** QuorumCnxManager.Message: an element of recvQueue. `from` is the id bound to the connection. */
export interface Message {
  readonly from: Sid;
  readonly frame: Frame;
}

/** A TCP connection, as its two ends call it. */
export type SocketId = number;

/** Where thread WorkerSender is. */
export type WorkerSender = { readonly at: 'poll' } | { readonly at: 'taken'; readonly toSend: ToSend };

/** What a peer that connects says first, as far as the listener tells it apart (InitialMessage.parse). */
export type Introduction =
  | { readonly kind: 'sid'; readonly sid: Sid }
  /** Long.MAX_VALUE: an observer without an id; it gets −1, −2, … */
  | { readonly kind: 'anonymous' }
  /** Rejected: the connection is closed. `fatal`: an unchecked exception ends the listener for ever. */
  | { readonly kind: 'malformed'; readonly why: string; readonly fatal: boolean };

/** Where thread Listener is. */
export type Listener =
  /** About to bind the election port; so many attempts have failed. */
  | { readonly at: 'bind'; readonly failures: number }
  | { readonly at: 'accept' }
  /** A client is accepted; its initial message is awaited, up to the read timeout. */
  | { readonly at: 'read'; readonly socket: SocketId }
  /** Its id is known. */
  | { readonly at: 'answer'; readonly socket: SocketId; readonly sid: Sid }
  /** Its thread has ended; the process lives on, deaf to new connections, or exits. */
  | { readonly at: 'ended'; readonly exits: boolean };

/** Where a connection request is: the pool's thread QuorumConnectionReqThread for one peer. */
export type Request =
  | { readonly at: 'connect' }
  /** Connected; the initial message is about to be written. */
  | { readonly at: 'introduce'; readonly socket: SocketId }
  /** Introduced; who keeps the connection? */
  | { readonly at: 'decide'; readonly socket: SocketId }
  /** About to leave inprogressConnections. */
  | { readonly at: 'done' };

/** Where thread SendWorker of a connection is. */
export type SendWorker =
  | { readonly at: 'start' }
  | { readonly at: 'poll' }
  /** Taken from the send queue. */
  | { readonly at: 'taken'; readonly frame: Frame }
  /** Noted as lastMessageSent; about to be written. */
  | { readonly at: 'write'; readonly frame: Frame }
  | { readonly at: 'finish' }
  | { readonly at: 'ended' };

/** Where thread RecvWorker of a connection is. */
export type RecvWorker =
  | { readonly at: 'read' }
  | { readonly at: 'append'; readonly frame: Frame }
  | { readonly at: 'finish' }
  | { readonly at: 'ended' };

/** The two workers of one connection. It is forgotten when both have ended. */
export interface Connection {
  /** The peer's id, as it introduced itself or was dialled. */
  readonly peer: Sid;
  /** SendWorker.running: false once `finish` has been called. */
  readonly running: boolean;
  readonly send: SendWorker;
  readonly recv: RecvWorker;
}

/** QuorumCnxManager without recvQueue, and the threads that serve it. */
export interface CnxManager {
  /** The newest message that waits for each peer: SEND_CAPACITY is 1. An entry, once made, stays. */
  readonly queueSendMap: ReadonlyMap<Sid, readonly Frame[]>;
  /** What was last taken from each send queue; never cleared. */
  readonly lastMessageSent: ReadonlyMap<Sid, Frame>;
  /** The connection in use for each peer, whoever opened it. */
  readonly senderWorkerMap: ReadonlyMap<Sid, SocketId>;
  /** Keys: inprogressConnections. */
  readonly requests: ReadonlyMap<Sid, Request>;
  readonly connections: ReadonlyMap<SocketId, Connection>;
  readonly listener: Listener;
  /** The id for the next anonymous observer. */
  readonly observerCounter: Sid;
}

/** The volatile parts of a process besides those in `Peer`. */
export interface Messenger {
  readonly sendqueue: readonly ToSend[];
  readonly workerSender: WorkerSender;
  /** recvQueue, head first: at most RECV_CAPACITY. */
  readonly recvQueue: readonly Message[];
  readonly manager: CnxManager;
}
