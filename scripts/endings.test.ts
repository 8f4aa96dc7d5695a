/**
 * Goal: however it is ended, the command ends cleanly: no stack trace, the documented exit code, what was judged by then
 * told, nothing left behind. Method: the compiled CLI as a process of its own, on logs that take it seconds, with readers
 * that go away, signals, and a terminal's Ctrl-C.
 */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from './build.mjs';
import { type Ended, Running } from './running.js';
import { THOROUGH } from './thorough.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(ROOT, 'dist/cli/main.js');
const RECORDED = join(ROOT, 'traces/recorded/3.8.0');
const BIG_MB = 240;
let folder = '';
let temporary = '';
let good = '';

beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'zabcheck-endings-'));
  temporary = join(folder, 'temporary');
  mkdirSync(temporary);
  writeFileSync(join(folder, 'zoo.cfg'), readFileSync(join(RECORDED, 'leader-crash/zoo.cfg')));
  good = readFileSync(join(RECORDED, 'leader-crash/info/server-1.log'), 'utf8');
  writeFileSync(join(folder, 'a-1.log'), good);
  writeFileSync(join(folder, 'b-1.log'), good);
  const debug = readFileSync(join(RECORDED, 'leader-crash/debug/server-1.log'), 'utf8');
  writeFileSync(join(folder, 'big-1.log'), debug.repeat(Math.ceil((BIG_MB * 1e6) / debug.length)));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const zabcheck = (args: readonly string[]): Running =>
  new Running(process.execPath, [MAIN, ...args], { cwd: folder, temporary });

function clean({ out, err }: Ended): void {
  expect(out + err).not.toMatch(/\n\s+at .*:\d+:\d+|EPIPE|Error:|node:internal/);
  expect(readdirSync(temporary)).toEqual([]);
}

interface Document {
  readonly interrupted: boolean;
  readonly verdict: string;
  readonly servers: readonly {
    readonly label: string;
    readonly verdict: string;
    readonly notes: readonly string[];
    readonly observations: number;
  }[];
}

