/** Why logs diverge, beyond the rule that fails: the one value that every report is made of. */
import type { QuotedLine } from '../ensemble/verdict.js';
import type { Sid } from '../../types/ids.js';
import type { Observation, SourcePosition } from '../observation.js';

/**
 * Lines that contradict each other, whatever the others say: each of those may have been another of its kind, or missing, and a
 * message that was left out any messages.
 */
export interface Excerpt {
  /** Log by log, in the order of the log; that of the diverging line, which is among them, comes last. */
  readonly lines: readonly QuotedLine[];
  /** So many other lines were let go. */
  readonly leftOut: number;
  /** No line can be left out as well. False: a bound was met before that was certain. */
  readonly isMinimal: boolean;
}

/** What a story changes: lines, or what is assumed about a server. */
export type ChangeKind =
  | 'restart'
  | 'lost line'
  | 'lost message'
  | 'extra line'
  | 'moved'
  | 'changed'
  | 'release'
  | 'voters'
  | 'other server'
  | 'missing lines';

/** The nearest change of the logs, or of what is assumed about them, that makes the diverging line legal. */
export interface Story {
  /** `would be legal if …`, with how much of the logs then is explained. */
  readonly sentence: string;
  readonly kind: ChangeKind;
  /** Whose log it changes, or whose release, configuration or id. */
  readonly sid: Sid;
  /** That log, changed. */
  readonly log: readonly Observation[];
  /** Is everything explained then? */
  readonly explainsAll: boolean;
  /** The first line that even then is not explained; null: none was met. */
  readonly next: SourcePosition | null;
}

export interface Reasons {
  /** Null: none was found within the bounds. */
  readonly excerpt: Excerpt | null;
  /** Null: none was found within the bounds. */
  readonly story: Story | null;
  /** Sentences: which bounds were met. */
  readonly bounds: readonly string[];
}
