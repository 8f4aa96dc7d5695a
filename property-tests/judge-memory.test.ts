/**
 * Goal: neither what a judge remembers nor what it drops by foresight ever changes a verdict, and its bounds end calmly. Method: lives of
 * a server one after the other, lines left out or exchanged, are judged with and without equal lines being one object, by a machine that can
 * look ahead for what is hopeless and by one that cannot; recorded logs are judged with tiny bounds.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { implMachine } from '../models/impl-machine.js';
import { specMachine } from '../models/spec-machine.js';
import type { Limits } from '../traces/hypothesis-sets.js';
import { DEFAULT_LIMITS, Judge } from '../traces/judge.js';
import type { Machine } from '../traces/machine.js';
import type { Observation } from '../traces/observation.js';
import { LogParser } from '../traces/parse/log-parser.js';
import { manyOf } from '../scripts/thorough.js';
import type { Verdict } from '../traces/verdict.js';
import { asSid } from '../types/ids.js';
import { configOf, readRecorded } from './recorded-log.js';

const MACHINES = [
  ['impl', implMachine],
  ['spec', specMachine],
] as const;

/** Elections of the same server in the same ensemble: each log begins with the start of its process. */
const LIVES = ['3.8.0/leader-crash/info/server-1', '3.9.5/leader-crash/info/server-1'];
const STORM = '3.8.0/crash-storm/info/server-1';

function observationsOf(lines: readonly string[], file = 'log'): readonly Observation[] {
  const parser = new LogParser(file);
  return lines.flatMap((line) => parser.push(line));
}

const livesRead = LIVES.map((name) => observationsOf(readRecorded(name), name));

function judge(
  observations: readonly Observation[],
  { name = LIVES[0] ?? '', machine = implMachine as Machine<unknown>, limits = DEFAULT_LIMITS } = {},
): Verdict {
  const sid = asSid(BigInt(name.slice(name.lastIndexOf('-') + 1)));
  const hints = { sid, configs: [configOf(name)], debug: name.includes('debug'), gaps: false };
  const judging = new Judge<unknown>(
    machine as typeof implMachine as never,
    { ...hints, maxNotificationIntervalMs: 60_000 },
    limits,
  );
  for (const observation of observations) judging.push(observation);
  return judging.finish();
}

/** Found by a judge that forgot what was looked up ahead: lives that go on differently after equal lines. */
const LOOKED_ELSEWHERE: [number[], [number, number][]][] = [
  [[1, 0, 1], [[1_599_544_904, 2]]],
  [[1, 1], [[1_861_145_478, 2]]],
];

function altered(lines: readonly Observation[], at: number, how: string): readonly Observation[] {
  const one = lines[at];
  if (one === undefined) return lines;
  if (how === 'drop') return lines.toSpliced(at, 1);
  if (how === 'double') return lines.toSpliced(at, 0, one);
  if (how === 'seam') return lines.toSpliced(at, 0, { ...one, said: { what: 'seam', why: 'bytes are missing' } });
  const next = lines[at + 1];
  return next === undefined ? lines : lines.with(at, next).with(at + 1, one);
}

const copied = (observation: Observation): Observation => ({ ...observation, said: { ...observation.said } });

