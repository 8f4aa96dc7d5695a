/** The picture of an ensemble: its lines in causal order, each message tied to where it was sent. */
import type { Sid } from '../../types/ids.js';
import type { Notification } from '../../types/vote.js';
import { toHex } from '../../types/int64.js';
import type { Observation } from '../observation.js';
import type { Told } from './joint.js';
import type { TimelineEvent, TimelineKind, Turn } from './verdict.js';

/** So many events a timeline holds; of a longer one the beginning and the end. */
export const TIMELINE_MAX = 20_000;

type Kept = Pick<TimelineEvent, 'kind' | 'text'> & { readonly notification?: Notification };

export function timelineOf(told: readonly Told[]): { readonly events: readonly TimelineEvent[]; readonly cut: number } {
  const kept = told.flatMap((one) => {
    const shown = shownAs(one.observation, one.sid);
    return shown === null ? [] : [{ ...one, shown }];
  });
  const cut = Math.max(0, kept.length - TIMELINE_MAX);
  const half = TIMELINE_MAX / 2;
  const chosen = cut === 0 ? kept : [...kept.slice(0, half), ...kept.slice(-half)];
  const events: TimelineEvent[] = [];
  /** Of each server: its last event, and where it was seen to have sent each vote of its own. */
  const last = new Map<Sid, number>();
  const sent = new Map<string, number>();
  for (const { sid, observation, shown } of chosen) {
    const { kind, text, notification = null } = shown;
    const from = notification?.from ?? null;
    const sentAfter =
      kind !== 'received' || notification === null || from === null
        ? null
        : (sent.get(voteKey(notification)) ?? last.get(from) ?? null);
    const { at } = observation;
    if (kind === 'ownVote' && notification !== null) sent.set(voteKey(notification), events.length);
    last.set(sid, events.length);
    events.push({ sid, at, time: at.time ?? null, kind, text, notification, sentAfter });
  }
  return { events, cut };
}

/** Whose turn it was, line after line. */
export function turnsOf(told: readonly Told[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const { sid, position } of told) {
    if (turns.at(-1)?.sid === sid) turns.pop();
    turns.push({ sid, upTo: position });
  }
  return turns;
}

/** Answers have no line of their own: only a LOOKING vote can be found again at its sender. */
function voteKey({ from, leader, zxid, round, epoch, state }: Notification): string {
  return `${from} ${leader} ${zxid} ${round} ${epoch} ${state}`;
}

function shownAs({ said }: Observation, sid: Sid): Kept | null {
  const plain = (kind: TimelineKind, text: string): Kept => ({ kind, text });
  switch (said.what) {
    case 'processStarted':
      return plain('start', 'process started');
    case 'looking':
      return plain('looking', 'LOOKING');
    case 'newElection':
      return plain('newElection', `new election, zxid 0x${toHex(said.zxid)}`);
    case 'notification': {
      const { notification } = said;
      const own = notification.from === sid;
      const text = own ? `votes for ${voteText(notification)}` : `from ${notification.from}: ${voteText(notification)}`;
      return { kind: own ? 'ownVote' : 'received', text, notification };
    }
    case 'timedOut':
      return plain('timeOut', `time-out, next ${said.nextTimeoutMs} ms`);
    case 'stateChanged':
      return plain(said.state === 'LOOKING' ? 'ending' : 'decided', `state ${said.state}`);
    case 'roleEntered':
      return plain('role', said.role);
    case 'quorumOfSupporters':
      return plain('established', `supported by ${said.sids.join(', ')}; zxid 0x${toHex(said.zxid)}`);
    case 'roleEnding':
      return plain('ending', said.reason);
    case 'seam':
    case 'unreadable':
      return plain('seam', said.why);
    case 'electionRestarted':
      return plain('other', 'election restarted');
    case 'reconfigured':
      return plain('other', said.text);
    default:
      return null;
  }
}

function voteText({ leader, zxid, round, epoch, state }: Notification): string {
  return `${leader} (zxid 0x${toHex(zxid)}, round ${round}, epoch ${epoch}, ${state})`;
}
