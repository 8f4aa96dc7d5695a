/** Reads a checkpoint. Whatever is wrong with it is told in one sentence that names the file, and nothing is changed. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Resumed, StreamName } from '../../checker/checkpoints.js';
import { UsageError } from '../usage-error.js';
import { type CheckpointBody, parseCheckpoint, RECORD_FILE, type Segment } from './checkpoint-format.js';

const CHUNK_BYTES = 4 * 2 ** 20;

/** Throws UsageError. The segments are not yet read. */
export function readCheckpoint(folder: string, build: string): CheckpointBody {
  const path = join(folder, RECORD_FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const read = parseCheckpoint(text);
  if (!read.ok) throw new UsageError(`${path} ${read.error}.`);
  if (read.value.build !== build)
    throw new UsageError(`${path} was written by another build of zabcheck, which may number states otherwise.`);
  return read.value;
}

/** What the search asks for. `fill` throws UsageError. */
export function resumedFrom(folder: string, { record, streams }: CheckpointBody): Resumed {
  return {
    record,
    textBytes: streams.texts.reduce((sum, { bytes }) => sum + bytes, 0),
    fill: async (name: StreamName, into: SharedArrayBuffer) => {
      let at = 0;
      for (const segment of streams[name]) {
        await readSegment(folder, segment, new Uint8Array(into, at, segment.bytes));
        at += segment.bytes;
      }
    },
  };
}

async function readSegment(folder: string, { file, bytes, sha256 }: Segment, into: Uint8Array): Promise<void> {
  const path = join(folder, file);
  const hash = createHash('sha256');
  let at = 0;
  try {
    const handle = await open(path, 'r');
    try {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const { bytesRead } = await handle.read(chunk, 0, chunk.length);
        if (bytesRead === 0) break;
        if (at + bytesRead > bytes) {
          at = Infinity;
          break;
        }
        hash.update(chunk.subarray(0, bytesRead));
        into.set(chunk.subarray(0, bytesRead), at);
        at += bytesRead;
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (at !== bytes || hash.digest('hex') !== sha256)
    throw new UsageError(`${path} is damaged, or of another checkpoint: it is not what ${RECORD_FILE} says of it.`);
}
