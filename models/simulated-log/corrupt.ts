/** One false statement in the logs of an ensemble. Whether it is really false is for others to say. */
import type { Rng } from '../../base/rng.js';
import { asPeerEpoch, asRound, asSid, asZxid, type Sid } from '../../types/ids.js';
import { SERVER_STATES } from '../../types/server-state.js';
import type { Notification } from '../../types/vote.js';
import type { Observation, ObservedLine } from '../../traces/observation.js';

type Logs = ReadonlyMap<Sid, readonly Observation[]>;

export interface Corruption {
  readonly kind: CorruptionKind;
  readonly logs: Logs;
  readonly sid: Sid;
  /** Index of the line in that server's log. */
  readonly index: number;
}

export const CORRUPTIONS = [
  'a received vote changed',
  'an own vote changed',
  'the sender of a vote changed',
  'a line left out',
  'a line twice',
  'two lines exchanged',
  'a vote of another moment inserted',
  'another role',
  'another zxid proposed',
  'another time-out',
] as const;

export type CorruptionKind = (typeof CORRUPTIONS)[number];

/** Null: this kind finds no place. Lines are numbered anew. */
export function corrupt(logs: Logs, kind: CorruptionKind, rng: Rng): Corruption | null {
  const places = [...logs].flatMap(([sid, log]) =>
    log.flatMap(({ said }, index) =>
      isPlace(kind, said, { sid, last: index === log.length - 1 }) ? [{ sid, index }] : [],
    ),
  );
  const place = places[rng.below(places.length)];
  if (place === undefined) return null;
  const log = logs.get(place.sid) ?? [];
  const changed = edited(log, place.index, { kind, rng, logs });
  if (changed === null) return null;
  const numbered = changed.map((one, index) => ({ ...one, at: { ...one.at, line: index + 1 } }));
  return { kind, logs: new Map(logs).set(place.sid, numbered), ...place };
}

const AROUND: ReadonlySet<ObservedLine['what']> = new Set(['processStarted', 'snapshotLoaded', 'epochDefault']);

function isPlace(
  kind: CorruptionKind,
  said: ObservedLine,
  { sid, last }: { readonly sid: Sid; readonly last: boolean },
): boolean {
  const own = said.what === 'notification' && said.notification.from === sid;
  switch (kind) {
    case 'a received vote changed':
    case 'the sender of a vote changed':
      return said.what === 'notification' && !own;
    case 'an own vote changed':
      return own;
    case 'another role':
      return said.what === 'roleEntered' || said.what === 'stateChanged';
    case 'another zxid proposed':
      return said.what === 'newElection';
    case 'another time-out':
      return said.what === 'timedOut';
    case 'two lines exchanged':
      return !last && !AROUND.has(said.what);
    default:
      return !AROUND.has(said.what);
  }
}

interface Edit {
  readonly kind: CorruptionKind;
  readonly rng: Rng;
  readonly logs: Logs;
}

function edited(log: readonly Observation[], index: number, { kind, rng, logs }: Edit): readonly Observation[] | null {
  const line = log[index];
  if (line === undefined) return null;
  const instead = (...lines: readonly Observation[]): readonly Observation[] => [
    ...log.slice(0, index),
    ...lines,
    ...log.slice(index + 1),
  ];
  const next = log[index + 1];
  switch (kind) {
    case 'a line left out':
      return instead();
    case 'a line twice':
      return instead(line, line);
    case 'two lines exchanged':
      return next === undefined || AROUND.has(next.said.what)
        ? null
        : [...log.slice(0, index), next, line, ...log.slice(index + 2)];
    case 'a vote of another moment inserted': {
      const votes = [...logs.values()].flat().filter(({ said }) => said.what === 'notification');
      const vote = votes[rng.below(votes.length)];
      return vote === undefined ? null : instead({ ...vote, sid: line.sid, at: line.at }, line);
    }
    case 'the sender of a vote changed': {
      if (line.said.what !== 'notification') return null;
      const { notification } = line.said;
      const others = [...logs.keys()].filter((sid) => sid !== notification.from && sid !== line.sid);
      const from = others[rng.below(others.length)];
      return from === undefined
        ? null
        : instead({ ...line, said: { ...line.said, notification: { ...notification, from } } });
    }
    default: {
      const said = changedLine(line.said, rng, logs);
      return said === null ? null : instead({ ...line, said });
    }
  }
}

function changedLine(said: ObservedLine, rng: Rng, logs: Logs): ObservedLine | null {
  switch (said.what) {
    case 'notification':
      return { ...said, notification: changedVote(said.notification, rng, logs) };
    case 'roleEntered':
      return { ...said, role: said.role === 'LEADING' ? 'FOLLOWING' : 'LEADING' };
    case 'stateChanged':
      return { ...said, state: said.state === 'LEADING' ? 'FOLLOWING' : 'LEADING' };
    case 'newElection':
      return { ...said, zxid: asZxid(said.zxid + 1n) };
    case 'timedOut':
      return { ...said, nextTimeoutMs: said.nextTimeoutMs * 2 };
    default:
      return null;
  }
}

function changedVote(vote: Notification, rng: Rng, logs: Logs): Notification {
  const others = [...logs.keys()].filter((sid) => sid !== vote.leader);
  switch (rng.below(5)) {
    case 0:
      return { ...vote, leader: others[rng.below(others.length)] ?? asSid(vote.leader + 1n) };
    case 1:
      return { ...vote, zxid: asZxid(vote.zxid + 1n) };
    case 2:
      return { ...vote, round: asRound(vote.round + 1n) };
    case 3:
      return { ...vote, epoch: asPeerEpoch(vote.epoch + 1n) };
    default: {
      const states = SERVER_STATES.filter((state) => state !== vote.state && state !== 'OBSERVING');
      return { ...vote, state: states[rng.below(states.length)] ?? 'LOOKING' };
    }
  }
}
