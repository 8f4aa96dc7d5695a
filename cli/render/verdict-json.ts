/** Verdicts as JSON: `schema` first, 64-bit values as decimal strings, lines counted from 1. */
import type { InputFault } from '../commands/log-source.js';
import type { EnsembleResult } from '../commands/validate-ensemble.js';
import { disagree, type MachineVerdict, type ServerResult } from '../commands/validate-server.js';
import type { Verdict, VerdictKind } from '../../traces/verdict.js';
import { ensembleResultJson } from './ensemble-result.js';
import { reasonsJson } from './reasons.js';

export const VALIDATE_SCHEMA = 'zabcheck.validate/1';

export interface ValidateReport {
  /** Names of the machines that judged. */
  readonly machines: readonly string[];
  readonly verdict: VerdictKind;
  /** A signal came before every log was judged. */
  readonly interrupted: boolean;
  readonly results: readonly ServerResult[];
  readonly ensembles: readonly EnsembleResult[];
  readonly faults: readonly InputFault[];
}

/** 64-bit values stay bigint: see `exactly`. */
export function reportDocument(report: ValidateReport): Record<string, unknown> {
  const { machines, verdict, interrupted, results, ensembles, faults } = report;
  const machine = machines.join('+');
  const servers = results.map(serverJson);
  const together = ensembles.map(ensembleResultJson);
  return {
    schema: VALIDATE_SCHEMA,
    verdict,
    machine,
    interrupted,
    servers,
    ensembles: together,
    errors: faults,
  };
}

export const reportJson = (report: ValidateReport): string => JSON.stringify(reportDocument(report), exactly, 2);

/** For JSON: a 64-bit value as a decimal string. */
export const exactly = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;

function serverJson(result: ServerResult): Record<string, unknown> {
  const { verdict, statistics } = result;
  return {
    sid: result.sid,
    verdict: disagree(result) ? 'disagreement' : verdict.kind,
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
    ...findingJson(verdict),
    ...reasonsJson(result.reasons),
    machines: result.machines.map(machineJson),
    ...(result.threads === null ? {} : { threads: threadsJson(result.threads) }),
  };
}

/** Each machine's own verdict: the server's is what they agree on, or the gravest. */
function machineJson({ machine, verdict }: MachineVerdict): unknown {
  return { name: machine, verdict: verdict.kind, hypothesesMax: verdict.hypothesesMax, ...findingJson(verdict) };
}

/** Only if it was asked for: the verdict by thread, which is part of the server's. */
function threadsJson({ kind, judged, hypothesesMax, divergence, notes }: Verdict): unknown {
  const found = divergence === null ? null : divergenceJson(divergence);
  return { verdict: kind, observations: judged, hypothesesMax, divergence: found, notes };
}

function findingJson({ elections, divergence, notes }: Verdict): Record<string, unknown> {
  return {
    elections: elections.map(({ at, ...rest }) => ({ ...rest, file: at.file, line: at.line })),
    divergence: divergence === null ? null : divergenceJson(divergence),
    notes,
  };
}

export function divergenceJson({ at, line, ...rest }: NonNullable<Verdict['divergence']>): unknown {
  return { file: at.file, line: at.line, text: line, ...rest };
}
