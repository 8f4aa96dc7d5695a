/**
 * Goal: `generate` writes what `validate` accepts and tells as it was: any release, any clock. Method: the compiled command; the folder
 * as a reader has it, against truth.json.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from './build.mjs';
import { zabcheckIn } from './command.js';

let folder = '';

beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'zabcheck-generate-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const zabcheck = (...args: readonly string[]) => zabcheckIn(process.cwd(), ...args);

interface Election {
  readonly leader: string;
  readonly epoch: string | null;
  readonly round: string;
  readonly supporters: readonly string[];
}

interface Truth {
  readonly release: string;
  readonly skewMs: Readonly<Record<string, number>>;
  readonly driftPpm: Readonly<Record<string, number>>;
  readonly leftOut: Readonly<Record<string, readonly number[]>>;
  readonly established: readonly Election[];
}

const read = (place: string, name: string): string => readFileSync(join(place, name), 'utf8');
const truthIn = (place: string): Truth => JSON.parse(read(place, 'truth.json')) as Truth;
const words = ({ leader, epoch, round, supporters }: Election): string =>
  [leader, epoch, round, ...[...supporters].map(String).sort()].join(' ');

describe('generate', () => {
  it('three servers and an observer of 3.5.4 with clocks that are wrong by days: validate tells what was', async () => {
    const place = join(folder, 'old');
    const flags = ['--release', '3.5.4-beta', '--observers', '1', '--seed', '8', '--restarts', '20'];
    const { code } = await zabcheck('generate', place, ...flags, '--skew', '400000', '--drift', '5000');
    expect(code).toBe(0);
    const truth = truthIn(place);
    expect(truth.release).toBe('3.5.4-beta');
    expect(new Set(Object.values(truth.skewMs)).size).toBe(4);
    expect(Object.values(truth.driftPpm).some((ppm) => ppm !== 0)).toBe(true);
    expect(read(place, 'server-1.log')).toMatch(
      /^\S+ \S+ \[myid:1\] - INFO {2}\[main:QuorumPeerMain@152\] - Starting quorum peer$/m,
    );
    const judged = await zabcheck('validate', '--json', place);
    const told = JSON.parse(judged.out) as {
      ensembles: readonly { verdict: string; elections: readonly Election[] }[];
    };
    expect([judged.code, told.ensembles.map(({ verdict }) => verdict)]).toEqual([0, ['accepted']]);
    const elections = told.ensembles[0]?.elections.filter(({ epoch }) => epoch !== null) ?? [];
    expect(truth.established.length).toBeGreaterThan(0);
    expect(elections.map(words)).toEqual(truth.established.map(words));
  });

  it('a clock that drifts stamps later lines later, by so much', async () => {
    const stamps = async (name: string, ...flags: string[]): Promise<readonly number[]> => {
      const place = join(folder, name);
      await zabcheck('generate', place, '--seed', '2', '--steps', '1000', ...flags);
      return read(place, 'server-1.log')
        .trim()
        .split('\n')
        .map((line) => Date.parse(line.slice(0, 23).replace(',', '.')));
    };
    const right = await stamps('right');
    const wrong = await stamps('wrong', '--drift', '500000');
    const ppm = truthIn(join(folder, 'wrong')).driftPpm['1'] ?? 0;
    const [begin = 0] = right;
    expect(Math.abs(ppm)).toBeGreaterThan(1000);
    expect(wrong).toEqual(right.map((ms) => begin + Math.round((ms - begin) * (1 + ppm / 1e6))));
  });

  it('lines that are left out are named, and none that the truth needs', async () => {
    const [all, some] = [join(folder, 'all'), join(folder, 'some')];
    await zabcheck('generate', all, '--seed', '3');
    await zabcheck('generate', some, '--seed', '3', '--missing', '300');
    const lines = (place: string): readonly string[] => read(place, 'server-2.log').trim().split('\n');
    const left = truthIn(some).leftOut['2'] ?? [];
    expect(left.length).toBeGreaterThan(3);
    expect(lines(some)).toEqual(lines(all).filter((_, index) => !left.includes(index + 1)));
    const needed =
      /Starting quorum peer|zookeeper\.version|New election|LOOKING$|Have quorum of supporters|(LEADING|FOLLOWING)$/;
    expect(left.filter((number) => needed.test(lines(all)[number - 1] ?? ''))).toEqual([]);
  });

  it.each([
    [['--release', '3.3.6'], /--release: "3.3.6" is not covered; 3.4.6 to 3.10 are/],
    [['--drift', '-1'], /--drift is a number from 0 to 500000, not "-1"/],
    [['--restarts', 'often'], /--restarts is a number from 0 to 1000, not "often"/],
  ])('%s is refused', async (flags, sentence) => {
    const { code, err } = await zabcheck('generate', join(folder, 'none'), ...flags);
    expect(err).toMatch(sentence);
    expect(code).toBe(2);
  });
});
