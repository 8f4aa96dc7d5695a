/** Why a state of one peer's connections cannot print a line. The state closest to printing it is told. */
import type { ConnectionLine, ConnectionMessage } from '../../types/connection-line.js';
import type { Refusal } from '../../traces/machine.js';
import { heldByOther, NONE, type PeerState, taskOf } from './peer-state.js';
import { nameOf } from './peer-threads.js';
import { methodOf, peerOf } from './rules.js';

/** A reason, how telling it is, and the method whose rule fails if it is not the one that prints the line. */
type Why = readonly [reason: string, nearness: number, method?: string];

export function refusePeer(state: PeerState, line: ConnectionLine): Refusal {
  const [reason, nearness, method] = unfinished(state, line) ?? why(state, line);
  return { reason, method: `QuorumCnxManager.${method ?? methodOf(line.message).slice(17)}`, nearness, legal: null };
}

/** The thread must first do what it was about to do for this peer. */
function unfinished(state: PeerState, { thread, message }: ConnectionLine): Why | null {
  const name = nameOf(thread);
  const { peer } = state;
  const task = taskOf(state, name);
  const finisher = state.workers.find((one) => one.finisher?.by === name)?.finisher;
  if (finisher !== undefined && finisher !== null) {
    return [
      `thread ${thread} is inside SendWorker.finish of server ${peer} after "${finisher.last}"`,
      25,
      'SendWorker.finish',
    ];
  }
  if (methodOf(message).endsWith('.connectOne') && heldByOther(state, name)) {
    return [`another thread is inside connectOne for server ${peer}, which is synchronized`, 2, 'connectOne'];
  }
  const elsewhere = !('peer' in message) || message.peer !== peer;
  if (task?.at === 'made' && (elsewhere || message.what !== 'finishCalled')) return replaced(state, 30);
  if (elsewhere && state.attempt?.thread === name) {
    return [`thread ${thread} is still connecting to server ${peer}`, 10, 'initiateConnection'];
  }
  if (elsewhere && (task?.at === 'called' || task?.at === 'dialing')) {
    return [
      `thread ${thread} found no connection to server ${peer} and must submit a request, but one was in progress, of ` +
        'which it must tell',
      15,
      'initiateConnectionAsync',
    ];
  }
  if (elsewhere && task?.at === 'offered') {
    return [`a message for server ${peer} was queued, and connectOne must follow`, 1, 'toSend'];
  }
  return null;
}

function replaced({ peer }: PeerState, nearness: number): Why {
  return [
    `a connection to server ${peer} is registered and was not finished: it must be before another takes its place`,
    nearness,
    'handleConnection',
  ];
}

function why(state: PeerState, line: ConnectionLine): Why {
  const { message } = line;
  const peer = peerOf(line) ?? state.peer;
  return (
    whyAsked(state, line, `server ${peer}`) ??
    whySender(state, message, `server ${peer}`) ??
    whyFinish(state, line, `server ${peer}`) ??
    whyMade(state, line, `server ${peer}`) ?? [`no thread was about to print "${message.what}" of server ${peer}`, 0]
  );
}

function whyAsked(state: PeerState, { thread, message }: ConnectionLine, peer: string): Why | null {
  const task = taskOf(state, nameOf(thread));
  const asks = message.what === 'connectedAlready' || message.what === 'peerKnown' || message.what === 'peerInvalid';
  if (asks && task?.thread === 'workerSender' && task.at === 'idle' && state.owed === 0 && !state.untold) {
    return [`no message for ${peer} was queued that WorkerSender has not yet dealt with`, 6, 'toSend'];
  }
  const near = task?.at === 'offered' || task?.at === 'called' || task?.at === 'dialing' ? 20 : 5;
  switch (message.what) {
    case 'connectedAlready':
      return [`senderWorkerMap had no entry for ${peer} since the last line of this thread`, near];
    case 'peerKnown':
    case 'peerInvalid':
      if (task?.at === 'called') return ['the request before was not rejected: there is nothing to try again', 5];
      return [`senderWorkerMap had an entry for ${peer} ever since the last line of this thread`, near];
    case 'alreadyInProgress':
      if (near === 5) return [`this thread was not about to request a connection to ${peer}`, 6];
      return [`no request for a connection to ${peer} was in progress since the last line of this thread`, near];
    case 'openingChannel':
      return [
        state.attempt === null
          ? `no connection to ${peer} was requested`
          : `another thread is already connecting to ${peer}`,
        state.attempt === null ? 10 : 12,
      ];
    case 'channelOpened':
    case 'startingConnection':
    case 'keeping':
    case 'cannotOpen':
    case 'dropping':
      return [`this thread was not connecting to ${peer}`, 10];
    default:
      return null;
  }
}

