import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { siblingsOf } from './siblings.js';
import { type Tailed, TailedFile } from './tail.js';

let folder = '';
let path = '';
let file: TailedFile;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zabcheck-tail-'));
  path = join(folder, 'a.log');
  file = new TailedFile(path);
});
afterEach(async () => {
  await file.close();
  rmSync(folder, { recursive: true, force: true });
});

/** All that is new, in words: events, torn lines, lines. */
async function news(): Promise<readonly string[]> {
  const told: string[] = [];
  for (
    let polled: Tailed;
    (polled = await file.poll()),
      polled.lines.length > 0 || polled.event !== null || polled.more || polled.torn !== null;
  ) {
    if (polled.event !== null) told.push(polled.event);
    if (polled.torn !== null) told.push(`torn ${polled.torn}`);
    told.push(...polled.lines);
  }
  return told;
}

describe('a file that grows', () => {
  test('is read on from where it was; a line counts when it ends', async () => {
    writeFileSync(path, 'one\ntw');
    expect(await news()).toEqual(['appeared', 'one']);
    expect(file.isInLine).toBe(true);
    expect(await news()).toEqual([]);
    appendFileSync(path, 'o');
    expect(await news()).toEqual([]);
    appendFileSync(path, '\r\nthree\n');
    expect(await news()).toEqual(['two', 'three']);
    expect(file.isInLine).toBe(false);
  });

  test('in the middle of a letter', async () => {
    const bytes = Buffer.from('größe\n');
    for (const byte of bytes.subarray(0, -1)) {
      appendFileSync(path, Uint8Array.of(byte));
      expect((await news()).filter((word) => word !== 'appeared')).toEqual([]);
    }
    appendFileSync(path, '\n');
    expect(await news()).toEqual(['größe']);
  });

  test('much at once is handed out bit by bit', async () => {
    const lines = Array.from({ length: 60_000 }, (_, index) => `line ${index}`);
    writeFileSync(path, `${lines.join('\n')}\n`);
    const first = await file.poll();
    expect(first.more).toBe(true);
    expect(first.lines.length).toBeLessThan(lines.length / 2);
    expect([...first.lines, ...(await news())]).toEqual(lines);
  });

  test('that is not there yet, empty at first, or removed for a while', async () => {
    expect(await news()).toEqual([]);
    writeFileSync(path, '');
    expect(await news()).toEqual(['appeared']);
    appendFileSync(path, 'one\n');
    expect(await news()).toEqual(['one']);
    unlinkSync(path);
    expect(await news()).toEqual([]);
    writeFileSync(path, 'two\n');
    expect(await news()).toEqual(['replaced', 'two']);
  });
});

describe('rotation', () => {
  test('by renaming: what was written to the old file after the last look is read first', async () => {
    writeFileSync(path, 'one\n');
    expect(await news()).toEqual(['appeared', 'one']);
    appendFileSync(path, 'two\n');
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, 'three\n');
    expect(await news()).toEqual(['two', 'three']);
    appendFileSync(`${path}.1`, 'four\n');
    writeFileSync(path, 'five\n');
    expect(await news()).toEqual(['four', 'rolled', 'five']);
    appendFileSync(`${path}.1`, 'late\n');
    appendFileSync(path, 'six\n');
    expect(await news()).toEqual(['six']);
  });

  test('in the middle of a line: its beginning is told as torn', async () => {
    writeFileSync(path, 'one\nhal');
    expect(await news()).toEqual(['appeared', 'one']);
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'two\n');
    expect(await news()).toEqual(['rolled', 'torn hal', 'two']);
  });

  test.each([
    [['a.log.2', 'a.log.1']],
    [['a-2026-01-02.0.log', 'a-2026-01-02.1.log']],
    [['a.log.2026-01-02', 'a.log.2026-01-03']],
    // Names that tell nothing: by the time at which they were made.
    [['a.log.zz', 'a.log.aa']],
  ])('several times between two looks: every part is read, oldest first (%s)', async ([older = '', newer = '']) => {
    writeFileSync(path, 'one\n');
    expect(await news()).toEqual(['appeared', 'one']);
    renameSync(path, join(folder, older));
    await delay(20);
    writeFileSync(join(folder, newer), 'two\n');
    writeFileSync(join(folder, 'another.log'), 'another\n');
    writeFileSync(path, 'three\n');
    expect(await news()).toEqual(['rolled', 'two', 'rolled', 'three']);
    expect(await news()).toEqual([]);
  });

  test('before it was seen first: parts that were not there at the beginning are read', async () => {
    writeFileSync(`${path}.1`, 'old\n');
    const late = new TailedFile(path, new Set((await siblingsOf(path)).map(({ identity }) => identity)));
    expect((await late.poll()).lines).toEqual([]);
    renameSync(`${path}.1`, `${path}.2`);
    writeFileSync(`${path}.1`, 'one\n');
    writeFileSync(path, 'two\n');
    file = late;
    expect(await news()).toEqual(['appeared', 'one', 'rolled', 'two']);
  });

  test('what became of the old file is not known: it may have gone on', async () => {
    writeFileSync(path, 'one\n');
    expect(await news()).toEqual(['appeared', 'one']);
    renameSync(path, join(folder, 'elsewhere'));
    writeFileSync(path, 'two\n');
    expect(await news()).toEqual(['replaced', 'two']);
  });

  test('by cutting the file', async () => {
    writeFileSync(path, 'one\ntwo\nhal');
    expect(await news()).toEqual(['appeared', 'one', 'two']);
    truncateSync(path, 0);
    expect(await news()).toEqual(['cut', 'torn hal']);
    appendFileSync(path, 'three\n');
    expect(await news()).toEqual(['three']);
  });

  test('by cutting the file and writing more than was there, unseen', async () => {
    writeFileSync(path, 'one\ntwo\n');
    expect(await news()).toEqual(['appeared', 'one', 'two']);
    writeFileSync(path, 'three\nfour\nfive\nsix\n');
    expect(await news()).toEqual(['cut', 'three', 'four', 'five', 'six']);
  });
});

describe('what cannot be followed is told in a sentence', () => {
  test('a folder', async () => {
    mkdirSync(path);
    await expect(file.poll()).rejects.toThrow(`Cannot read ${path}: it is a folder.`);
  });

  test('a compressed file', async () => {
    writeFileSync(path, gzipSync('one\n'));
    await file.poll();
    await expect(file.poll()).rejects.toThrow(`Cannot follow ${path}: it is compressed, so that it does not grow.`);
  });
});
