/** Changes of one server's log, or of what is assumed about it, that may make a line legal: the most plausible first. */
import { MAIN_LINES } from '../../types/election-line.js';
import { voteWords } from '../ensemble/contradiction.js';
import { printSaid } from '../say.js';
import { type Change, inserted, moved, removed } from './change.js';
import { changedFields } from './changed-fields.js';
import { sameLine } from './fields.js';
import { COST, failing, type Place, placeWords, REMEDIES_MAX } from './place.js';

/** A restart so many lines before the one that fails is thought of. */
const RESTARTS_MAX = 8;
/** So far a line may have been moved. */
const MOVES_MAX = 12;
export function changesOfLog(place: Place): readonly Change[] {
  return [
    ...restarts(place),
    ...lost(place),
    ...changedFields(place),
    ...movedLines(place),
    ...extra(place),
    missing(place),
  ];
}

function restarts({ held, at }: Place): readonly Change[] {
  const { sid, log } = held;
  const changes: Change[] = [];
  for (let back = 0; back <= Math.min(at, RESTARTS_MAX); back += 1) {
    const before = log[at - back];
    if (before === undefined || before.said.what === 'processStarted') break;
    changes.push({
      sid,
      kind: 'restart',
      words: `server ${sid} had restarted before ${placeWords(before)}`,
      cost: COST.restart + back / 20,
      apply: inserted(at - back, [{ what: 'processStarted', myId: sid }]),
    });
  }
  return changes;
}

function lost(place: Place): readonly Change[] {
  const { held, at, remedies } = place;
  const { sid } = held;
  const before = failing(place);
  const lines = remedies.instead.filter((said) => !sameLine(said, before.said)).slice(0, REMEDIES_MAX);
  const where = `before ${placeWords(before)}`;
  return [
    ...lines.map((said): Change => ({
      sid,
      kind: 'lost line',
      words: `a line was lost ${where}: ${printSaid(said)}`,
      cost: COST.lostLine,
      apply: inserted(at, [said]),
    })),
    ...remedies.heard.slice(0, REMEDIES_MAX).map((notification): Change => ({
      sid,
      kind: 'lost message',
      words: `server ${sid} had received of server ${notification.from} ${where} ${voteWords(notification)}`,
      cost: COST.lostMessage,
      apply: inserted(at, [{ what: 'notification', myState: 'LOOKING', notification }]),
    })),
  ];
}

/** The line earlier or later, alone or with those that the main loop printed right behind it. */
function movedLines(place: Place): readonly Change[] {
  const { log } = place.held;
  let end = place.at + 1;
  while (MAIN_LINES.has(failing(place).said.what) && MAIN_LINES.has(log[end]?.said.what ?? '')) end += 1;
  const alone = movesOf(place, place.at + 1);
  return end === place.at + 1 ? alone : [...alone, ...movesOf(place, end)];
}

/** `end`: behind the last line that moves. */
export function movesOf(place: Place, end = place.at + 1): readonly Change[] {
  const { held, at } = place;
  const { log, sid } = held;
  const block = Array.from({ length: end - at }, (_, offset) => at + offset);
  const line = placeWords(failing(place));
  const changes: Change[] = [];
  const add = (before: number, words: string, distance: number): void => {
    const cost = COST.moved + (distance + block.length) / 20;
    changes.push({ sid, kind: 'moved', words, cost, apply: moved(block, before) });
  };
  for (let back = 1; back <= Math.min(at, MOVES_MAX); back += 1) {
    const before = log[at - back];
    if (before === undefined || before.said.what === 'processStarted') break;
    add(at - back, `${line} stood before ${placeWords(before)}`, back);
  }
  for (let on = 1; on <= MOVES_MAX; on += 1) {
    const behind = log[end - 1 + on];
    if (behind === undefined || behind.said.what === 'processStarted') break;
    add(end + on, `${line} stood behind ${placeWords(behind)}`, on);
  }
  return changes;
}

/** So far back it is looked for the line that this one repeats. */
const REPEATED_WITHIN = 24;

export function extra(place: Place): readonly Change[] {
  const { held, at, excerpt } = place;
  const { sid, log } = held;
  const line = failing(place);
  const repeated = log.slice(Math.max(0, at - REPEATED_WITHIN), at).findLast(({ said }) => sameLine(said, line.said));
  const here: Change = {
    sid,
    kind: 'extra line',
    words: `${placeWords(line)} were not there${repeated === undefined ? '' : `: it repeats ${placeWords(repeated)}`}`,
    cost: repeated === undefined ? COST.extraLine : COST.repeated,
    apply: removed([at]),
  };
  const others = excerpt.flatMap((index): readonly Change[] => {
    const other = log[index];
    if (other === undefined) return [];
    const words = `${placeWords(other)} were not there`;
    return [{ sid, kind: 'extra line', words, cost: COST.extraEarlier, apply: removed([index]) }];
  });
  return [here, ...others];
}

/** Whatever it was: the last thing to say. */
function missing(place: Place): Change {
  const { sid } = place.held;
  return {
    sid,
    kind: 'missing lines',
    words: `lines of server ${sid} were missing before ${placeWords(failing(place))}`,
    cost: COST.missingLines,
    apply: inserted(place.at, [{ what: 'seam', why: 'lines are missing' }]),
  };
}
