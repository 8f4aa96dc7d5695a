/** `--grain threads`: beside the machines, a judgement of the lines of QuorumCnxManager by thread. */
import { judgeThreads } from '../../traces/judge-threads.js';
import type { JudgeLogOptions } from '../../traces/judge-log.js';
import type { ThreadMachines } from '../../traces/machine.js';
import type { Observation } from '../../traces/observation.js';
import type { Verdict } from '../../traces/verdict.js';
import type { ServerLog } from './log-source.js';

/** Judges one log by thread, whatever its machines keep in their states. */
export type ThreadGrain = (
  batches: AsyncIterable<readonly Observation[]>,
  options: JudgeLogOptions,
) => Promise<Verdict>;

export function grainOf<S>(machines: ThreadMachines<S>): ThreadGrain {
  return (batches, options) => judgeThreads(machines, batches, options);
}

const SHARED =
  'several servers share this file, and workers do not say which of them they belong to: nothing was judged by thread';

/** Of a file of several servers nothing is judged by thread. */
export async function judgeByThread(
  grain: ThreadGrain,
  batches: AsyncIterable<readonly Observation[]>,
  { log, ...options }: JudgeLogOptions & { readonly log: ServerLog },
): Promise<Verdict> {
  const verdict = await grain(batches, options);
  if (!log.shared) return verdict;
  return { ...verdict, kind: 'inconclusive', judged: 0, divergence: null, notes: [SHARED] };
}

/** What the machines of the election see: the same as without `--grain threads`. */
export async function* sparingConnections(
  batches: AsyncIterable<readonly Observation[]>,
): AsyncGenerator<readonly Observation[]> {
  for await (const batch of batches) yield batch.filter(({ said }) => said.what !== 'connection');
}

const GRAVITY = ['accepted', 'inconclusive', 'diverged'] as const;

/** The conjunction: the graver kind, the first divergence, the notes of both. */
export function withThreads(verdict: Verdict, threads: Verdict | null): Verdict {
  if (threads === null) return verdict;
  const kind = GRAVITY.indexOf(threads.kind) > GRAVITY.indexOf(verdict.kind) ? threads.kind : verdict.kind;
  const divergence = firstOf(verdict.divergence, threads.divergence);
  return { ...verdict, kind, divergence, notes: [...new Set([...verdict.notes, ...threads.notes])] };
}

function firstOf(a: Verdict['divergence'], b: Verdict['divergence']): Verdict['divergence'] {
  if (a === null || b === null) return a ?? b;
  return a.at.file === b.at.file && b.at.line < a.at.line ? b : a;
}
