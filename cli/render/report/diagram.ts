/** An election as a time-space diagram: a lane for each server, order by causality from top to bottom, messages as arrows. */
import type { EnsembleVerdict, TimelineEvent, TimelineKind } from '../../../traces/ensemble/verdict.js';
import type { Sid } from '../../../types/ids.js';
import { escaped } from './escape.js';

export interface Diagram {
  readonly svg: string;
  /** So many events of the timeline are not in it. */
  readonly left: number;
}

const LANE = 230;
const ROW = 18;
const TOP = 40;
const LEFT = 20;

const DRAWN: ReadonlySet<TimelineKind> = new Set<TimelineKind>([
  'start',
  'looking',
  'newElection',
  'ownVote',
  'received',
  'timeOut',
  'decided',
  'role',
  'established',
  'ending',
  'seam',
  'other',
]);

/** At most so many events, the first ones, with what the divergence points at marked. Null: there is nothing to draw. */
export function diagramOf(verdict: EnsembleVerdict, eventsMax: number, title: string): Diagram | null {
  const all = verdict.timeline.filter(({ kind }) => DRAWN.has(kind));
  if (all.length === 0) return null;
  const events = verdict.timeline.slice(0, eventsMax);
  const lanes = new Map(verdict.servers.map(({ sid }, index): [Sid, number] => [sid, index]));
  const marked = new Set((verdict.divergence?.evidence ?? []).map(({ at }) => `${at.file}:${at.line}`));
  const x = (sid: Sid): number => LEFT + (lanes.get(sid) ?? 0) * LANE + 10;
  const y = (index: number): number => TOP + index * ROW;
  const width = LEFT + lanes.size * LANE + 20;
  const height = TOP + events.length * ROW + 20;
  const heads = [...lanes.keys()].map(
    (sid) =>
      `<text x="${x(sid)}" y="20" class="sid">server ${sid}</text><line x1="${x(sid)}" y1="28" x2="${x(sid)}" y2="${height - 10}" class="lane"/>`,
  );
  const arrows = events.flatMap(({ sid, sentAfter }, index) => {
    const sender = sentAfter === null ? undefined : events[sentAfter];
    if (sentAfter === null || sender === undefined || sender.sid === sid) return [];
    return [
      `<line x1="${x(sender.sid)}" y1="${y(sentAfter)}" x2="${x(sid)}" y2="${y(index)}" class="message" marker-end="url(#arrow)"/>`,
    ];
  });
  const dots = events.map((event, index) => dot(event, { x: x(event.sid), y: y(index), marked }));
  const label = `<title>${escaped(title)}</title><desc>${events.length} events of ${lanes.size} servers, every cause above its effect; arrows are notifications.</desc>`;
  const arrowHead =
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>';
  const svg = `<svg role="img" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${label}${arrowHead}${heads.join('')}${arrows.join('')}${dots.join('')}</svg>`;
  return { svg, left: verdict.timeline.length - events.length + verdict.timelineCut };
}

interface Spot {
  readonly x: number;
  readonly y: number;
  /** `file:line` of lines that contradict each other. */
  readonly marked: ReadonlySet<string>;
}

/** So many characters stand beside a dot. */
const TEXT_MAX = 34;

function dot({ kind, text, at, time }: TimelineEvent, { x, y, marked }: Spot): string {
  const place = `${at.file}:${at.line}`;
  const cut = text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
  const classes = marked.has(place) ? `${kind} contested` : kind;
  const hint = `<title>${escaped(`${place}${time === null ? '' : ` ${time}`}: ${text}`)}</title>`;
  return `<g class="${classes}">${hint}<circle cx="${x}" cy="${y}" r="4"/><text x="${x + 8}" y="${y + 4}">${escaped(cut)}</text></g>`;
}
