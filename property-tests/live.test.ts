/**
 * Goal: a log that is judged while it grows is judged as it would be at its end, however it comes in, and what is wrong is
 * told at once. Method: recorded, altered and repeated logs are handed over in pieces; after each piece news are asked for.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { implMachine } from '../models/impl-machine.js';
import { specMachine } from '../models/spec-machine.js';
import { LiveServer, type ServerNews } from '../traces/live/live-server.js';
import { ROLES_KEPT } from '../traces/live/machine-life.js';
import { LogParser } from '../traces/parse/log-parser.js';
import type { Observation } from '../traces/observation.js';
import { WINDOW_OBSERVATIONS_MAX } from '../traces/window.js';
import { asSid } from '../types/ids.js';
import { doctor } from './doctor.js';
import { PROVABLE } from './doctored-cases.js';
import { OVER_THE_CORPUS } from './doctored-corpus.js';
import { configOf, judgeLines, readRecorded } from './recorded-log.js';

const LOGS = [
  '3.8.0/leader-crash/info/server-1',
  '3.8.0/leader-crash/debug/server-3',
  '3.8.0/crash-storm/info/server-2',
  '3.9.5/follower-restart/debug/server-2',
  '3.9.5/followers-cut/info/server-5',
  '3.8.0/hierarchical/info/server-4',
];

function observationsOf(name: string, lines: readonly string[]): readonly Observation[] {
  const parser = new LogParser(`${name}.log`);
  return lines.flatMap((line) => parser.push(line));
}

const serverOf = (name: string, machines = [implMachine], gaps = false): LiveServer<unknown> => {
  const sid = asSid(BigInt(name.slice(name.lastIndexOf('-') + 1)));
  const config = configOf(name);
  return new LiveServer(machines as never, { sid, release: null, gaps, config: () => config });
};

/** All that was told while the observations came in pieces of these sizes, over and over. */
function followed(
  server: LiveServer<unknown>,
  observations: readonly Observation[],
  sizes: readonly number[],
): ServerNews[] {
  const told: ServerNews[] = [];
  for (let at = 0, piece = 0; at < observations.length; piece++) {
    const size = sizes[piece % sizes.length] ?? 1;
    for (const observation of observations.slice(at, at + size)) server.push(observation);
    at += size;
    told.push(server.news());
  }
  return told;
}

describe('what is said at the end', () => {
  it.each(LOGS)('%s: is what is said of the whole log, whatever the pieces', async (name) => {
    const lines = readRecorded(name);
    const observations = observationsOf(name, lines);
    const whole = await judgeLines(name, lines);
    expect(whole.kind).toBe('accepted');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }), (sizes) => {
        const server = serverOf(name);
        const told = followed(server, observations, sizes);
        expect(server.verdicts()).toEqual([{ machine: 'impl', verdict: whole }]);
        const roles = told.flatMap((news) => news.roles);
        expect(roles.map(({ at, state }) => [at, state])).toEqual(whole.elections.map(({ at, state }) => [at, state]));
        // What is told at once is never taken back; it may only leave open what later lines tell.
        roles.forEach((role, index) => {
          const { leader, round } = whole.elections[index] ?? role;
          expect([leader, null]).toContain(role.leader);
          expect([round, null]).toContain(role.round);
        });
        expect(told.flatMap(({ divergences, doubts }) => [...divergences, ...doubts])).toEqual([]);
      }),
      { numRuns: 4 },
    );
  });

  it('of a long life: every role is told once, the latest are kept, and nothing else grows', async () => {
    const [name = ''] = LOGS;
    const lines = readRecorded(name);
    const life = observationsOf(name, lines);
    const once = (await judgeLines(name, lines)).elections.length;
    const server = serverOf(name);
    const lives = ROLES_KEPT / once + 100;
    let told = 0;
    for (let count = 0; count < lives; count++) {
      const anew = life.map((one) => ({ ...one, at: { ...one.at } }));
      told += followed(server, anew, [life.length])[0]?.roles.length ?? 0;
    }
    expect(life.length * lives).toBeGreaterThan(WINDOW_OBSERVATIONS_MAX * 2);
    expect(told).toBe(once * lives);
    const [verdict] = server.verdicts().map((one) => one.verdict);
    expect(verdict?.kind).toBe('accepted');
    const listed = verdict?.elections.length ?? 0;
    expect(listed).toBeLessThan(ROLES_KEPT + WINDOW_OBSERVATIONS_MAX);
    expect(verdict?.notes).toEqual([`${told - listed} roles that were entered earlier are not listed`]);
  });
});

