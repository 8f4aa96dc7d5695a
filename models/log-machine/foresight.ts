/**
 * Whether the lines to come can still be printed. Threads print in order: what the main loop owes must be its next line, and what the server
 * sent to itself must come back, in order, unless its process ends or the log breaks off.
 */
import { MAIN_LINES } from '../../types/election-line.js';
import type { Ahead } from '../../traces/machine.js';
import { indexAmongSends, sameLine } from './observe.js';
import { printsStateChanges } from './prints.js';
import { isCopy, type KnownLife } from './state.js';

/** Never of a state that rests on something unseen. */
export function isHopeless(state: KnownLife, ahead: Ahead): boolean {
  return !state.unsure && (owesAnotherLine(state, ahead) || sentItselfAnother(state, ahead));
}

function owesAnotherLine(state: KnownLife, ahead: Ahead): boolean {
  const { owed, debug } = state;
  const head = owed.find(({ line }) => line !== null && (debug || MAIN_LINES.has(line.what)))?.line ?? null;
  if (head === null) return false;
  const next = ahead.nextPrinted(debug);
  if (next === null || (next.what === 'stateChanged' && !printsStateChanges(state.config.profile))) return false;
  return head.what === 'sending' ? indexAmongSends(state, next) < 0 : !sameLine(head, next);
}

function sentItselfAnother({ loopback }: KnownLife, ahead: Ahead): boolean {
  for (const [index, copy] of loopback.entries()) {
    const next = ahead.nextOwn(index);
    if (next === null) return false;
    if (!isCopy(next, copy)) return true;
  }
  return false;
}
