import { describe, expect, test } from 'vitest';
import { DEFAULT_BOUNDS, parseBounds, spent } from './bounds.js';

function errorOf(options: Readonly<Record<string, string>>): string {
  const parsed = parseBounds(options);
  return parsed.ok ? 'none' : parsed.error;
}

describe('parseBounds', () => {
  test('what is not said has its default', () => {
    expect(parseBounds({})).toEqual({ ok: true, value: DEFAULT_BOUNDS });
    expect(parseBounds({ servers: undefined })).toEqual({ ok: true, value: DEFAULT_BOUNDS });
  });

  test('reads numbers, words and lists', () => {
    const parsed = parseBounds({
      servers: '4',
      grain: 'windowed',
      nq: '2',
      crashes: '1',
      channel: 'f2',
      reduce: 'dead',
    });
    expect(parsed).toEqual({
      ok: true,
      value: {
        ...DEFAULT_BOUNDS,
        servers: 4,
        grain: 'windowed',
        nq: 2,
        crashes: 1,
        channel: 'f2',
        reduce: { merge: false, dead: true },
      },
    });
    expect(parseBounds({ nq: 'none', reduce: 'none' })).toMatchObject({
      value: { nq: null, reduce: { merge: false, dead: false } },
    });
    expect(parseBounds({ reduce: 'dead,merge' })).toMatchObject({ value: { reduce: { merge: true, dead: true } } });
  });

  test('says what is wrong', () => {
    expect(errorOf({ servers: '8' })).toBe('servers is a number from 1 to 7, not "8"');
    expect(errorOf({ crashes: 'one' })).toBe('crashes is a number from 0 to 9, or any, not "one"');
    expect(errorOf({ crashes: '-1' })).toBe('crashes is a number from 0 to 9, or any, not "-1"');
    expect(errorOf({ nq: '0' })).toBe('nq is a number from 1 to 99, or none, not "0"');
    expect(errorOf({ grain: 'fine' })).toBe('grain is one of strict, windowed, not "fine"');
    expect(errorOf({ reduce: 'merge,much' })).toBe(
      'reduce is none or a list of merge or poll, and dead, not "merge,much"',
    );
    expect(errorOf({ server: '3' })).toContain('there is no bound "server"; known are servers,');
    expect(errorOf({ toString: 'x' })).toContain('there is no bound "toString"');
  });

  test('refuses models without end and faults that cannot happen', () => {
    expect(errorOf({ observers: '1' })).toContain('with observers nq must be a number');
    expect(errorOf({ resend: 'silence' })).toContain('with resend nq must be a number');
    expect(errorOf({ leaves: '1' })).toContain('rounds must be 2 or more');
    expect(errorOf({ observers: '1', resend: 'silence', nq: '2', leaves: '1', rounds: '2' })).toBe('none');
  });
});

test('a budget ends', () => {
  const budget = { crashes: 1, losses: 0, leaves: 0, partial: 0, full: 0 };
  expect(spent(budget, 'crashes')).toEqual({ ...budget, crashes: 0 });
  expect(spent(budget, 'losses')).toBeNull();
});
