/**
 * Goal: a recording that cannot succeed says why in a sentence and leaves nothing behind. Method: a script named
 * `java` comes first on the PATH and plays the servers, so that each failure happens at once and every time.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../usage-error.js';
import { findRuntime } from './java.js';
import { record } from './record.js';

const folder = mkdtempSync(join(tmpdir(), 'zabcheck-fake-java-'));
const runs = join(folder, 'runs');
const out = join(folder, 'out');
const distribution = join(folder, 'distribution');
const before = { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] };

afterAll(() => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  rmSync(out, { recursive: true, force: true });
  for (const name of ['bin', 'runs', 'distribution/lib']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(distribution, 'lib/zookeeper-3.8.0.jar'), '');
  process.env['PATH'] = [join(folder, 'bin'), before.PATH].join(delimiter);
  process.env['TMPDIR'] = runs;
});

interface FakeJava {
  /** What it does in place of a server, as JavaScript: `sid`, `serve(mode)` and node:fs as `fs` are at hand. */
  readonly server: string;
  /** What it does besides when it is asked for its version. */
  readonly asked?: string;
  readonly release?: string;
}

function fakeJava({ server, asked = '', release = '17.0.1' }: FakeJava): void {
  const file = join(folder, 'bin/java');
  const script = `#!${process.execPath}
const fs = require('node:fs');
if (process.argv.includes('-version')) {
  console.error('openjdk version "${release}"');
  ${asked}
} else {
  const config = fs.readFileSync(process.argv.at(-1), 'utf8');
  const port = Number(/clientPort=([0-9]+)/.exec(config)[1]);
  const sid = Number(fs.readFileSync(/dataDir=(.*)/.exec(config)[1] + '/myid', 'utf8'));
  const serve = (mode) => require('node:net').createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end('Mode: ' + mode));
  }).listen(port, '127.0.0.1');
  ${server}
}
`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
}

const SERVER1_LEADS = `serve(sid === 1 ? 'leader' : 'follower');`;

function recording(scenario: string, progress: string[] = [], signal = new AbortController().signal): Promise<unknown> {
  return record({ scenario, out, zookeeper: distribution, signal, onProgress: (line) => progress.push(line) });
}

async function sentenceOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  return error instanceof Error ? error.message : '';
}

function expectNothingLeft(): void {
  expect(readdirSync(runs)).toEqual([]);
  expect(existsSync(out)).toBe(false);
}

describe('a recording that cannot succeed', () => {
  it('a server that ends by itself is named, with its last lines', async () => {
    fakeJava({ server: `if (sid === 2) { console.error('cannot bind'); process.exit(3); } else serve('follower');` });
    const sentence = await sentenceOf(recording('three-start'));
    expect(sentence).toBe('the recording failed: Server2 ended by itself (code 3). Its last lines:\n  cannot bind');
    expectNothingLeft();
  });

  it('a java that goes away between two calls does not hang', async () => {
    fakeJava({ server: '', asked: 'fs.rmSync(process.argv[1]);' });
    process.env['PATH'] = join(folder, 'bin');
    expect(await sentenceOf(recording('three-start'))).toMatch(/Server1 could not be started: spawn java ENOENT\.$/);
    expectNothingLeft();
  });

  it('another leader than the scenario needs, three times', async () => {
    fakeJava({ server: SERVER1_LEADS });
    const progress: string[] = [];
    expect(await sentenceOf(recording('leader-crash', progress))).toBe(
      'the recording failed: Server1 leads where the scenario needs Server4, 3 times out of 3.',
    );
    expect(progress.filter((line) => line.includes('recording again'))).toEqual([
      'Server1 leads where the scenario needs Server4; recording again (2 of 3)',
      'Server1 leads where the scenario needs Server4; recording again (3 of 3)',
    ]);
    expectNothingLeft();
  });

  it('servers that log nowhere', async () => {
    fakeJava({ server: SERVER1_LEADS });
    expect(await sentenceOf(recording('three-start'))).toMatch(/^Server1 wrote no log: /);
    expectNothingLeft();
  });

  it('a Java that is too old', async () => {
    fakeJava({ server: '', release: '1.8.0_402' });
    expect(await sentenceOf(recording('three-start'))).toBe(
      'record needs Java 11 or newer, and the `java` on the PATH is 8.',
    );
    expectNothingLeft();
  });

  it('a distribution without ZooKeeper', async () => {
    fakeJava({ server: '' });
    rmSync(join(distribution, 'lib/zookeeper-3.8.0.jar'));
    expect(await sentenceOf(recording('three-start'))).toMatch(/there is no lib\/zookeeper-\*\.jar in it\.$/);
  });
});

it('a distribution may be named by a relative path, though servers run in folders of their own', () => {
  fakeJava({ server: '' });
  const { classPath } = findRuntime(relative(process.cwd(), distribution));
  expect(classPath).toEqual([join(distribution, 'lib/zookeeper-3.8.0.jar')]);
});

it('servers and folder go even if the process ends in the middle, as with a second Ctrl-C', async () => {
  const pidFile = join(folder, 'pids');
  writeFileSync(pidFile, '');
  const note = `fs.appendFileSync(${JSON.stringify(pidFile)}, process.pid + ' ')`;
  fakeJava({ server: `${note}; setInterval(() => {}, 1000);` });
  const script = join(folder, 'run.mts');
  const main = new URL('./record.ts', import.meta.url).href;
  const options = JSON.stringify({ scenario: 'three-start', out, zookeeper: distribution });
  writeFileSync(
    script,
    `import { readFileSync } from 'node:fs';
import { record } from ${JSON.stringify(main)};
const running = () => readFileSync(${JSON.stringify(pidFile)}, 'utf8').split(' ').length - 1;
setInterval(() => { if (running() === 3) process.exit(130); }, 20);
await record({ ...${options}, signal: new AbortController().signal, onProgress: () => {} });
`,
  );
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script], { stdio: 'inherit' });
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(130);
  const pids = readFileSync(pidFile, 'utf8').trim().split(' ').map(Number);
  expect(pids).toHaveLength(3);
  try {
    await expect.poll(() => pids.filter(isRunning)).toEqual([]);
  } finally {
    for (const pid of pids.filter(isRunning)) process.kill(pid, 'SIGKILL');
  }
  expect(readdirSync(runs).filter((name) => !name.startsWith('tsx-'))).toEqual([]);
});

/** A process that has ended but was not yet collected by its parent (state Z) does not run. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}
