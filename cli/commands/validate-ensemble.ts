/** Judges the logs of one ensemble together, by every machine. */
import type { Sid } from '../../types/ids.js';
import { judgeEnsemble } from '../../traces/ensemble/judge.js';
import type { EnsembleVerdict } from '../../traces/ensemble/verdict.js';
import type { Reasons } from '../../traces/explain/reasons.js';
import type { EnsembleMachine } from '../../traces/machine.js';
import type { VerdictKind } from '../../traces/verdict.js';
import { groupLogs } from './group-logs.js';
import { readServerObservations } from './log-source.js';
import type { Material, ServerResult } from './validate-server.js';

export interface EnsembleResult {
  /** For people: the labels of its logs. */
  readonly label: string;
  /** What the machines agree on; where they do not, the gravest of their verdicts. */
  readonly verdict: EnsembleVerdict;
  readonly machines: readonly { readonly machine: string; readonly verdict: EnsembleVerdict }[];
  /** Why it diverged, beyond the rule that fails; null: it did not, or nobody asked. */
  readonly reasons: Reasons | null;
}

interface EnsembleRun<S> {
  readonly machines: readonly EnsembleMachine<S>[];
  readonly gaps: boolean;
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

interface Part {
  readonly sid: Sid;
  readonly file: string;
  readonly members: ReadonlySet<Sid> | null;
  readonly result: ServerResult;
  readonly material: Material;
}

/** The results that belong together: at least two in each, of different servers. */
export function ensemblesOf(results: readonly ServerResult[]): readonly (readonly Part[])[] {
  const parts = results.flatMap((result): readonly Part[] => {
    const { sid, material } = result;
    const file = result.files.at(-1);
    if (sid === null || material === null || file === undefined) return [];
    const members = material.config === null ? null : new Set(material.config.members.map((member) => member.sid));
    return [{ sid, file, members, result, material }];
  });
  return groupLogs(parts);
}

/** Throws InputError if a file cannot be read. */
export async function validateEnsemble<S>(
  parts: readonly Part[],
  { machines, gaps, onBytes, signal }: EnsembleRun<S>,
): Promise<EnsembleResult> {
  const common = commonOf(parts.map(({ material }) => material));
  const judged = [];
  for (const machine of machines) {
    const logs = parts.map(({ sid, result, material }) => ({
      sid,
      label: result.label,
      verdict: result.machines.find((one) => one.machine === machine.name)?.verdict ?? result.verdict,
      hints: material.hints,
      observations: () => readServerObservations(material.log, { signal, onBytes }).batches,
    }));
    const verdict = await judgeEnsemble(machine, logs, { ...common, gaps, signal });
    judged.push({ machine: machine.name, verdict });
  }
  const label = parts.map(({ result }) => result.label).join(', ');
  return { label, verdict: gravest(judged), machines: judged, reasons: null };
}

/** What the configuration says of all servers. */
export function commonOf(materials: readonly Material[]): {
  readonly observers: ReadonlySet<Sid>;
  readonly voters: readonly Sid[];
} {
  const members = materials.map(({ config }) => config).find((one) => one !== null)?.members ?? [];
  const observers = members.filter(({ type }) => type === 'OBSERVER').map(({ sid }) => sid);
  const voters = members.filter(({ type }) => type === 'PARTICIPANT').map(({ sid }) => sid);
  return { observers: new Set(observers), voters };
}

const KINDS: readonly VerdictKind[] = ['diverged', 'inconclusive', 'accepted'];

/** What the machines agree on; where they do not, the gravest of their verdicts. */
export function gravest(judged: EnsembleResult['machines']): EnsembleVerdict {
  const found = KINDS.map((kind) => judged.find(({ verdict }) => verdict.kind === kind)).find(Boolean);
  if (found === undefined) throw new Error('internal error: an ensemble is judged by a machine');
  return found.verdict;
}

/** Do the machines tell different verdicts or elections of one ensemble? Then one of them is wrong. */
export function ensembleDisagrees({ machines }: EnsembleResult): boolean {
  const findings = machines.map(({ verdict: { kind, divergence, elections } }) => {
    const line = divergence === null ? '' : `${divergence.line.at.file}:${divergence.line.at.line}`;
    const told = elections.map(({ leader, round, epoch, parts }) => {
      const roles = parts.map(({ sid, role, at }) => `${sid} ${role} ${at.file}:${at.line}`).sort();
      return `${leader} ${round} ${epoch} ${roles.join(', ')}`;
    });
    return [kind, line, ...told.sort()].join('\n');
  });
  return findings.some((finding) => finding !== findings[0]);
}

/** What a result means for the exit code: a disagreement is never accepted. */
export function gravityOfEnsemble(result: EnsembleResult): VerdictKind {
  const { kind } = result.verdict;
  return kind === 'accepted' && ensembleDisagrees(result) ? 'inconclusive' : kind;
}