describe.each(MACHINES)('%s', (_, machine) => {
  const kinds = new Set<string>();

  test('remembering changes nothing', () => {
    const lives = fc.array(fc.nat(LIVES.length - 1), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lives, fc.array(fc.tuple(fc.nat(), fc.nat(3)), { maxLength: 3 }), (chosen, cuts) => {
        let lines = chosen.flatMap((at) => livesRead[at] ?? []);
        for (const [at, count] of cuts) lines = lines.toSpliced(at % lines.length, count);
        const remembering = judge(lines, { machine });
        // What a line led to is remembered by the line: copies of equal lines have nothing in common.
        expect(judge(lines.map(copied), { machine })).toEqual(remembering);
        kinds.add(remembering.kind);
      }),
      { numRuns: manyOf(100), examples: LOOKED_ELSEWHERE },
    );
    expect([...kinds]).toEqual(expect.arrayContaining(['accepted', 'diverged']));
  });

  test('dropping what is hopeless changes nothing: neither the verdict nor the line nor the reason', () => {
    const { hopeless, ...blind } = machine;
    expect(hopeless).toBeTypeOf('function');
    const ends = new Set<string>();
    let sooner = 0;
    const lives = fc.array(fc.nat(LIVES.length - 1), { minLength: 1, maxLength: 3 });
    const change = fc.tuple(fc.nat(), fc.constantFrom('drop', 'double', 'exchange', 'seam'));
    fc.assert(
      fc.property(lives, fc.array(change, { maxLength: 2 }), (chosen, changes) => {
        let lines: readonly Observation[] = chosen.flatMap((at) => livesRead[at] ?? []);
        for (const [at, how] of changes) lines = altered(lines, at % lines.length, how);
        const seeing = judge(lines, { machine });
        const all = judge(lines, { machine: blind });
        expect({ ...seeing, hiddenSteps: 0, hypothesesMax: 0 }).toEqual({ ...all, hiddenSteps: 0, hypothesesMax: 0 });
        expect(seeing.hypothesesMax).toBeLessThanOrEqual(all.hypothesesMax);
        if (seeing.hypothesesMax < all.hypothesesMax) sooner += 1;
        ends.add(seeing.kind);
      }),
      { numRuns: manyOf(160) },
    );
    expect([...ends]).toEqual(expect.arrayContaining(['accepted', 'diverged', 'inconclusive']));
    expect(sooner).toBeGreaterThan(manyOf(40));
  });

  test('a hundred repetitions, one line wrong in the ninetieth', () => {
    const [life = []] = livesRead;
    const once = judge(life, { machine });
    const hundred = judge(Array.from({ length: 100 }, () => life).flat(), { machine });
    expect(hundred).toMatchObject({ kind: 'accepted', judged: once.judged * 100 });
    expect(hundred.elections).toHaveLength(once.elections.length * 100);
    const at = life.findIndex(({ said }) => said.what === 'roleEntered');
    const wrong = life.with(at, { ...(life[at] as Observation), said: { what: 'roleEntered', role: 'LEADING' } });
    const altered = [...Array.from({ length: 89 }, () => life).flat(), ...wrong, ...life];
    expect(judge(wrong, { machine }).kind).toBe('diverged');
    expect(judge(altered, { machine }).divergence).toEqual(judge(wrong, { machine }).divergence);
  });
});

describe('bounds', () => {
  const storm = observationsOf(readRecorded(STORM), STORM);
  const unbounded = judge(storm, { name: STORM });

  test.each<[string, Limits, RegExp]>([
    ['hypotheses', { ...DEFAULT_LIMITS, hypothesesMax: 40 }, /more than 40 hypotheses/],
    ['characters', { ...DEFAULT_LIMITS, charactersMax: 12_000 }, /hypotheses of more than 12000 characters together/],
  ])('too many %s: inconclusive, the bound named, resumed at the next New election', (_, limits, words) => {
    const bounded = judge(storm, { name: STORM, limits });
    expect(bounded.kind).toBe('inconclusive');
    expect(bounded.notes[0]).toMatch(words);
    expect(bounded.notes[0]).toMatch(/from here to the next New election nothing was judged$/);
    expect(bounded.unjudged).toBeGreaterThan(unbounded.unjudged);
    expect(bounded.judged).toBeGreaterThan(unbounded.judged / 4);
    expect(bounded.hypothesesMax).toBeLessThanOrEqual(limits.hypothesesMax);
    expect(bounded.elections.at(-1)).toEqual(unbounded.elections.at(-1));
  });

  test('met again and again: the rest is left alone, and that is said', () => {
    const bounded = judge(storm, { name: STORM, limits: { ...DEFAULT_LIMITS, hypothesesMax: 2 } });
    expect(bounded.kind).toBe('inconclusive');
    expect(bounded.notes.at(-1)).toMatch(/more than 2 hypotheses .* judging stopped here$/);
    expect(bounded.judged).toBeLessThan(unbounded.judged);
  });

  test('as large as it needs: nothing is given up', () => {
    expect(unbounded.kind).toBe('accepted');
    const limits = { ...DEFAULT_LIMITS, hypothesesMax: unbounded.hypothesesMax };
    expect(judge(storm, { name: STORM, limits })).toEqual(unbounded);
  });
});
