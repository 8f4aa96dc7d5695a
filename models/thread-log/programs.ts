/**
 * Every thread prints the lines of its method in the order of the Java: the listener, the threads that dial, and
 * those that ask for connections. What they share (maps and queues) is judged elsewhere.
 */
import {
  type ConnectionLine,
  type ConnectionMessage,
  threadKind,
  type ThreadKind,
} from '../../types/connection-line.js';
import type { Sid } from '../../types/ids.js';
import type { Hints, Outcome } from '../../traces/machine.js';
import type { ObservedLine } from '../../traces/observation.js';
import type { Aspect } from './lives.js';
import { methodOf, neverPrinted } from './rules.js';

/** Where a thread is, by the last line that it printed. */
export interface Step {
  readonly at:
    | 'idle'
    | 'accepted'
    | 'handling'
    | 'parsed'
    | 'dialingBack'
    | 'asked'
    | 'rejected'
    | 'opening'
    | 'opened'
    | 'starting'
    | 'kept'
    | 'made'
    | 'finishing'
    | 'delivered'
    | 'undelivered';
  readonly peer: Sid | null;
  /** accepted: from where. */
  readonly address: string | null;
  /** finishing: the last line of SendWorker.finish. */
  readonly last: 'finishCalled' | 'receiverFinished' | 'entryRemoved' | null;
  /** finishing: where the thread was before. */
  readonly within: 'parsed' | 'made' | null;
}

const IDLE: Step = { at: 'idle', peer: null, address: null, last: null, within: null };

interface Programs {
  readonly me: Sid;
  readonly steps: ReadonlyMap<string, Step>;
  /** Between `New election` and the decision. */
  readonly electing: boolean;
  /** Logger FastLeaderElection printed a DEBUG line in this process: its sends are all told. */
  readonly told: boolean;
}

const step = (at: Step['at'], peer: Sid | null = null): Step => ({ ...IDLE, at, peer });

/** A thread may do this next without a line: then it is idle. */
const MAY_END: ReadonlySet<Step['at']> = new Set(['dialingBack', 'asked', 'rejected', 'made', 'undelivered'] as const);

/** The next step of the thread; null: the line does not follow. */
function after(kind: ThreadKind, from: Step, message: ConnectionMessage, me: Sid): Step | null {
  const direct = continued(from, message, me);
  if (direct !== null) return direct;
  const ends =
    MAY_END.has(from.at) || (from.at === 'finishing' && from.within === 'made' && from.last !== 'receiverFinished');
  return ends || from.at === 'idle' ? begun(kind, message) : null;
}

/** A first line. */
function begun(kind: ThreadKind, message: ConnectionMessage): Step | null {
  const handles = kind === 'listener' || kind === 'dialer';
  switch (message.what) {
    case 'accepting':
    case 'listeningFailed':
    case 'peerInvalid':
    case 'workerBroken':
      return IDLE;
    case 'connectedAlready':
      return handles ? null : IDLE;
    case 'peerKnown':
      return handles ? null : step('asked', message.peer);
    case 'requestReceived':
      return { ...step('accepted'), address: message.address };
    case 'requestHandled':
      return kind === 'dialer' ? step('handling') : null;
    case 'openingChannel':
      return step('opening', message.peer);
    case 'queueSize':
      return step(message.size === 0n ? 'delivered' : 'undelivered');
    default:
      return null;
  }
}

/** A line that goes on with what was begun. */
function continued(from: Step, message: ConnectionMessage, me: Sid): Step | null {
  if (message.what === 'workerBroken') return from;
  const samePeer = 'peer' in message && message.peer === from.peer;
  switch (from.at) {
    case 'accepted':
      if (message.what === 'requestFailed') return IDLE;
      if (message.what !== 'requestHandled' || message.address !== from.address) return null;
      return message.async ? IDLE : step('handling');
    case 'handling':
    case 'parsed':
      return handled(from, message, me);
    case 'finishing':
      return finished(from, message);
    case 'dialingBack':
      if (!samePeer) return null;
      if (message.what === 'peerKnown') return step('asked', from.peer);
      return message.what === 'connectedAlready' || message.what === 'alreadyInProgress' ? IDLE : null;
    case 'asked':
      if (message.what === 'submitFailed') return step('rejected', from.peer);
      return samePeer && (message.what === 'connectedAlready' || message.what === 'alreadyInProgress') ? IDLE : null;
    case 'rejected':
      return samePeer && message.what === 'peerKnown' && message.view === 'proposed' ? step('asked', from.peer) : null;
    case 'undelivered':
      return message.what === 'queueSize' ? begun('main', message) : null;
    case 'opening':
    case 'opened':
    case 'starting':
    case 'kept':
      return dialed(from, message, samePeer);
    case 'made':
      return samePeer && message.what === 'finishCalled' ? finishing(from.peer, 'made') : null;
    default:
      return null;
  }
}

