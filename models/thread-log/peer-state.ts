/**
 * What QuorumCnxManager holds for one other server, and where the threads are that deal with it. Java names at 3.8.0:
 * `entry` is senderWorkerMap.get(peer), `queue` queueSendMap.get(peer), `last` lastMessageSent.get(peer), `attempt`
 * its place in inprogressConnections.
 */
import type { Sid } from '../../types/ids.js';
import type { Hints } from '../../traces/machine.js';
import { type Answers, answersKey, noAnswers } from './answers.js';

/** A pair of SendWorker and RecvWorker. */
export interface Worker {
  /** From 1: the smallest that was free when it was made. */
  readonly id: number;
  /**
   * SendWorker.run. made: not started. empty: found the queue empty. replaying, silent: will send the last message
   * first, or will not. failed: could not. loop: at the queue. stopping: printed why it leaves it.
   */
  readonly sender:
    | 'made'
    | 'started'
    | 'empty'
    | 'replaying'
    | 'silent'
    | 'replayed'
    | 'failed'
    | 'loop'
    | 'stopping'
    | 'finished'
    | 'gone';
  /** RecvWorker.run. */
  readonly receiver: 'made' | 'started' | 'reading' | 'broken' | 'interrupting' | 'gone';
  readonly running: boolean;
  readonly receiverRunning: boolean;
  /** Took a message from the queue that is not yet the last message. */
  readonly holding: boolean;
  /** Who is inside SendWorker.finish, and the last line printed there; null: nobody. */
  readonly finisher: Finisher | null;
}

export interface Finisher {
  /** `sender`, `receiver`: this worker's own threads; else the thread's name. */
  readonly by: string;
  readonly last: 'finishCalled' | 'receiverFinished' | 'entryRemoved';
}

/** No worker; a worker that is no more. */
export const NONE = 0;
export const DEAD = -1;

/** What a thread that is no worker does for this peer. */
export interface Task {
  /** Its name; of the only ones of their kind, the kind: `workerSender`, `main`. */
  readonly thread: string;
  /**
   * offered: put a message into the queue. called: asked, and found no connection. rejected: could not submit.
   * parsed: knows that this peer called. dialing: will ask for a connection back. made: holds a new worker.
   */
  readonly at: 'idle' | 'offered' | 'called' | 'rejected' | 'parsed' | 'dialing' | 'made';
  /** made: which. */
  readonly worker: number;
  /** parsed, made: SendWorker.finish was called for the older worker. */
  readonly finished: boolean;
  /** What `entry` was since the thread's last line. */
  readonly seen: readonly number[];
  /** Was a request in progress at some time since then? */
  readonly busy: boolean;
}

/** A request that is in progress (initiateConnectionAsync, QuorumConnectionReqThread.run). */
export interface Attempt {
  readonly at: 'submitted' | 'open' | 'ending';
  readonly thread: string;
}

export interface PeerState {
  readonly hints: Hints;
  readonly me: Sid;
  readonly peer: Sid;
  readonly entry: number;
  readonly workers: readonly Worker[];
  readonly queue: 'none' | 'empty' | 'full';
  readonly last: boolean;
  readonly attempt: Attempt | null;
  readonly tasks: readonly Task[];
  /** A constructor told that the socket is of no use: the worker to come does not run. */
  readonly broken: boolean;
  /** Messages for this peer that were told, or queued in silence, and that WorkerSender has not yet put into `queue`. */
  readonly owed: number;
  /** Messages may be queued of which no line tells. */
  readonly untold: boolean;
  readonly answers: Answers;
}

const standing = (thread: string): Task => ({
  thread,
  at: 'idle',
  worker: NONE,
  finished: false,
  seen: [NONE],
  busy: false,
});

/** The threads that may have looked at the maps since the process began. */
const STANDING = ['main', 'workerSender'] as const;

export function startOf(hints: Hints, peer: Sid): PeerState {
  return {
    hints,
    me: hints.sid,
    peer,
    entry: NONE,
    workers: [],
    queue: 'none',
    last: false,
    attempt: null,
    tasks: STANDING.map(standing),
    broken: false,
    owed: 0,
    untold: true,
    answers: noAnswers(hints),
  };
}

