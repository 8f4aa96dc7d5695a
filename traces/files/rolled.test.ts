import { describe, expect, test } from 'vitest';
import { compareRolled, missingBetween, rolledName } from './rolled.js';

test.each<[string, string, string | null, number | null]>([
  ['zookeeper.log', 'zookeeper.log', null, null],
  ['zookeeper.log.gz', 'zookeeper.log', null, null],
  ['zookeeper.log.2', 'zookeeper.log', null, 2],
  ['zookeeper.log.12.gz', 'zookeeper.log', null, 12],
  ['zookeeper.log.2021-01-01', 'zookeeper.log', '2021-01-01', null],
  ['zookeeper.log.2021-01-01.3.gz', 'zookeeper.log', '2021-01-01', 3],
  ['zookeeper.log.2021-01-01-15', 'zookeeper.log', '2021-01-01-15', null],
  ['zookeeper-2021-01-01.log', 'zookeeper.log', '2021-01-01', null],
  ['zookeeper-2021-01-01-2.log.gz', 'zookeeper.log', '2021-01-01', 2],
  ['zookeeper.log-20210131', 'zookeeper.log', '20210131', null],
  ['zookeeper.log-2021013123.gz', 'zookeeper.log', '2021013123', null],
  ['zookeeper.log-20211301', 'zookeeper.log-20211301', null, null],
  ['server-1.log', 'server-1.log', null, null],
  ['zookeeper-root-server-host.out', 'zookeeper-root-server-host.out', null, null],
])('%s', (name, stem, date, index) => {
  expect(rolledName(name)).toEqual({ stem, date, index });
});

describe('order', () => {
  const order = (...names: string[]): string[] =>
    names
      .map((name) => ({ name, rolled: rolledName(name) }))
      .sort((a, b) => compareRolled(a.rolled, b.rolled))
      .map((one) => one.name);

  test('numbers fall towards the present', () => {
    expect(order('z.log', 'z.log.1', 'z.log.10.gz', 'z.log.2')).toEqual(['z.log.10.gz', 'z.log.2', 'z.log.1', 'z.log']);
  });

  test('dates rise, and numbers within a date rise', () => {
    expect(order('z.log', 'z.log.2021-01-02.1', 'z.log.2021-01-02', 'z.log.2021-01-01', 'z.log.2021-01-02.2')).toEqual([
      'z.log.2021-01-01',
      'z.log.2021-01-02.1',
      'z.log.2021-01-02.2',
      'z.log.2021-01-02',
      'z.log',
    ]);
  });

  test('missing numbers show, missing dates do not', () => {
    const missing = (a: string, b: string): number => missingBetween(rolledName(a), rolledName(b));
    expect(missing('z.log.3', 'z.log.2')).toBe(0);
    expect(missing('z.log.3', 'z.log.1')).toBe(1);
    expect(missing('z.log.1', 'z.log')).toBe(0);
    expect(missing('z.log.3', 'z.log')).toBe(2);
    expect(missing('z.log.2021-01-01', 'z.log.2021-03-01')).toBe(0);
  });
});
