import fc from 'fast-check';
import { expect, test } from 'vitest';
import { milliseconds } from '../../time-stamp.js';
import { readTime, timeFormat } from './time-format.js';

/** The stamp at the beginning of the text, and what is left; null: none. */
function read(format: string, text: string): [stamp: string, rest: string] | null {
  const compiled = timeFormat(format);
  if (!compiled.ok) throw new Error(compiled.error.why);
  const found = readTime(compiled.value, text, 0);
  return found === null ? null : [found.stamp, text.slice(found.end)];
}

test.each([
  ['', '2026-01-02 03:04:05,678 x', '2026-01-02 03:04:05,678', ' x'],
  ['ISO8601', '2026-01-02T03:04:05.678901Z x', '2026-01-02 03:04:05,678901Z', ' x'],
  ['ISO8601', '2026-01-02T03:04:05+0100 x', '2026-01-02 03:04:05+0100', ' x'],
  ['ISO8601', '2026-01-02 03:04:05, x', '2026-01-02 03:04:05', ', x'],
  ['ABSOLUTE', '03:04:05,678', '03:04:05,678', ''],
  ['DATE', '02 Jan 2026 03:04:05,678', '2026-01-02 03:04:05,678', ''],
  ['COMPACT', '20260102030405678', '2026-01-02 03:04:05,678', ''],
  ['ISO8601_BASIC', '20260102T030405,678', '2026-01-02 03:04:05,678', ''],
  ["EEE, d MMM yy 'at' h:mm a z", 'Fri, 2 Jan 26 at 12:04 AM CET', '2026-01-02 00:04:00', ''],
  ["h:mm a 'o''clock'", "12:04 PM o'clock", '12:04:00', ''],
  ['MMM d HH:mm:ss', 'Oct  3 15:40:09 host', '15:40:09', ' host'],
  ['MMMM dd yyyy HH:mm', 'October 03 2026 15:40', '2026-10-03 15:40:00', ''],
  ['UNIX_MILLIS', '951782400123', '2000-02-29 00:00:00,123Z', ''],
  ['UNIX', '1767323045', '2026-01-02 03:04:05,000Z', ''],
  ['UNIX', '1767323045.678', '2026-01-02 03:04:05,678Z', ''],
])('%s: %s', (format, text, stamp, rest) => expect(read(format, text)).toEqual([stamp, rest]));

test.each([
  ['yyyy-MM-dd HH:mm', '2026-13-02 03:04'],
  ['yyyy-MM-dd HH:mm', '2026-00-02 03:04'],
  ['yyyy-MM-dd HH:mm', '2026-01-32 03:04'],
  ['HH:mm', '24:00'],
  ['HH:mm', '12:60'],
  ['HH:mm:ss', '12:59:61'],
  ['HH:mm', '3:04'],
  ['HH:mm:ss.SSS', '03:04:05.67'],
  ['dd MMM HH', '01 Foo 03'],
  ['h:mm a', '1:04 XM'],
  ['yyyy-MM-dd', '2026-01-02'],
  ['UNIX', 'x'],
])('%s is not %s', (format, text) => expect(read(format, text)).toBeNull());

test.each([
  ['yyyy-qq', 5, '"qq" is no part of a date that is known'],
  ["HH 'o", 3, 'the apostrophe has no second'],
  ['SSSSSSSSSS', 0, '"SSSSSSSSSS" is no part of a date that is known'],
])('%s is no format', (format, at, why) => expect(timeFormat(format)).toEqual({ ok: false, error: { at, why } }));

test('every millisecond since 1970 has the date that the calendar of the engine gives it', () => {
  const days = fc.date({ min: new Date(0), max: new Date(9_999_999_999_999), noInvalidDate: true });
  fc.assert(
    fc.property(days, (date) => {
      const stamp = date.toISOString().replace('T', ' ').replace('.', ',');
      expect(read('UNIX_MILLIS', String(date.getTime()))).toEqual([stamp, '']);
      expect(milliseconds(stamp)).not.toBeNull();
    }),
  );
});
