import { describe, expect, test } from 'vitest';
import { encode } from '../../checker/encode.js';
import type { Action } from '../../spec/action.js';
import { GRAINS } from '../../spec/grains.js';
import { note, sid } from '../../spec/testing.js';
import { serverOf } from '../../spec/world.js';
import { Courses } from './courses.js';
import { type Arrival, configOf, sceneOf, serversAtRest } from './ensemble.js';
import type { Deed } from './machine.js';
import { type ServerValue, specMachine } from './spec-server.js';
import { bounds } from './testing.js';

const PLAIN = bounds({ reduce: 'none' });
const config = configOf(PLAIN);
const machine = specMachine(config);
const me = sid(2);

const RECEIVED = [
  note(1, 'LOOKING', [1, 0, 1, 0]),
  note(1, 'LOOKING', [2, 0, 1, 0]),
  note(2, 'LOOKING', [2, 0, 1, 0]),
  note(3, 'LOOKING', [3, 0, 2, 0]),
  note(1, 'FOLLOWING', [3, 0, 1, 0]),
  note(3, 'LEADING', [3, 0, 1, 0]),
];

const arrivals = RECEIVED.map(({ from, ...message }): Arrival => ({ from, to: me, message }));
const ACTIONS = ['Begin', 'Handle', 'FinalStep', 'Silence', 'Publish', 'Leave', 'Crash', 'Restart'] as const;
const DEEDS: readonly Deed[] = [
  ...arrivals.map((arrival) => ({ action: { name: 'Receive', from: arrival.from, s: me }, arrival }) as const),
  ...ACTIONS.map((name): Deed => ({ action: { name, s: me } as Action, arrival: null })),
  { action: { name: 'Resend', s: me, delivered: true }, arrival: null },
];

/** Values of one server that some steps lead to. */
function someValues(most: number): readonly ServerValue[] {
  const courses = new Courses(machine, PLAIN, () => null);
  const known = new Map<string, ServerValue>();
  const queue = serversAtRest(config).slice(1, 2).map(machine.from);
  for (let at = 0; at < queue.length && known.size < most; at += 1) {
    const value = queue[at] as ServerValue;
    if (known.has(encode(value)) || (value.life?.nq.length ?? 0) > 2 || (value.life?.clk ?? 0n) > 2n) continue;
    known.set(encode(value), value);
    for (const deed of DEEDS) queue.push(...courses.from([value], deed).flatMap(({ values }) => values));
  }
  return [...known.values()];
}

const VALUES = someValues(500);

describe('a step of the model is a step of the specification', () => {
  test('strict: that of the strict grain', () => {
    const courses = new Courses(machine, PLAIN, () => null);
    let compared = 0;
    for (const value of VALUES) {
      for (const deed of DEEDS.filter(({ action }) => !['Begin', 'Publish'].includes(action.name))) {
        const found = courses.from([value], deed).map(({ values: [after], sends }) => encode([after, sends]));
        const scene = sceneOf([machine.look(value)], deed.arrival);
        const steps = GRAINS.strict.next(scene, deed.action);
        expect(found).toEqual(steps.map(({ state, sends }) => encode([machine.from(serverOf(state, me)), sends])));
        compared += steps.length;
      }
    }
    expect(compared).toBeGreaterThan(1000);
  });

  test('windowed: ENTER and DECIDED are seen, a message in hand and SILENT are not', () => {
    const courses = new Courses(machine, bounds({ grain: 'windowed', reduce: 'none' }), () => null);
    const after = (name: string): Set<string | undefined> =>
      new Set(
        VALUES.flatMap((value) =>
          DEEDS.filter(({ action }) => action.name === name).flatMap((deed) =>
            courses.from([value], deed).map(({ values: [one] }) => one?.life?.pc),
          ),
        ),
      );
    expect(after('Leave')).toEqual(new Set(['ENTER']));
    expect(after('Restart')).toEqual(new Set(['ENTER']));
    expect(after('Silence')).toEqual(new Set(['DECIDED']));
    expect(after('Handle')).toEqual(new Set(['POLL', 'FINAL', 'DECIDED']));
    for (const value of VALUES) {
      for (const deed of DEEDS) {
        for (const { values } of courses.from([value], deed))
          expect(values[0]?.life?.worker.stage ?? 'IDLE').toBe('IDLE');
      }
    }
  });
});

describe('merged', () => {
  const merging = new Courses(machine, bounds({ reduce: 'merge' }), () => null);

  test('no step is left that is silent', () => {
    let merged = 0;
    for (const value of VALUES) {
      for (const deed of DEEDS) {
        for (const { values, names } of merging.from([value], deed)) {
          const [after] = values as [ServerValue];
          if (names.slice(1).some((name) => name === 'Handle' || name === 'FinalStep')) merged += 1;
          const main: Deed = {
            action: { name: after.life?.pc === 'POLL' ? 'Handle' : 'FinalStep', s: me },
            arrival: null,
          };
          for (const { values: next, sends } of machine.step([after], main)) {
            const [from, to] = [after.life?.pc, next[0]?.life?.pc];
            expect(sends.length > 0 || to === 'DECIDED' || (from === 'FINAL' && to === 'POLL')).toBe(true);
          }
        }
      }
    }
    expect(merged).toBeGreaterThan(100);
  });

  test('it stops where a property breaks', () => {
    const breaks = { property: 'X', why: 'because' };
    const broken = new Courses(machine, bounds(), ({ action }) => (action.name === 'CompareRound' ? breaks : null));
    const begun = VALUES.find(({ life }) => life?.pc === 'POLL' && life.nq.length === 0) as ServerValue;
    const [course] = broken.from([begun], DEEDS[2] as Deed);
    expect(course).toMatchObject({ names: ['Receive', 'TestState', 'Enqueue', 'CompareRound'], breaks });
  });
});
