/** The time stamp of a record, as a number that grows with time: enough to see a clock go back. */

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

function two(text: string, at: number): number {
  const high = text.charCodeAt(at);
  const low = text.charCodeAt(at + 1);
  return isDigit(high) && isDigit(low) ? (high - 0x30) * 10 + low - 0x30 : Number.NaN;
}

/**
 * Seconds of `YYYY-MM-DD hh:mm:ss` (blank or `T` between) at `start` of the text, or one character later behind
 * a bracket. Months count 31 days: only the order matters. NaN if no date stands there.
 */
export function clockSeconds(text: string, start: number): number {
  const at = text.charCodeAt(start) === 0x5b ? start + 1 : start;
  if (text.charCodeAt(at + 4) !== 0x2d || text.charCodeAt(at + 13) !== 0x3a) return Number.NaN;
  const days = ((two(text, at) * 100 + two(text, at + 2)) * 12 + two(text, at + 5)) * 31 + two(text, at + 8);
  return ((days * 24 + two(text, at + 11)) * 60 + two(text, at + 14)) * 60 + two(text, at + 17);
}
