/** What comes out of judging one server's log. */
import type { PeerEpoch, Round, Sid } from '../types/ids.js';
import type { Role } from '../types/server-state.js';
import type { SourcePosition } from './observation.js';

export type VerdictKind = 'accepted' | 'diverged' | 'inconclusive';

/** The first line that no execution explains. */
export interface Divergence {
  readonly at: SourcePosition;
  /** The line as read, in the words of the log. */
  readonly line: string;
  /** First sentence: the cause. */
  readonly reason: string;
  /** The Java method whose rule fails. */
  readonly method: string;
  /** Other ways in which the line fails, by surviving hypothesis. */
  readonly alternatives: readonly { readonly state: string; readonly reason: string; readonly method: string }[];
  /** What would have been legal instead. */
  readonly legal: readonly string[];
  /** How many hypotheses stood before the line. */
  readonly hypotheses: number;
}

/** One role that the log enters. */
export interface ElectionRecord {
  readonly at: SourcePosition;
  readonly state: Role;
  /** Null where the log leaves it open. */
  readonly leader: Sid | null;
  readonly round: Round | null;
  readonly epoch: PeerEpoch | null;
}

export interface Verdict {
  readonly kind: VerdictKind;
  /** Lines that a machine state printed or that told it something. */
  readonly judged: number;
  /** Election lines before the first round whose beginning is seen, or in a stretch that is not judged. */
  readonly unjudged: number;
  /** Steps without a line that the shortest explanation inserted. */
  readonly hiddenSteps: number;
  /** The largest set of hypotheses held at once. */
  readonly hypothesesMax: number;
  readonly elections: readonly ElectionRecord[];
  readonly divergence: Divergence | null;
  /** Sentences: why inconclusive, what was assumed. */
  readonly notes: readonly string[];
}

/** Of a log of which nothing was judged; what is said of it is added. */
export const NOTHING_JUDGED: Omit<Verdict, 'kind'> = {
  judged: 0,
  unjudged: 0,
  hiddenSteps: 0,
  hypothesesMax: 0,
  elections: [],
  divergence: null,
  notes: [],
};
