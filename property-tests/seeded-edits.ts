/** One known edit of a recorded log each, of which it is known what undoes it. */
import { makeRng, type Rng } from '../base/rng.js';
import type { HeldLog } from '../traces/explain/held.js';
import { sameLine } from '../traces/explain/fields.js';
import type { Story } from '../traces/explain/reasons.js';
import type { Observation } from '../traces/observation.js';
import { asRound, asSid, asZxid } from '../types/ids.js';
import { SERVER_STATES } from '../types/server-state.js';
import { heldLines } from './explaining.js';
import { readRecorded } from './recorded-log.js';

export const EDITS = [
  'a vote of another server changed',
  'an own vote changed',
  'a line dropped',
  'a restart dropped',
  'a line twice',
  'two lines exchanged',
  'another release given',
] as const;

export type EditKind = (typeof EDITS)[number];

export interface Edited {
  readonly original: HeldLog;
  readonly held: HeldLog;
}

/** Releases of the other groups. */
const RELEASES = ['3.4.14', '3.5.4', '3.5.10', '3.7.2'] as const;

/** Null: this log has no place for it. `name`: `release/scenario/level/server-N`. */
export function editedLog(name: string, kind: EditKind, seed: number): Edited | null {
  const original = heldLines(name, readRecorded(name));
  const rng = makeRng(seed);
  if (kind === 'another release given') {
    const release = RELEASES[rng.below(RELEASES.length)] ?? '3.4.14';
    return { original, held: { ...original, hints: { ...original.hints, release } } };
  }
  const places = [...original.log.keys()].filter((index) => isPlace(kind, original, index));
  const place = places[rng.below(places.length)];
  if (place === undefined) return null;
  // What is put in keeps the place of what stood there: an edited file would be counted anew.
  const log = edited(original, place, { kind, rng }).map((one, index) => ({
    ...one,
    at: { ...one.at, line: index + 1 },
  }));
  return { original, held: { ...original, log } };
}

const AROUND: ReadonlySet<string> = new Set(['processStarted', 'version', 'intervalSetting']);

function isPlace(kind: EditKind, { sid, log }: HeldLog, index: number): boolean {
  const said = log[index]?.said;
  if (said === undefined) return false;
  const own = said.what === 'notification' && said.notification.from === sid;
  switch (kind) {
    case 'a vote of another server changed':
      return said.what === 'notification' && !own;
    case 'an own vote changed':
      return own;
    case 'a restart dropped':
      return said.what === 'processStarted' && index > 0;
    case 'two lines exchanged':
      return !AROUND.has(said.what) && log[index + 1] !== undefined && !AROUND.has(log[index + 1]?.said.what ?? '');
    default:
      return !AROUND.has(said.what);
  }
}

function edited(
  { log }: HeldLog,
  index: number,
  { kind, rng }: { readonly kind: EditKind; readonly rng: Rng },
): readonly Observation[] {
  const line = log[index];
  const next = log[index + 1];
  if (line === undefined) return log;
  const instead = (...lines: readonly Observation[]): readonly Observation[] => [
    ...log.slice(0, index),
    ...lines,
    ...log.slice(index + 1),
  ];
  switch (kind) {
    case 'a line dropped':
    case 'a restart dropped':
      return instead();
    case 'a line twice':
      return instead(line, line);
    case 'two lines exchanged':
      return next === undefined ? log : [...log.slice(0, index), next, line, ...log.slice(index + 2)];
    default:
      return instead(withOtherVote(line, rng));
  }
}

function withOtherVote(line: Observation, rng: Rng): Observation {
  if (line.said.what !== 'notification') return line;
  const { notification: n } = line.said;
  const others = SERVER_STATES.filter((state) => state !== n.state && state !== 'OBSERVING');
  const changes = [
    { leader: asSid(n.leader === 1n ? 2n : n.leader - 1n) },
    { zxid: asZxid(n.zxid + 7n) },
    { round: asRound(n.round + 1n) },
    { state: others[rng.below(others.length)] ?? n.state },
  ];
  return { ...line, said: { ...line.said, notification: { ...n, ...changes[rng.below(changes.length)] } } };
}

export const OUTCOMES = ['undone', 'as near', 'partly', 'lines missing', 'none'] as const;

/** What a story makes of an edit: undone, or another single change that explains all; or less. */
export function outcomeOf(story: Story | null, original: HeldLog): (typeof OUTCOMES)[number] {
  if (story === null) return 'none';
  if (story.kind === 'missing lines') return 'lines missing';
  if (!story.explainsAll) return 'partly';
  // Where exactly between two lines a process started, no line tells.
  const spare = story.kind === 'restart' ? withoutStarts : (log: readonly Observation[]): readonly Observation[] => log;
  const [told, real] = [spare(story.log), spare(original.log)];
  const same =
    story.log.length === original.log.length &&
    told.length === real.length &&
    told.every(({ said }, index) => sameLine(said, (real[index] as Observation).said));
  return same && story.sid === original.sid ? 'undone' : 'as near';
}

const withoutStarts = (log: readonly Observation[]): readonly Observation[] =>
  log.filter(({ said }) => said.what !== 'processStarted');
