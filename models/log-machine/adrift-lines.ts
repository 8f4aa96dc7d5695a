/** What a line does to a server adrift, and what a line does that is left out. */
import { isElectionKind, MAIN_DEBUG_LINES, MAIN_LINES } from '../../types/election-line.js';
import type { ServerState } from '../../types/server-state.js';
import type { Ahead, Outcome } from '../../traces/machine.js';
import type { ObservedLine, ReadLine } from '../../traces/observation.js';
import {
  type Adrift,
  anywhere,
  asUnknown,
  describeAdrift,
  type ExcerptHypothesis,
  rolesOf,
  withSent,
} from './adrift.js';
import { withAny } from './any-messages.js';
import { freshLife, resynchronize } from './beginnings.js';
import { isElectionLine, observeLine } from './observe.js';
import { printsStateChanges } from './prints.js';
import { isCopy, type KnownLife, type Owed } from './state.js';

type Result = Outcome<ExcerptHypothesis>;

const one = (next: ExcerptHypothesis): Result => ({ ok: true, next: [next] });

/** The line is printed now. */
export function observeAdrift(state: Adrift, said: ReadLine, ahead: Ahead): Result {
  if (said.what === 'processStarted') return one(freshLife(state.from));
  if (said.what === 'notification') return notified(state, said, ahead);
  if (isElectionLine(said)) {
    const due = state.owed.length > 0 && isMain(said);
    if (said.what === 'newElection' && !due) return begun(state, said, ahead);
    const next = due ? paid(state, said, ahead) : moved(state, said);
    if (next === null) return refused(state, said.what);
    return one(next === state ? state : withSent(next, ahead));
  }
  // What only tells something may end the stretch; of what it tells the epoch matters to later processes.
  const outcome = observeLine(state.from, said, ahead);
  if (!outcome.ok) return one(state);
  const [next] = outcome.next;
  return next?.life === 'known' ? one({ ...state, from: { ...state.from, disk: next.disk } }) : outcome;
}

const isMain = ({ what }: ReadLine): boolean => MAIN_LINES.has(what) || MAIN_DEBUG_LINES.has(what);

/** With round and epoch as its first own copy tells them; adrift again if none does. */
function begun(state: Adrift, said: Extract<ReadLine, { what: 'newElection' }>, ahead: Ahead): Result {
  if (state.at !== 'enter') return refused(state, said.what);
  const lives = resynchronize(asUnknown(state), said, ahead).filter(({ life }) => life === 'known');
  if (lives.length > 0) return { ok: true, next: lives };
  const waitMs = state.from.config.profile.minNotificationIntervalMs;
  return one(withSent({ ...state, at: 'election', waitMs }, ahead));
}

/** A line that was due is printed; null: another one is. */
function paid(state: Adrift, said: ReadLine, ahead: Ahead): Adrift | null {
  const { from, owed, loopback, sent } = state;
  const outcome = observeLine({ ...from, owed, loopback, sent }, said, ahead);
  const [next] = outcome.ok ? outcome.next : [];
  return next?.life === 'known' ? { ...state, owed: next.owed, loopback: next.loopback, sent: next.sent } : null;
}

/** A line of the main loop, or of WorkerReceiver at DEBUG, moves it on; null: it cannot print that. */
function moved(state: Adrift, said: ReadLine): Adrift | null {
  const { at, waitMs, from } = state;
  const silent = !printsStateChanges(from.config.profile);
  switch (said.what) {
    case 'timedOut': {
      const { maxNotificationIntervalMs } = from.config.profile;
      const nextMs = waitMs === null ? said.nextTimeoutMs : Math.min(2 * waitMs, maxNotificationIntervalMs);
      return at === 'election' && said.nextTimeoutMs === nextMs ? { ...state, waitMs: nextMs } : null;
    }
    case 'stateChanged':
      if (silent) return state;
      if (said.state === 'LOOKING') return at === 'role' ? seen({ ...state, at: 'left', heard: [] }, 'LOOKING') : null;
      return at === 'election' && canBe(state, said.state) ? seen({ ...state, at: 'decided' }, said.state) : null;
    case 'roleEntered':
      if (silent && at === 'election' && canBe(state, said.role)) return seen({ ...state, at: 'role' }, said.role);
      return at === 'decided' && said.role === state.state ? { ...state, at: 'role' } : null;
    case 'looking':
      if (silent && at === 'role') return seen({ ...state, at: 'enter', heard: [] }, 'LOOKING');
      return at === 'left' ? { ...state, at: 'enter' } : null;
    default:
      return at === 'election' || !isMain(said) || PRINTED_AT[at] === said.what ? state : null;
  }
}