function whySender(state: PeerState, message: ConnectionMessage, peer: string): Why | null {
  const at = (...phases: readonly string[]): boolean => state.workers.some(({ sender }) => phases.includes(sender));
  const unregistered = state.tasks.some((task) => task.at === 'made');
  const unborn = (kind: string): Why => [`no ${kind} towards ${peer} was started that has not yet told so`, 8];
  switch (message.what) {
    case 'replaying':
      if (at('silent') && state.queue === 'full') {
        return [`a message for ${peer} waits in its send queue: the last message is not sent again`, 22];
      }
      if (at('silent')) return [`nothing was ever taken from the send queue of ${peer}: there is no last message`, 21];
      return unregistered ? replaced(state, 18) : unborn('SendWorker');
    case 'senderStarted':
      if (at('replaying')) return [`no message for ${peer} waits: the last message must be sent again first`, 20];
      return unregistered ? replaced(state, 18) : unborn('SendWorker');
    case 'receiverStarted':
      return unregistered ? replaced(state, 18) : unborn('RecvWorker');
    case 'replayFailed':
      return [`no SendWorker towards ${peer} was sending the last message again`, 8];
    case 'senderInterrupted':
      if (!at('loop')) return [`no SendWorker towards ${peer} was at its queue`, 8];
      return [`nobody interrupted a SendWorker towards ${peer}: only SendWorker.finish does`, 18];
    case 'senderFailed':
      if (!at('loop')) return [`no SendWorker towards ${peer} was at its queue`, 8];
      return [`a SendWorker towards ${peer} took no message that it could fail to send`, 18];
    case 'senderLeft':
      return [`no SendWorker towards ${peer} has called finish and not yet left: each leaves once`, 12];
    default:
      return null;
  }
}

function whyFinish(state: PeerState, { thread, message }: ConnectionLine, peer: string): Why | null {
  switch (message.what) {
    case 'connectionBroken':
      return [`no RecvWorker of ${peer} was reading: each breaks once`, 12];
    case 'interruptingSender':
      return [
        `no RecvWorker of ${peer} was leaving: its connection is not broken, and RecvWorker.finish was not called`,
        12,
      ];
    case 'finishCalled':
      if (state.workers.some(({ finisher }) => finisher !== null)) {
        return [
          `another thread is inside SendWorker.finish of ${peer}, which is synchronized`,
          16,
          'SendWorker.finish',
        ];
      }
      if (thread.startsWith('SendWorker:')) {
        return [`no SendWorker towards ${peer} was leaving its loop: each calls finish once, when it has ended`, 12];
      }
      if (thread.startsWith('RecvWorker:')) return [`no RecvWorker of ${peer} was ending: each calls finish once`, 12];
      return [`this thread found no worker of ${peer} in senderWorkerMap that it could finish`, 14];
    case 'receiverFinished':
    case 'entryRemoved':
      return [
        `this thread is not inside SendWorker.finish of a running worker of ${peer}, after the line that comes before`,
        14,
        'SendWorker.finish',
      ];
    default:
      return null;
  }
}

function whyMade(state: PeerState, { thread, message }: ConnectionLine, peer: string): Why | null {
  const task = taskOf(state, nameOf(thread));
  if (message.what === 'dialingBack') {
    if (task?.at === 'parsed' && !task.finished && !task.seen.includes(NONE)) {
      return [`a connection to ${peer} is registered: it must be finished before a new one is opened`, 22];
    }
    return [`${peer} did not call`, 8];
  }
  if (message.what === 'workerMade')
    return [`this thread has no connection to ${peer} to keep`, 10, 'handleConnection'];
  return null;
}
