/** What comes out of judging the logs of an ensemble together: the one value that every report is made of. */
import type { PeerEpoch, Round, Sid } from '../../types/ids.js';
import type { Role } from '../../types/server-state.js';
import type { Notification } from '../../types/vote.js';
import type { SourcePosition } from '../observation.js';
import type { Verdict, VerdictKind } from '../verdict.js';

/** A line that is pointed at, with its words. */
export interface QuotedLine {
  readonly sid: Sid;
  readonly at: SourcePosition;
  /** The line as read, in the words of the log. */
  readonly text: string;
}

/**
 * What contradicts: one server's log itself (`server`), or also what others received of it (`together`, and a circle of servers that
 * wait for each other); a message its sender never sent (`message`), or sent before one that arrived earlier (`order`); two lines
 * that break a rule of the ensemble (`rule`), or one, and that something was never printed (`absence`).
 */
export type ContradictionKind = 'server' | 'together' | 'message' | 'order' | 'rule' | 'absence';

/** What no execution of the ensemble explains, or a rule over all servers that is broken. */
export interface EnsembleDivergence {
  readonly kind: ContradictionKind;
  readonly line: QuotedLine;
  /** First sentence: the cause. */
  readonly reason: string;
  /** The rule that fails: a Java method, or the property of the whole ensemble. */
  readonly rule: string;
  /** The lines that contradict each other, the diverging one among them, in causal order. */
  readonly evidence: readonly QuotedLine[];
  /** What would have been legal, nearest first. */
  readonly legal: readonly string[];
}

/** A server's part in an election. */
export interface ElectionPart {
  readonly sid: Sid;
  readonly role: Role;
  readonly at: SourcePosition;
  /** The time stamp of the line that entered the role, as printed; null: none. */
  readonly time: string | null;
  /** Where this server's search began; null: not seen. */
  readonly began: { readonly at: SourcePosition; readonly time: string | null } | null;
  /** By this server's own clock, in milliseconds; null: its log has no times. */
  readonly tookMs: number | null;
  /** Why it looked for a leader, in words. */
  readonly why: string;
}

/** Servers that found the same leader in the same epoch. */
export interface Election {
  readonly leader: Sid;
  /** The round of the vote; null where the logs leave it open. */
  readonly round: Round | null;
  /** The epoch that the leader established; null: never, or not seen. */
  readonly epoch: PeerEpoch | null;
  /** In causal order; the leader's own part is missing if its log is. */
  readonly parts: readonly ElectionPart[];
  /** Servers that the leader's log counts as supporters; empty: not seen. */
  readonly supporters: readonly Sid[];
}

export type TimelineKind =
  | 'start'
  | 'looking'
  | 'newElection'
  | 'ownVote'
  | 'received'
  | 'timeOut'
  | 'decided'
  | 'role'
  | 'established'
  | 'ending'
  | 'seam'
  | 'other';

/** A line in the picture of an ensemble. */
export interface TimelineEvent {
  readonly sid: Sid;
  readonly at: SourcePosition;
  /** The time stamp as printed; null: none. */
  readonly time: string | null;
  readonly kind: TimelineKind;
  /** In few words. */
  readonly text: string;
  /** kind `received` and `ownVote`: what arrived. */
  readonly notification: Notification | null;
  /**
   * kind `received`: index in the timeline of the last event of the sender before the message was sent; null: the
   * sender's log is missing, or begins later.
   */
  readonly sentAfter: number | null;
}

/** A server goes on, up to its line with this number, from 0. */
export interface Turn {
  readonly sid: Sid;
  readonly upTo: number;
}

/** A verdict over one ensemble. */
export interface EnsembleVerdict {
  readonly kind: VerdictKind;
  /** By id. The verdict of each server's log by itself is not repeated here. */
  readonly servers: readonly { readonly sid: Sid; readonly label: string; readonly verdict: Verdict }[];
  /** Voters of the configuration without a log. */
  readonly missing: readonly Sid[];
  /** In causal order. */
  readonly elections: readonly Election[];
  readonly divergence: EnsembleDivergence | null;
  /** Events in an order that puts every cause before its effect. Bounded: see `timelineCut`. */
  readonly timeline: readonly TimelineEvent[];
  /** So many events were left out of the timeline. */
  readonly timelineCut: number;
  /** The order in which all lines were explained, as far as they were: every cause before its effect. */
  readonly turns: readonly Turn[];
  /** Sentences: why inconclusive, what was assumed. */
  readonly notes: readonly string[];
}
