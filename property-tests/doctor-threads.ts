/** Puts a false statement about connections into a recorded log, at every line that invites it. */
import { readRecorded } from './recorded-log.js';

export interface ThreadDoctoring {
  readonly kind: string;
  /** The lines that are altered, each by itself. Its first group, if any, is the peer. */
  readonly lines: RegExp;
  /** Logs in which it is not provable. */
  readonly except?: RegExp;
  /** What stands there instead. `log`: all lines; `index`: that of the altered one. Null: not provable here. */
  readonly edit: (log: readonly string[], index: number) => readonly string[] | null;
  /** The next two lines of this kind are taken out, too. */
  readonly without?: RegExp;
  readonly proof: string;
  /** What the first sentence of the report must name. */
  readonly names: RegExp;
}

/** One altered log. */
export interface DoctoredThreads {
  readonly log: string;
  /** The altered line, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

export const START = 'Starting quorum peer, myid=';

/** `[thread:Class@line] - `, with what stands before it. */
const headOf = (line: string): string => /^.*?@\d+\] - /.exec(line)?.[0] ?? '';

export const withText = (line: string, text: string): string => headOf(line) + text;

export const by = (line: string, thread: string): string =>
  line.replace(/- ([A-Z]+) +\[.*:(?=[^:]*@\d+\] - )/, `- $1 [${thread}:`);

export const twice = (log: readonly string[], index: number): readonly string[] => [log[index] ?? '', log[index] ?? ''];

export const replaced =
  (from: RegExp | string, to: string) =>
  (log: readonly string[], index: number): readonly string[] => [(log[index] ?? '').replace(from, to)];

/** Does no line above it, in the same process, contain the text? */
export function isFirst(log: readonly string[], index: number, text: string): boolean {
  for (let at = index - 1; at >= 0; at -= 1) {
    const line = log[at] ?? '';
    if (line.includes(text)) return false;
    if (line.includes(START)) return true;
  }
  return true;
}

export const peerIn = (line: string, pattern: RegExp): string => pattern.exec(line)?.[1] ?? '';

const changesOf = (peer: string): RegExp =>
  new RegExp(`(?:finish for|senderWorkerMap sid=|remote peer:|started towards) ?${peer}\\b`);

/** Did nothing begin or end with a connection to the peer since the line before of WorkerSender, or the start? */
export function unchangedSince(log: readonly string[], index: number, peer: string): boolean {
  const before = log.slice(0, index);
  const from = before.findLastIndex((line) => line.includes('WorkerSender[') || line.includes(START));
  return !before.slice(from).some((line) => changesOf(peer).test(line));
}

/** And did its SendWorker tell before that it runs? */
export function stoodSince(log: readonly string[], index: number, peer: string): boolean {
  const change = log.slice(0, index).findLast((line) => changesOf(peer).test(line) || line.includes(START));
  return unchangedSince(log, index, peer) && change?.includes('SendWorker thread started') === true;
}

export const SENDER = /SendWorker thread started towards (\d+)\./;

export const REPLAY = /Attempting to send lastMessage to sid=(\d+)/;

/** Since the last replay to the peer in this process, was anything queued for it? Null: nobody can tell. */
export function sentSinceReplay(log: readonly string[], index: number): boolean | null {
  const peer = peerIn(log[index] ?? '', REPLAY);
  const queued = new RegExp(`WorkerSender\\[.*(?:server|knows) ${peer}\\b`);
  let sent = false;
  for (let at = index - 1; at >= 0; at -= 1) {
    const line = log[at] ?? '';
    if (line.includes(START)) break;
    // What could not be sent was taken.
    if (line.includes(`Exception when using channel: for id ${peer} `)) return null;
    if (queued.test(line)) sent = true;
    if (line.includes(`lastMessage to sid=${peer}`)) return sent;
  }
  return sent ? true : null;
}

const cache = new Map<string, readonly string[]>();

function linesOf(log: string): readonly string[] {
  const known = cache.get(log) ?? readRecorded(log);
  cache.set(log, known);
  return known;
}

function withoutTwo(lines: readonly string[], pattern: RegExp | undefined): readonly string[] {
  if (pattern === undefined) return lines;
  const out = new Set(lines.filter((line) => pattern.test(line)).slice(0, 2));
  return lines.filter((line) => !out.has(line));
}

/** Every place in these logs where the kind can be tried. */
export function* placesOf(
  one: Pick<ThreadDoctoring, 'lines' | 'edit' | 'except' | 'without'>,
  logs: readonly string[],
): Generator<DoctoredThreads> {
  for (const log of logs) {
    if (one.except?.test(log) === true) continue;
    const lines = linesOf(log);
    for (const [index, line] of lines.entries()) {
      if (!line.includes('QuorumCnxManager') || !one.lines.test(line)) continue;
      const edited = one.edit(lines, index);
      if (edited === null) continue;
      const rest = withoutTwo(lines.slice(index + 1), one.without);
      yield { log, line: index + 1, lines: [...lines.slice(0, index), ...edited, ...rest] };
    }
  }
}

/** May a notification told lately have been answered in silence, if its receiver was slow? */
export function askedLast(log: readonly string[], index: number, peer: string): boolean {
  const heard = log.slice(0, index).filter((line) => line.includes('Notification: my state:'));
  return heard.slice(-4).some((line) => line.includes(`n.sid:${peer}, n.state:LOOKING`));
}

/** Was finish called for a worker of the peer after the last one was made? */
export function finishedSinceMade(log: readonly string[], index: number, peer: string): boolean {
  const before = log.slice(0, index);
  const made = before.findLastIndex((line) => line.endsWith(`Address of remote peer: ${peer}`));
  return before.slice(made).some((line) => line.endsWith(`Calling SendWorker.finish for ${peer}`));
}
