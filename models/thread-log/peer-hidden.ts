/** What threads do for one peer without a line: effects on the maps that QuorumCnxManager shares between them. */
import type { HiddenStep } from '../../traces/machine.js';
import { askerInSilence } from './answers.js';
import {
  heldByOther,
  NONE,
  type PeerState,
  type Task,
  withAttempt,
  withEntry,
  withoutTask,
  withTask,
  withWorker,
  type Worker,
} from './peer-state.js';

type Hidden = HiddenStep<PeerState>;

export function hiddenSteps(state: PeerState): readonly Hidden[] {
  const steps = [
    ...state.tasks.flatMap((task) => ofTask(state, task)),
    ...state.workers.flatMap((worker) => ofWorker(state, worker)),
  ];
  if (!state.untold && askerInSilence(state.answers) === state.peer) {
    const answers = { ...state.answers, heard: null };
    steps.push({ label: 'silent answer', next: { ...state, owed: state.owed + 1, answers } });
  }
  // QuorumConnectionReqThread.run: removed from inprogressConnections when the attempt is over.
  if (state.attempt?.at === 'ending') steps.push({ label: 'request over', next: withAttempt(state, null) });
  return steps;
}

function ofTask(state: PeerState, task: Task): readonly Hidden[] {
  const { thread, at } = task;
  // QuorumCnxManager.toSend: the message is offered, then connectOne is called.
  if (thread === 'workerSender' && at === 'idle') {
    if (state.owed === 0 && !state.untold) return [];
    const offered: PeerState = { ...state, queue: 'full', owed: state.untold ? 0 : state.owed - 1 };
    return [{ label: 'message queued', next: withTask(offered, { ...task, at: 'offered' }) }];
  }
  const free = !heldByOther(state, thread);
  if ((at === 'called' || at === 'dialing') && free && task.seen.includes(NONE) && state.attempt === null) {
    const submitted = withAttempt(state, { at: 'submitted', thread: '' });
    return [{ label: 'request submitted', next: withoutTask(submitted, thread) }];
  }
  if (at !== 'made') return [];
  const inFinish = state.workers.some(({ finisher }) => finisher?.by === thread);
  if (inFinish || !(task.finished || task.seen.includes(NONE))) return [];
  return [{ label: 'connection registered', next: registered(state, task) }];
}

/** startConnection, handleConnection: into senderWorkerMap, a queue if there is none, both workers started. */
function registered(state: PeerState, task: Task): PeerState {
  const worker = state.workers.find(({ id }) => id === task.worker);
  if (worker === undefined) throw new Error('internal error: a task holds a worker that is not there');
  const put = withEntry(withoutTask(state, task.thread), task.worker);
  const queued: PeerState = put.queue === 'none' ? { ...put, queue: 'empty' } : put;
  const started = withWorker(queued, { ...worker, sender: 'started', receiver: 'started' });
  const { attempt } = started;
  if (attempt?.thread !== task.thread) return started;
  return withAttempt(started, { ...attempt, at: 'ending' });
}

function ofWorker(state: PeerState, worker: Worker): readonly Hidden[] {
  const steps: Hidden[] = [];
  const to = (label: string, change: Partial<Worker>, at: PeerState = state): void => {
    steps.push({ label, next: withWorker(at, { ...worker, ...change }) });
  };
  if (worker.sender === 'started') {
    if (state.queue === 'full') to('a message waits', { sender: 'silent' });
    else to('no message waits', { sender: 'empty' });
  } else if (worker.sender === 'empty') {
    to(state.last ? 'last message found' : 'no last message', { sender: state.last ? 'replaying' : 'silent' });
  } else if (worker.sender === 'loop') {
    if (worker.holding) to('it is the last message', { holding: false }, { ...state, last: true });
    else if (state.queue === 'full') to('message taken', { holding: !state.last }, { ...state, queue: 'empty' });
  }
  if (worker.finisher?.last === 'entryRemoved') steps.push({ label: 'entry removed', next: removed(state, worker) });
  return steps;
}

/** SendWorker.finish: senderWorkerMap.remove(sid, this) removes this worker only; then the monitor is free. */
function removed(state: PeerState, worker: Worker): PeerState {
  const free = state.entry === worker.id ? withEntry(state, NONE) : state;
  const receiver = worker.finisher?.by === 'receiver' ? 'gone' : worker.receiver;
  const sender = worker.finisher?.by === 'sender' && worker.sender === 'stopping' ? 'finished' : worker.sender;
  return withWorker(free, { ...worker, finisher: null, receiver, sender });
}
