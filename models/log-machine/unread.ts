/**
 * What is known of recvqueue in a stretch that is not judged. WorkerReceiver has one message in its hands at a time: it prints it, tests the
 * state, and queues it, each as late as it likes. So one message may outlive the exit that empties recvqueue, and one that was printed
 * in a role may be queued in the election that follows.
 */
import { type ServerState, SERVER_STATES } from '../../types/server-state.js';
import type { Notification } from '../../types/vote.js';

export interface Unread {
  /** Printed while LOOKING, and perhaps queued only after the exit had emptied recvqueue. */
  readonly carried: Notification | null;
  /** The last that was printed in a role, or may have been, and was perhaps queued in the election that follows. */
  readonly late: Notification | null;
  /** Printed while LOOKING since then. */
  readonly heard: readonly Notification[];
  /** The last that was printed, perhaps still in the hands of WorkerReceiver. */
  readonly inHand: Notification | null;
  /** The state in which it was printed. */
  readonly inHandSince: ServerState | null;
  /** A message that was printed before the first line may have been carried so, or be late. */
  readonly carriedUnseen: boolean;
  readonly lateUnseen: boolean;
  /** It left an election, and nothing was printed since: what comes next may have been in hand. */
  readonly exited: boolean;
  /** Values that the state may have had since a notification was printed. */
  readonly statesSeen: readonly ServerState[];
}

/** Where nothing of what came before is known. */
export const UNSEEN: Unread = {
  carried: null,
  late: null,
  heard: [],
  inHand: null,
  inHandSince: null,
  carriedUnseen: true,
  lateUnseen: true,
  exited: true,
  statesSeen: SERVER_STATES,
};

/** Where recvqueue is new. */
export const EMPTY: Unread = { ...UNSEEN, carriedUnseen: false, lateUnseen: false, exited: false };

/** A notification is printed. */
export function printed<T extends Unread>(state: T, n: Notification, myState: ServerState): T {
  const seen = { ...state, inHand: n, inHandSince: myState, statesSeen: [myState], exited: false };
  if (myState !== 'LOOKING') return { ...seen, carried: carriedBy(state), heard: [], late: n, lateUnseen: false };
  return state.exited ? { ...seen, late: n } : { ...seen, heard: [...state.heard, n] };
}

/** The server leaves an election for a role. */
export function exits<T extends Unread>(state: T, role: ServerState): T {
  const carriedUnseen = state.carriedUnseen && state.inHand === null;
  const left = { carried: carriedBy(state), carriedUnseen, heard: [], lateUnseen: false, exited: true };
  const late = state.inHandSince === 'LOOKING' ? null : state.late;
  return { ...state, ...left, late, statesSeen: withState(state, role) };
}

const carriedBy = ({ inHand, inHandSince, carried }: Unread): Notification | null =>
  inHandSince === 'LOOKING' ? inHand : carried;

/** The server is LOOKING again; `since`: from this line on. */
export function looksAgain<T extends Unread>(state: T, since: boolean): T {
  const statesSeen = withState(state, 'LOOKING');
  if (!since) return { ...state, statesSeen, exited: false };
  return { ...state, statesSeen, late: state.heard.at(-1) ?? state.late, heard: [], exited: false };
}

export const withState = ({ statesSeen }: Unread, state: ServerState): readonly ServerState[] =>
  statesSeen.includes(state) ? statesSeen : [...statesSeen, state];

export interface Waiting {
  readonly recvqueue: readonly Notification[];
  /** In the hands of WorkerReceiver, printed. */
  readonly inHand: Notification | null;
}

/** What may wait when an election begins. */
export function waiting({ carried, late, heard, inHand }: Unread): readonly Waiting[] {
  const maybe = [carried, late].filter((one): one is Notification => one !== null);
  const fronts = [[], ...maybe.map((one) => [one]), ...(maybe.length === 2 && carried !== late ? [maybe] : [])];
  const done = fronts.map((front) => ({ recvqueue: [...front, ...heard], inHand: null }));
  if (inHand === null) return done;
  const open = fronts
    .filter((front) => !front.includes(inHand))
    .map((front) => ({ recvqueue: [...front, ...heard.filter((one) => one !== inHand)], inHand }));
  return [...done, ...open];
}