describe('what is wrong', () => {
  const CASES = [...PROVABLE, ...OVER_THE_CORPUS].filter((_, index) => index % 3 === 0);

  it.each(CASES.map((one) => [one.title, one] as const))('is told at once, and where: %s', async (_, one) => {
    const { lines } = doctor(one);
    const whole = await judgeLines(one.log, lines);
    const at = whole.divergence?.at;
    const observations = observationsOf(one.log, lines);
    const found = observations.findIndex((observation) => observation.at.line === at?.line);
    expect(found).toBeGreaterThan(0);
    const server = serverOf(one.log);
    const before = followed(server, observations.slice(0, found), [Math.max(1, found - 3), 1]);
    expect(before.flatMap(({ divergences }) => divergences)).toEqual([]);
    const after = followed(server, observations.slice(found), [1]);
    const first = after.findIndex(({ divergences }) => divergences.length > 0);
    expect(after.flatMap(({ divergences }) => divergences)).toMatchObject([{ machine: 'impl', divergence: { at } }]);
    expect(first).toBeLessThanOrEqual(AT_ONCE);
    expect(server.verdicts()[0]?.verdict).toMatchObject({ kind: 'diverged', divergence: { at } });
  });

  it('by one machine and then by the other, each once; with --gaps it proves nothing', () => {
    const [one] = CASES;
    if (one === undefined) throw new Error('there are cases');
    const observations = observationsOf(one.log, doctor(one).lines);
    const server = serverOf(one.log, [implMachine, specMachine]);
    const told = followed(server, observations, [7]).flatMap(({ divergences }) => divergences);
    expect(told.map(({ machine }) => machine).sort()).toEqual(['impl', 'spec']);
    const loose = serverOf(one.log, [implMachine], true);
    followed(loose, observations, [7]);
    expect(loose.verdicts()[0]?.verdict).toMatchObject({ kind: 'inconclusive' });
  });
});

describe('where something unknown may explain a line', () => {
  /** From the middle of an election: what its first lines rest on is not there. */
  const [name = ''] = LOGS;
  const lines = readRecorded(name);
  const cut = lines.slice(lines.findIndex((line) => line.includes('New election. My id')));

  it('the doubt is told once it is one, and judging goes on with the next election', async () => {
    const whole = await judgeLines(name, cut);
    expect(whole).toMatchObject({ kind: 'inconclusive', elections: [] });
    for (const size of [1, 3, 1000]) {
      const server = serverOf(name);
      const told = followed(server, observationsOf(name, cut), [size]);
      expect(told.flatMap(({ doubts }) => doubts)).toEqual([expect.stringContaining(whole.notes[0] ?? 'no note')]);
      expect(told.flatMap(({ roles }) => roles)).toMatchObject([
        { state: 'FOLLOWING', leader: null },
        { state: 'FOLLOWING', leader: 3n, round: 2n },
      ]);
      const verdict = server.verdicts()[0]?.verdict;
      expect(verdict).toMatchObject({ kind: 'inconclusive', elections: [{ leader: null }, { leader: 3n }] });
      expect(verdict?.notes).toContain(whole.notes[0]);
    }
  });
});

describe('a configuration that changes', () => {
  it('counts from the next start of a process on, not before', () => {
    const [name = ''] = LOGS;
    const observations = observationsOf(name, readRecorded(name));
    const right = configOf(name);
    const wrong = { ...right, members: right.members.slice(0, 1) };
    let config = right;
    const sid = asSid(1n);
    const server = new LiveServer([implMachine], { sid, release: null, gaps: false, config: () => config });
    const kindAfter = (): string | undefined => {
      for (const observation of observations) server.push(observation);
      return server.verdicts()[0]?.verdict.kind;
    };
    expect(kindAfter()).toBe('accepted');
    const at = observations.findIndex(({ said }) => said.what === 'roleEntered');
    for (const observation of observations.slice(0, at)) server.push(observation);
    config = wrong;
    for (const observation of observations.slice(at)) server.push(observation);
    expect(server.verdicts()[0]?.verdict.kind).toBe('accepted');
    expect(kindAfter()).toBe('diverged');
  });
});

/** So many lines later at most: a round whose first own vote is not there yet may have begun with any epoch. */
const AT_ONCE = 1;
