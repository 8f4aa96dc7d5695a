/**
 * Goal: whatever a peer in another language does, `fuzz --exec` ends, says so, and leaves no process behind.
 * Method: the compiled command, on the shipped Python peers and on programs that die, are silent, are slow or talk nonsense.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from './build.mjs';
import { describeWithPython } from './needs-java.js';
import { THOROUGH } from './thorough.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(ROOT, 'dist/cli/main.js');
const peer = (name: string): string => `python3 '${join(ROOT, 'examples/python', name)}'`;
let folder = '';

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly ms: number;
}

function zabcheck(...args: string[]): Run {
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, out: stdout + stderr, ms: Date.now() - started };
}

/** A program that reads requests; `line` is what it does with each. `MARK` finds it in the list of processes. */
const program = (line: string): string => `process.title = 'MARK';
require('node:readline').createInterface({ input: process.stdin }).on('line', (text) => {
  const request = JSON.parse(text);
  ${line}
});
`;

const BAD = {
  dies: program(`console.error('out of order'); process.exit(3);`),
  asked: program(`console.error('asked for ' + request.settings.release); process.exit(3);`),
  killed: program(`process.kill(process.pid, 'SIGKILL');`),
  silent: program(``),
  slow: program(`setTimeout(() => console.log('{}'), 30000);`),
  garbage: program(`console.log('hello');`),
  shapeless: program(`console.log(JSON.stringify({ id: request.id, sent: [], view: { state: 'SLEEPING' } }));`),
  confused: program(`console.log(JSON.stringify({ id: 77, sent: [], view: {
    state: 'LOOKING', round: '0', proposal: { leader: '1', zxid: '0', epoch: '0' }, zxid: '0', currentEpoch: '0',
    acceptedEpoch: '0', vote: { leader: '1', zxid: '0', epoch: '0', round: '0' } } }));`),
};

beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'zabcheck-exec-'));
  for (const [name, text] of Object.entries(BAD))
    writeFileSync(join(folder, `${name}.cjs`), text.replace('MARK', name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tokenIn = (out: string): string => /zab1\.[\w-]+/.exec(out)?.[0] ?? '';

describeWithPython('the Python examples', () => {
  it('the right peer passes', () => {
    const args = ['fuzz', '--exec', peer('right_peer.py'), '--runs', '6', '--steps', '150', '--seed', '3'];
    const { code, out } = zabcheck(...args);
    expect(out).toMatch(/^6 runs, 900 steps, seed 3 /);
    expect(code).toBe(0);
  });

  it('a new process for each start of a server changes nothing', () => {
    const args = ['fuzz', '--exec', peer('right_peer.py'), '--fresh', '--runs', '2', '--steps', '40', '--seed', '3'];
    expect(zabcheck(...args).out).toMatch(/^2 runs, 80 steps, seed 3 /);
  });

  it('the wrong one shrinks to at most twelve steps, and its token replays', () => {
    const { code, out } = zabcheck('fuzz', '--exec', peer('wrong_peer.py'), '--runs', '100', '--seed', '1');
    expect(code).toBe(1);
    expect(Number(/\((\d+) steps, shrunk from \d+\)/.exec(out)?.[1])).toBeLessThanOrEqual(12);
    const again = zabcheck('replay', '--exec', peer('wrong_peer.py'), tokenIn(out));
    expect(again.out).toMatch(/FAILED: server \d+ after Handle: /);
    expect(again.code).toBe(1);
    expect(zabcheck('replay', '--exec', peer('right_peer.py'), tokenIn(out)).code).toBe(0);
    const [place = ''] = readdirSync(join(folder, 'zabcheck-failures'));
    expect(readFileSync(join(folder, 'zabcheck-failures', place, 'story.txt'), 'utf8')).toContain(
      'zabcheck replay --exec',
    );
  });
});

describe('a program that is no peer', () => {
  const kinds: readonly (readonly [name: string, words: RegExp])[] = [
    ['dies', /FAILED: server \d+ did not answer boot: its process ended \(exit code 3\); its last words: out of order/],
    ['killed', /FAILED: server \d+ did not answer boot: its process ended \((signal SIGKILL|exit code 137)\)/],
    ['silent', /FAILED: server \d+ did not answer boot within 400 ms/],
    ['slow', /FAILED: server \d+ did not answer boot within 400 ms/],
    ['garbage', /FAILED: server \d+ answered with a line that is not JSON: "hello"/],
    ['shapeless', /FAILED: server \d+ answered wrongly at "view.state"/],
    ['confused', /FAILED: server \d+ answered request 77 when \d+ was asked/],
  ];
  // Some are like others, and each takes the patience of the command.
  const some = kinds.filter(([name]) => THOROUGH || !['killed', 'slow', 'garbage'].includes(name));
  it.each(some)('that is %s', (name, words) => {
    const command = `'${process.execPath}' ${name}.cjs`;
    const args = ['fuzz', '--exec', command, '--runs', '5', '--seed', '1', '--answer-within', '400ms'];
    const { code, out, ms } = zabcheck(...args);
    expect(out).toMatch(words);
    expect(code).toBe(1);
    expect(ms).toBeLessThan(15_000);
    const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(stdout.split('\n').filter((line) => line === name || line.includes(`${name}.cjs`))).toEqual([]);
  });

  it('that cannot be started', () => {
    const { code, out } = zabcheck('fuzz', '--exec', './no-such-peer', '--runs', '1', '--seed', '1');
    expect(out).toMatch(/FAILED: server \d+ did not answer boot: its process ended \(exit code 127\)/);
    expect(code).toBe(1);
  });

  it('is told the release', () => {
    const command = `'${process.execPath}' asked.cjs`;
    const { out } = zabcheck('fuzz', '--exec', command, '--runs', '1', '--seed', '1', '--release', '3.4.14');
    expect(out).toContain('its last words: asked for 3.4.14');
    const again = zabcheck('replay', '--exec', command, tokenIn(out));
    expect(again.out).toContain('its last words: asked for 3.4.14');
  });

  it('is named once only', () => {
    const { code, out } = zabcheck('fuzz', '--exec', 'a', '--subject', 'b');
    expect(out).toMatch(/--exec and --subject both name a peer/);
    expect(code).toBe(2);
  });
});
