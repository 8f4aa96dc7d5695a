/** Verdicts as JSON: `schema` first, 64-bit values as decimal strings, lines counted from 1. */
import type { InputFault } from '../commands/log-source.js';
import type { ServerResult } from '../commands/validate-server.js';
import type { VerdictKind } from '../../traces/verdict.js';

export const VALIDATE_SCHEMA = 'zabcheck.validate/1';

export interface ValidateReport {
  readonly machine: string;
  readonly verdict: VerdictKind;
  readonly results: readonly ServerResult[];
  readonly faults: readonly InputFault[];
}

export function reportJson({ machine, verdict, results, faults }: ValidateReport): string {
  const document = { schema: VALIDATE_SCHEMA, verdict, machine, servers: results.map(serverJson), errors: faults };
  return JSON.stringify(document, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2);
}

function serverJson(result: ServerResult): Record<string, unknown> {
  const { verdict, statistics } = result;
  return {
    sid: result.sid,
    verdict: verdict.kind,
    label: result.label,
    files: result.files,
    release: result.release,
    level: result.level,
    configuration: result.configuration,
    lines: statistics.lines,
    observations: verdict.judged,
    unjudged: verdict.unjudged,
    unread: statistics.unreadable,
    hiddenSteps: verdict.hiddenSteps,
    hypothesesMax: verdict.hypothesesMax,
    elections: verdict.elections.map(({ at, ...rest }) => ({ ...rest, file: at.file, line: at.line })),
    divergence: verdict.divergence === null ? null : divergenceJson(verdict.divergence),
    notes: verdict.notes,
  };
}

function divergenceJson({ at, line, ...rest }: NonNullable<ServerResult['verdict']['divergence']>): unknown {
  return { file: at.file, line: at.line, text: line, ...rest };
}
