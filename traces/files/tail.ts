/**
 * A file that grows, as `tail -F` sees it: it may not be there yet, be renamed and written anew (rotation), or be cut and
 * written on. Asked now and then, it reads what is new; there is no clock in it.
 */
import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { InputError, inputError } from './input-error.js';
import { encodingOf, LineCutter } from './read-lines.js';
import { identityOf, siblingsOf } from './siblings.js';

/**
 * What happened to a file besides growing: it is there now; it was renamed, and reading goes on with the one that was written
 * after it; it was replaced, and nothing tells what was written in between; it was cut.
 */
export type TailEvent = 'appeared' | 'rolled' | 'replaced' | 'cut';

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

/** A file that is open, and which it is whatever it is called. */
interface Opened {
  readonly handle: FileHandle;
  readonly identity: string;
}

export class TailedFile {
  readonly path: string;
  /** Parts that were there before the file was asked for: they are not read. Null: they are all there is to know. */
  #before: ReadonlySet<string> | null;
  #file: Opened | null = null;
  /** What was written after the file that is read, oldest first, the one that is called so now among them. */
  #next: Opened[] = [];
  #position = 0;
  #head = new Uint8Array();
  #cutter = new LineCutter();
  #decoder: InstanceType<typeof TextDecoder> | null = null;
  readonly #buffer = new Uint8Array(CHUNK);
  /** There is more to be read of what was looked at. */
  #hasMore = false;

  /** `before`: identities of parts that are not asked for; absent: those that are there when it is looked at first. */
  constructor(path: string, before: ReadonlySet<string> | null = null) {
    this.path = path;
    this.#before = before;
  }

  /** Is a line begun and not ended? */
  get isInLine(): boolean {
    return this.#cutter.isOpen;
  }

  /** Reads on. Throws InputError if the file is there and cannot be read. */
  async poll(): Promise<Tailed> {
    try {
      if (this.#file === null) return await this.#appear();
      if (!this.#hasMore && !(await this.#isKnown(this.#file))) return this.#cutOff();
      const read = await this.#read(this.#file);
      this.#hasMore = read.more;
      return read.lines.length > 0 || read.more ? read : await this.#lookAfter(this.#file);
    } catch (cause) {
      throw inputError(this.path, cause);
    }
  }

  async close(): Promise<void> {
    for (const { handle } of [this.#file, ...this.#next].filter((one) => one !== null)) await handle.close();
    this.#file = null;
    this.#next = [];
  }

  /** The file is looked for the first time, or was not there before. */
  async #appear(): Promise<Tailed> {
    const known = this.#before;
    if (known === null) this.#before = new Set((await siblingsOf(this.path)).map(({ identity }) => identity));
    const current = await openFile(this.path);
    if (current === null) return NOTHING;
    const missed =
      known === null ? [] : await this.#opened((identity) => !known.has(identity) && identity !== current.identity);
    this.#next = [...missed, current];
    return { ...NOTHING, ...this.#goOn('appeared') };
  }

  /** Parts that are called otherwise by now, oldest first; what was renamed while it was looked for is looked for again. */
  async #opened(isWanted: (identity: string) => boolean): Promise<readonly Opened[]> {
    const wanted = (await siblingsOf(this.path)).filter(
      ({ identity, isCompressed }) => !isCompressed && isWanted(identity),
    );
    const opened: Opened[] = [];
    for (const { path, identity } of wanted) {
      const one = await openFile(path).catch(() => null);
      if (one?.identity === identity) opened.push(one);
      else {
        await one?.handle.close();
        const again = (await siblingsOf(this.path)).find((sibling) => sibling.identity === identity);
        const found = again === undefined ? null : await openFile(again.path).catch(() => null);
        if (found?.identity === identity) opened.push(found);
        else await found?.handle.close();
      }
    }
    return opened;
  }

  /** Turns to the next file. */
  #goOn(event: TailEvent): Tailed {
    const torn = this.#file === null ? null : this.#cutter.end();
    this.#file = this.#next.shift() ?? null;
    this.#begin();
    return { lines: [], event, torn, more: true };
  }

  #begin(): void {
    this.#position = 0;
    this.#head = new Uint8Array();
    this.#cutter = new LineCutter();
    this.#decoder = null;
    this.#hasMore = false;
  }

  async #read({ handle }: Opened): Promise<Tailed> {
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
  async #lookAfter(file: Opened): Promise<Tailed> {
    const { size } = await file.handle.stat();
    if (size < this.#position) return this.#cutOff();
    if (this.#next.length === 0) {
      const named = await statOf(this.path);
      if (named === null || identityOf(named) === file.identity) return NOTHING;
      const isKnown = await this.#findNext(file);
      if (this.#next.length === 0) return NOTHING;
      if (!isKnown) return this.#replaced(file);
    }
    // What was written between the reading and the renaming is read first.
    if ((await file.handle.stat()).size > this.#position) return { ...NOTHING, more: true };
    await file.handle.close();
    return this.#goOn('rolled');
  }

  async #replaced(file: Opened): Promise<Tailed> {
    await file.handle.close();
    return this.#goOn('replaced');
  }

  /** Opens what was written after the file, up to the one that is called so now; false: nobody knows whether that is all. */
  async #findNext(file: Opened): Promise<boolean> {
    const siblings = await siblingsOf(this.path);
    const at = siblings.findIndex(({ identity }) => identity === file.identity);
    const later = new Set(siblings.slice(at + 1).map(({ identity }) => identity));
    const current = await openFile(this.path);
    if (current === null) return false;
    const between =
      at < 0 ? [] : await this.#opened((identity) => later.has(identity) && identity !== current.identity);
    this.#next = [...between, current];
    return at >= 0 && between.length >= later.size - (later.has(current.identity) ? 1 : 0);
  }

  #cutOff(): Tailed {
    const torn = this.#cutter.end();
    this.#begin();
    return { lines: [], event: 'cut', torn, more: true };
  }

  async #isKnown({ handle }: Opened): Promise<boolean> {
    if (this.#head.length === 0) return true;
    const now = new Uint8Array(this.#head.length);
    const { bytesRead } = await handle.read(now, 0, now.length, 0);
    return bytesRead === now.length && now.every((byte, index) => byte === this.#head[index]);
  }
}

/** Null: nothing is called so. */
async function openFile(path: string): Promise<Opened | null> {
  const named = await statOf(path);
  if (named === null) return null;
  if (named.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
  if (!named.isFile()) throw new InputError(path, `Cannot follow ${path}: it is no file (a pipe is read by "-").`);
  const handle = await open(path, 'r');
  return { handle, identity: identityOf(await handle.stat()) };
}

/** Null: nothing is called so. */
async function statOf(path: string): Promise<Stats | null> {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
