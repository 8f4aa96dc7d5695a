/**
 * A file that grows, as `tail -F` sees it: it may not be there yet, be renamed and written anew (rotation), or be cut and
 * written on. Asked now and then, it reads what is new; there is no clock in it.
 */
import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { InputError, inputError } from './input-error.js';
import { encodingOf, LineCutter } from './read-lines.js';

/** What happened to a file besides growing. */
export type TailEvent = 'appeared' | 'replaced' | 'cut';

export interface Tailed {
  /** Whole lines that are new, without line breaks. */
  readonly lines: readonly string[];
  readonly event: TailEvent | null;
  /** The event came before the lines. The last line of what was before it, if no line break ended it. */
  readonly torn: string | null;
  /** There is more to be read at once. */
  readonly more: boolean;
}

/** So much is read at a time. */
const CHUNK = 1 << 18;
/** By its first bytes a file is known again: who cuts a file may have written more than was there before. */
const HEAD = 256;

const NOTHING: Tailed = { lines: [], event: null, torn: null, more: false };

export class TailedFile {
  readonly path: string;
  #handle: FileHandle | null = null;
  /** Which file it is, whatever it is called. */
  #identity = '';
  #position = 0;
  #head = new Uint8Array();
  #cutter = new LineCutter();
  #decoder: InstanceType<typeof TextDecoder> | null = null;
  readonly #buffer = new Uint8Array(CHUNK);
  /** It was there once. */
  #wasThere = false;
  /** There is more to be read of what was looked at. */
  #hasMore = false;

  constructor(path: string) {
    this.path = path;
  }

  /** Device and number of the file that is read; empty: none is. */
  get identity(): string {
    return this.#identity;
  }

  /** Is a line begun and not ended? */
  get isInLine(): boolean {
    return this.#cutter.isOpen;
  }

  /** Reads on. Throws InputError if the file is there and cannot be read. */
  async poll(): Promise<Tailed> {
    try {
      if (this.#handle === null) return await this.#open();
      if (!this.#hasMore && !(await this.#isKnown(this.#handle))) return this.#cutOff();
      const read = await this.#read(this.#handle);
      this.#hasMore = read.more;
      return read.lines.length > 0 || read.more ? read : await this.#lookAfter(this.#handle);
    } catch (cause) {
      throw inputError(this.path, cause);
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    this.#identity = '';
    await handle?.close();
  }

  async #open(): Promise<Tailed> {
    const named = await statOf(this.path);
    if (named === null) return NOTHING;
    if (named.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    if (!named.isFile())
      throw new InputError(this.path, `Cannot follow ${this.path}: it is no file (a pipe is read by "-").`);
    const handle = await open(this.path, 'r');
    const found = await handle.stat();
    this.#handle = handle;
    this.#identity = identityOf(found);
    this.#begin();
    const event = this.#wasThere ? 'replaced' : 'appeared';
    this.#wasThere = true;
    return { ...(await this.#read(handle)), event };
  }

  #begin(): void {
    this.#position = 0;
    this.#head = new Uint8Array();
    this.#cutter = new LineCutter();
    this.#decoder = null;
  }

  async #read(handle: FileHandle): Promise<Tailed> {
    const { bytesRead } = await handle.read(this.#buffer, 0, CHUNK, this.#position);
    if (bytesRead === 0) return NOTHING;
    const bytes = this.#buffer.subarray(0, bytesRead);
    if (this.#position === 0 && bytes[0] === 0x1f && bytes[1] === 0x8b) {
      throw new InputError(this.path, `Cannot follow ${this.path}: it is compressed, so that it does not grow.`);
    }
    if (this.#position < HEAD) {
      const head = new Uint8Array(Math.min(HEAD, this.#position + bytesRead));
      head.set(this.#head);
      head.set(bytes.subarray(0, head.length - this.#position), this.#position);
      this.#head = head;
    }
    this.#decoder ??= new TextDecoder(encodingOf(bytes));
    this.#position += bytesRead;
    const lines = this.#cutter.push(this.#decoder.decode(bytes, { stream: true }));
    return { lines, event: null, torn: null, more: bytesRead === CHUNK };
  }

  /** Nothing is new: is it still the file that is called so, and does it still hold what was read? */
  async #lookAfter(handle: FileHandle): Promise<Tailed> {
    const named = await statOf(this.path);
    const { size } = await handle.stat();
    if (size < this.#position) return this.#cutOff();
    if (named !== null && identityOf(named) === this.#identity) return NOTHING;
    // What was written between the reading and the renaming is read first.
    if (size > this.#position) return { ...NOTHING, more: true };
    if (named === null) return NOTHING;
    await this.close();
    const torn = this.#cutter.end();
    return { ...(await this.#open()), torn };
  }

  #cutOff(): Tailed {
    const torn = this.#cutter.end();
    this.#begin();
    return { lines: [], event: 'cut', torn, more: true };
  }

  async #isKnown(handle: FileHandle): Promise<boolean> {
    if (this.#head.length === 0) return true;
    const now = new Uint8Array(this.#head.length);
    const { bytesRead } = await handle.read(now, 0, now.length, 0);
    return bytesRead === now.length && now.every((byte, index) => byte === this.#head[index]);
  }
}

/** Null: nothing is called so. */
async function statOf(path: string): Promise<Stats | null> {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

const identityOf = ({ dev, ino }: { readonly dev: number; readonly ino: number }): string => `${dev}:${ino}`;
