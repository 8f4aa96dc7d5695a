/** Counterexamples as one word: which model, and which steps. `zabcheck replay` plays them again. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { err, ok, type Result } from '../../base/result.js';
import { decode, encode } from '../../checker/encode.js';
import type { Counterexample } from '../../checker/result.js';
import { isModelName, type ModelChoice } from '../../models/models.js';

export const CHECK_PREFIX = 'zabc1.';
const TEXT_BYTES_MAX = 64 * 1024 * 1024;

export interface Played {
  readonly choice: ModelChoice;
  readonly property: string;
  readonly initial: string;
  /** Text of each label, and the row after it, encoded: two outcomes may have equal texts. */
  readonly steps: readonly (readonly [label: string, row: string])[];
}

const PLAYED = z.strictObject({
  choice: z.strictObject({
    model: z.string().refine(isModelName),
    bounds: z.record(z.string(), z.unknown()),
    properties: z.array(z.string()).nullable(),
  }),
  property: z.string(),
  initial: z.string(),
  steps: z.array(z.tuple([z.string(), z.string()])),
});

export function printCheckToken(choice: ModelChoice, { property, initial, steps }: Counterexample): string {
  const played: Played = {
    choice,
    property,
    initial: encode(initial),
    steps: steps.map(({ label, row }) => [label.text, encode(row)] as const),
  };
  return `${CHECK_PREFIX}${deflateRawSync(JSON.stringify(played), { level: 9 }).toString('base64url')}`;
}

/** Error: one sentence. */
export function parseCheckToken(token: string): Result<Played> {
  const body = token.trim().slice(CHECK_PREFIX.length);
  try {
    const text = inflateRawSync(Buffer.from(body, 'base64url'), { maxOutputLength: TEXT_BYTES_MAX }).toString('utf8');
    const read = PLAYED.safeParse(JSON.parse(text));
    if (!read.success) return err('the token holds no counterexample of this release');
    decode(read.data.initial);
    return ok(read.data as unknown as Played);
  } catch {
    return err('the token is damaged: it does not unpack');
  }
}
