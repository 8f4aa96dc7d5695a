import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLinesOf } from './read-lines.js';
import { openParts, siblingsOf } from './siblings.js';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'zabcheck-siblings-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const put = (name: string, text: string): void => writeFileSync(at(name), name.endsWith('.gz') ? gzipSync(text) : text);

async function linesOf(name: string, isWanted: (part: string) => boolean = () => true): Promise<readonly string[]> {
  const { parts } = await openParts(at(name), isWanted);
  const lines: string[] = [];
  for (const { handle, path } of parts) for await (const batch of readLinesOf(handle, path)) lines.push(...batch.lines);
  return lines;
}

test('parts are what a name was rolled to, whatever rolls it; neighbours are none', async () => {
  const names = [
    'a.log',
    'a.log.1',
    'a.log.2.gz',
    'a.log.2026-01-02',
    'a-2026-01-02.0.log',
    'a.log-20260102',
    'a.log.20260102-101112',
  ];
  for (const name of [...names, 'b.log', 'aa.log', 'a.login', 'a']) put(name, 'x\n');
  mkdirSync(at('a.log.d'));
  expect((await siblingsOf(at('a.log'))).map(({ path }) => path.slice(folder.length + 1)).sort()).toEqual(
    [...names].sort(),
  );
  expect(await siblingsOf(join(folder, 'nowhere', 'a.log'))).toEqual([]);
});

test('older parts are read oldest first, the current one is not among them', async () => {
  put('a.log', 'four\n');
  put('a.log.1', 'three\n');
  put('a.log.2', 'two\n');
  put('a.log.3.gz', 'one\n');
  expect(await linesOf('a.log')).toEqual(['one', 'two', 'three']);
  expect(await linesOf('a.log', (part) => part.endsWith('.2'))).toEqual(['two']);
});

test('a part that was opened stays the same, though it is renamed before it is read', async () => {
  put('a.log', 'two\n');
  put('a.log.1', 'one\n');
  const { parts, others } = await openParts(at('a.log'), () => true);
  renameSync(at('a.log.1'), at('a.log.2'));
  renameSync(at('a.log'), at('a.log.1'));
  const lines: string[] = [];
  for (const { handle, path } of parts) for await (const batch of readLinesOf(handle, path)) lines.push(...batch.lines);
  expect(lines).toEqual(['one']);
  expect([...others]).toEqual(parts.map(({ identity }) => identity));
});
