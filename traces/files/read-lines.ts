/** Lines of a file of any size, in batches, with bounded memory. */
import { type FileHandle, open } from 'node:fs/promises';
import { type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { inputError } from './input-error.js';

/** So much of a line is kept; the rest is dropped and counted. */
export const MAX_LINE = 65_536;

const CHUNK = 1 << 18;

/** Consecutive lines of a file, without their line breaks (LF or CR LF). */
export interface LineBatch {
  readonly lines: readonly string[];
  /** Bytes of the file (as stored, compressed or not) that were read up to the end of this batch. */
  readonly bytes: number;
  /** How many of the lines were longer than MAX_LINE characters and lost their end. */
  readonly cut: number;
  /** True in the last batch if the file does not end with a line break: its last line may be torn. */
  readonly unterminated: boolean;
}

/**
 * Reads `path` line by line: gzip by magic number, UTF-8 with replacement characters (UTF-16 by byte order
 * mark), byte order mark dropped. A run of NUL bytes becomes one NUL. Throws InputError, which calls it `name`.
 */
export async function* readLines(path: string, name = path): AsyncGenerator<LineBatch, void, undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    throw inputError(name, cause);
  }
  yield* readLinesOf(handle, name);
}

/** The same of a file that is open, whatever it is called by now; it is closed at the end. */
export async function* readLinesOf(handle: FileHandle, name: string): AsyncGenerator<LineBatch, void, undefined> {
  try {
    const head = new Uint8Array(2);
    await handle.read(head, 0, 2, 0);
    const file = handle.createReadStream({ start: 0, highWaterMark: CHUNK });
    const gzip = head[0] === 0x1f && head[1] === 0x8b;
    yield* linesOf(gzip ? gunzip(file) : file, () => file.bytesRead, encodingOf(gzip ? EMPTY : head));
  } catch (cause) {
    throw inputError(name, cause);
  } finally {
    await handle.close().catch(() => undefined);
  }
}

const EMPTY = new Uint8Array();

/** The first bytes of a file (fewer if it is shorter). Throws InputError, which calls it `name`. */
export async function firstBytes(path: string, count: number, name = path): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(count), 0, count, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw inputError(name, cause);
  }
}

function gunzip(file: Readable): Readable {
  const out = createGunzip({ chunkSize: CHUNK });
  // `pipe` passes neither errors on nor the end of the reader back.
  file.on('error', (error) => out.destroy(error));
  out.on('close', () => file.destroy());
  return file.pipe(out);
}

/** By the byte order mark. */
export function encodingOf(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8';
}

/** Cuts a stream of bytes into lines. `progress` gives the bytes read so far. */
export async function* linesOf(
  stream: AsyncIterable<Uint8Array>,
  progress: () => number,
  encoding = 'utf-8',
): AsyncGenerator<LineBatch, void, undefined> {
  const decoder = new TextDecoder(encoding);
  const cutter = new LineCutter();
  for await (const chunk of stream) {
    const lines = cutter.push(decoder.decode(chunk, { stream: true }));
    if (lines.length > 0) yield { lines, bytes: progress(), cut: cutter.takeCut(), unterminated: false };
  }
  const lines = cutter.push(decoder.decode());
  const rest = cutter.end();
  if (rest !== null) lines.push(rest);
  if (lines.length > 0) yield { lines, bytes: progress(), cut: cutter.takeCut(), unterminated: rest !== null };
}

/** Joins the pieces of lines that chunks tear apart, up to MAX_LINE characters of each. */
export class LineCutter {
  #open = '';
  /** Does a line stand open, even an empty one? */
  #begun = false;
  #dropped = false;
  #cut = 0;

  /** The lines that end in this text. */
  push(text: string): string[] {
    if (text === '') return [];
    const pieces = (text.includes('\0') ? text.replace(/\0{2,}/g, '\0') : text).split('\n');
    const last = pieces.pop() ?? '';
    const lines: string[] = [];
    for (const piece of pieces) {
      if (this.#open === '' && piece.length <= MAX_LINE && !this.#dropped) lines.push(withoutCr(piece));
      else {
        this.#append(piece);
        lines.push(this.#take());
      }
    }
    if (pieces.length > 0) this.#begun = false;
    this.#append(last);
    if (last !== '') this.#begun = true;
    return lines;
  }

  /** The last line, if no line break ends it. */
  end(): string | null {
    return this.#begun ? this.#take() : null;
  }

  /** Is a line begun and not ended? */
  get isOpen(): boolean {
    return this.#begun;
  }

  takeCut(): number {
    const cut = this.#cut;
    this.#cut = 0;
    return cut;
  }

  #append(piece: string): void {
    const room = MAX_LINE - this.#open.length;
    const joint = this.#open.endsWith('\0') && piece.startsWith('\0') ? piece.slice(1) : piece;
    if (joint.length > room) this.#dropped = true;
    if (room > 0 && joint !== '') this.#open += joint.length > room ? joint.slice(0, room) : joint;
  }

  #take(): string {
    const line = withoutCr(this.#open);
    if (this.#dropped) this.#cut++;
    this.#open = '';
    this.#dropped = false;
    this.#begun = false;
    return line;
  }
}

function withoutCr(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
