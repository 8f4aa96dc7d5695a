/**
 * Goal: what others read and write is documented as it is.
 * Method: the committed JSON Schemas are those of the code; a recorded log goes through ITF and is judged as it was.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from './build.mjs';
import { zabcheckIn } from './command.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(ROOT, 'dist/cli/main.js');
const LOG = join(ROOT, 'traces/recorded/3.8.0/three-start/info/server-1.log');
let folder = '';

const zabcheck = (...args: readonly string[]) => zabcheckIn(ROOT, ...args);

const linesOf = (text: string): readonly unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), 'zabcheck-formats-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('formats for others', () => {
  it.each(['trace', 'answer', 'coverage'])('docs/schema/%s.json is the schema of the code', async (name) => {
    expect(readFileSync(join(ROOT, `docs/schema/${name}.json`), 'utf8')).toBe((await zabcheck('schema', name)).out);
  });

  it('a log through ITF and back is the same trace, and judged', async () => {
    const itf = join(folder, 'trace.itf.json');
    writeFileSync(itf, (await zabcheck('parse', '--itf', LOG)).out);
    const back = (await zabcheck('itf', itf)).out;
    expect(linesOf(back)).toEqual(linesOf((await zabcheck('parse', LOG)).out));
    expect(spawnSync(process.execPath, [MAIN, 'validate', '-'], { input: back }).status).toBe(0);
    expect((await zabcheck('itf', LOG)).code).toBe(2);
  });
});
