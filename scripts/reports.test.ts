/**
 * Goal: what `validate` writes is whole, harmless, small, and shows what was found.
 * Method: the compiled command on recorded logs, altered ones, and hostile or huge ones; the page is opened in a real browser.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from './build.mjs';
import { zabcheckIn } from './command.js';
import { describeWithChromium } from './needs-java.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RECORDED = join(ROOT, 'traces/recorded/3.8.0/leader-crash');
let folder = '';

const zabcheck = (...args: readonly string[]) => zabcheckIn(folder, ...args);

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** The recorded ensemble, one line of server 2 altered. */
function altered(name: string, from: string, to: string): void {
  cpSync(join(RECORDED, 'info'), join(folder, name), { recursive: true });
  cpSync(join(RECORDED, 'zoo.cfg'), join(folder, name, 'zoo.cfg'));
  const log = join(folder, name, 'server-2.log');
  const lines = readFileSync(log, 'utf8').split('\n');
  lines[177] = lines[177]?.replace(from, to) ?? '';
  writeFileSync(log, lines.join('\n'));
}

beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'zabcheck-reports-'));
  altered('right', 'x', 'x');
  altered('wrong', 'n.zxid:0x0', 'n.zxid:0x7');
  altered('hostile', 'n.zxid:0x0', 'n.zxid:<script>alert(1)</script>');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const VALIDATE = ['--no-reasons', '--html', 'r.html', '--junit', 'r.xml', '--mermaid', 'r.md'];

describe('reports', () => {
  it('of a right ensemble', async () => {
    expect((await zabcheck('validate', 'right', ...VALIDATE)).code).toBe(0);
    expect(read('r.html')).toContain('<strong class="accepted">accepted</strong> 4 server logs, 1 ensemble');
    expect(read('r.html').match(/<svg /g)?.length).toBe(1);
    expect(read('r.xml')).toContain('tests="5" failures="0" errors="0" skipped="0"');
    expect(read('r.md')).toContain('sequenceDiagram\n  participant S1 as server 1');
    expect(read('r.md')).toMatch(/S3->>S2: 3 \(zxid 0x0, round 1/);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('of a contradiction name its lines', async () => {
    expect((await zabcheck('validate', 'wrong', ...VALIDATE)).code).toBe(1);
    expect(read('r.html')).toMatch(/server-2\.log:178: the logs contradict each other/);
    expect(read('r.html')).toMatch(/never sent: a vote for 3 \(zxid 0x7/);
    expect(read('r.xml')).toMatch(
      /failures="1"[^]*<failure type="diverged" message="server 2 received from server 3 what/,
    );
  });

  it('show foreign text as text', async () => {
    await zabcheck('validate', 'hostile', ...VALIDATE, '--json');
    expect(read('r.html')).not.toContain('<script');
    expect(read('r.xml')).not.toContain('<script');
  });

  it('stay below two megabytes, and say what they leave out', async () => {
    mkdirSync(join(folder, 'huge'));
    await zabcheck('generate', 'huge', '--servers', '5', '--steps', '50000', '--seed', '3');
    await zabcheck('validate', 'huge', '--machine', 'impl', ...VALIDATE);
    expect(statSync(join(folder, 'huge', 'server-1.log')).size).toBeGreaterThan(30_000);
    expect(statSync(join(folder, 'r.html')).size).toBeLessThan(2_000_000);
    expect(read('r.html')).toMatch(/\d+ later events not drawn/);
    expect(read('r.md')).toMatch(/\d+ later events are not drawn/);
  });

  it('that cannot be written are refused before anything is judged', async () => {
    const { code, err } = await zabcheck('validate', 'right', '--html', 'nowhere/r.html');
    expect([code, err]).toEqual([2, 'error: --html nowhere/r.html cannot be written.\n']);
    expect((await zabcheck('validate', 'right', '--junit', 'right')).code).toBe(2);
  });
});

describeWithChromium('in a browser', () => {
  it('the page has its diagram, and asks for nothing else', async () => {
    await zabcheck('validate', 'wrong', '--html', 'r.html');
    const { stdout, stderr } = spawnSync(
      'chromium',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--enable-logging=stderr',
        '--dump-dom',
        `file://${join(folder, 'r.html')}`,
      ],
      { encoding: 'utf8', timeout: 60_000 },
    );
    expect(stdout).toContain('<title>zabcheck: diverged</title>');
    expect(stdout.match(/<svg /g)?.length).toBe(1);
    expect(stdout).toContain('The elections of servers 1, 2, 3, 4');
    expect(stdout).not.toMatch(/(?:src|href)="(?!#)/);
    expect(stderr).not.toMatch(/CONSOLE/);
  });
});
