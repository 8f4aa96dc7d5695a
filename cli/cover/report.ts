/** What `zabcheck coverage` found, as data: the JSON document, and what the text is made of. */
import { z } from 'zod';

const share = z.strictObject({ touched: z.int(), all: z.int() });
const shares = z.strictObject({
  states: share,
  transitions: share,
  localStates: share,
  localTransitions: share,
  pairs: share,
});
const example = z.strictObject({
  /** Labels of the model's steps; the last one is the gap. */
  steps: z.array(z.string()),
  /** `zabcheck replay` plays it. */
  token: z.string(),
});
const group = z.strictObject({
  action: z.string(),
  at: z.string(),
  unread: z.string(),
  message: z.string().nullable(),
  localTransitions: share,
  transitions: share,
  example: example.nullable(),
});
const source = z.strictObject({
  name: z.string(),
  /** Runs, scripts or logs. */
  runs: z.int(),
  /** Steps of the specification; of logs, lines. */
  steps: z.int(),
  shares,
  outside: z.array(z.strictObject({ reason: z.string(), steps: z.int() })),
  /** Logs that were not followed. */
  left: z.array(z.strictObject({ reason: z.string(), logs: z.int() })),
  pairsOutside: z.array(z.string()),
});
const report = z.strictObject({
  schema: z.literal('zabcheck.coverage/1'),
  model: z.string(),
  bounds: z.record(z.string(), z.unknown()),
  interrupted: z.boolean(),
  gaps: z.strictObject({
    pairs: z.array(z.strictObject({ pair: z.string(), example: example.nullable() })),
    groups: z.array(group),
  }),
  sources: z.array(source),
  /** All sources but those that are named possible. */
  together: shares,
});

export type CoverageReport = z.infer<typeof report>;
export type SharesTold = z.infer<typeof shares>;
export type SourceTold = z.infer<typeof source>;
export type GroupTold = z.infer<typeof group>;
export type ExampleTold = z.infer<typeof example>;

/** The JSON Schema of the document. */
export const coverageJsonSchema = (): unknown => z.toJSONSchema(report);

export function coverageJson(told: CoverageReport): string {
  return JSON.stringify(
    report.parse(told),
    (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value),
    2,
  );
}
