/**
 * FastLeaderElection.sendqueue: what the main loop and WorkerReceiver put into it, and WorkerSender takes out in the
 * same order. Messages to oneself pass no connection and are left out.
 */
import { type ConnectionLine, threadKind } from '../../types/connection-line.js';
import { MAIN_DEBUG_LINES, MAIN_LINES, RECEIVER_LINES } from '../../types/election-line.js';
import type { Sid } from '../../types/ids.js';
import type { Hints, HiddenStep, Outcome } from '../../traces/machine.js';
import type { ObservedLine } from '../../traces/observation.js';
import { type Answers, answersAfter, answersKey, askerInSilence, mayAskUnheard, noAnswers } from './answers.js';
import { type Calls, callsAfter, callsKey, NO_CALLS } from './calls.js';
import type { Aspect } from './lives.js';

interface Sends {
  readonly hints: Hints;
  /** Recipients in the order of the queue. */
  readonly queue: readonly Sid[];
  /** Told by the main loop and by WorkerReceiver, and not yet put into the queue; null: nothing. */
  readonly main: Sid | null;
  readonly answer: Sid | null;
  readonly answers: Answers;
  readonly calls: Calls;
  /** Servers whose messages may have come. */
  readonly readers: readonly Sid[];
}

const isMain = (what: string): boolean =>
  MAIN_LINES.has(what) || MAIN_DEBUG_LINES.has(what) || what === 'mainLoopException';

const one = (state: Sends): Outcome<Sends> => ({ ok: true, next: [state] });
const notYetQueued: Outcome<Sends> = {
  ok: false,
  refusal: {
    reason: 'a message that was told must be in the send queue before the next line of its thread',
    method: 'FastLeaderElection.sendNotifications',
    nearness: 0,
    legal: null,
  },
};

function hidden(state: Sends): readonly HiddenStep<Sends>[] {
  const { main, answer, answers, queue } = state;
  const steps: HiddenStep<Sends>[] = [];
  const queued = (label: string, sid: Sid, change: Partial<Sends>): void => {
    steps.push({ label, next: { ...state, queue: [...queue, sid], ...change } });
  };
  if (main !== null) queued('vote queued', main, { main: null });
  if (answer !== null) queued('answer queued', answer, { answer: null });
  const asker = askerInSilence(answers);
  if (asker !== null) queued('silent answer queued', asker, { answers: { ...answers, heard: null } });
  return steps;
}

function observe(before: Sends, said: ObservedLine): Outcome<Sends> {
  const state = { ...before, answers: answersAfter(before.answers, said) };
  if (state.answers.told === false) return one({ ...state, queue: [], main: null, answer: null });
  const byMain = isMain(said.what);
  if ((byMain && state.main !== null) || (RECEIVER_LINES.has(said.what) && state.answer !== null)) return notYetQueued;
  const { sid } = state.hints;
  if (said.what === 'sending') return one({ ...state, main: said.recipient === sid ? null : said.recipient });
  if (said.what === 'answering') return one({ ...state, answer: said.recipient === sid ? null : said.recipient });
  return said.what === 'connection' ? byConnection(state, said) : one(state);
}

function byConnection(before: Sends, line: ConnectionLine): Outcome<Sends> {
  const { thread, message } = line;
  const kind = threadKind(thread);
  const goesOn = 'peer' in message && before.calls.asked === message.peer;
  const state: Sends = { ...before, calls: callsAfter(before.calls, line) };
  if (kind === 'main' && state.main !== null) return notYetQueued;
  if (message.what === 'receiverStarted' && !state.readers.includes(message.peer)) {
    return one({ ...state, readers: [...state.readers, message.peer].sort() });
  }
  // Until a line tells that sends are told, and if they are not, nothing is known of the queue.
  if (kind !== 'workerSender' || !('peer' in message) || state.answers.told !== true) return one(state);
  const { peer } = message;
  const next: Sends[] = [];
  const calls = { ...state.calls, asked: message.what === 'peerKnown' ? peer : null };
  if (message.what === 'alreadyInProgress') return one({ ...state, calls });
  if (
    goesOn &&
    (message.what === 'connectedAlready' || (message.what === 'peerKnown' && message.view === 'proposed'))
  ) {
    next.push({ ...state, calls });
  }
  if (state.queue[0] === peer) next.push({ ...state, queue: state.queue.slice(1), calls });
  if (state.readers.includes(peer) && mayAskUnheard(state.answers, state.hints, peer)) next.push({ ...state, calls });
  return next.length > 0 ? { ok: true, next } : refuse(state, peer);
}

function refuse({ queue }: Sends, peer: Sid): Outcome<Sends> {
  const [head] = queue;
  const reason =
    head === undefined
      ? `WorkerSender turns to server ${peer}, but no message was queued that it has not yet dealt with`
      : `WorkerSender turns to server ${peer}, but the oldest message queued is for server ${head}`;
  const legal = head === undefined ? null : `a line of WorkerSender about server ${head}`;
  const nearness = queue.includes(peer) ? 22 : 20;
  return { ok: false, refusal: { reason, method: 'FastLeaderElection.Messenger.WorkerSender.run', nearness, legal } };
}

/** Nothing is sent that was not queued, and everything in the order of the queue. */
export const sends: Aspect<Sends> = {
  name: 'sends',
  begin: (hints) => ({
    hints,
    queue: [],
    main: null,
    answer: null,
    answers: noAnswers(hints),
    calls: NO_CALLS,
    readers: [],
  }),
  hidden,
  observe,
  key: ({ queue, main, answer, answers, calls, readers }) =>
    [queue.join(','), main, answer, answersKey(answers), callsKey(calls), readers.join(',')].join('|'),
  describe: ({ queue, main, answer }) => {
    const coming = [main, answer].filter((sid) => sid !== null);
    const queued = queue.length === 0 ? 'empty' : `for ${queue.join(', ')}`;
    return `send queue ${queued}${coming.length === 0 ? '' : `, and soon for ${coming.join(', ')}`}`;
  },
  never: () => null,
};
