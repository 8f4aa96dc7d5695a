/**
 * A server of which it is not known what it heard, because messages are left out of its log, or not even where it is. It may propose,
 * send and decide anything; what it prints must still stand in order, its waits still double, and its copies to itself still come back.
 */
import type { Role, ServerState } from '../../types/server-state.js';
import type { Notification } from '../../types/vote.js';
import type { Ahead, Sent } from '../../traces/machine.js';
import { anyNotification, withAny } from './any-messages.js';
import { freshLife } from './beginnings.js';
import type { KnownLife, Owed, OwnCopy, ServerHypothesis, UnknownLife } from './state.js';
import { EMPTY } from './unread.js';

export interface Adrift {
  readonly life: 'adrift';
  /** Its configuration, level and disk; what it was when that began. */
  readonly from: KnownLife;
  /** Where it is was not seen: it may have sent anything before. */
  readonly unseen: boolean;
  /** In the election; decided, its role not yet printed; in a role; LOOKING again, `LOOKING` not yet printed or printed. */
  readonly at: 'election' | 'decided' | 'role' | 'left' | 'enter';
  readonly state: ServerState;
  /** Its next wait; null: any. */
  readonly waitMs: number | null;
  /** Lines of the main loop that were due when it began. */
  readonly owed: readonly Owed[];
  /** Copies to itself that were on their way when it began. */
  readonly loopback: readonly OwnCopy[];
  /** Values that the state had since the last notification was printed. */
  readonly statesSeen: readonly ServerState[];
  /** Printed since it became LOOKING again: what lies in recvqueue. */
  readonly heard: readonly Notification[];
  /** Its last vote that is known; null: none is. */
  readonly vote: Notification | null;
  /** What it may have sent to followed servers by now. */
  readonly sent: readonly Sent[];
}

export type ExcerptHypothesis = ServerHypothesis | Adrift;

/** Precondition: the main loop is in an election. */
export function adrift(from: KnownLife, ahead: Ahead): Adrift {
  const main = from.peer.process?.main;
  const waitMs = main !== undefined && 'call' in main ? main.call.notTimeoutMs : null;
  const { owed, loopback, sent } = from;
  // Once WorkerReceiver has done with its message it reads LOOKING.
  const statesSeen: readonly ServerState[] = from.statesSeen.includes('LOOKING')
    ? from.statesSeen
    : [...from.statesSeen, 'LOOKING'];
  const common = {
    life: 'adrift',
    from,
    unseen: false,
    at: 'election',
    state: 'LOOKING',
    heard: [],
    vote: null,
  } as const;
  return withSent({ ...common, waitMs, owed, loopback, statesSeen, sent }, ahead);
}

/** About to begin an election of which the line that tells its epoch is left out. */
export function adriftAtEnter(from: KnownLife, ahead: Ahead): Adrift {
  return { ...adrift(from, ahead), at: 'enter', owed: [], heard: from.peer.process?.recvqueue ?? [] };
}

const ROLES: readonly Role[] = ['FOLLOWING', 'LEADING', 'OBSERVING'];
const STATES: readonly ServerState[] = ['LOOKING', ...ROLES];

export const rolesOf = ({ config }: KnownLife): readonly Role[] =>
  ROLES.filter((role) => (role === 'OBSERVING') === (config.learnerType === 'OBSERVER'));

/** It may be anywhere. `of`: of the same server. */
export function anywhere(of: ServerHypothesis): readonly Adrift[] {
  const { epoch } = of.disk;
  const mayRise = epoch.known === 'exactly' ? ({ known: 'notBelow', value: epoch.value } as const) : epoch;
  const fresh = freshLife({ ...of, disk: { zxid: { known: 'nothing' }, epoch: mayRise } });
  const from: KnownLife = { ...fresh, owed: [], statesSeen: STATES };
  const none = {
    owed: [],
    loopback: [],
    sent: [],
    waitMs: null,
    vote: null,
    statesSeen: STATES,
    heard: withAny([], from.config),
  };
  const place = (at: Adrift['at'], state: ServerState): Adrift => ({
    life: 'adrift',
    from,
    unseen: true,
    at,
    state,
    ...none,
  });
  const looking = (['election', 'left', 'enter'] as const).map((at) => place(at, 'LOOKING'));
  return [...looking, ...rolesOf(from).flatMap((role) => [place('decided', role), place('role', role)])];
}

/** As after a stretch that is not judged, but it is known since when messages wait. */
export function asUnknown({ from, heard }: Pick<Adrift, 'from' | 'heard'>): UnknownLife {
  const { rules, config, later, debug, followed, heardOf } = from;
  const disk = { zxid: { known: 'nothing' }, epoch: { known: 'nothing' } } as const;
  const common = { rules, config, later, debug, followed, heardOf, disk };
  return { life: 'unknown', ...common, ...EMPTY, carriedUnseen: true, sawLooking: true, heard, clockIsZero: false };
}

/** So many votes that it will have sent are looked up. */
const AHEAD_MAX = 8;

/** What it may have sent by now: whatever the lines to come do not exclude; too early does no harm. */
export function withSent(state: Adrift, ahead: Ahead): Adrift {
  const { config, followed } = state.from;
  if (followed === null || followed.size === 0) return state;
  const sent: Sent[] = [];
  const send = (message: Omit<Sent, 'to'>): void => {
    for (const to of followed) sent.push({ to, ...message });
  };
  const answer = (notification: Notification, unknown: 'vote' | 'round'): void =>
    send({ notification, epochMayBeHigher: true, isAnswer: true, unknown });
  let told: Notification | null = null;
  for (let index = 0; index < AHEAD_MAX; index += 1) {
    told = state.loopback[index]?.notification ?? ahead.ownNotification(index);
    if (told === null || told.state !== 'LOOKING') break;
    send({ notification: told, epochMayBeHigher: false, isAnswer: false });
  }
  // Its proposal is what it sent last; what it decided is not known, nor what it sends at its end and does not hear of any more.
  if (state.state === 'LOOKING' && state.at !== 'election' && state.vote !== null) answer(state.vote, 'round');
  else if (state.at !== 'election' || told === null) answer(anyNotification(config.sid, state.state), 'vote');
  return { ...state, sent: [...state.sent, ...sent] };
}

/** `keyOf`: of any other hypothesis. */
export function adriftKey(state: Adrift, keyOf: (state: ServerHypothesis) => string): string {
  const { from, unseen, at, waitMs, owed, loopback, statesSeen, heard, vote } = state;
  const past = keyOf({ ...asUnknown(state), disk: from.disk });
  const due = keyOf({ ...from, owed, loopback, statesSeen, peer: { durable: from.peer.durable, process: null } });
  const last = vote === null ? '' : `${vote.leader}.${vote.zxid}.${vote.epoch}.${vote.round}`;
  return `adrift;${unseen};${at};${state.state};${waitMs};${heard.length};${last};${past};${due}`;
}

/** Where it is, in words. */
export const describeAdrift = ({ at, state }: Adrift): string => `${state} (${at}), having heard what is left out`;
