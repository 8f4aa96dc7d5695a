/** Writes checkpoints into a folder while a search goes on: whenever the process dies, the last complete one is there. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Checkpoints, type Snapshot, type Stream, type StreamName, STREAMS } from '../../checker/checkpoints.js';
import type { ModelChoice } from '../../models/models.js';
import { UsageError } from '../usage-error.js';
import {
  type CheckpointBody,
  isOurFile,
  isSegment,
  NEW_RECORD_FILE,
  printCheckpoint,
  RECORD_FILE,
  type Segment,
} from './checkpoint-format.js';
import { lockFolder } from './folder-lock.js';

/** Copied, hashed and written at once. */
const CHUNK_BYTES = 4 * 2 ** 20;

export interface FolderOptions {
  readonly folder: string;
  readonly everyMs: number;
  readonly choice: ModelChoice;
  readonly build: string;
  /** What stands in the folder, if the run was resumed from it: what is new is added. */
  readonly resumed: CheckpointBody | null;
  /** Says that one could not be written. */
  readonly complain: (sentence: string) => void;
}

interface Kept {
  age: number;
  length: number;
  segments: Segment[];
}

export class CheckpointFolder implements Checkpoints {
  readonly #options: FolderOptions;
  readonly #kept: Record<StreamName, Kept>;
  readonly #unlock: () => void;
  #serial: number;
  #isDue = false;
  #isWriting = false;
  #written: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #soon: () => void = () => undefined;
  readonly #onSignal = (): void => this.#ask();

  /** Throws UsageError where the folder cannot be, holds what is not ours, or another process writes there. */
  constructor(options: FolderOptions) {
    this.#options = options;
    const { folder, resumed } = options;
    if (resumed === null) demandEmpty(folder);
    this.#unlock = lockFolder(folder);
    this.#serial = resumed?.serial ?? 0;
    this.#kept = byStream((name) => {
      const segments = [...(resumed?.streams[name] ?? [])];
      return { age: 0, length: segments.reduce((sum, { bytes }) => sum + bytes, 0), segments };
    });
  }

  begin(soon: () => void): void {
    this.#soon = soon;
    this.#timer = setInterval(() => this.#ask(), this.#options.everyMs);
    this.#timer.unref();
    process.on('SIGUSR2', this.#onSignal);
  }

  #ask(): void {
    this.#isDue = true;
    if (!this.#isWriting) this.#soon();
  }

  isDue(): boolean {
    return this.#isDue && !this.#isWriting;
  }

  take(snapshot: Snapshot): void {
    this.#isDue = false;
    this.#isWriting = true;
    this.#written = this.#written
      .then(() => this.#write(snapshot))
      .catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        this.#options.complain(
          `${this.#options.folder}: this checkpoint was not written, the one before it stays: ${why}`,
        );
      })
      .finally(() => (this.#isWriting = false));
  }

  /** No more are asked for; the last is written, and others may have the folder. */
  async end(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    process.off('SIGUSR2', this.#onSignal);
    await this.#written;
    this.#unlock();
  }

  async #write({ record, streams }: Snapshot): Promise<void> {
    const { folder, choice, build } = this.#options;
    const serial = this.#serial;
    const kept = { ...this.#kept };
    for (const name of STREAMS) kept[name] = await this.#extended(name, streams[name]);
    const segments = byStream((name): readonly Segment[] => kept[name].segments);
    const body = { build, choice, serial: serial + 1, record, streams: segments };
    const path = join(folder, NEW_RECORD_FILE);
    await writeWhole(path, async (file) => void (await file.write(printCheckpoint(body))));
    await rename(path, join(folder, RECORD_FILE));
    await syncFolder(folder);
    this.#serial = serial + 1;
    Object.assign(this.#kept, kept);
    await this.#cleanUp();
  }

  /** What is new in a stream, in one more segment. */
  async #extended(name: StreamName, { bytes, length, age }: Stream): Promise<Kept> {
    const kept = this.#kept[name];
    const before = kept.age === age && kept.length <= length ? kept : { age, length: 0, segments: [] };
    if (before.length === length) return before;
    const file = `${name}-${this.#serial}`;
    const hash = createHash('sha256');
    await writeWhole(join(this.#options.folder, file), async (handle) => {
      for (let at = before.length; at < length; at += CHUNK_BYTES) {
        // A copy: what nothing has may still change, and what is hashed must be what is written.
        const chunk = Buffer.from(new Uint8Array(bytes, at, Math.min(CHUNK_BYTES, length - at)));
        hash.update(chunk);
        await writeAll(handle, chunk);
      }
    });
    const segment = { file, bytes: length - before.length, sha256: hash.digest('hex') };
    return { age, length, segments: [...before.segments, segment] };
  }

  /** Segments that the record names no more. */
  async #cleanUp(): Promise<void> {
    const { folder } = this.#options;
    const named = new Set(STREAMS.flatMap((name) => this.#kept[name].segments.map(({ file }) => file)));
    for (const file of await readdir(folder))
      if (isSegment(file) && !named.has(file)) await rm(join(folder, file), { force: true });
  }
}

function byStream<T>(of: (name: StreamName) => T): Record<StreamName, T> {
  return { states: of('states'), left: of('left'), right: of('right'), texts: of('texts') };
}

function demandEmpty(folder: string): void {
  let files: readonly string[];
  try {
    mkdirSync(folder, { recursive: true });
    files = readdirSync(folder);
  } catch (error) {
    throw new UsageError(`${folder}: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (files.includes(RECORD_FILE))
    throw new UsageError(`${join(folder, RECORD_FILE)} is there already: resume it, or name another folder.`);
  const other = files.find((file) => !isOurFile(file));
  if (other !== undefined)
    throw new UsageError(`${join(folder, other)} is no part of a checkpoint: name an empty folder, or a new one.`);
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten;
}

/** On disk when it returns. */
async function writeWhole(path: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await write(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
