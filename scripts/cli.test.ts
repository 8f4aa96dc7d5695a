/**
 * Goal: the command line as a user meets it: bad input gives one clear sentence and the documented code, never a
 * stack trace; good input gives verdicts. Method: the compiled CLI is run as a process of its own.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from './build.mjs';
import { zabcheckIn } from './command.js';
import { THOROUGH } from './thorough.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(ROOT, 'dist/cli/main.js');
const RECORDED = join(ROOT, 'traces/recorded/3.8.0');
const GOOD = join(RECORDED, 'three-start/info/server-1.log');
let folder = '';

const zabcheck = (...args: readonly string[]) => zabcheckIn(folder, ...args);

beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'zabcheck-cli-'));
  writeFileSync(join(folder, 'empty.log'), '');
  writeFileSync(
    join(folder, 'binary.log'),
    Uint8Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 256),
  );
  writeFileSync(join(folder, 'other.log'), '2026-01-01 00:00:00,000 INFO  [main] com.example.Shop - an order\n');
  writeFileSync(join(folder, 'malformed.cfg'), 'tickTime=2000\nserver.1=127.0.0.1:2888\n');
  writeFileSync(join(folder, 'twice.cfg'), 'server.1=h:1:2\nserver.2=h:3:4\nserver.1=h:5:6\n');
  writeFileSync(join(folder, 'good.log'), readFileSync(GOOD));
  mkdirSync(join(folder, 'nothing'));
  symlinkSync('loop', join(folder, 'loop'));
  mkdirSync(join(folder, 'misconfigured'));
  writeFileSync(join(folder, 'misconfigured/server-1.log'), readFileSync(GOOD));
  writeFileSync(join(folder, 'misconfigured/zoo.cfg'), 'server.1=127.0.0.1:2888\n');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('bad input', () => {
  it.each([
    ['a missing file', ['validate', 'nowhere.log'], 2, /nowhere\.log: it does not exist/],
    ['a folder that cannot be read', ['validate', 'loop'], 2, /Cannot read loop: /],
    [
      'a malformed server line',
      ['validate', '--config', 'malformed.cfg', 'good.log'],
      2,
      /malformed\.cfg:2: server\.1/,
    ],
    [
      'a server line that stands twice',
      ['validate', '--config', 'twice.cfg', 'good.log'],
      2,
      /twice\.cfg:3: .*twice.*line 1/,
    ],
    ['a malformed zoo.cfg beside the logs', ['validate', 'misconfigured'], 2, /zoo\.cfg:1: server\.1/],
    ['a missing configuration', ['validate', '--config', 'no.cfg', 'good.log'], 2, /no\.cfg: it does not exist/],
    ['an unknown flag', ['validate', '--frobnicate', 'good.log'], 2, /unknown option '--frobnicate'/],
    ['an unknown command', ['frobnicate'], 2, /unknown command 'frobnicate'/],
    ['no path', ['validate'], 2, /missing required argument 'path'/],
    ['an unknown machine', ['validate', '--machine', 'java', 'good.log'], 2, /--machine.*'java'.*impl, spec, both/],
    [
      'an id beyond 64 bits',
      ['validate', '--sid', '99999999999999999999', 'good.log'],
      2,
      /--sid: .*does not fit|--sid: .*64-bit/,
    ],
    [
      'an unknown scenario',
      ['record', 'nothing-known', '--out', 'x'],
      2,
      /there is no scenario "nothing-known"; there are: /,
    ],
    ['an empty file', ['validate', 'empty.log'], 3, /the log is empty/],
    ['a binary file', ['validate', 'binary.log'], 3, /none of an election/],
    ['a log of something else', ['validate', 'other.log'], 3, /1 line was read, none of an election/],
    ['an empty folder', ['validate', 'nothing'], 3, /no log was found in nothing/],
    [
      'a log of another server',
      ['validate', '--sid', '2', 'good.log'],
      3,
      /election lines that were read are of another server/,
    ],
  ])('%s', async (_, args, code, sentence) => {
    const run = await zabcheck(...args);
    expect(run.code).toBe(code);
    expect(run.out + run.err).toMatch(sentence);
    expect(run.out + run.err).not.toMatch(/\n\s+at .*:\d+:\d+/);
  });

  it('one bad path does not lose the verdict of the others', async () => {
    const run = await zabcheck('validate', 'nowhere.log', 'good.log');
    expect(run.code).toBe(2);
    expect(run.out).toMatch(/^accepted {4}/m);
    expect(run.err).toMatch(/nowhere\.log/);
  });

  it('a line of 200 MB is neither held in memory nor slow', async () => {
    const file = join(folder, 'endless.log');
    const stream = createWriteStream(file);
    for (let megabyte = 0; megabyte < 200; megabyte += 1) {
      if (!stream.write('x'.repeat(1_000_000)))
        await new Promise<void>((resolve) => stream.once('drain', () => resolve()));
    }
    await new Promise<void>((resolve) => stream.end(() => resolve()));
    const args = ['--max-old-space-size=64', MAIN, 'validate', file];
    const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
    rmSync(file);
    expect(run.status, run.stderr).toBe(3);
    expect(run.stdout).toMatch(/1 line was read, none of an election/);
  });
});

describe('validate', () => {
  it('accepts every recorded log', async () => {
    // Together with others they are judged by property-tests/ensembles.
    const folders = readdirSync(RECORDED)
      .filter((_, index) => THOROUGH || index % 3 === 1)
      .map((name) => join(RECORDED, name));
    const run = await zabcheck('validate', ...folders);
    expect(run.code, run.out).toBe(0);
    const files = folders.flatMap((one) => readdirSync(one, { recursive: true, encoding: 'utf8' }));
    const count = files.filter((path) => /server-\d\.log/.test(path)).length;
    expect(count).toBeGreaterThan(THOROUGH ? 50 : 20);
    expect(run.out).toContain(`${count} server logs: ${count} accepted`);
    expect(run.out).not.toMatch(/ 0 lines judged| 0 hidden steps| [1-9]\d* election lines not understood/);
  });

  it('prints one JSON document with the documented keys', async () => {
    const run = await zabcheck('validate', '--json', join(RECORDED, 'leader-crash/info'));
    expect(run.out.slice(0, 40)).toMatch(/^\{\s+"schema": "zabcheck\.validate\/1"/);
    const document = JSON.parse(run.out) as { verdict: string; servers: Record<string, unknown>[] };
    expect(document.verdict).toBe('accepted');
    expect(document.servers.map((server) => server['sid'])).toEqual(['1', '2', '3', '4']);
    for (const key of ['sid', 'verdict', 'files', 'observations', 'hiddenSteps', 'elections', 'divergence']) {
      expect(document.servers[0]).toHaveProperty(key);
    }
    expect(document.servers[3]?.['elections']).toMatchObject([
      { state: 'LEADING', leader: '4', round: '1' },
      { state: 'FOLLOWING', leader: '3', round: '2' },
    ]);
  });

  it('lets the specification judge alone, or beside the peer of this package', async () => {
    const log = join(RECORDED, 'leader-crash/info/server-1.log');
    const machinesOf = async (...args: string[]): Promise<unknown> => {
      const run = await zabcheck('validate', '--json', ...args, log);
      expect(run.code, run.err).toBe(0);
      const { servers } = JSON.parse(run.out) as { servers: { machines: { name: string; verdict: string }[] }[] };
      return servers[0]?.machines.map(({ name, verdict }) => `${name} ${verdict}`);
    };
    expect(await machinesOf('--machine', 'spec')).toEqual(['spec accepted']);
    expect(await machinesOf()).toEqual(['impl accepted', 'spec accepted']);
    expect((await zabcheck('validate', log)).out).toMatch(/lines judged by impl and spec,/);
  });

  it('names file, line and reason of a divergence, exit code 1', async () => {
    const text = readFileSync(GOOD, 'utf8');
    const lines = text.split('\n');
    const line = lines.findIndex((one) => one.includes('n.sid:1, n.state:LOOKING')) + 1;
    lines[line - 1] = (lines[line - 1] ?? '').replace('n.round:0x1', 'n.round:0x7');
    const file = join(folder, 'server-1.log');
    writeFileSync(file, lines.join('\n'));
    const config = join(RECORDED, 'three-start/zoo.cfg');
    const run = await zabcheck('validate', '--json', '--config', config, file);
    expect(run.code).toBe(1);
    const document = JSON.parse(run.out) as {
      servers: { divergence: { file: string; line: number; reason: string } }[];
    };
    expect(document.servers[0]?.divergence).toMatchObject({ file, line });
    expect(document.servers[0]?.divergence.reason).toMatch(/n\.round:0x7 where it must be 0x1/);
    expect((await zabcheck('validate', '--config', config, file)).out).toMatch(/why: .*n\.round:0x7/);
    expect((await zabcheck('validate', '--gaps', '--config', config, file)).code).toBe(3);
  });

  it('prints nothing of a log that moves the cursor or changes colours', async () => {
    const file = join(folder, 'server-1.log');
    const odd = 'Notification: my state:LOOKING; n.sid:\u001b[2J\u202e\u0007, n.state:LOOKING';
    const line = `2026-01-02 03:04:05,678 [myid:1] - INFO  [WorkerReceiver[myid=1]:FastLeaderElection@1] - ${odd}\n`;
    writeFileSync(
      file,
      readFileSync(GOOD, 'utf8').replace(/(?<=New election[^\n]*\n)/, () => line),
    );
    const run = await zabcheck('validate', file);
    expect(run.code).toBe(3);
    expect(run.out).toMatch(/n\.sid|an election line could not be read/);
    // oxlint-disable-next-line no-control-regex
    expect(run.out).not.toMatch(/[\u001b\u0007\u202e]/);
    expect(run.out).toContain('\\u202e');
  });

  it('infers no ensemble of more voters than it can try', async () => {
    const notification = (sid: number): string =>
      `2026-01-02 03:04:05,678 [myid:1] - INFO  [WorkerReceiver[myid=1]:FastLeaderElection@1] - Notification: my state:LOOKING; ` +
      `n.sid:${sid}, n.state:LOOKING, n.leader:${sid}, n.round:0x1, n.peerEpoch:0x0, n.zxid:0x0, ` +
      'message format version:0x2, n.config version:0x0\n';
    const file = join(folder, 'crowd.log');
    writeFileSync(file, Array.from({ length: 20_000 }, (_, sid) => notification(sid)).join(''));
    const run = await zabcheck('validate', file);
    expect(run.code).toBe(3);
    expect(run.out).toMatch(
      /more than 32 voters: too many to infer the ensemble from it; name its configuration with --config/,
    );
  });

  it('accepts what parse prints: NDJSON is a log as well', async () => {
    const parsed = await zabcheck('parse', GOOD);
    expect(parsed.code).toBe(0);
    expect(parsed.out.split('\n')[0]).toMatch(/^\{"schema":"zabcheck\.observation\/1"/);
    writeFileSync(join(folder, 'server-1.ndjson'), parsed.out);
    const run = await zabcheck(
      'validate',
      '--config',
      join(RECORDED, 'three-start/zoo.cfg'),
      join(folder, 'server-1.ndjson'),
    );
    expect(run.code, run.out + run.err).toBe(0);
  });

  it('a reader that goes away is no error', async () => {
    const child = spawn(process.execPath, [MAIN, 'parse', RECORDED], { stdio: ['ignore', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect(err).not.toMatch(/EPIPE|at .*:\d+:\d+/);
    expect(code).toBe(0);
  });
});
