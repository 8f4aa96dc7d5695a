/** Lines of the threads that deal with one peer and are no workers: who asks, who dials, who handles requests. */
import { type ConnectionLine, type ConnectionMessage, threadKind } from '../../types/connection-line.js';
import {
  DEAD,
  heldByOther,
  looking,
  NONE,
  type PeerState,
  type Task,
  taskOf,
  withAttempt,
  withNewWorker,
  withoutTask,
  withTask,
} from './peer-state.js';
import { finishOneOf, inFinishOf } from './peer-workers.js';

/** The name under which a thread is known: there is one main loop and one WorkerSender. */
export function nameOf(thread: string): string {
  const kind = threadKind(thread);
  return kind === 'main' || kind === 'workerSender' ? kind : thread;
}

/** Printed with the manager's monitor held. */
const INSIDE_CONNECT_ONE: ReadonlySet<ConnectionMessage['what']> = new Set([
  'connectedAlready',
  'peerKnown',
  'peerInvalid',
  'alreadyInProgress',
  'submitFailed',
] as const);

/** Every state that the line leads to. */
export function byThread(state: PeerState, { thread, message }: ConnectionLine): PeerState[] {
  const name = nameOf(thread);
  const finishing = inFinishOf(state, name, message);
  if (finishing !== null) return finishing;
  if (state.attempt?.at === 'ending' && state.attempt.thread === name) return [];
  if (INSIDE_CONNECT_ONE.has(message.what) && heldByOther(state, name)) return [];
  const ofPeer = 'peer' in message && message.peer === state.peer;
  const ofThread = ['submitFailed', 'dialingFailed', 'workerBroken'].includes(message.what);
  const task = taskOf(state, name);
  if (!ofPeer && !(ofThread && (task !== null || state.attempt?.thread === name))) return elsewhere(state, name);
  return asked(state, name, message) ?? dialed(state, name, message) ?? handled(state, name, message) ?? [];
}

/** The thread printed a line that is not about this peer: whatever it did for this peer is done. */
function elsewhere(state: PeerState, name: string): PeerState[] {
  if (state.attempt?.thread === name) return [];
  const task = taskOf(state, name);
  if (task === null) return [state];
  const done = task.at === 'idle' || task.at === 'rejected' || task.at === 'parsed';
  return done ? [withoutTask(state, name)] : [];
}

/** Any thread may ask because of a reconfiguration; of those that did not before, nothing is known. */
function askerOf(state: PeerState, name: string): Task {
  const seen = [NONE, DEAD, ...state.workers.map(({ id }) => id)];
  return taskOf(state, name) ?? { ...looking(state, name), seen, busy: true };
}

/** QuorumCnxManager.connectOne and initiateConnectionAsync; null: no line of these. */
function asked(state: PeerState, name: string, message: ConnectionMessage): PeerState[] | null {
  const task = askerOf(state, name);
  const first = name === 'workerSender' ? task.at === 'offered' : task.at === 'idle' || task.at === 'dialing';
  const found = task.seen.some((id) => id !== NONE);
  const none = task.seen.includes(NONE);
  const goesOn = task.at === 'called' || task.at === 'dialing';
  const done = (may: boolean): PeerState[] => (may ? [withoutTask(state, name)] : []);
  switch (message.what) {
    case 'connectedAlready':
      return done((first || goesOn) && found);
    case 'alreadyInProgress':
      return done(goesOn && none && task.busy);
    case 'peerInvalid':
      return done(first && none);
    case 'peerKnown':
      if (!(first && none) && !(task.at === 'rejected' && message.view === 'proposed')) return [];
      return [withTask(state, looking(state, name, { at: 'called' }))];
    case 'submitFailed':
      if (!goesOn) return elsewhere(state, name);
      return none ? [withTask(state, looking(state, name, { at: 'rejected' }))] : [];
    default:
      return null;
  }
}

/** QuorumCnxManager.initiateConnection and startConnection, up to the worker; null: no line of these. */
function dialed(state: PeerState, name: string, message: ConnectionMessage): PeerState[] | null {
  const { attempt } = state;
  const mine = attempt?.at === 'open' && attempt.thread === name;
  switch (message.what) {
    case 'openingChannel':
      if (attempt?.at !== 'submitted') return [];
      return elsewhere(state, name).map((free) => withAttempt(free, { at: 'open', thread: name }));
    case 'channelOpened':
    case 'startingConnection':
    case 'keeping':
      return mine ? [state] : [];
    case 'cannotOpen':
    case 'dropping':
    case 'dialingFailed':
      if (!mine) return message.what === 'dialingFailed' ? [state] : [];
      return [withAttempt(state, { at: 'ending', thread: name })];
    default:
      return null;
  }
}

/** QuorumCnxManager.handleConnection, and the making of workers; null: no line of these. */
function handled(state: PeerState, name: string, message: ConnectionMessage): PeerState[] | null {
  const task = taskOf(state, name);
  const found = task?.seen ?? askerOf(state, name).seen;
  switch (message.what) {
    case 'initialMessage':
    case 'observerNumbered':
      return elsewhere(state, name).map((free) => withTask(free, looking(free, name, { at: 'parsed' })));
    case 'finishCalled':
      if (task?.finished === true || task?.at === 'dialing') return [];
      return finishOneOf(state, name, found).map((next) => {
        const at = task?.at === 'made' ? 'made' : 'parsed';
        const finished = looking(next, name, { at, worker: task?.worker ?? NONE, finished: true });
        return threadKind(name) === 'other' || name === 'main' ? next : withTask(next, finished);
      });
    case 'dialingBack':
      if (task !== null && !(task.at === 'parsed' && (task.finished || found.includes(NONE)))) return [];
      return [withTask(state, looking(state, name, { at: 'dialing' }))];
    case 'workerMade':
      return made(state, name, task);
    case 'workerBroken':
      return task?.at === 'made' ? [brokenReceiver(state, task)] : [{ ...state, broken: true }];
    default:
      return null;
  }
}

/** A listener that has parsed the first message, or a thread that dialed; a server of 3.4 calls without such a message. */
function made(state: PeerState, name: string, task: Task | null): PeerState[] {
  const dialing = state.attempt?.at === 'open' && state.attempt.thread === name;
  if (!dialing && (state.peer < state.me || (task !== null && task.at !== 'parsed'))) return [];
  const { state: next, id } = withNewWorker(state);
  return [withTask(next, looking(next, name, { at: 'made', worker: id }))];
}

function brokenReceiver(state: PeerState, task: Task): PeerState {
  const workers = state.workers.map((one) => (one.id === task.worker ? { ...one, receiverRunning: false } : one));
  return { ...state, workers };
}
