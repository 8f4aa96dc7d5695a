/**
 * A checkpoint on disk: a folder with one file `checkpoint` and the segments that it names. Its first line is
 * `zabcheck checkpoint <format> <SHA-256 of the rest>`, the rest is one JSON document.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { STREAMS, type SearchRecord } from '../../checker/checkpoints.js';
import { err, ok, type Result } from '../../base/result.js';
import { isModelName, type ModelChoice } from '../../models/models.js';
import { LOCK_FILE } from './folder-lock.js';

/** Changes whenever an older program could not read it, or would read it wrongly. */
const FORMAT = 1;
/** The file of a checkpoint that names all others. */
export const RECORD_FILE = 'checkpoint';
/** While it is written. */
export const NEW_RECORD_FILE = 'checkpoint.new';
const SEGMENT = /^(?:states|left|right|texts)-\d+$/;

export function isSegment(name: string): boolean {
  return SEGMENT.test(name);
}

export function isOurFile(name: string): boolean {
  return [RECORD_FILE, NEW_RECORD_FILE, LOCK_FILE].includes(name) || isSegment(name);
}

const COUNT = z.int().nonnegative();
const RANGES = z.array(COUNT);
const NAMES = z.array(z.string());
const COUNTS = z.record(z.string(), COUNT);
const TALLY = z.strictObject({
  generated: COUNT,
  deadlocks: COUNT,
  broken: NAMES,
  brokenBySteps: NAMES,
  reached: NAMES,
  actions: COUNTS,
});
const SEARCH_RECORD = z.strictObject({
  levels: z.array(RANGES),
  pending: RANGES,
  found: RANGES,
  deadlocksBefore: COUNT,
  tally: TALLY,
  widths: z.array(COUNT),
  numbers: z.strictObject({ states: COUNT, left: COUNT, right: COUNT }),
  unused: z.strictObject({ left: z.array(COUNT), right: z.array(COUNT) }),
});
const SEGMENTS = z.array(
  z.strictObject({ file: z.string().regex(SEGMENT), bytes: COUNT, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
);
const BODY = z.strictObject({
  /** Of the code: see build-hash.ts. */
  build: z.string(),
  choice: z.strictObject({
    model: z.string().refine(isModelName),
    bounds: z.record(z.string(), z.unknown()),
    properties: z.array(z.string()).nullable(),
  }),
  /** Of the next segments' names. */
  serial: COUNT,
  record: SEARCH_RECORD,
  /** One behind the other. */
  streams: z.strictObject(Object.fromEntries(STREAMS.map((name) => [name, SEGMENTS]))),
});

export type Segment = z.infer<typeof SEGMENTS>[number];

export interface CheckpointBody {
  readonly build: string;
  readonly choice: ModelChoice;
  readonly serial: number;
  readonly record: SearchRecord;
  readonly streams: Readonly<Record<(typeof STREAMS)[number], readonly Segment[]>>;
}

export function printCheckpoint(body: CheckpointBody): string {
  const text = JSON.stringify(body);
  return `zabcheck checkpoint ${FORMAT} ${sha256(text)}\n${text}\n`;
}

/** Error: what is wrong with the text, to stand behind the name of its file. */
export function parseCheckpoint(text: string): Result<CheckpointBody> {
  const [, format, digest, body] = /^zabcheck checkpoint (\d+) ([0-9a-f]{64})\n([^\n]*)\n$/.exec(text) ?? [];
  if (format === undefined || body === undefined)
    return err(/^zabcheck checkpoint \d/.test(text) ? 'is damaged' : 'is no checkpoint of zabcheck');
  if (Number(format) !== FORMAT) return err(`has the format ${format}, and this zabcheck reads ${FORMAT}`);
  if (sha256(body) !== digest) return err('is damaged');
  const read = BODY.safeParse(JSON.parse(body));
  return read.success ? ok(read.data as unknown as CheckpointBody) : err('is damaged');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
