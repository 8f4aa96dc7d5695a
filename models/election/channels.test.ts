import { describe, expect, test } from 'vitest';
import { message } from '../../spec/testing.js';
import { EMPTY, type Queue, sent, sentToSelf, withoutOne } from './channels.js';

const [a, b, c] = [1, 2, 3].map((leader) => message('LOOKING', [leader, 0, 1, 0])) as [Queue[0], Queue[0], Queue[0]];

describe('between two servers', () => {
  test('ow1: the newest replaces what was there', () => {
    expect(sent(EMPTY, a, 'ow1')).toEqual([a]);
    expect(sent([a], b, 'ow1')).toEqual([b]);
  });

  test('f2: two in order, a third replaces the second', () => {
    expect(sent([a], b, 'f2')).toEqual([a, b]);
    expect(sent([a, b], c, 'f2')).toEqual([a, c]);
  });

  test('each of the first places may be the one that is lost', () => {
    expect(withoutOne([a, b], 2)).toEqual([[b], [a]]);
    expect(withoutOne([a, b], 1)).toEqual([[b]]);
    expect(withoutOne(EMPTY, -1)).toEqual([]);
  });
});

test('own copies wait in order; beyond the bound the newest replaces the last', () => {
  expect(sentToSelf([a], b, 2)).toEqual([a, b]);
  expect(sentToSelf([a, b], c, 2)).toEqual([a, c]);
  expect(sentToSelf([a], b, 1)).toEqual([b]);
});
