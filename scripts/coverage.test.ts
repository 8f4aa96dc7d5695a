/**
 * Goal: `zabcheck coverage` tells shares of all that is reachable or none, gaps first, and ends as documented.
 * Method: the compiled command on small models; its examples are replayed, logs are generated for it.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from './build.mjs';
import { zabcheckIn } from './command.js';
import { Running } from './running.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(ROOT, 'dist/cli/main.js');
let folder = '';

beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'zabcheck-coverage-'));
  mkdirSync(join(folder, 'empty'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const zabcheck = (...args: readonly string[]) => zabcheckIn(folder, ...args);

interface Share {
  readonly touched: number;
  readonly all: number;
}

interface Document {
  readonly schema: string;
  readonly interrupted: boolean;
  readonly gaps: {
    readonly pairs: readonly { readonly pair: string; readonly example: Example | null }[];
    readonly groups: readonly { readonly transitions: Share; readonly example: Example | null }[];
  };
  readonly sources: readonly {
    readonly name: string;
    readonly runs: number;
    readonly steps: number;
    readonly shares: Readonly<Record<string, Share>>;
    readonly outside: readonly { readonly reason: string; readonly steps: number }[];
    readonly left: readonly { readonly reason: string; readonly logs: number }[];
  }[];
  readonly together: Readonly<Record<string, Share>>;
}

interface Example {
  readonly steps: readonly string[];
  readonly token: string;
}

const json = async (...args: readonly string[]): Promise<Document> =>
  JSON.parse((await zabcheck('coverage', '--json', ...args)).out) as Document;

describe('zabcheck coverage', () => {
  // 259 states, 640 generated: models/manifest.json. The initial state is generated, too, and no step leaves all as it was.
  it('has the denominator that the checker counts; the same for equal seeds', async () => {
    const first = await json('two-servers', '--fuzz', '1000');
    expect(first.schema).toBe('zabcheck.coverage/1');
    expect([first.together['states']?.all, first.together['transitions']?.all]).toEqual([259, 639]);
    expect(await json('two-servers', '--fuzz', '1000')).toEqual(first);
    expect(await json('two-servers', '--fuzz', '1000', '--seed', '2')).not.toEqual(first);
    const [fuzz] = first.sources;
    expect(fuzz?.steps).toBeGreaterThanOrEqual(1000);
    expect(fuzz?.shares).toEqual(first.together);
  });

  it('tells gaps before shares, each with a way to it that can be replayed and closes it', async () => {
    const { code, out } = await zabcheck('coverage', 'two-servers', '--fuzz', '20', '--gaps', '1');
    expect(code).toBe(0);
    expect(out.indexOf('never touched')).toBeGreaterThan(0);
    expect(out.indexOf('| touched by')).toBeGreaterThan(out.indexOf('never touched'));
    const before = await json('two-servers', '--fuzz', '20');
    const tokens = before.gaps.groups.flatMap(({ example }) => (example === null ? [] : [example.token]));
    expect(tokens.length).toBe(before.gaps.groups.length);
    expect((await zabcheck('replay', tokens[0] ?? '')).code).toBe(0);
    const after = await json('two-servers', '--fuzz', '20', '--scripts', ...tokens);
    expect(after.sources.map(({ name, runs }) => [name, runs])).toEqual([
      ['fuzz, seed 1', before.sources[0]?.runs],
      ['scripts', tokens.length],
    ]);
    const untouched = ({ gaps }: Document): number =>
      gaps.groups.reduce((sum, { transitions }) => sum + transitions.all - transitions.touched, 0);
    expect(untouched(after)).toBeLessThanOrEqual(untouched(before) - tokens.length);
  });

  it('follows logs of the same ensemble, and says why it does not follow others', async () => {
    expect(
      (await zabcheck('generate', 'logs', '--servers', '2', '--steps', '300', '--restarts', '0', '--seed', '4')).code,
    ).toBe(0);
    const { sources, together } = await json(
      'two-servers',
      '--logs',
      'logs',
      join(ROOT, 'traces/recorded/3.8.0/three-start'),
    );
    const [certain, possible] = sources;
    expect([certain?.name, certain?.runs, possible?.name]).toEqual(['logs, certain', 2, 'logs, possible']);
    expect(certain?.left).toEqual([{ reason: 'an ensemble of other servers', logs: 6 }]);
    const states = [certain, possible].map((source) => source?.shares['localStates']?.touched ?? 0);
    expect(states[0]).toBeGreaterThan(0);
    expect(states[1]).toBeGreaterThanOrEqual(states[0] ?? 0);
    // What is only possible is not counted as touched.
    expect(together['localStates']?.touched).toBe(states[0]);
    expect(together['states']?.touched).toBe(0);
  });

  it('a model that does not fit into memory has no shares', async () => {
    const { code, out, err } = await zabcheck('coverage', 'smoke', '--max-memory', '1');
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(/^inconclusive: [\d,]+ states of .* were found, then 1 MB of memory were used up: .*\n$/);
  });

  const USAGE: readonly (readonly [readonly string[], RegExp])[] = [
    [['tla-2'], /not of official-tla/],
    [['bug-159'], /the specification has no bug/],
    [['spec', '--start', 'established', '--crashes', '1'], /begin cold/],
    [['live-cold'], /a number, not any/],
    [['--scripts', 'nowhere'], /--scripts nowhere: .*no such file/],
    [['--scripts', 'empty'], /no \.json in this folder/],
  ];
  // Each starts a process.
  it.each(USAGE)('%j is bad usage', async (args, words) => {
    const { code, err } = await zabcheck('coverage', ...args);
    expect(code).toBe(2);
    expect(err).toMatch(words);
  });

  it('Ctrl-C ends it with what was touched by then', async () => {
    const place = { cwd: folder, temporary: folder };
    const args = [MAIN, 'coverage', 'two-servers', '--fuzz', '900000000', '--json'];
    const running = await new Running(process.execPath, args, place).busy();
    running.child.kill('SIGINT');
    const { code, out } = await running.ended;
    expect(code).toBe(130);
    const told = JSON.parse(out) as Document;
    expect([told.interrupted, told.sources.length]).toEqual([true, 1]);
    expect(told.together['states']?.touched).toBeGreaterThan(10);
  });
});
