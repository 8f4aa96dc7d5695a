/**
 * An observation: one line of a server's log, or one event of a foreign trace, read but not judged.
 * Its text form is NDJSON, see `traces/ndjson.ts`.
 */
import type { ConnectionLine } from '../types/connection-line.js';
import type { ContextLine, ElectionLine } from '../types/election-line.js';
import type { Sid } from '../types/ids.js';

/** Where a line stands. `line` counts from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  /** The time stamp as printed; absent: none, or not asked for. */
  readonly time?: string;
}

/** A line that is about the election but could not be read in full (torn, of another release, malformed). */
export interface UnreadableLine {
  readonly what: 'unreadable';
  readonly text: string;
  /** A sentence: what could not be read. */
  readonly why: string;
}

/** A visible break in a file: bytes are missing here (NUL hole, time jump to another process, missing part). */
export interface SeamLine {
  readonly what: 'seam';
  readonly why: string;
}

/** Lines of connections are only read for a judge that asks for them. */
export type ReadLine = ElectionLine | ContextLine | ConnectionLine | UnreadableLine | SeamLine;

/**
 * A line that is let go, to see whether the others contradict each other without it: its thread may have printed anything in
 * its place, or nothing. It stands in no log, and only a machine made for it (`EnsembleMachine.ofExcerpts`) understands it.
 */
export interface LeftOutLine {
  readonly what: 'leftOut';
  readonly said: ReadLine;
}

export type ObservedLine = ReadLine | LeftOutLine;

export interface Observation {
  /** Whose line it is; null if nothing says so (decided per file by the caller). */
  readonly sid: Sid | null;
  readonly at: SourcePosition;
  readonly said: ObservedLine;
  /** It is worded as ZooKeeper did before 3.6. */
  readonly older?: true;
}

/** A line of a file of several servers that does not say whose it is. */
export function ambiguousLine(observation: Observation): Observation {
  const why = 'the line does not say which of the servers in this file printed it';
  return { ...observation, said: { what: 'unreadable', text: observation.said.what, why } };
}
