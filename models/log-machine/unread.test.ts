import { expect, test } from 'vitest';
import { asSid } from '../../types/ids.js';
import type { Notification } from '../../types/vote.js';
import { anyNotification } from './any-messages.js';
import { EMPTY, exits, looksAgain, printed, type Unread, UNSEEN, waiting } from './unread.js';

const [a, b, c, d] = [1n, 2n, 3n, 4n].map((sid) => anyNotification(asSid(sid), 'LOOKING')) as [
  Notification,
  Notification,
  Notification,
  Notification,
];
const NAMES = new Map([a, b, c, d].map((one, index) => [one, 'abcd'[index]]));

/** `bd`: these wait; `b>d`: the last is in the hands of WorkerReceiver. */
const told = (state: Unread): readonly string[] =>
  waiting(state)
    .map(({ recvqueue, inHand }) => {
      const queue = recvqueue.map((one) => NAMES.get(one)).join('');
      return inHand === null ? queue : `${queue}>${NAMES.get(inHand)}`;
    })
    .sort();

test('what was printed while LOOKING waits, or the last of it is in hand', () => {
  const state = printed(printed(looksAgain(EMPTY, true), a, 'LOOKING'), b, 'LOOKING');
  expect(told(state)).toEqual(['a>b', 'ab']);
});

test('an exit empties the queue, but one message may come after it', () => {
  const state = exits(printed(printed(EMPTY, a, 'LOOKING'), b, 'LOOKING'), 'FOLLOWING');
  expect(told(looksAgain(state, true))).toEqual(['', '>b', 'b']);
});

test('the last that was printed in the role may be used as well; two such keep their order', () => {
  const left = exits(printed(printed(EMPTY, a, 'LOOKING'), b, 'LOOKING'), 'FOLLOWING');
  const state = printed(looksAgain(printed(left, c, 'FOLLOWING'), true), d, 'LOOKING');
  expect(told(state)).toEqual(['>d', 'b>d', 'bc>d', 'bcd', 'bd', 'c>d', 'cd', 'd']);
});

test('a role that is printed tells of the exit where no line of its own does', () => {
  const state = printed(printed(EMPTY, a, 'LOOKING'), b, 'FOLLOWING');
  expect(told(exits(state, 'FOLLOWING'))).toEqual(['', '>b', 'a', 'a>b', 'ab', 'b']);
});

test('the first message behind an exit may have been in hand: it waits, or does not', () => {
  const state = printed(exits(EMPTY, 'LEADING'), a, 'LOOKING');
  expect(told(looksAgain(state, false))).toEqual(['', '>a', 'a']);
});

test('nothing is sure of what stands before the first line, until a message or an exit is seen', () => {
  expect([UNSEEN.carriedUnseen, UNSEEN.lateUnseen]).toEqual([true, true]);
  const inRole = printed(UNSEEN, a, 'FOLLOWING');
  expect([inRole.carriedUnseen, inRole.lateUnseen]).toEqual([true, false]);
  const exited = exits(printed(UNSEEN, a, 'LOOKING'), 'FOLLOWING');
  expect([exited.carriedUnseen, exited.lateUnseen]).toEqual([false, false]);
  expect(exits(UNSEEN, 'FOLLOWING').carriedUnseen).toBe(true);
  expect(printed(UNSEEN, a, 'LOOKING').lateUnseen).toBe(true);
});

test('the state may be read as it was, until something is printed', () => {
  const state = looksAgain(printed(EMPTY, a, 'FOLLOWING'), true);
  expect(state.statesSeen).toEqual(['FOLLOWING', 'LOOKING']);
  expect(printed(state, b, 'LOOKING').statesSeen).toEqual(['LOOKING']);
});