describe('a reader that goes away', () => {
  it('before all was judged: ends soon, and not as accepted', async () => {
    const run = zabcheck(['validate', 'a-1.log', 'b-1.log', 'big-1.log', 'a-1.log']);
    run.child.stdout.once('data', () => run.child.stdout.destroy());
    const started = Date.now();
    const ended = await run.ended;
    // Either it met the closed pipe at the second log, or at the third, which is long.
    expect(ended.code).toBe(130);
    expect(Date.now() - started).toBeLessThan(60_000);
    expect(ended.err).toBe('');
    clean(ended);
  });

  it.each([[['validate', 'a-1.log']], [['validate', '--json', 'a-1.log', 'b-1.log']]])(
    'after all was judged: the exit code is the verdict (%s)',
    async (args) => {
      const run = zabcheck(args);
      run.child.stdout.destroy();
      const ended = await run.ended;
      expect(ended.code).toBe(0);
      clean(ended);
    },
  );

  it('takes both streams along: validate 2>&1 | head -1', () => {
    const command = `"${process.execPath}" "${MAIN}" validate a-1.log nowhere.log b-1.log 2>&1 | head -1`;
    const { stdout, stderr, status } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toMatch(/^accepted .*\n$/);
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('nobody reads the errors: the results are told all the same', async () => {
    const run = zabcheck(['validate', 'nowhere.log', 'a-1.log']);
    run.child.stderr.destroy();
    const ended = await run.ended;
    expect(ended.code).toBe(2);
    expect(ended.out).toMatch(/1 server log: 1 accepted/);
  });

  it.skipIf(!existsSync('/dev/full'))('a full disk is told, exit code 2', () => {
    const command = `"${process.execPath}" "${MAIN}" validate a-1.log > /dev/full`;
    const { stderr, status } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
    expect(stderr).toBe('error: Cannot write the results: ENOSPC.\n');
    expect(status).toBe(2);
  });
});

const withLastIfThorough = (...all: NodeJS.Signals[]): NodeJS.Signals[] => (THOROUGH ? all : all.slice(0, -1));

describe('a signal in the middle of a big file', () => {
  it.each(withLastIfThorough('SIGINT', 'SIGHUP', 'SIGTERM'))('%s: what was judged is told', async (signal) => {
    const run = await zabcheck(['validate', 'a-1.log', 'big-1.log', 'b-1.log']).busy();
    run.child.kill(signal);
    const ended = await run.ended;
    expect(ended.code).toBe(130);
    expect(ended.out).toMatch(/^accepted .*a-1\.log\n/);
    expect(ended.out).toMatch(
      /\ninconclusive .*big-1\.log\n +\d{3,} lines judged[^]*note: interrupted: only the beginning of this log/,
    );
    expect(ended.out).toMatch(/\n2 server logs: 1 accepted, 1 inconclusive \(/);
    expect(ended.err).toBe('interrupted: 1 server log judged, 1 in part, 1 not at all\n');
    clean(ended);
  });

  it.each(withLastIfThorough('SIGTERM', 'SIGINT'))('%s with --json: one whole document', async (signal) => {
    const run = await zabcheck(['validate', '--json', 'a-1.log', 'big-1.log', 'b-1.log']).busy();
    run.child.kill(signal);
    const ended = await run.ended;
    expect(ended.code).toBe(130);
    const { interrupted, verdict, servers } = JSON.parse(ended.out) as Document;
    expect({ interrupted, verdict }).toEqual({ interrupted: true, verdict: 'inconclusive' });
    expect(servers.map(({ label, verdict: one }) => `${label} ${one}`)).toEqual([
      'a-1.log accepted',
      'big-1.log inconclusive',
    ]);
    expect(servers[1]?.observations).toBeGreaterThan(100);
    expect(servers[1]?.notes).toContain('interrupted: only the beginning of this log was judged');
    clean(ended);
  });

  it('parse, too', async () => {
    const run = zabcheck(['parse', 'big-1.log']);
    await run.until(() => run.out !== '');
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended.code).toBe(130);
    expect(ended.out.trimEnd().split('\n').at(-1)).toMatch(/^\{.*\}$/);
    clean(ended);
  });
});

describe('standard input', () => {
  /** What of standard input has been kept so far. */
  const kept = (): number =>
    readdirSync(temporary).reduce((sum, name) => {
      const file = join(temporary, name, 'input');
      return sum + (existsSync(file) ? statSync(file).size : 0);
    }, 0);

  it.each(['SIGINT', 'SIGTERM'] as const)('that never ends, %s: what came is judged', async (signal) => {
    const run = zabcheck(['validate', '--config', 'zoo.cfg', '-']);
    run.child.stdin.write(good);
    await run.until(() => kept() === Buffer.byteLength(good));
    run.child.kill(signal);
    const ended = await run.ended;
    expect(ended.code).toBe(130);
    expect(ended.out).toMatch(
      /^inconclusive +server 1 +stdin\n +\d\d lines judged[^]*FOLLOWING 3 \(round 2\)[^]*note: interrupted: only/,
    );
    expect(ended.err).toMatch(
      /^interrupted: going on with the \d+ bytes that came; once more ends at once\ninterrupted: 0 server/,
    );
    clean(ended);
  });

  it('that never ends, with --json', async () => {
    const whole = await zabcheck(['validate', '--json', 'a-1.log']).ended;
    const judged = (JSON.parse(whole.out) as Document).servers[0]?.observations;
    expect(judged).toBeGreaterThan(40);
    const run = zabcheck(['validate', '--json', '--config', 'zoo.cfg', '-']);
    run.child.stdin.write(good);
    await run.until(() => kept() === Buffer.byteLength(good));
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended.code).toBe(130);
    const { interrupted, servers } = JSON.parse(ended.out) as Document;
    expect(interrupted).toBe(true);
    expect(servers.map(({ label, verdict, observations }) => ({ label, verdict, observations }))).toEqual([
      { label: 'stdin', verdict: 'inconclusive', observations: judged },
    ]);
    clean(ended);
  });

  it('a divergence in what came stays one', async () => {
    const own = 'n.sid:1, n.state:LOOKING, n.leader:1, n.round:0x';
    expect(good).toContain(`${own}1`);
    const wrong = good.replace(`${own}1`, `${own}7`);
    const run = zabcheck(['validate', '--json', '--config', 'zoo.cfg', '-']);
    run.child.stdin.write(wrong);
    await run.until(() => kept() === Buffer.byteLength(wrong));
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended.code).toBe(130);
    const { verdict, servers } = JSON.parse(ended.out) as Document;
    expect([verdict, servers[0]?.verdict]).toEqual(['diverged', 'diverged']);
    clean(ended);
  });

  it('a second Ctrl-C ends at once, and leaves nothing behind', async () => {
    const run = zabcheck(['validate', '--config', 'zoo.cfg', '-']);
    const bytes = readFileSync(join(folder, 'big-1.log'));
    run.child.stdin.write(bytes);
    await run.until(() => kept() === bytes.length);
    run.child.kill('SIGINT');
    await run.until(() => run.err.includes('once more ends at once'));
    run.child.kill('SIGINT');
    const ended = await run.ended;
    expect(ended.code).toBe(130);
    expect(ended.out).toBe('');
    clean(ended);
  });

  it('that ends is a log like any other; an empty one is told', async () => {
    const run = zabcheck(['validate', '--config', 'zoo.cfg', '-']);
    run.child.stdin.end(good);
    const ended = await run.ended;
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/^accepted +server 1 +stdin\n/);
    clean(ended);
    const nothing = zabcheck(['validate', '-']);
    nothing.child.stdin.end();
    expect(await nothing.ended).toMatchObject({ code: 3, err: '' });
    expect(nothing.out).toMatch(/note: the log is empty/);
  });

  it('that cannot be kept is told in a sentence', () => {
    const env = { ...process.env, TMPDIR: join(folder, 'nowhere') };
    const run = spawnSync(process.execPath, [MAIN, 'validate', '-'], {
      input: good,
      env,
      cwd: folder,
      encoding: 'utf8',
    });
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/^error: Cannot read standard input, or keep it below .*nowhere: ENOENT\.\n$/);
  });
});

