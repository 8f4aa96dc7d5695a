/** The logs of an ensemble, as they are judged together. */
import type { Sid } from '../../types/ids.js';
import type { Hints } from '../machine.js';
import type { Observation } from '../observation.js';
import { milliseconds } from '../time-stamp.js';
import type { Verdict } from '../verdict.js';

/** One server's log, and what judging it alone has shown. */
export interface EnsembleLog {
  readonly sid: Sid;
  readonly label: string;
  readonly verdict: Verdict;
  readonly hints: Hints;
  /** Reads it from the beginning, each time it is called. */
  readonly observations: () => AsyncIterable<readonly Observation[]>;
}

/** By receiver and sender: the lines that tell of what was received, in order. */
export type Received = ReadonlyMap<Sid, ReadonlyMap<Sid, readonly Observation[]>>;

/** What one reading of a log shows, before it is judged. */
export interface Span {
  /**
   * It begins with the start of a process, on an empty disk (`currentEpoch not found!`), and has no hole: no earlier process of this
   * server sent anything, and what is missing in it did not happen.
   */
  readonly fromBirth: boolean;
  /** By the server's own clock, of the first and the last line; null: lines have no times. */
  readonly from: number | null;
  readonly to: number | null;
}

export interface Overview {
  readonly received: Received;
  readonly spans: ReadonlyMap<Sid, Span>;
}

/** Reads every log once. */
export async function overviewOf(logs: readonly EnsembleLog[]): Promise<Overview> {
  const sids = new Set(logs.map(({ sid }) => sid));
  const read = await Promise.all(logs.map(async (log) => ({ sid: log.sid, ...(await lookThrough(log, sids)) })));
  return {
    received: new Map(read.map(({ sid, bySender }) => [sid, bySender])),
    spans: new Map(read.map(({ sid, span }) => [sid, span])),
  };
}

const HOLES: ReadonlySet<string> = new Set(['seam', 'unreadable']);

/** The epoch is read before the election begins (QuorumPeer.start: loadDataBase, startLeaderElection). */
const AFTER_BIRTH: ReadonlySet<string> = new Set(['looking', 'newElection', 'notification', 'stateChanged']);

async function lookThrough(
  { observations }: EnsembleLog,
  sids: ReadonlySet<Sid>,
): Promise<{ readonly bySender: ReadonlyMap<Sid, readonly Observation[]>; readonly span: Span }> {
  const bySender = new Map<Sid, Observation[]>();
  let first: Observation | null = null;
  let last: Observation | null = null;
  let holes = false;
  let fromBirth: boolean | null = null;
  for await (const batch of observations()) {
    first ??= batch[0] ?? null;
    last = batch.at(-1) ?? last;
    for (const observation of batch) {
      const { said } = observation;
      holes ||= HOLES.has(said.what);
      if (said.what === 'epochDefault' && said.which === 'currentEpoch') fromBirth ??= true;
      else if (AFTER_BIRTH.has(said.what)) fromBirth ??= false;
      if (said.what !== 'notification' || !sids.has(said.notification.from)) continue;
      const all = bySender.get(said.notification.from) ?? [];
      if (all.push(observation) === 1) bySender.set(said.notification.from, all);
    }
  }
  const whole = first?.said.what === 'processStarted' && !holes;
  return { bySender, span: { fromBirth: whole && fromBirth === true, from: clockOf(first), to: clockOf(last) } };
}

/** Milliseconds by the clock of the server that printed it; null: the line has no time. */
export function clockOf(observation: Observation | null): number | null {
  const time = observation?.at.time;
  return time === undefined ? null : milliseconds(time);
}
