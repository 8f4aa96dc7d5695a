/** The time stamp of a record, as it was printed. */
import type { RecordPlace } from './record.js';
import { copy } from './template.js';

const STAMP = /(?:\d{4}-\d\d-\d\d[ T])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d\b)?/g;

/** The stamp next to the message: a collector's, further left, counts only if the server printed none. Null: there is none. */
export function stampIn({ text, start, headStart, time, byLayout }: RecordPlace): string | null {
  if (time !== null) return copy(time);
  const first = text.charCodeAt(0);
  // As nearly all lines begin: a date, and nothing like one behind it.
  if (
    headStart === 0 &&
    first >= 0x30 &&
    first <= 0x39 &&
    text.charCodeAt(4) === 0x2d &&
    text.charCodeAt(23) === 0x20
  ) {
    return copy(text.slice(0, 23));
  }
  return text.slice(0, start).match(STAMP)?.at(-1) ?? byLayout.time;
}