/** Outside the election itself: `Updating proposal` before it begins, `About to leave FLE instance` behind its decision (DEBUG). */
const PRINTED_AT: Partial<Record<Adrift['at'], ReadLine['what']>> = {
  enter: 'updatingProposal',
  decided: 'leavingElection',
};

const canBe = ({ from }: Adrift, role: ServerState): boolean => rolesOf(from).some((one) => one === role);

function seen(state: Adrift, now: ServerState): Adrift {
  const statesSeen = state.statesSeen.includes(now) ? state.statesSeen : [...state.statesSeen, now];
  return { ...state, state: now, statesSeen };
}

function notified(state: Adrift, said: Extract<ReadLine, { what: 'notification' }>, ahead: Ahead): Result {
  const { from } = state;
  const { myState, notification: n } = said;
  const stateFits = state.statesSeen.includes(myState) || !printsStateChanges(from.config.profile);
  if (!stateFits || !from.rules.isVoter(from.config, n.from)) return refused(state, said.what);
  const [copy, ...loopback] = state.loopback;
  const own = n.from === from.config.sid;
  if (own && copy !== undefined && !isCopy(n, copy)) return refused(state, said.what);
  const heard = state.state === 'LOOKING' ? [...state.heard, n] : state.heard;
  const next: Adrift = { ...state, heard, statesSeen: [state.state] };
  return one(own ? withSent({ ...next, loopback, vote: n.state === 'LOOKING' ? n : null }, ahead) : next);
}

/** What a line that is left out may have been, besides nothing. */
export function passedAdrift(state: Adrift, said: ReadLine, ahead: Ahead): readonly ExcerptHypothesis[] {
  const after = (line: ReadLine): readonly ExcerptHypothesis[] => {
    const outcome = observeAdrift(state, line, ahead);
    return outcome.ok ? outcome.next : [];
  };
  if (said.what === 'notification') return isOwn(state.from, said) ? passedCopy(state) : [passedMessages(state)];
  if (!isElectionKind(said.what)) return [state, ...after(said)];
  if (!isMain(said)) return [state];
  const lines = state.owed.length > 0 ? nextOwed(state.owed, said.what) : nextLines(state, said.what);
  return [state, ...lines.flatMap(after), ...(beginsElection(said) ? anywhere(state.from) : [])];
}

/** The lines of this kind that are due; the sends of one broadcast come in any order. */
export function nextOwed(owed: readonly Owed[], what: ReadLine['what']): readonly ReadLine[] {
  const [head] = owed;
  if (head === undefined || head.line === null || head.line.what !== what) return [];
  if (what !== 'sending') return [head.line];
  const end = owed.findIndex(({ line }) => line?.what !== what);
  return owed.slice(0, end < 0 ? owed.length : end).flatMap(({ line }) => (line === null ? [] : [line]));
}

/** A copy that comes back to its sender; messages of others are another kind. */
export const isOwn = ({ config }: KnownLife, { notification }: Extract<ReadLine, { what: 'notification' }>): boolean =>
  notification.from === config.sid;

/** Any messages of others arrived. */
export function passedMessages(state: Adrift): Adrift {
  if (state.state !== 'LOOKING') return state;
  return { ...state, heard: withAny(state.heard, state.from.config) };
}

/** Its next copy arrived, whatever that says, or none. */
function passedCopy(state: Adrift): readonly Adrift[] {
  const [, ...loopback] = state.loopback;
  const without: Adrift = { ...state, vote: null };
  return state.loopback.length === 0 ? [without] : [without, { ...without, loopback }];
}

/** What such a round begins with, no other line may tell. */
export function beginsElection(said: ReadLine): boolean {
  if (said.what === 'stateChanged') return said.state === 'LOOKING';
  return said.what === 'newElection' || said.what === 'looking';
}

/** The lines of this kind that may move it. */
function nextLines({ waitMs, from }: Adrift, what: ReadLine['what']): readonly ReadLine[] {
  switch (what) {
    case 'timedOut': {
      const { maxNotificationIntervalMs } = from.config.profile;
      return waitMs === null ? [] : [{ what, nextTimeoutMs: Math.min(2 * waitMs, maxNotificationIntervalMs) }];
    }
    case 'stateChanged':
      return rolesOf(from).map((role) => ({ what, state: role }));
    case 'roleEntered':
      return rolesOf(from).map((role) => ({ what, role }));
    case 'looking':
      return [{ what }];
    default:
      return [];
  }
}

function refused(state: Adrift, what: ObservedLine['what']): Result {
  const reason = `a server that is ${describeAdrift(state)}, prints no ${what} line`;
  return { ok: false, refusal: { reason, method: 'FastLeaderElection.lookForLeader', nearness: 0, legal: null } };
}