function finishing(peer: Sid | null, within: 'parsed' | 'made'): Step {
  return { ...step('finishing', peer), last: 'finishCalled', within };
}

/** QuorumCnxManager.handleConnection; a server of 3.4 says its id at once, and nothing is printed of it. */
function handled(from: Step, message: ConnectionMessage, me: Sid): Step | null {
  if (message.what === 'requestFailed') return IDLE;
  if (from.at === 'handling' && message.what === 'initialMessage') return step('parsed', message.peer);
  if (message.what === 'observerNumbered') return step('parsed', message.peer);
  if (message.what === 'ownIdCalled') return from.peer === null || from.peer === me ? IDLE : null;
  if (!('peer' in message) || (from.peer !== null && message.peer !== from.peer)) return null;
  if (message.what === 'workerMade') return message.peer > me ? step('made', message.peer) : null;
  if (message.what === 'dialingBack') return step('dialingBack', message.peer);
  return message.what === 'finishCalled' && message.peer < me ? finishing(message.peer, 'parsed') : null;
}

/** SendWorker.finish: its first line alone if the worker was finished before. */
function finished(from: Step, message: ConnectionMessage): Step | null {
  if (!('peer' in message) || message.peer !== from.peer) return null;
  if (from.last === 'finishCalled' && message.what === 'receiverFinished') return { ...from, last: message.what };
  if (from.last === 'receiverFinished') return message.what === 'entryRemoved' ? { ...from, last: message.what } : null;
  return from.within === 'parsed' && message.what === 'dialingBack' ? step('dialingBack', from.peer) : null;
}

/** QuorumCnxManager.initiateConnection and startConnection. */
function dialed(from: Step, message: ConnectionMessage, samePeer: boolean): Step | null {
  if (message.what === 'dialingFailed') return from.at === 'starting' || from.at === 'opened' ? IDLE : null;
  if (!samePeer) return null;
  const path: Readonly<Record<string, readonly [ConnectionMessage['what'], Step['at']][]>> = {
    opening: [
      ['channelOpened', 'opened'],
      ['cannotOpen', 'idle'],
    ],
    opened: [['startingConnection', 'starting']],
    starting: [
      ['keeping', 'kept'],
      ['dropping', 'idle'],
    ],
    kept: [['workerMade', 'made']],
  };
  const next = path[from.at]?.find(([what]) => what === message.what)?.[1];
  if (next === undefined) return null;
  return next === 'idle' ? IDLE : step(next, from.peer);
}

const DUE: Readonly<Record<Step['at'], string>> = {
  idle: 'the first line of something new',
  accepted: '"Sync handling of connection request received from" the same address',
  handling: '"Initial message parsed"',
  parsed: 'what becomes of the connection of the server that called',
  dialingBack: 'a line of connectOne, or something new',
  asked: 'what became of the request, or something new',
  rejected: 'another request',
  opening: '"Connected to server" or "Cannot open channel"',
  opened: '"startConnection"',
  starting: '"Have larger" or "Have smaller server identifier"',
  kept: '"Address of remote peer"',
  made: '"Calling SendWorker.finish" of an older connection, or something new',
  finishing: 'the next line of SendWorker.finish, or what follows it',
  delivered: '"Sending Notification": a queue was empty, so votes are sent again',
  undelivered: 'another "Queue size", connections to all, or "Notification time out"',
};

