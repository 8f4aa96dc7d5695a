/** Reasons for a divergence as text and as JSON. Decides nothing. */
import type pc from 'picocolors';
import type { QuotedLine } from '../../traces/ensemble/verdict.js';
import type { Excerpt, Reasons } from '../../traces/explain/reasons.js';
import type { SourcePosition } from '../../traces/observation.js';
import { harmless } from './harmless.js';

type Colors = ReturnType<typeof pc.createColors>;

/** So many lines of an excerpt are shown; the rest are counted. */
export const EXCERPT_SHOWN = 12;

export interface ShownExcerpt {
  /** What the lines are, as a sentence without a full stop. */
  readonly claim: string;
  /** Those nearest to the diverging one. */
  readonly lines: readonly QuotedLine[];
  /** So many more. */
  readonly more: number;
}

/** `at`: the diverging line. */
export function shownExcerpt(
  { lines, leftOut, isMinimal }: Excerpt,
  at: SourcePosition,
  most = EXCERPT_SHOWN,
): ShownExcerpt {
  const place = lines.findIndex((line) => line.at.file === at.file && line.at.line === at.line);
  const end = Math.max(Math.min(lines.length, place + 1 + Math.floor(most / 4)), Math.min(lines.length, most));
  const shown = lines.slice(Math.max(0, end - most), end);
  const others = leftOut === 0 ? '' : ', whatever the other lines say';
  const few = isMinimal ? '' : '; perhaps fewer do';
  const claim =
    lines.length === 1
      ? `this line contradicts itself${others}${few}`
      : `these ${lines.length} lines contradict each other${others}${few}`;
  return { claim, lines: shown, more: lines.length - shown.length };
}

export function reasonsText(
  reasons: Reasons | null,
  { at, colors, sids }: { readonly at: SourcePosition; readonly colors: Colors; readonly sids: boolean },
): readonly string[] {
  if (reasons === null) return [];
  const { excerpt, story, bounds } = reasons;
  return [
    ...(excerpt === null ? [] : excerptText(shownExcerpt(excerpt, at), sids)),
    ...(story === null ? [] : [`${colors.bold('nearest legal story:')} ${harmless(story.sentence)}`]),
    ...bounds.map((bound) => `note: ${harmless(bound)}`),
  ];
}

function excerptText({ claim, lines, more }: ShownExcerpt, sids: boolean): readonly string[] {
  return [
    `${claim}:`,
    ...lines.map(
      (line) =>
        `  ${sids ? `server ${line.sid}  ` : ''}${harmless(line.at.file)}:${line.at.line}  ${harmless(line.text)}`,
    ),
    ...(more === 0 ? [] : [`  and ${more} more before these`]),
  ];
}

/** With every line; 64-bit values stay bigint for the caller's replacer. */
export function reasonsJson(reasons: Reasons | null): Record<string, unknown> {
  if (reasons === null) return {};
  const { excerpt, story, bounds } = reasons;
  return {
    reasons: {
      excerpt:
        excerpt === null
          ? null
          : {
              lines: excerpt.lines.map(({ sid, at, text }) => ({ sid, file: at.file, line: at.line, text })),
              leftOut: excerpt.leftOut,
              minimal: excerpt.isMinimal,
            },
      story:
        story === null
          ? null
          : {
              sentence: story.sentence,
              kind: story.kind,
              sid: story.sid,
              explainsAll: story.explainsAll,
              next: story.next === null ? null : { file: story.next.file, line: story.next.line },
            },
      bounds,
    },
  };
}
