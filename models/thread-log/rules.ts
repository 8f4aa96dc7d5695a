/** Who prints what, and where in the Java: what can be said of a line by itself. */
import {
  type ConnectionLine,
  type ConnectionMessage,
  threadKind,
  type ThreadKind,
} from '../../types/connection-line.js';
import type { Sid } from '../../types/ids.js';
import type { Refusal } from '../../traces/machine.js';

type What = ConnectionMessage['what'];

const HANDLERS = ['listener', 'dialer'] as const;
const ASKERS = ['workerSender', 'main', 'listener', 'dialer', 'other'] as const;
const FINISHERS = ['sendWorker', 'recvWorker', 'listener', 'dialer', 'main', 'other'] as const;

/** For each message: the method of QuorumCnxManager (3.8.0) that prints it, and the threads that run it. */
const PRINTED: Readonly<Record<What, readonly [method: string, by: readonly ThreadKind[]]>> = {
  listenerStarted: ['Listener.run', ['starter']],
  accepting: ['Listener.ListenerHandler.acceptConnections', ['listener']],
  requestReceived: ['Listener.ListenerHandler.acceptConnections', ['listener']],
  listeningFailed: ['Listener.ListenerHandler.acceptConnections', ['listener']],
  requestHandled: ['receiveConnection', HANDLERS],
  initialMessage: ['handleConnection', HANDLERS],
  requestFailed: ['handleConnection', HANDLERS],
  observerNumbered: ['handleConnection', HANDLERS],
  ownIdCalled: ['handleConnection', HANDLERS],
  dialingBack: ['handleConnection', HANDLERS],
  connectedAlready: ['connectOne', ASKERS],
  peerKnown: ['connectOne', ASKERS],
  peerInvalid: ['connectOne', ASKERS],
  alreadyInProgress: ['initiateConnectionAsync', ASKERS],
  submitFailed: ['initiateConnectionAsync', ASKERS],
  openingChannel: ['initiateConnection', ['dialer']],
  channelOpened: ['initiateConnection', ['dialer']],
  cannotOpen: ['initiateConnection', ['dialer']],
  startingConnection: ['startConnection', ['dialer']],
  dialingFailed: ['startConnection', ['dialer']],
  dropping: ['startConnection', ['dialer']],
  keeping: ['startConnection', ['dialer']],
  workerBroken: ['SendWorker', HANDLERS],
  workerMade: ['SendWorker', HANDLERS],
  finishCalled: ['SendWorker.finish', FINISHERS],
  receiverFinished: ['RecvWorker.finish', FINISHERS],
  entryRemoved: ['SendWorker.finish', FINISHERS],
  replaying: ['SendWorker.run', ['sendWorker']],
  replayFailed: ['SendWorker.run', ['sendWorker']],
  senderStarted: ['SendWorker.run', ['sendWorker']],
  senderInterrupted: ['SendWorker.run', ['sendWorker']],
  senderFailed: ['SendWorker.run', ['sendWorker']],
  senderLeft: ['SendWorker.run', ['sendWorker']],
  receiverStarted: ['RecvWorker.run', ['recvWorker']],
  connectionBroken: ['RecvWorker.run', ['recvWorker']],
  interruptingSender: ['RecvWorker.run', ['recvWorker']],
  queueSize: ['haveDelivered', ['main']],
  managerHalting: ['halt', ['main', 'other', 'listener', 'dialer', 'starter']],
  garbled: ['run', ['other']],
};

export function methodOf({ what }: ConnectionMessage): string {
  return `QuorumCnxManager.${PRINTED[what][0]}`;
}

/** The peer that a line is about, by its words or by the worker that printed it; null: none, or only its thread tells. */
export function peerOf({ thread, message }: ConnectionLine): Sid | null {
  if ('peer' in message) return message.peer;
  const [, id] = /^(?:Send|Recv)Worker:(-?\d+)$/.exec(thread) ?? [];
  return id === undefined ? null : (BigInt(id) as Sid);
}

/** A thread whose name tells nothing prints what only a thread of known name can: the layout cuts names, perhaps. */
export function isOfUnknownThread({ thread, message }: ConnectionLine): boolean {
  if (message.what === 'managerHalting') return false;
  return threadKind(thread) === 'other' && (thread === '' || !PRINTED[message.what][1].includes('other'));
}

const NEAR = 40;

/** Why no process of server `me` prints this line; null if one may. */
export function neverPrinted(line: ConnectionLine, me: Sid): Refusal | null {
  const { thread, message } = line;
  const refuse = (reason: string, method = methodOf(message)): Refusal => ({
    reason,
    method,
    nearness: NEAR,
    legal: null,
  });
  if (!PRINTED[message.what][1].includes(threadKind(thread)) && message.what !== 'managerHalting') {
    return refuse(`thread ${thread} never prints "${message.what}"`);
  }
  if ('myId' in message && message.myId !== me) {
    return refuse(`the line says that this is server ${message.myId}, but it is server ${me}`);
  }
  const worker = /^(?:Send|Recv)Worker:(-?\d+)$/.exec(thread)?.[1];
  if (worker !== undefined && 'peer' in message && message.peer !== BigInt(worker)) {
    return refuse(`a worker towards server ${worker} speaks of server ${message.peer}`);
  }
  if (message.what === 'queueSize' && message.size !== 0n && message.size !== 1n) {
    return refuse(`a send queue holds 0 messages or 1, not ${message.size}`);
  }
  return 'peer' in message ? tieBreak(line, message.peer, me, refuse) : null;
}

type Refuse = (reason: string, method?: string) => Refusal;

/** Of two servers the larger opens the connection that is kept (startConnection, handleConnection). */
function tieBreak({ thread, message }: ConnectionLine, peer: Sid, me: Sid, refuse: Refuse): Refusal | null {
  const dialed = threadKind(thread) === 'dialer';
  if (message.what === 'keeping' && peer > me) {
    return refuse(`server ${me} keeps a connection that it opened to server ${peer}: the larger server must open it`);
  }
  if (message.what === 'dropping' && peer <= me) {
    return refuse(`server ${me} drops a connection that it opened to server ${peer}: to a smaller server it is kept`);
  }
  if (message.what === 'dialingBack' && peer >= me) {
    return refuse(`server ${me} dials back to server ${peer}: it does so only when a smaller server called`);
  }
  if (message.what === 'workerMade' && !dialed && peer <= me) {
    return refuse(
      `server ${me} keeps a connection that server ${peer} opened: the larger server must open it`,
      'QuorumCnxManager.handleConnection',
    );
  }
  return null;
}
