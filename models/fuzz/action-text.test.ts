/** The text of actions: what is printed is read back, and what is no action is refused with a sentence. */
import { describe, expect, it } from 'vitest';
import type { Action } from '../../spec/action.js';
import { asConfigVersion, asSid } from '../../types/ids.js';
import { LONG_MAX, LONG_MIN } from '../../types/int64.js';
import { parseAction, printAction } from './action-text.js';

const [s, from] = [asSid(LONG_MAX), asSid(LONG_MIN)];
const simple = [
  'Begin',
  'TestState',
  'Enqueue',
  'CompareRound',
  'SendReply',
  'Handle',
  'FinalStep',
  'Silence',
] as const;
const more = ['FinalEnd', 'Publish', 'Leave', 'Crash', 'Restart', 'CatchUp', 'Resend'] as const;
const ACTIONS: readonly Action[] = [
  ...[...simple, ...more].map((name) => ({ name, s })),
  { name: 'Resend', s, delivered: true },
  { name: 'Resend', s, delivered: false },
  { name: 'Receive', from, s },
  { name: 'ConfigGossip', from, s },
  { name: 'Overflow', from, s },
  { name: 'Break', a: from, b: s, keepAB: 0, keepBA: 12 },
  { name: 'Lose', from, to: s, index: 3 },
  { name: 'Replay', from, to: s },
  { name: 'Activate', leader: s, followers: [], extent: 'accepted' },
  { name: 'Activate', leader: s, followers: [from, asSid(0n)], extent: 'upToDate' },
  { name: 'Write', leader: s },
  { name: 'CountFollowers', leader: s, none: true },
  { name: 'CountFollowers', leader: s, none: false },
  { name: 'OracleFlip' },
  { name: 'ProposeConfig', s, version: asConfigVersion(LONG_MAX) },
  { name: 'CommitConfig', s, designated: from },
];

describe('actions as text', () => {
  it.each(ACTIONS.map((action) => [printAction(action), action] as const))('%s', (text, action) => {
    expect(parseAction(text)).toEqual({ ok: true, value: action });
  });

  it('equal texts mean equal actions', () => {
    expect(new Set(ACTIONS.map(printAction)).size).toBe(ACTIONS.length);
  });

  it.each([
    '',
    'Begin',
    'begin 1',
    'Begin 1 ',
    'Begin 1.5',
    'Receive 1>2',
    'Activate 1 with 2 halfway',
    'Vote 1',
    'Lose 1->2 #-1',
  ])('refuses "%s"', (text) => {
    const parsed = parseAction(text);
    expect(parsed).toMatchObject({ ok: false, error: expect.stringContaining(`"${text}" is no action`) as string });
  });

  it('refuses an id beyond 64 bits', () => {
    expect(parseAction('Begin 9223372036854775808')).toMatchObject({
      ok: false,
      error: expect.stringContaining('9223372036854775808 does not fit in 64 bits') as string,
    });
  });
});
