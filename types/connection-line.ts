/**
 * The log statements of QuorumCnxManager that tell of connections, as data. Most are printed at DEBUG only. Templates:
 * ZooKeeper 3.8.0 (3.6.1 to 3.9.5 print the same), named beside each line.
 */
import type { Sid } from './ids.js';

/** Lines of the listener, until it knows who calls (Listener.run, ListenerHandler.acceptConnections). */
type ListeningMessage =
  /** `Listener thread started, myId: N`: the first line of a manager. */
  | { readonly what: 'listenerStarted'; readonly myId: Sid }
  /** `N is accepting connections now, my election bind port: A` (INFO). */
  | { readonly what: 'accepting'; readonly myId: Sid }
  /** `Received connection request from A` (INFO). */
  | { readonly what: 'requestReceived'; readonly address: string }
  /** `Exception while listening to address A` (ERROR). */
  | { readonly what: 'listeningFailed' };

/** Lines of whoever handles a request: the listener, or with SASL a connection thread (handleConnection). */
type HandlingMessage =
  /** `Sync handling of connection request received from: A`, `Async …` (receiveConnection, receiveConnectionAsync). */
  | { readonly what: 'requestHandled'; readonly address: string; readonly async: boolean }
  /** `Initial message parsed by N: InitialMessage{sid=N, electionAddr=[…]}`; without an address: a wildcard. */
  | { readonly what: 'initialMessage'; readonly myId: Sid; readonly peer: Sid; readonly announced: boolean }
  /** `Initial message parsing error!`, `Exception reading or writing challenge`, `Exception handling connection, …`. */
  | { readonly what: 'requestFailed' }
  /** `Setting arbitrary identifier to observer: N` (INFO). */
  | { readonly what: 'observerNumbered'; readonly peer: Sid }
  /** `We got a connection request from a server with our own ID. …` (WARN). */
  | { readonly what: 'ownIdCalled' }
  /** `Create new connection to server: N`: a smaller server called. */
  | { readonly what: 'dialingBack'; readonly peer: Sid };

/** Lines of whoever asks for a connection (connectOne, initiateConnectionAsync). */
type AskingMessage =
  /** `There is a connection already for server N`. */
  | { readonly what: 'connectedAlready'; readonly peer: Sid }
  /** `Server N knows N already, it is in the lastCommittedView` (or `lastProposedView`). */
  | { readonly what: 'peerKnown'; readonly myId: Sid; readonly peer: Sid; readonly view: 'committed' | 'proposed' }
  /** `Connection request to server id: N is already in progress, so skipping this request`. */
  | { readonly what: 'alreadyInProgress'; readonly peer: Sid }
  /** `Invalid server id: N` (WARN). */
  | { readonly what: 'peerInvalid'; readonly peer: Sid }
  /** `Exception while submitting quorum connection request` (ERROR). */
  | { readonly what: 'submitFailed' };

/** Lines of a connection thread that dials (initiateConnection, startConnection). */
type DialingMessage =
  /** `Opening channel to server N`. */
  | { readonly what: 'openingChannel'; readonly peer: Sid }
  /** `Connected to server N using election address: A`. */
  | { readonly what: 'channelOpened'; readonly peer: Sid }
  /** `Cannot open channel to N at election address A` (WARN). */
  | { readonly what: 'cannotOpen'; readonly peer: Sid }
  /** `startConnection (myId:N --> sid:N)`. */
  | { readonly what: 'startingConnection'; readonly myId: Sid; readonly peer: Sid }
  /** `Ignoring exception reading or writing challenge: ` (WARN), `Exception while connecting, id: N, …` (ERROR). */
  | { readonly what: 'dialingFailed' }
  /** `Have smaller server identifier, so dropping the connection: (myId:N --> sid:N)` (INFO). */
  | { readonly what: 'dropping'; readonly myId: Sid; readonly peer: Sid }
  /** `Have larger server identifier, so keeping the connection: (myId:N --> sid:N)`. */
  | { readonly what: 'keeping'; readonly myId: Sid; readonly peer: Sid };

