/** `zabcheck schema NAME`: the JSON Schema of what is read from others, or written for them. */
import { observationJsonSchema } from '../../traces/ndjson.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { coverageJsonSchema } from '../cover/report.js';
import { answerJsonSchema } from '../exec/protocol.js';
import type { Output } from '../output.js';

/** `trace`: a line of a trace; `answer`: what a peer under `fuzz --exec` answers; `coverage`: what `coverage --json` prints. */
const SCHEMAS = { trace: observationJsonSchema, answer: answerJsonSchema, coverage: coverageJsonSchema } as const;

export type SchemaName = keyof typeof SCHEMAS;

export function schemaCommand(name: SchemaName, output: Output): ExitCode {
  output.out(JSON.stringify(SCHEMAS[name](), null, 2));
  return EXIT.accepted;
}
