/**
 * How far a log reaches. Clocks are not trusted: no order is taken from them, and they can never make a log diverge. But a
 * log that ends (or begins), by its clock, before (after) a message arrived elsewhere may simply have been copied earlier.
 */
import type { Sid } from '../../types/ids.js';
import type { Observation } from '../observation.js';
import type { Waiting } from './contradiction.js';
import { clockOf, type Span } from './log.js';

/** Milliseconds by which a log must miss a moment. */
const SLACK_MS = 1000;

/** Does the log of this span reach to where the line was printed? Yes, as long as no clock says no. */
export function reaches(span: Span, observation: Observation): boolean {
  const at = clockOf(observation);
  if (at === null) return true;
  const before = span.from !== null && at < span.from - SLACK_MS;
  const after = span.to !== null && at > span.to + SLACK_MS;
  return !before && !after;
}

/** In words: the first of these messages that arrived when its sender's log had ended or not begun; null: none did. */
export function outOfSight(waits: readonly Waiting[], spans: ReadonlyMap<Sid, Span>): string | null {
  for (const { sender, observation } of waits) {
    const span = spans.get(sender);
    if (span !== undefined && !reaches(span, observation)) {
      const { file, line } = observation.at;
      return `by the clocks the log of server ${sender} does not reach to ${file}:${line}`;
    }
  }
  return null;
}
