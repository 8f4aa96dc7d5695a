import { describe, expect, test } from 'vitest';
import { epoch, sid } from '../../spec/testing.js';
import type { EpochEntry } from './activation.js';
import { implSystem } from './impl-system.js';
import { specSystem } from './spec-system.js';
import type { ElectionSystem } from './system.js';
import { bounds } from './testing.js';

const named = (system: ElectionSystem, name: string): ElectionSystem['properties'][number] => {
  const property = system.properties.find((each) => each.name === name);
  if (property === undefined) throw new Error(`no property ${name}`);
  return property;
};

describe('properties of epochs', () => {
  const system = specSystem(bounds({ full: '2', crashes: '1' }));
  const slot = system.slots.findIndex(({ kind }) => kind === 'epochs');
  const entry = (
    what: EpochEntry['what'],
    number: number,
    rest: readonly [leader: number, base: number],
  ): EpochEntry => ({
    what,
    epoch: epoch(number),
    leader: sid(rest[0]),
    base: epoch(rest[1]),
  });
  const holds = (name: string, ...epochs: readonly EpochEntry[]): boolean => {
    const property = named(system, name);
    const seen = system.slots.map((_, i) => (i === slot ? property.project(epochs, i) : null));
    expect(property.slots).toEqual([slot]);
    return property.holds(seen);
  };

  test('an epoch is established once, and acknowledged for one leader', () => {
    const [first, again] = [entry('established', 1, [2, 0]), entry('established', 1, [3, 0])];
    expect(holds('I9', first, entry('established', 2, [3, 1]))).toBe(true);
    expect(holds('I9', first, again)).toBe(false);
    expect(holds('Z1', entry('acknowledged', 1, [2, 0]), entry('acknowledged', 1, [3, 0]))).toBe(false);
    expect(holds('Z1', entry('acknowledged', 1, [2, 0]), first)).toBe(true);
  });

  test('whoever is established was in all epochs established before', () => {
    expect(holds('complete', entry('established', 1, [2, 0]), entry('established', 2, [3, 1]))).toBe(true);
    expect(holds('complete', entry('established', 1, [2, 0]), entry('established', 2, [3, 0]))).toBe(false);
    expect(holds('complete', entry('acknowledged', 1, [2, 0]), entry('established', 2, [3, 0]))).toBe(true);
  });

  test('are asked only where epochs change', () => {
    expect(specSystem(bounds()).properties.map(({ name }) => name)).toEqual([
      'I8',
      'led',
      'ended',
      'two leaders',
      'followed follower',
    ]);
  });
});

describe('properties of steps', () => {
  const strict = [
    'I1',
    'I2',
    'I3',
    'I4',
    'I4w',
    'I5',
    'I7',
    'I9a',
    'I10',
    'I12',
    'S3',
    'S3r',
    'S4',
    'S5',
    'S6',
    'S7',
    'S7v',
    'S9',
  ];

  test('are all that need no memory; first votes are known while no history changes', () => {
    const without = (...ids: readonly string[]): readonly string[] => strict.filter((id) => !ids.includes(id));
    const checked = (options: Readonly<Record<string, string>>): Set<string> =>
      new Set(specSystem(bounds(options)).checkedInSteps);
    expect(checked({})).toEqual(new Set(strict));
    expect(checked({ grain: 'windowed' })).toEqual(new Set(without('I4', 'S3r')));
    expect(checked({ partial: '1' })).toEqual(new Set(without('I4', 'I4w')));
    expect(checked({ start: 'established' })).toEqual(new Set(without('I4', 'I4w')));
    expect(new Set(implSystem(bounds()).checkedInSteps)).toEqual(new Set(strict));
  });
});

describe('where a model may end', () => {
  test('everywhere, if a server may have to send again and cannot', () => {
    const ends = (options: Readonly<Record<string, string>>): boolean =>
      specSystem(bounds(options)).mayEnd !== undefined;
    expect([ends({}), ends({ channel: 'f2' }), ends({ losses: '1', resend: 'silence', nq: '2' })]).toEqual([
      true,
      true,
      true,
    ]);
    expect([ends({ losses: '1' }), ends({ grain: 'windowed' })]).toEqual([false, false]);
  });

  test('else with every voter in a role', () => {
    const system = specSystem(bounds({ servers: '2', start: 'established' }));
    const cold = specSystem(bounds({ servers: '2' }));
    const asked = (of: ElectionSystem): boolean | undefined =>
      of.mayEnd?.holds(
        (of.initial[0] ?? []).map((value, slot) => (slot < 2 ? (of.mayEnd?.project(value, slot) ?? null) : null)),
      );
    expect([asked(system), asked(cold)]).toEqual([true, false]);
  });
});
