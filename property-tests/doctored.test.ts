/**
 * Goal: a single false statement is found where the same log proves it false, and never claimed where it does not.
 * Method: one line of a recorded log is altered as a table says; the untouched log is accepted (asserted too).
 */
import { describe, expect, it } from 'vitest';
import { doctor } from './doctor.js';
import type { DoctoredCase } from './doctored-case.js';
import { PROVABLE, UNDECIDABLE } from './doctored-cases.js';
import { OVER_THE_CORPUS } from './doctored-corpus.js';
import { reportOf } from './doctored-report.js';
import { judgeLines, readRecorded, recordedScenarios } from './recorded-log.js';

const ALL_PROVABLE = [...PROVABLE, ...OVER_THE_CORPUS];

const cases = (all: readonly Omit<DoctoredCase, 'names'>[]): string[] => [...new Set(all.map(({ log }) => log))];

describe('recorded logs, untouched', () => {
  it.each(cases([...ALL_PROVABLE, ...UNDECIDABLE]))('%s is accepted', async (log) => {
    const verdict = await judgeLines(log, readRecorded(log));
    expect(verdict.kind).toBe('accepted');
    expect(verdict.hiddenSteps).toBeGreaterThan(0);
  });
});

describe('a false statement that the same log proves false', () => {
  it.each(ALL_PROVABLE.map((one) => [one.title, one] as const))('diverges: %s', async (_, one) => {
    const { verdict, line, foundAt, firstSentence, method } = await reportOf(one);
    expect(verdict.kind, verdict.notes.join('; ')).toBe('diverged');
    expect(firstSentence).toMatch(one.names);
    expect(method).toMatch(/^(FastLeaderElection|QuorumPeer)\./);
    expect(foundAt).toBeGreaterThanOrEqual(line);
    expect(foundAt).toBeLessThanOrEqual(line + 20);
    const loose = await reportOf(one, { gaps: true });
    expect(loose.verdict.kind).toBe('inconclusive');
  });

  it('is tried in every scenario but the plain start, and on both releases', () => {
    const tried = new Set(ALL_PROVABLE.map(({ log }) => log.split('/')[1]));
    const recorded = new Set(recordedScenarios.map((scenario) => scenario.split('/')[1]));
    expect([...tried].sort()).toEqual([...recorded].filter((scenario) => scenario !== 'three-start'));
    expect(new Set(ALL_PROVABLE.map(({ title }) => title)).size).toBe(ALL_PROVABLE.length);
    for (const part of ['3.8.0/', '3.9.5/', '/info/', '/debug/']) {
      expect(OVER_THE_CORPUS.filter(({ log }) => log.includes(part)).length, part).toBeGreaterThanOrEqual(12);
    }
  });
});

describe('an alteration that one log cannot disprove', () => {
  it.each(UNDECIDABLE.map((one) => [one.title, one] as const))('is not called false: %s', async (_, one) => {
    const { lines } = doctor(one);
    expect((await judgeLines(one.log, lines)).kind).not.toBe('diverged');
  });

  it('the last moments of a process: a log may end anywhere', async () => {
    const log = '3.8.0/leader-crash/info/server-1';
    const lines = readRecorded(log);
    for (let length = 0; length <= lines.length; length += 1) {
      expect((await judgeLines(log, lines.slice(0, length))).kind, `first ${length} lines`).not.toBe('diverged');
    }
  });

  // What was printed before the first line may have been a message that waits to be used, or one half answered (DEBUG).
  it.each(['leader-crash/info/server-4', 'three-start/debug/server-1', 'observer-leader-crash/debug/server-1'])(
    'the first moments: a log may begin anywhere (%s)',
    async (name) => {
      const log = `3.8.0/${name}`;
      const lines = readRecorded(log);
      for (let start = 0; start < lines.length; start += 1) {
        if (!/FastLeaderElection|QuorumPeer/.test(lines[start] ?? '')) continue;
        expect((await judgeLines(log, lines.slice(start))).kind, `from line ${start + 1}`).not.toBe('diverged');
      }
    },
  );
});
