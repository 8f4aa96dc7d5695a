/** The named models of models/manifest.json. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const NAMED = z.strictObject({
  name: z.string(),
  sentence: z.string(),
  model: z.string(),
  /** As on a command line. */
  bounds: z.record(z.string(), z.string()),
  verdict: z.enum(['holds', 'violated']),
  /** The property that a model must violate. */
  property: z.string().optional(),
  /** What should happen in the end is asked instead; `without`: assumptions dropped, separated by commas. */
  liveness: z.string().optional(),
  without: z.string().optional(),
  distinct: z.int(),
  /** Of liveness: steps. */
  generated: z.int(),
  depth: z.int(),
  /** seconds: every run of the tests explores it; minutes and hours: by hand. */
  time: z.enum(['seconds', 'minutes', 'hours']),
});

export type NamedModel = z.infer<typeof NAMED>;

let read: readonly NamedModel[] | null = null;

export function manifest(): readonly NamedModel[] {
  read ??= z
    .array(NAMED)
    .parse(JSON.parse(readFileSync(new URL('../../models/manifest.json', import.meta.url), 'utf8')));
  return read;
}

export function namedModel(name: string): NamedModel | null {
  return manifest().find((one) => one.name === name) ?? null;
}
