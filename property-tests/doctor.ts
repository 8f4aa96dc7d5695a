/** Puts a false statement into a recorded log. */
import type { DoctoredCase } from './doctored-case.js';
import { readRecorded } from './recorded-log.js';

/** The altered lines, and the number (from 1) of the one that was altered. Throws if the log has no such line. */
export function doctor({ log, at, edit }: Pick<DoctoredCase, 'log' | 'at' | 'edit'>): {
  readonly lines: readonly string[];
  readonly line: number;
} {
  const lines = [...readRecorded(log)];
  const places = [...lines.keys()].filter((index) => lines[index]?.includes(at.contains));
  const index = places[at.nth - 1];
  const text = index === undefined ? undefined : lines[index];
  if (index === undefined || text === undefined) throw new Error(`${log}: no line ${at.nth} with "${at.contains}"`);
  if (edit.kind === 'replace') {
    if (!text.includes(edit.from)) throw new Error(`${log}:${index + 1}: no "${edit.from}"`);
    lines[index] = text.replace(edit.from, edit.to);
  } else if (edit.kind === 'remove') lines.splice(index, 1);
  else {
    const [time] = /^\S+ \S+ /.exec(text) ?? [''];
    const sid = log.slice(log.lastIndexOf('-') + 1);
    const thread = `QuorumPeer[myid=${sid}](plain=127.0.0.1:2181)(secure=disabled)`;
    lines.splice(index, 0, `${time}[myid:${sid}] - INFO  [${thread}:${edit.message}`);
  }
  return { lines, line: index + 1 };
}
