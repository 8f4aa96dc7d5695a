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

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(ROOT, 'dist/cli/main.js');
const LOG = join(ROOT, 'traces/recorded/3.8.0/three-start/info/server-1.log');
let folder = '';

function zabcheck(args: readonly string[], input = ''): { readonly code: number | null; readonly out: string } {
  const { status, stdout } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', input });
  return { code: status, out: stdout };
}

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
  it.each(['trace', 'answer', 'coverage'])('docs/schema/%s.json is the schema of the code', (name) => {
    expect(readFileSync(join(ROOT, `docs/schema/${name}.json`), 'utf8')).toBe(zabcheck(['schema', name]).out);
  });

  it('a log through ITF and back is the same trace, and judged', () => {
    const itf = join(folder, 'trace.itf.json');
    writeFileSync(itf, zabcheck(['parse', '--itf', LOG]).out);
    const back = zabcheck(['itf', itf]).out;
    expect(linesOf(back)).toEqual(linesOf(zabcheck(['parse', LOG]).out));
    expect(zabcheck(['validate', '-'], back).code).toBe(0);
    expect(zabcheck(['itf', LOG]).code).toBe(2);
  });
});