/** Gives a command a terminal: part of util-linux, which other systems have in other shapes. */
const TERMINAL = 'script';
const onPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((at) => {
    try {
      accessSync(join(at, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

describe.skipIf(platform() !== 'linux' || !onPath(TERMINAL))('Ctrl-C at a terminal', () => {
  const atTerminal = (...args: string[]): Running => {
    const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
    return new Running(TERMINAL, ['-qec', command, '/dev/null'], { cwd: folder, temporary });
  };

  it('in the middle of a big file: the line of progress is wiped, what was judged is told', async () => {
    const run = atTerminal('validate', 'a-1.log', 'big-1.log');
    await run.until(() => /big-1\.log: \d+ MB read/.test(run.out));
    run.child.stdin.write('\x03');
    const ended = await run.ended;
    expect(ended.code).toBe(130);
    const [progress = '', results = ''] = ended.out.split('^C');
    expect(progress).toMatch(/big-1\.log: \d+ MB read, [\d.]+ MB\/s$/);
    // oxlint-disable-next-line no-control-regex
    expect(results).toMatch(/^(?:\r\u001b\[Kbig-1\.log: [^\r]*)?\r\u001b\[K\u001b\[33minconclusive/);
    expect(results).toMatch(/note: interrupted: only the beginning/);
    expect(results).toMatch(/interrupted: 1 server log judged, 1 in part, 0 not at all\r\n$/);
    clean(ended);
  });

  it('at standard input: it says that it reads, and ends', async () => {
    const run = atTerminal('validate', '-');
    await run.until(() => run.out.includes('reading standard input; Ctrl-D ends it'));
    run.child.stdin.write('\x03');
    const ended = await run.ended;
    expect(ended.code).toBe(130);
    expect(ended.out).toMatch(/interrupted: going on with the 0 bytes that came/);
    clean(ended);
  });
});
