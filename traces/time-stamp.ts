/** Time stamps of logs, for reports only: nothing is judged by them. */

const STAMP = /^(?:(\d{4})-(\d\d)-(\d\d)[ T])?(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?/;

/** Milliseconds since some fixed moment, so that two stamps of one log can be subtracted; null: not a stamp that is known. */
export function milliseconds(stamp: string): number | null {
  const match = STAMP.exec(stamp);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = ''] = match;
  const days = year === undefined ? 0 : daysSince(Number(year), Number(month), Number(day));
  const seconds = ((days * 24 + Number(hour)) * 60 + Number(minute)) * 60 + Number(second);
  return seconds * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3));
}

/** Days since 0000-03-01 of the Gregorian calendar. */
function daysSince(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const m = (month + 9) % 12;
  return (
    365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((153 * m + 2) / 5) + day - 1
  );
}
