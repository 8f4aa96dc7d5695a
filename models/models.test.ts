/**
 * Goal: on every model small enough for it, the naive explorer finds what the fast one does, and choices of models survive
 * being written down. Method: both explore; counts, depth, verdict, reached properties and counterexample must be equal.
 */
import { describe, expect, test } from 'vitest';
import { OwnCrew } from '../checker/crew.js';
import { THOROUGH } from '../scripts/thorough.js';
import { checkNaively } from '../checker/naive.js';
import { search } from '../checker/search.js';
import { validateTrace } from '../checker/validate-trace.js';
import { type ModelChoice, type ModelName, parseChoice, systemOf } from './models.js';

function choice(model: ModelName, options: Readonly<Record<string, string>>): ModelChoice {
  const parsed = parseChoice(model, options, null);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const TWO = { servers: '2' };

/** Too many for `npm test`. */
const LARGER: readonly [ModelName, Readonly<Record<string, string>>][] = [
  ['impl', { bug: 'ZOOKEEPER-1818' }],
  ['spec', { ...TWO, full: '1', crashes: '1', nq: '2', channel: 'f2', reduce: 'none' }],
  ['spec', { ...TWO, leaves: '1', losses: '1', rounds: '2', nq: '1', grain: 'windowed', resend: 'silence' }],
];

describe('both explorers', () => {
  test.each<[ModelName, Readonly<Record<string, string>>]>([
    ['spec', { ...TWO, reduce: 'none' }],
    ['spec', { ...TWO, reduce: 'none', grain: 'windowed' }],
    ['lockstep', { ...TWO, crashes: '1' }],
    ['lockstep', { ...TWO, losses: '1', reduce: 'none' }],
    ['impl', { ...TWO, leaves: '1', rounds: '2' }],
    ['spec', { ...TWO, full: '1', crashes: '1', nq: '2', channel: 'f2' }],
    ['impl', { ...TWO, leaves: '1', rounds: '2', bug: 'ZOOKEEPER-275' }],
    ['lockstep', { ...TWO, observers: '1', nq: '2', bug: 'ZOOKEEPER-764' }],
    ...(THOROUGH ? LARGER : []),
    ['official-tla', { ...TWO, C: '1' }],
  ])('%s %j', async (model, options) => {
    const system = systemOf(choice(model, options));
    const { bytesPerState, interrupted, collisions, untold, ...fast } = await search(system, new OwnCrew(system), {
      maxBytes: 2 ** 28,
    });
    expect([bytesPerState > 0, interrupted, collisions, untold]).toEqual([true, false, null, []]);
    expect(fast).toEqual(checkNaively(system));
    if (fast.counterexample !== null) expect(validateTrace(system, fast.counterexample)).toBeNull();
  });
});

describe('properties that are chosen', () => {
  test('others are neither told nor broken', async () => {
    const buggy = choice('impl', { ...TWO, leaves: '1', rounds: '2', bug: 'ZOOKEEPER-275' });
    const run = async (properties: readonly string[] | null) => {
      const system = systemOf({ ...buggy, properties });
      return search(system, new OwnCrew(system), { maxBytes: 2 ** 28 });
    };
    expect((await run(null)).counterexample?.property).toBe('S4');
    expect((await run(['S4'])).counterexample?.property).toBe('S4');
    expect(await run(['I8'])).toMatchObject({ verdict: 'holds', reached: {} });
    expect(systemOf({ ...buggy, properties: [] }).mayEnd).toBeUndefined();
  });
});

describe('bounds as text', () => {
  test.each<[ModelName, Readonly<Record<string, string>>, RegExp]>([
    ['spec', { servers: '9' }, /servers is a number from 1 to 7/],
    ['spec', { C: '1' }, /C is a bound of official-tla/],
    ['official-tla', { crashes: '1' }, /crashes is no bound of official-tla/],
    ['official-tla', { servers: '6' }, /servers is a number from 1 to 5/],
    ['official-tla', { C: '-1' }, /C is a number from 0 to 99/],
    ['impl', { bug: 'x' }, /bug is none or one of/],
  ])('%s %j', (model, options, words) => {
    const parsed = parseChoice(model, options, null);
    expect(parsed.ok ? 'accepted' : parsed.error).toMatch(words);
  });
});
