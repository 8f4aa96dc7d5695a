import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from './input-error.js';
import { linesOf, MAX_LINE, readLines, type LineBatch } from './read-lines.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zabcheck-lines-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function read(content: Uint8Array | string): Promise<{ lines: string[]; last: LineBatch | undefined }> {
  const path = join(folder, 'file');
  await writeFile(path, content);
  const batches: LineBatch[] = [];
  for await (const batch of readLines(path)) batches.push(batch);
  return { lines: batches.flatMap((batch) => batch.lines), last: batches.at(-1) };
}

async function* chunks(...parts: (Uint8Array | string)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? new TextEncoder().encode(part) : part;
}

async function cut(stream: AsyncIterable<Uint8Array>): Promise<{ lines: string[]; cut: number }> {
  const result = { lines: [] as string[], cut: 0 };
  for await (const batch of linesOf(stream, () => 0)) {
    result.lines.push(...batch.lines);
    result.cut += batch.cut;
  }
  return result;
}

describe('lines of a file', () => {
  test('LF and CR LF, empty lines kept, a last line without a break is marked', async () => {
    expect((await read('a\r\n\nb\n')).lines).toEqual(['a', '', 'b']);
    expect((await read('a\nb\n')).last?.unterminated).toBe(false);
    const open = await read('a\nb');
    expect(open.lines).toEqual(['a', 'b']);
    expect(open.last).toMatchObject({ unterminated: true, bytes: 3, cut: 0 });
    expect((await read('')).lines).toEqual([]);
    expect((await read('\n')).lines).toEqual(['']);
  });

  test('gzip is known by its magic number', async () => {
    expect((await read(gzipSync('a\nb\n'))).lines).toEqual(['a', 'b']);
  });

  test('damaged gzip is an error that names the file', async () => {
    const whole = gzipSync('x'.repeat(100_000));
    const path = join(folder, 'file');
    await expect(read(whole.subarray(0, whole.length - 20))).rejects.toThrow(
      new InputError(path, `Cannot read ${path}: its compressed data ends too early.`),
    );
  });

  test('byte order marks, UTF-16, and bytes that are no UTF-8', async () => {
    expect((await read('\ufeffa\n')).lines).toEqual(['a']);
    expect((await read(Buffer.from('\ufeffLOOKING\nb', 'utf16le'))).lines).toEqual(['LOOKING', 'b']);
    expect((await read(new Uint8Array([0x61, 0xff, 0x62, 0x0a]))).lines).toEqual(['a\ufffdb']);
  });

  test('runs of NUL become one', async () => {
    expect((await read(`a${'\0'.repeat(500_000)}b\nc`)).lines).toEqual(['a\0b', 'c']);
    expect((await cut(chunks('a\0', '\0\0', '\0b\n'))).lines).toEqual(['a\0b']);
  });

  test('what cannot be read is an InputError', async () => {
    const missing = join(folder, 'missing');
    await expect(readLines(missing).next()).rejects.toThrow(`Cannot read ${missing}: it does not exist.`);
    await expect(readLines(missing).next()).rejects.toBeInstanceOf(InputError);
    await expect(readLines(folder).next()).rejects.toThrow(`Cannot read ${folder}: it is a folder.`);
  });
});

describe('lines of a stream', () => {
  test('a line and a character may be torn anywhere', async () => {
    const bytes = new TextEncoder().encode('né\r\nö\n');
    for (let at = 0; at <= bytes.length; at++) {
      expect((await cut(chunks(bytes.subarray(0, at), bytes.subarray(at)))).lines).toEqual(['né', 'ö']);
    }
  });

  test('a line of exactly the limit is whole, a longer one is cut and counted', async () => {
    const whole = 'x'.repeat(MAX_LINE);
    expect(await cut(chunks(`${whole}\na\n`))).toEqual({ lines: [whole, 'a'], cut: 0 });
    expect(await cut(chunks(`${whole}y\na\n`))).toEqual({ lines: [whole, 'a'], cut: 1 });
    expect(await cut(chunks(`${whole}y`))).toEqual({ lines: [whole], cut: 1 });
  });

  test('one line of 100 MB is neither kept nor slow', async () => {
    const part = new Uint8Array(1 << 16).fill(0x78);
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('first\n');
      for (let i = 0; i < 1600; i++) yield part;
      yield new TextEncoder().encode('\nlast\n');
    }
    const started = performance.now();
    const result = await cut(endless());
    expect(result.lines.map((line) => line.length)).toEqual([5, MAX_LINE, 4]);
    expect(result.cut).toBe(1);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
