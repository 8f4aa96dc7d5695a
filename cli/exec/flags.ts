/** The flags by which a peer in another language is named. */
import { parseDuration } from '../fuzz/flags.js';
import { UsageError } from '../usage-error.js';
import type { ExecOrder } from './messages.js';

export interface ExecFlags {
  readonly subject?: string;
  readonly exec?: string;
  readonly answerWithin: string;
  readonly fresh?: true;
}

/** A command as one word of a shell. */
export const quoted = (command: string): string => `'${command.replaceAll("'", String.raw`'\''`)}'`;

/** Throws UsageError for two subjects. */
export function execOf({ subject, exec, answerWithin, fresh }: ExecFlags): ExecOrder | null {
  if (exec === undefined) return null;
  if (subject !== undefined) throw new UsageError('--exec and --subject both name a peer; only one can be tested.');
  return { command: exec, answerWithinMs: parseDuration('--answer-within', answerWithin), fresh: fresh === true };
}
