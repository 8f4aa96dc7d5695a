/** Expected values: subtraction by hand of the moments that the stamps name. */
import { describe, expect, it } from 'vitest';
import { milliseconds } from './time-stamp.js';

const between = (from: string, to: string): number =>
  (milliseconds(to) ?? Number.NaN) - (milliseconds(from) ?? Number.NaN);

describe('milliseconds', () => {
  it.each([
    ['2026-11-23 13:48:51,944', '2026-11-23 13:48:52,044', 100],
    ['2026-11-23 13:48:51.9', '2026-11-23 13:48:51.944', 44],
    ['2026-11-23T13:48:51.944123456Z', '2026-11-23T13:48:51.945Z', 1],
    ['2026-11-23 23:59:59,999', '2026-11-24 00:00:00,000', 1],
    ['2024-02-28 12:00:00', '2024-03-01 12:00:00', 2 * 86_400_000],
    ['2023-02-28 12:00:00', '2023-03-01 12:00:00', 86_400_000],
    ['2025-12-31 12:00:00', '2026-01-01 12:00:00', 86_400_000],
    ['08:00:00', '07:59:59,500', -500],
  ])('%s to %s', (from, to, ms) => {
    expect(between(from, to)).toBe(ms);
  });

  it.each(['', 'yesterday', '13:48', 'Nov 23 13:48:51'])('%j is not a stamp that is known', (text) => {
    expect(milliseconds(text)).toBeNull();
  });
});
