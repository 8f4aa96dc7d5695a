/** Goal: looks ahead see the lines of their thread, and no further than the process, or where asked the unbroken log, reaches. */
import { describe, expect, test } from 'vitest';
import { asSid } from '../types/ids.js';
import { parseObservation } from './ndjson.js';
import { ObservationWindow } from './window.js';

const vote = (from: string, round: string): object => ({
  what: 'notification',
  myState: 'LOOKING',
  from,
  state: 'LOOKING',
  leader: '1',
  zxid: '0',
  round,
  epoch: '0',
  version: 2,
  configVersion: '0',
});

function windowOf(...lines: readonly object[]): ObservationWindow {
  const window = new ObservationWindow(asSid(1n));
  for (const [index, line] of lines.entries()) {
    const text = JSON.stringify({ schema: 'zabcheck.observation/1', sid: '1', ...line });
    const read = parseObservation(text, { file: 'x', line: index + 1 });
    if (!read.ok) throw new Error(JSON.stringify(read));
    window.push(read.value);
  }
  return window;
}

const LOOKING = { what: 'looking' };
const STARTED = { what: 'processStarted', myId: '1' };
const SEAM = { what: 'seam', why: 'bytes are missing' };
const LEAVING = { what: 'leavingElection', leader: '1', zxid: '0', myId: '1', myState: 'LEADING' };

describe('the next line of the main loop', () => {
  test('at DEBUG it may be a DEBUG line', () => {
    const { before } = windowOf(vote('2', '1'), LEAVING, LOOKING);
    expect(before.nextPrinted(false)?.what).toBe('looking');
    expect(before.nextPrinted(true)?.what).toBe('leavingElection');
  });

  test.each([['a seam', SEAM] as const, ['a start', STARTED] as const])('none behind %s', (_, line) => {
    const window = windowOf(vote('2', '1'), line, LOOKING);
    expect(window.before.nextPrinted(false)).toBeNull();
    window.shift();
    window.shift();
    expect(window.before.nextPrinted(false)?.what).toBe('looking');
  });

  test('what a log says of leadership reaches over a seam', () => {
    expect(windowOf(SEAM, LOOKING).before.nextMain()?.what).toBe('looking');
    expect(windowOf(STARTED, LOOKING).before.nextMain()).toBeNull();
  });
});

describe('own notifications', () => {
  test('in order, others passed over; none behind a seam unless it may be', () => {
    const window = windowOf(
      vote('1', '1'),
      vote('2', '9'),
      vote('1', '2'),
      SEAM,
      vote('1', '3'),
      STARTED,
      vote('1', '4'),
    );
    const rounds = (take: (index: number) => { readonly round: bigint } | null): readonly unknown[] =>
      [0, 1, 2, 3].map((index) => take(index)?.round ?? null);
    expect(rounds((index) => window.before.nextOwn(index))).toEqual([1n, 2n, null, null]);
    expect(rounds((index) => window.before.ownNotification(index))).toEqual([1n, 2n, 3n, null]);
    expect(rounds((index) => window.after.nextOwn(index))).toEqual([2n, null, null, null]);
    window.shift();
    expect(rounds((index) => window.before.nextOwn(index))).toEqual([2n, null, null, null]);
  });
});
