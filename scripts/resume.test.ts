/**
 * Goal: a check that is killed at any moment goes on from its last checkpoint and ends as if nothing had been; what is no whole checkpoint
 * of this program is refused. Method: the compiled command, killed without warning; checkpoints damaged in ten ways.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRng } from '../base/rng.js';
import { ensureBuilt } from './build.mjs';
import { zabcheckIn } from './command.js';
import { DAMAGES } from './damage.mjs';
import { round, steady } from './resume-rounds.mjs';
import { manyOf, THOROUGH } from './thorough.js';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
let place = '';

beforeAll(() => {
  ensureBuilt();
  place = mkdtempSync(join(tmpdir(), 'zabcheck-resume-'));
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

const check = (...args: readonly string[]) => zabcheckIn(place, 'check', '--json', ...args);

/** Names and contents. */
const contentsOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]));

describe('killed without warning', () => {
  const MODELS = [
    ['tla-2-two-rounds', ['--workers', '2']],
    ['two-servers-all', ['--workers', '0']],
    ['bug-1818', ['--workers', '1']],
  ] as const;

  it.each(MODELS.slice(0, THOROUGH ? MODELS.length : 1))(
    '%s %j: the same report at the end',
    async (name, more) => {
      const whole = await check(name, ...more);
      const rng = makeRng(name.length);
      // A fast machine may end before it is killed: until one was.
      let [kills, resumptions] = [0, 0];
      for (let i = 0; i < (THOROUGH ? 10 : 1) || (Math.min(kills, resumptions) === 0 && i < 20); i += 1) {
        const folder = join(place, `${name}-${i}`);
        // At last it may end.
        const kill = (before: number) => (before > (THOROUGH ? 2 : 1) ? null : { folder, ms: rng.below(60) });
        const told = await round(MAIN, { args: [name], more: [...more], folder, every: '0.05', kill });
        expect(steady(told.out), told.err).toBe(steady(whole.out));
        expect(told.code).toBe(whole.code);
        kills += told.kills;
        resumptions += told.resumptions;
      }
      expect(Math.min(kills, resumptions)).toBeGreaterThan(0);
    },
    120_000,
  );
});

describe('an end by a bound', () => {
  it('is kept: it goes on with more, and ends as if there had been no bound', async () => {
    const folder = join(place, 'bound');
    const whole = await check('tla-2-two-rounds', '--workers', '1');
    const short = await check('tla-2-two-rounds', '--workers', '2', '--max-depth', '20', '--checkpoint', folder);
    expect(short.code, short.err).toBe(3);
    const long = await check('--resume', folder, '--workers', '1', '--max-memory', '50');
    expect(steady(long.out), long.err).toBe(steady(whole.out));
  });
});

describe('what is refused', () => {
  it('damaged in any way: one sentence that names the file, and nothing is changed', async () => {
    const [good, other] = [join(place, 'good'), join(place, 'other')];
    await check('two-servers-crash', '--workers', '0', '--max-depth', '9', '--checkpoint', good);
    await check('two-servers-all', '--workers', '0', '--max-depth', '9', '--checkpoint', other);
    expect(readdirSync(good)).toHaveLength(5);
    const rng = makeRng(7);
    const damages = Object.entries(DAMAGES);
    for (const [name, damage] of damages) {
      for (let i = 0; i < (THOROUGH ? 5 : 1); i += 1) {
        const folder = join(place, `damaged ${name} ${i}`);
        cpSync(good, folder, { recursive: true });
        const what = damage(folder, { rng, other });
        const before = contentsOf(folder);
        const told = await check('--resume', folder, '--workers', '0');
        expect(told, what).toMatchObject({ code: 2, out: '' });
        expect(told.err, what).toMatch(/^error: .*\n$/);
        expect(told.err, what).toContain(`${folder}/`);
        expect(contentsOf(folder), what).toEqual(before);
      }
    }
    expect(await check('--resume', good, '--workers', '0')).toMatchObject({ code: 0 });
  }, 120_000);

  const USAGE: readonly (readonly [readonly string[], RegExp])[] = [
    [['spec', '--servers', '2', '--resume', 'GOOD'], /GOOD\/checkpoint is of another model: lockstep/],
    [['two-servers', '--checkpoint', 'GOOD'], /GOOD\/checkpoint is there already: resume it, or name another folder/],
    [['two-servers', '--checkpoint', '.'], /is no part of a checkpoint: name an empty folder/],
    [['--resume', 'nowhere'], /nowhere\/checkpoint: ENOENT/],
    [['--checkpoint-every', '5'], /--checkpoint-every goes with --checkpoint/],
    [['--checkpoint', 'new', '--checkpoint-every', '0'], /--checkpoint-every is a number of seconds/],
    [['--checkpoint', 'new', '--fingerprint'], /--checkpoint does not go with --fingerprint/],
    [['--resume', 'GOOD', '--search', 'depth'], /--resume goes with --search breadth/],
    [['--resume', 'GOOD', '--search', 'random'], /--resume goes with --search breadth/],
    [['live-apart', '--checkpoint', 'new'], /--checkpoint keeps no run of --liveness/],
  ];
  it.each(USAGE)('%j', async (args, words) => {
    const folder = join(place, `good for ${args.join(' ').replaceAll('/', '')}`);
    cpSync(join(place, 'good'), folder, { recursive: true });
    const told = await check(...args.map((arg) => (arg === 'GOOD' ? folder : arg)));
    expect(told).toMatchObject({ code: 2, out: '' });
    expect(told.err.replaceAll(folder, 'GOOD')).toMatch(words);
  });
});

describe('asked for', () => {
  it('SIGUSR2 and Ctrl-C keep the run', async () => {
    const { spawn } = await import('node:child_process');
    const folder = join(place, 'asked');
    const args = [MAIN, 'check', 'tla-3-two-rounds', '--json', '--workers', '1', '--checkpoint', folder];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const closed = new Promise((resolve) => child.on('close', resolve));
    const serialOf = (): number => {
      try {
        return JSON.parse(readFileSync(join(folder, 'checkpoint'), 'utf8').split('\n')[1] ?? '').serial as number;
      } catch {
        return 0;
      }
    };
    const until = async (serial: number, signal: NodeJS.Signals): Promise<void> => {
      for (let i = 0; i < manyOf(1600) && serialOf() < serial; i += 1) {
        // Until it listens a signal would end it.
        if (readdirSync(place).includes('asked') && i % 20 === 19) child.kill(signal);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await until(1, 'SIGUSR2');
    expect(serialOf()).toBeGreaterThan(0);
    const second = await check('--resume', folder);
    expect(second).toMatchObject({ code: 2, err: expect.stringContaining(`process ${child.pid} keeps a run there`) });
    const before = serialOf();
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    expect(serialOf()).toBeGreaterThan(before);
    expect(readdirSync(folder)).not.toContain('lock');
  }, 60_000);
});