function observeConnection(state: Programs, line: ConnectionLine): Outcome<Programs> {
  const { thread, message } = line;
  const kind = threadKind(thread);
  if (kind === 'sendWorker' || kind === 'recvWorker' || kind === 'other' || kind === 'starter') {
    return { ok: true, next: [state] };
  }
  const from = state.steps.get(thread) ?? IDLE;
  const asks = message.what === 'connectedAlready' || message.what === 'peerKnown' || message.what === 'peerInvalid';
  // connectAll goes through every queue after one look at all of them; outside an election only a reconfiguration asks.
  const unasked = kind === 'main' && asks && state.electing && !isOfConnectAll(from);
  const next = unasked ? null : after(kind, from, message, state.me);
  if (next !== null)
    return { ok: true, next: [withStep(state, thread, kind === 'main' ? afterMain(state, from, next) : next)] };
  const peer = from.peer === null ? '' : ` (server ${from.peer})`;
  return {
    ok: false,
    refusal: {
      reason: unasked
        ? 'the main loop asks for connections only when it has just found a message in every send queue'
        : `thread ${thread} prints "${message.what}" where ${DUE[from.at]} is due${peer}`,
      method: unasked ? 'FastLeaderElection.lookForLeader' : methodOf(message),
      nearness: 20,
      legal: DUE[from.at],
    },
  };
}

/** The run of connectAll: marked by an address, because its lines are those of any other request. */
const ALL = 'all';

function isOfConnectAll(from: Step): boolean {
  return from.at === 'undelivered' || from.address === ALL;
}

function afterMain(state: Programs, from: Step, next: Step): Step {
  const { at } = next;
  if (at === 'delivered' && !state.told) return IDLE;
  return isOfConnectAll(from) && (at === 'idle' || at === 'asked' || at === 'rejected')
    ? { ...next, address: ALL }
    : next;
}

function withStep(state: Programs, thread: string, next: Step): Programs {
  const steps = new Map(state.steps);
  if (next === IDLE) steps.delete(thread);
  else steps.set(thread, next);
  return { ...state, steps };
}

/** Lines of the election that the main loop prints around its use of the manager. */
function observeMain(state: Programs, said: ObservedLine): Outcome<Programs> {
  const main = [...state.steps].find(([thread]) => threadKind(thread) === 'main');
  const at = main?.[1].at ?? 'idle';
  const refuse = (reason: string, legal: string): Outcome<Programs> => ({
    ok: false,
    refusal: { reason, method: 'FastLeaderElection.lookForLeader', nearness: 20, legal },
  });
  if (said.what === 'updatingProposal') return { ok: true, next: [{ ...state, told: true }] };
  if (said.what === 'sending') {
    if (main === undefined) return { ok: true, next: [state] };
    if (isOfConnectAll(main[1])) {
      return refuse('a message waited in every send queue: the main loop connects, and sends nothing', DUE.undelivered);
    }
    return { ok: true, next: [withStep(state, main[0], IDLE)] };
  }
  if (said.what === 'timedOut') {
    if (at === 'delivered') return refuse('a send queue was empty: the votes must be sent again first', DUE.delivered);
    return { ok: true, next: [main === undefined ? state : withStep(state, main[0], IDLE)] };
  }
  if (said.what === 'newElection') {
    const free = main === undefined ? state : withStep(state, main[0], IDLE);
    return { ok: true, next: [{ ...free, electing: true }] };
  }
  const ends = said.what === 'stateChanged' || said.what === 'roleEntered' || said.what === 'mainLoopException';
  return { ok: true, next: [ends ? { ...state, electing: false } : state] };
}

/** The lines of each thread in the order of its method, and what no thread prints. */
export const programs: Aspect<Programs> = {
  name: 'programs',
  begin: ({ sid }: Hints) => ({ me: sid, steps: new Map(), electing: false, told: false }),
  hidden: () => [],
  observe: (state, said) => (said.what === 'connection' ? observeConnection(state, said) : observeMain(state, said)),
  key: ({ steps, electing, told }) =>
    `${electing} ${told} ${[...steps]
      .map(([thread, { at, peer, address, last, within }]) => [thread, at, peer, address, last, within].join(' '))
      .sort()
      .join('\n')}`,
  describe: ({ steps }) => {
    const told = [...steps].map(([thread, { at, peer }]) => `${thread} ${at}${peer === null ? '' : ` ${peer}`}`);
    return told.length === 0 ? 'every thread idle' : told.sort().join('; ');
  },
  never: (line, { sid }) => neverPrinted(line, sid),
};
