import type { Judge } from '../traces/judge.js';
import type { LogSurvey } from '../traces/inference.js';
import type { Machine } from '../traces/machine.js';
import type { linesOf } from '../traces/files/read-lines.js';
import type { parseObservation, printObservation } from '../traces/ndjson.js';
import type { LogParser } from '../traces/parse/log-parser.js';
import type { EnsembleConfig } from '../types/ensemble.js';

/** The code that is tested, and what the judged logs are made of. */
export interface HostileKit {
  readonly linesOf: typeof linesOf;
  readonly MAX_LINE: number;
  readonly LogParser: typeof LogParser;
  readonly parseObservation: typeof parseObservation;
  readonly printObservation: typeof printObservation;
  readonly LogSurvey: typeof LogSurvey;
  readonly Judge: typeof Judge;
  readonly kinds: ReadonlySet<string>;
  // Each judges alone: what its states are is nobody's business here.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly machines: readonly Machine<any>[];
  readonly logs: readonly (readonly string[])[];
  readonly configs: readonly EnsembleConfig[];
}

export interface HostileFigures {
  readonly lines: number;
  readonly objects: number;
  readonly judgements: number;
  readonly calls: number;
  readonly observations: number;
  readonly unreadable: number;
  readonly refusedObjects: number;
  readonly verdicts: Readonly<Record<'accepted' | 'diverged' | 'inconclusive', number>>;
  readonly slowestCall: { readonly ms: number; readonly of: string };
  readonly slowestJudgement: { readonly ms: number; readonly of: string };
  readonly peakRssMb: number;
  readonly peakHeapMb: number;
  readonly failures: readonly string[];
  readonly furtherFailures: number;
}

export interface HostileOptions {
  readonly seed: number;
  readonly lines: number;
  readonly objects: number;
  readonly judgements: number;
  readonly kit: HostileKit;
  readonly onProgress?: (figures: HostileFigures) => void;
}

export const CONFIG_TEXTS: readonly string[];
export function escaped(text: string): string;
export function runHostile(options: HostileOptions): Promise<HostileFigures>;