/** Lines of the two workers of a connection, and of whoever makes or finishes them. */
type WorkerMessage =
  /** `Unable to access socket output stream`, `Error while accessing socket for N` (constructors, ERROR). */
  | { readonly what: 'workerBroken' }
  /** `Address of remote peer: N` (constructor of SendWorker). */
  | { readonly what: 'workerMade'; readonly peer: Sid }
  /** `Calling SendWorker.finish for N` (SendWorker.finish). */
  | { readonly what: 'finishCalled'; readonly peer: Sid }
  /** `RecvWorker.finish called. sid: N. myId: N` (RecvWorker.finish). */
  | { readonly what: 'receiverFinished'; readonly peer: Sid; readonly myId: Sid }
  /** `Removing entry from senderWorkerMap sid=N` (SendWorker.finish), printed before the removal. */
  | { readonly what: 'entryRemoved'; readonly peer: Sid }
  /** `Attempting to send lastMessage to sid=N` (SendWorker.run). */
  | { readonly what: 'replaying'; readonly peer: Sid }
  /** `Failed to send last message. Shutting down thread.` (SendWorker.run, ERROR). */
  | { readonly what: 'replayFailed' }
  /** `SendWorker thread started towards N. myId: N`. */
  | { readonly what: 'senderStarted'; readonly peer: Sid; readonly myId: Sid }
  /** `Interrupted while waiting for message on queue` (SendWorker.run, WARN). */
  | { readonly what: 'senderInterrupted' }
  /** `Exception when using channel: for id N my id = N` (SendWorker.run, WARN). */
  | { readonly what: 'senderFailed'; readonly peer: Sid; readonly myId: Sid }
  /** `Send worker leaving thread id N my id = N` (SendWorker.run, WARN). */
  | { readonly what: 'senderLeft'; readonly peer: Sid; readonly myId: Sid }
  /** `RecvWorker thread towards N started. myId: N`. */
  | { readonly what: 'receiverStarted'; readonly peer: Sid; readonly myId: Sid }
  /** `Connection broken for id N, my id = N` (RecvWorker.run, WARN). */
  | { readonly what: 'connectionBroken'; readonly peer: Sid; readonly myId: Sid }
  /** `Interrupting SendWorker thread from RecvWorker. sid: N. myId: N` (RecvWorker.run, WARN). */
  | { readonly what: 'interruptingSender'; readonly peer: Sid; readonly myId: Sid };

/** What a line of QuorumCnxManager says. */
export type ConnectionMessage =
  | ListeningMessage
  | HandlingMessage
  | AskingMessage
  | DialingMessage
  | WorkerMessage
  /** `Queue size: N` (haveDelivered). */
  | { readonly what: 'queueSize'; readonly size: bigint }
  /** `Shutting down connection manager` (FastLeaderElection.shutdown), `Halting listener` (halt). */
  | { readonly what: 'managerHalting' }
  /** It begins like one of these and does not fit. */
  | { readonly what: 'garbled'; readonly text: string };

/** A line of a connection, and who printed it. */
export interface ConnectionLine {
  readonly what: 'connection';
  /** The thread's name as the layout has it; empty if it does not tell. */
  readonly thread: string;
  readonly message: ConnectionMessage;
}

export type ThreadKind =
  'workerSender' | 'sendWorker' | 'recvWorker' | 'listener' | 'dialer' | 'main' | 'starter' | 'other';

const KINDS: readonly (readonly [prefix: string, kind: ThreadKind])[] = [
  ['WorkerSender', 'workerSender'],
  ['SendWorker:', 'sendWorker'],
  ['RecvWorker:', 'recvWorker'],
  ['ListenerHandler-', 'listener'],
  ['QuorumConnectionThread-', 'dialer'],
  ['QuorumPeerListener', 'starter'],
  ['QuorumPeer[', 'main'],
];

/** What a thread does, by its name. */
export function threadKind(thread: string): ThreadKind {
  return KINDS.find(([prefix]) => thread.startsWith(prefix))?.[1] ?? 'other';
}
