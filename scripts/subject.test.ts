/**
 * Goal: whatever somebody's peer does, `fuzz --subject` ends and says so. Method: the compiled command, on the shipped
 * examples and on peers that throw, answer nonsense, loop, or end the process.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from './build.mjs';
import { zabcheckIn } from './command.js';
import { manyOf, THOROUGH } from './thorough.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RIGHT = join(ROOT, 'examples/right-peer.ts');
const WRONG = join(ROOT, 'examples/wrong-peer.ts');
let folder = '';

const zabcheck = (...args: readonly string[]) => zabcheckIn(folder, ...args);

/** A peer that is right but for one override. */
function spoiled(override: string): string {
  return `import { RightPeer } from '${pathToFileURL(RIGHT).href}';
class Spoiled extends RightPeer {
  ${override}
}
export default { name: 'spoiled', boot: (settings, disk) => new Spoiled(settings, disk) };
`;
}

const BAD = {
  throws: spoiled(`take(input) { if (input.type === 'Handle') throw new Error('boom'); return super.take(input); }`),
  garbage: spoiled(`take(input) { super.take(input); return 42; }`),
  'no-view': spoiled(`view() { return undefined; }`),
  loops: spoiled(`take(input) { if (input.type === 'Handle') for (;;); return super.take(input); }`),
  exits: spoiled(`take(input) { if (input.type === 'Handle') process.exit(0); return super.take(input); }`),
  'no-default': 'export const peer = 1;\n',
  syntax: 'export default {{{\n',
};

beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'zabcheck-subject-'));
  for (const [name, text] of Object.entries(BAD)) writeFileSync(join(folder, `${name}.ts`), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tokenIn = (out: string): string => /zab1\.[\w-]+/.exec(out)?.[0] ?? '';

describe('the examples', () => {
  it('the right peer passes', async () => {
    const { code, out } = await zabcheck('fuzz', '--subject', RIGHT, '--runs', `${manyOf(400)}`, '--seed', '1');
    expect(out).toContain(`${manyOf(400)} runs, ${(manyOf(400) * 400).toLocaleString('en')} steps, seed 1 `);
    expect(code).toBe(0);
  });

  it('the wrong one fails, with a story, a token that replays it, a diagram and a test; equal seeds give equal failures', async () => {
    const failing = () => zabcheck('fuzz', '--subject', WRONG, '--runs', '400', '--seed', '1');
    const { code, out } = await failing();
    expect(code).toBe(1);
    expect(out).toMatch(/FAILED: server -?\d+ after Handle: /);
    expect(out).toMatch(/\(\d+ steps, shrunk from \d+\)/);
    const token = tokenIn(out);
    const [place = ''] = readdirSync(join(folder, 'zabcheck-failures'));
    const written = (name: string): string => readFileSync(join(folder, 'zabcheck-failures', place, name), 'utf8');
    expect(written('story.txt')).toContain(token);
    expect(written('diagram.mmd')).toMatch(/^sequenceDiagram\n {2}participant S/);
    expect(written('failure.test.ts')).toContain("from 'zabcheck'");
    const again = await zabcheck('replay', '--subject', WRONG, token);
    expect(again.code).toBe(1);
    expect(again.out).toMatch(/FAILED: server -?\d+ after Handle: /);
    const right = await zabcheck('replay', token);
    expect(right.out).toMatch(/held: \d+ steps, each allowed by the specification/);
    expect(right.code).toBe(0);
    expect(tokenIn((await failing()).out)).toBe(token);
  });

  it('the right peer, which is of 3.8, passes as 3.9, and not as 3.5.4; the token carries the release', async () => {
    const fuzz = (release: string) =>
      zabcheck('fuzz', '--subject', RIGHT, '--runs', '20', '--seed', '1', '--release', release);
    const same = await fuzz('3.9.5');
    expect(same.out).toMatch(/^20 runs, 8,000 steps, seed 1, release 3\.9\.5 /);
    expect(same.code).toBe(0);
    const other = await fuzz('3.5.4-beta');
    expect(other.code).toBe(1);
    expect(other.out).toContain('servers of release 3.5.4-beta');
    const right = await zabcheck('replay', tokenIn(other.out));
    expect(right.out).toMatch(/held: \d+ steps, each allowed by the specification/);
    expect(right.code).toBe(0);
  });
});

describe('a bad subject is reported as such', () => {
  it.each([
    ['throws', 1, /FAILED: server -?\d+ threw at Handle: boom/],
    ['garbage', 1, /threw at \w+: take\(\) must return an array of messages, not number/],
    ['no-view', 1, /its view threw: /],
    ['loops', 1, /FAILED: the subject did not return within 1 s/],
    ['exits', 1, /FAILED: the subject ended its thread \(exit code 0\)/],
  ])('%s', async (name, expected, sentence) => {
    const { code, out } = await zabcheck(
      'fuzz',
      '--subject',
      `${name}.ts`,
      '--runs',
      '5',
      '--seed',
      '1',
      '--patience',
      '1s',
    );
    expect(out).toMatch(sentence);
    expect(code).toBe(expected);
    const token = tokenIn(out);
    expect(token).not.toBe('');
    if (!THOROUGH && name !== 'exits') return;
    expect((await zabcheck('replay', token)).code).toBe(0);
    expect((await zabcheck('replay', '--subject', `${name}.ts`, '--patience', '1s', token)).code).toBe(1);
  });

  it.each([
    [['--subject', 'no-default.ts'], /its default export must have "name" \(text\) and "boot" \(function\)/],
    [['--subject', 'syntax.ts'], /--subject syntax.ts could not be loaded/],
    [['--subject', 'missing.ts'], /there is no such file, and no such package is installed here/],
    [['--servers', '0'], /--servers: "0" is not a number or range within 1-15/],
    [['--faults', 'crash,meteor'], /--faults: "meteor" is none of crash, restart/],
    [['--for', 'soon'], /--for: "soon" is not a time; write 90s, 10m or 1h/],
    [['--release', '3.3.6'], /--release: "3.3.6" is not covered; 3.4.6 to 3.10 are/],
    [['--runs', '-1'], /--runs/],
    [['--runs', 'many'], /--runs: "many" is not a whole number/],
  ])('fuzz %s', async (flags, sentence) => {
    const { code, err } = await zabcheck('fuzz', ...flags);
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
  });

  it.each([
    ['nonsense', /a replay token begins with "zab1\."/],
    ['zab1.@@@', /holds characters that no token has/],
    ['zab1.AAAA', /the token is damaged|not JSON/],
  ])('replay %s', async (token, sentence) => {
    const { code, err } = await zabcheck('replay', token);
    expect(err).toMatch(sentence);
    expect(code).toBe(2);
  });
});
