/** The elections of ensembles as Mermaid sequence diagrams. */
import type { EnsembleVerdict, TimelineEvent } from '../../../traces/ensemble/verdict.js';
import { harmless } from '../harmless.js';
import type { ValidateReport } from '../verdict-json.js';

/** Mermaid refuses larger texts by default (maxTextSize 50,000). */
const TEXT_MAX = 45_000;

/** One diagram for each ensemble, each a fenced block of Markdown. */
export function reportMermaid({ ensembles }: ValidateReport): string {
  return ensembles
    .map(({ label, verdict }) => `## ${harmless(label)}\n\n\`\`\`mermaid\n${sequenceOf(verdict)}\n\`\`\`\n`)
    .join('\n');
}

function sequenceOf({ servers, timeline, timelineCut }: EnsembleVerdict): string {
  const lines = ['sequenceDiagram', ...servers.map(({ sid }) => `  participant S${name(sid)} as server ${sid}`)];
  let length = lines.join('\n').length;
  for (const [index, event] of timeline.entries()) {
    const line = arrowOrNote(event);
    if (line === null) continue;
    length += line.length + 1;
    if (length > TEXT_MAX) {
      const last = servers[0]?.sid ?? 0n;
      lines.push(`  Note over S${name(last)}: ${timeline.length - index + timelineCut} later events are not drawn`);
      break;
    }
    lines.push(line);
  }
  return lines.join('\n');
}

/** An id as part of a name. */
const name = (sid: bigint): string => `${sid}`.replace('-', 'm');

function arrowOrNote({ sid, kind, text, notification }: TimelineEvent): string | null {
  if (kind === 'received' && notification !== null) {
    return `  S${name(notification.from)}->>S${name(sid)}: ${words(text.replace(/^from -?\d+: /, ''))}`;
  }
  if (kind === 'ownVote' || kind === 'decided') return null;
  return `  Note over S${name(sid)}: ${words(text)}`;
}

/** A semicolon or a hash ends a statement of Mermaid or begins an entity. */
const words = (text: string): string =>
  harmless(text)
    .replaceAll(/[;#:<>]/g, ' ')
    .trim();
