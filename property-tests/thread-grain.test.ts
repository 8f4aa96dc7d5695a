/**
 * Goal: at the thread grain recorded DEBUG logs are accepted (all of them if ZABCHECK_THOROUGH is 1), and a false statement about
 * connections is found. Method: each kind of false statement is put into recorded logs at places spread over both releases; at every
 * place that invites it if ZABCHECK_EVERY_PLACE is 1 (minutes).
 */
import { describe, expect, it } from 'vitest';
import { threadMachines } from '../models/thread-machines.js';
import { judgeThreads } from '../traces/judge-threads.js';
import { LogParser } from '../traces/parse/log-parser.js';
import type { Verdict } from '../traces/verdict.js';
import { asSid } from '../types/ids.js';
import { THOROUGH } from '../scripts/thorough.js';
import { type DoctoredThreads, placesOf } from './doctor-threads.js';
import { THREAD_DOCTORINGS } from './doctored-threads.js';
import { THREAD_DOCTORINGS_IN_CONTEXT } from './doctored-threads-context.js';
import { THREADS_UNDECIDABLE } from './doctored-threads-undecidable.js';
import { configOf, readRecorded, recordedNames, recordedScenarios } from './recorded-log.js';

const LOGS = recordedScenarios.flatMap(recordedNames).filter((name) => name.includes('/debug/'));

async function judge(log: string, lines: readonly string[], gaps = false): Promise<Verdict> {
  const sid = asSid(BigInt(log.slice(log.lastIndexOf('-') + 1)));
  const parser = new LogParser(`${log}.log`, { connections: true });
  const observations = lines.flatMap((line) => parser.push(line));
  const batches = (async function* () {
    yield observations;
  })();
  return judgeThreads(threadMachines, batches, { sid, config: configOf(log), survey: null, gaps });
}

/** Of each release. */
const PLACES = process.env['ZABCHECK_EVERY_PLACE'] === '1' ? Infinity : THOROUGH ? 4 : 1;

/** Every second where time is short. */
const some = <T>(all: readonly T[]): readonly T[] => all.filter((_, index) => THOROUGH || index % 2 === 0);

/** So many lines below it is found at the latest; stack traces count. */
const NEAR = 60;

const RELEASES = ['3.8.0/', '3.9.5/'];

/** Some of the places, of both releases, spread evenly. */
function spread(places: Iterable<DoctoredThreads>): readonly DoctoredThreads[] {
  const all = [...places];
  expect(all.length).toBeGreaterThanOrEqual(4);
  return RELEASES.flatMap((release) => {
    const own = all.filter(({ log }) => log.startsWith(release));
    expect(own.length, release).toBeGreaterThan(0);
    const every = Math.max(1, Math.ceil(own.length / PLACES));
    return own.filter((_, index) => index % every === 0);
  });
}

it.each(LOGS.filter((_, index) => THOROUGH || index % 8 === 0))('%s is accepted', async (log) => {
  const lines = readRecorded(log);
  const verdict = await judge(log, lines);
  expect(verdict.kind, verdict.divergence?.reason ?? verdict.notes.join('; ')).toBe('accepted');
  expect(verdict.judged).toBeGreaterThan(10);
  expect(verdict.notes).toEqual([]);
});

describe('a false statement that the same log proves false', () => {
  it.each(some([...THREAD_DOCTORINGS, ...THREAD_DOCTORINGS_IN_CONTEXT]).map((one) => [one.kind, one] as const))(
    'diverges: %s',
    async (_, one) => {
      const places = spread(placesOf(one, LOGS));
      for (const { log, line, lines } of places) {
        const { kind, divergence } = await judge(log, lines);
        expect(kind, `${log}:${line}`).toBe('diverged');
        expect(divergence?.reason, `${log}:${line}`).toMatch(one.names);
        expect(divergence?.method).toMatch(/^(QuorumCnxManager|FastLeaderElection)\.\w/);
        expect(divergence?.at.line).toBeGreaterThanOrEqual(line);
        expect(divergence?.at.line).toBeLessThanOrEqual(line + NEAR);
      }
      if (!THOROUGH) return;
      const [first] = places;
      if (first === undefined) throw new Error('there are places');
      expect((await judge(first.log, first.lines, true)).kind).toBe('inconclusive');
    },
    600_000,
  );
});

describe('a statement that one log cannot prove false', () => {
  it.each(some(THREADS_UNDECIDABLE).map((one) => [one.kind, one] as const))(
    'is accepted: %s',
    async (_, one) => {
      const places = spread(placesOf(one, LOGS));
      for (const { log, line, lines } of places) {
        const verdict = await judge(log, lines);
        expect(verdict.kind, `${log}:${line}: ${verdict.divergence?.reason}`).toBe('accepted');
      }
    },
    600_000,
  );

  it('the last moments of a process: a log may end anywhere', async () => {
    const log = '3.8.0/leader-crash/debug/server-3';
    const lines = readRecorded(log);
    for (let length = 0; length <= lines.length; length += THOROUGH ? 3 : 11) {
      expect((await judge(log, lines.slice(0, length))).kind, `first ${length} lines`).not.toBe('diverged');
    }
  });

  it('the first moments: a log may begin anywhere', async () => {
    const log = '3.9.5/rolling-restart/debug/server-3';
    const lines = readRecorded(log);
    for (let start = 0; start < lines.length; start += THOROUGH ? 7 : 29) {
      expect((await judge(log, lines.slice(start))).kind, `from line ${start + 1}`).not.toBe('diverged');
    }
  });
});
