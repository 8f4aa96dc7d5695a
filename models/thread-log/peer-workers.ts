/** Lines of the workers of one peer's connections: SendWorker.run, RecvWorker.run, and finish of both. */
import type { ConnectionMessage } from '../../types/connection-line.js';
import { DEAD, type Finisher, type PeerState, withWorker, type Worker } from './peer-state.js';

/** Every state that the line of a SendWorker or RecvWorker leads to: threads of one name are told apart by trying. */
export function byWorker(state: PeerState, kind: 'sendWorker' | 'recvWorker', message: ConnectionMessage): PeerState[] {
  const by = kind === 'sendWorker' ? 'sender' : 'receiver';
  return state.workers.flatMap((worker) => {
    if (worker.finisher?.by === by) return inFinish(state, worker, message);
    const next = kind === 'sendWorker' ? senderAfter(state, worker, message) : receiverAfter(worker, message);
    return next === null ? [] : [withWorker(state, next)];
  });
}

function senderAfter(state: PeerState, worker: Worker, message: ConnectionMessage): Worker | null {
  const { sender, running, holding } = worker;
  switch (message.what) {
    case 'replaying':
      return sender === 'replaying' ? { ...worker, sender: 'replayed' } : null;
    case 'replayFailed':
      return sender === 'replayed' ? { ...worker, sender: 'failed' } : null;
    case 'senderStarted':
      return sender === 'silent' || sender === 'replayed' ? { ...worker, sender: 'loop' } : null;
    case 'senderInterrupted':
      // The interrupt comes from SendWorker.finish, which another thread called.
      return sender === 'loop' && !running && !holding ? { ...worker, sender: 'stopping' } : null;
    case 'senderFailed':
      return sender === 'loop' && state.last && !holding ? { ...worker, sender: 'stopping' } : null;
    case 'senderLeft':
      return sender === 'finished' ? { ...worker, sender: 'gone' } : null;
    case 'finishCalled':
      if (sender === 'failed') return calledFinish({ ...worker, sender: 'silent' }, 'sender');
      if (sender === 'loop')
        return running || holding ? null : calledFinish({ ...worker, sender: 'finished' }, 'sender');
      if (sender !== 'stopping') return null;
      return calledFinish(running ? worker : { ...worker, sender: 'finished' }, 'sender');
    default:
      return null;
  }
}

function receiverAfter(worker: Worker, message: ConnectionMessage): Worker | null {
  const { receiver, receiverRunning, running } = worker;
  switch (message.what) {
    case 'receiverStarted':
      return receiver === 'started' ? { ...worker, receiver: 'reading' } : null;
    case 'connectionBroken':
      return receiver === 'reading' ? { ...worker, receiver: 'broken' } : null;
    case 'interruptingSender':
      // It leaves the loop without an exception only if RecvWorker.finish was called.
      return receiver === 'broken' || (receiver === 'reading' && !receiverRunning)
        ? { ...worker, receiver: 'interrupting' }
        : null;
    case 'finishCalled':
      if (receiver !== 'interrupting') return null;
      return calledFinish(running ? worker : { ...worker, receiver: 'gone' }, 'receiver');
    default:
      return null;
  }
}

/** SendWorker.finish is synchronized: who calls it waits until it is free; a second call does nothing more. */
export function calledFinish(worker: Worker, by: string): Worker | null {
  if (worker.finisher !== null) return null;
  return worker.running ? { ...worker, running: false, finisher: { by, last: 'finishCalled' } } : worker;
}

/** The next line of SendWorker.finish of this worker, by the thread that is inside. */
function inFinish(state: PeerState, worker: Worker, message: ConnectionMessage): PeerState[] {
  const { finisher } = worker;
  if (finisher === null) return [];
  const to = (last: Finisher['last'], change: Partial<Worker> = {}): PeerState[] => [
    withWorker(state, { ...worker, ...change, finisher: { ...finisher, last } }),
  ];
  if (finisher.last === 'finishCalled' && message.what === 'receiverFinished') {
    return to('receiverFinished', { receiverRunning: false });
  }
  if (finisher.last === 'receiverFinished' && message.what === 'entryRemoved') return to('entryRemoved');
  return [];
}

/** The line of a thread of its own name that is inside SendWorker.finish; null: it is not. */
export function inFinishOf(state: PeerState, thread: string, message: ConnectionMessage): PeerState[] | null {
  const worker = state.workers.find(({ finisher }) => finisher?.by === thread);
  return worker === undefined ? null : inFinish(state, worker, message);
}

/** Such a thread calls SendWorker.finish for one of the workers that it may have found. */
export function finishOneOf(state: PeerState, thread: string, found: readonly number[]): PeerState[] {
  const next = state.workers
    .filter(({ id }) => found.includes(id))
    .flatMap((worker) => {
      const called = calledFinish(worker, thread);
      return called === null ? [] : [withWorker(state, called)];
    });
  return found.includes(DEAD) ? [...next, state] : next;
}