export function taskOf(state: PeerState, thread: string): Task | null {
  return state.tasks.find((task) => task.thread === thread) ?? null;
}

/** connectOne is synchronized: who told that it asks for this peer holds the manager's monitor until its call is over. */
export function heldByOther(state: PeerState, thread: string): boolean {
  return state.tasks.some((task) => task.at === 'called' && task.thread !== thread);
}

/** The thread printed a line: from now on it may see only what is, or comes to be. */
export function looking(state: PeerState, thread: string, change: Partial<Task> = {}): Task {
  const busy = state.attempt !== null;
  return { ...standing(thread), ...change, thread, seen: [state.entry], busy };
}

export function withTask(state: PeerState, task: Task): PeerState {
  const others = state.tasks.filter(({ thread }) => thread !== task.thread);
  return { ...state, tasks: [...others, task].sort((a, b) => (a.thread < b.thread ? -1 : 1)) };
}

/** The thread has nothing to do with this peer any more; the standing ones are remembered. */
export function withoutTask(state: PeerState, thread: string): PeerState {
  if ((STANDING as readonly string[]).includes(thread)) return withTask(state, looking(state, thread));
  return { ...state, tasks: state.tasks.filter((task) => task.thread !== thread) };
}

export function withEntry(state: PeerState, entry: number): PeerState {
  const tasks = state.tasks.map((task) =>
    task.seen.includes(entry) ? task : { ...task, seen: [...task.seen, entry].sort() },
  );
  return { ...state, entry, tasks };
}

export function withAttempt(state: PeerState, attempt: Attempt | null): PeerState {
  const tasks =
    attempt === null ? state.tasks : state.tasks.map((task) => (task.busy ? task : { ...task, busy: true }));
  return { ...state, attempt, tasks };
}

/** Replaces a worker; one that is through with everything becomes DEAD wherever it was seen. */
export function withWorker(state: PeerState, worker: Worker): PeerState {
  const { id } = worker;
  const over = worker.sender === 'gone' && worker.receiver === 'gone' && worker.finisher === null && state.entry !== id;
  if (!over) return { ...state, workers: state.workers.map((one) => (one.id === id ? worker : one)) };
  const tasks = state.tasks.map((task) =>
    task.seen.includes(id)
      ? { ...task, seen: [...new Set(task.seen.map((one) => (one === id ? DEAD : one)))].sort() }
      : task,
  );
  return { ...state, workers: state.workers.filter((one) => one.id !== id), tasks };
}

/** A worker is made (constructors of SendWorker and RecvWorker): not yet started, not yet in the map. */
export function withNewWorker(state: PeerState): { readonly state: PeerState; readonly id: number } {
  let id = 1;
  while (state.workers.some((one) => one.id === id)) id += 1;
  const worker: Worker = {
    id,
    sender: 'made',
    receiver: 'made',
    running: !state.broken,
    receiverRunning: !state.broken,
    holding: false,
    finisher: null,
  };
  const workers = [...state.workers, worker].sort((a, b) => a.id - b.id);
  return { state: { ...state, workers, broken: false }, id };
}

export function keyOf(state: PeerState): string {
  const { entry, workers, queue, last, attempt, tasks, broken, owed, untold, answers } = state;
  const pairs = workers.map(({ id, sender, receiver, running, receiverRunning, holding, finisher }) =>
    [id, sender, receiver, running, receiverRunning, holding, finisher?.by, finisher?.last].join(' '),
  );
  const doing = tasks.map(({ thread, at, worker, finished, seen, busy }) =>
    [thread, at, worker, finished, seen.join(','), busy].join(' '),
  );
  const request = attempt === null ? '' : `${attempt.at} ${attempt.thread}`;
  const sends = `${owed} ${untold} ${answersKey(answers)}`;
  return [entry, queue, last, broken, request, sends, ...pairs, ...doing].join('|');
}
