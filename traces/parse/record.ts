/**
 * Records: where, in a line of a log, the message stands. Layouts: log4j and logback as ZooKeeper ships them
 * (`date [myid:N] - LEVEL [thread:Class@line] - message`, with or without any part before the thread), Kafka's
 * (`[date] LEVEL message (logger)`), Strimzi's (the same and `[thread]`), Hadoop's (`date LEVEL logger: message`),
 * logback's own default, JSON; before them the marks of docker-compose, Kubernetes, container runtimes, journald.
 */
import type { Sid } from '../../types/ids.js';
import type { MessagePlace } from './rules.js';

/**
 * record: a layout was recognised. bare: the line had a prefix of a known kind and no head behind it. none: no
 * layout; a continuation of the record before, or noise.
 */
export type RecordKind = 'record' | 'bare' | 'none';

/** What a layout of the user's says of a line, besides where its record stands. */
export interface ToldByLayout {
  /** Who printed it. */
  readonly sid: Sid | null;
  /** The name of whoever printed it, if the layout does not say which server that is. */
  readonly stranger: string | null;
  /** A record of several lines: so many stand above its message. */
  readonly linesAbove: number;
  /** The collector's time stamp. */
  readonly time: string | null;
}

export const NOTHING_TOLD: ToldByLayout = { sid: null, stranger: null, linesAbove: 0, time: null };

/** Where the message of a line stands. One object is used again for every line. */
export class RecordPlace implements MessagePlace {
  text = '';
  start = 0;
  end = 0;
  /** The text in which thread and `[myid:…]` stand, from `headStart` to `headEnd`. */
  head = '';
  headStart = 0;
  headEnd = 0;
  loggerStart = 0;
  loggerEnd = 0;
  /** Where a second record begins inside the line; −1 if none does. */
  next = -1;
  /** The time stamp of an event that does not stand in the text; null: it is looked for there. */
  time: string | null = null;
  byLayout: ToldByLayout = NOTHING_TOLD;

  logger(): string | null {
    return this.loggerEnd === 0 ? null : this.head.slice(this.loggerStart, this.loggerEnd);
  }

  set(text: string, start: number, end: number): void {
    this.text = text;
    this.start = start;
    this.end = end;
    this.head = text;
    this.headStart = 0;
    this.headEnd = start;
    this.loggerStart = 0;
    this.loggerEnd = 0;
    this.next = -1;
    this.time = null;
    this.byLayout = NOTHING_TOLD;
  }
}

const ESCAPE = '\u001b';
const COLOUR = new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g');

/** The text as it is without a terminal's colours. */
export function withoutColours(line: string): string {
  return line.includes(ESCAPE) ? line.replace(COLOUR, '') : line;
}

/** Finds the record in `line` and sets `place`. `line` has neither line break nor NUL. */
export function locate(line: string, place: RecordPlace): RecordKind {
  const text = withoutColours(line);
  const json = text.charCodeAt(0) === 0x7b ? locateJson(text, place) : 'none';
  if (json !== 'none') return json;
  if (locateBracketed(text, 0, place)) return 'record';
  place.set(text, 0, text.length);
  if (isStackLine(text)) return 'none';
  const start = afterPrefixes(text);
  if (text[start] === '{') {
    const kind = locateJson(text.slice(start), place);
    if (kind !== 'none') return kind;
  }
  if (locateDated(text, start, place)) return 'record';
  place.set(text, start, text.length);
  return start > 0 && text.slice(0, start).trim() !== '' ? 'bare' : 'none';
}

/** Moves on to a second record inside the same line (two writers, one file). */
export function locateNext(place: RecordPlace): boolean {
  return place.next >= 0 && locateBracketed(place.text, place.next, place);
}

/** `…:Class@line] - message`: the thread before it may hold brackets and colons, so the end is looked for. */
function locateBracketed(text: string, from: number, place: RecordPlace): boolean {
  const close = headClose(text, from);
  if (close < 0) return false;
  place.set(text, close + 4, text.length);
  place.headStart = from;
  const at = text.lastIndexOf('@', close);
  place.loggerStart = text.lastIndexOf(':', at) + 1;
  place.loggerEnd = at;
  const second = headClose(text, close + 4);
  if (second >= 0) {
    place.next = recordStart(text, close + 4, second);
    place.end = place.next;
  }
  return true;
}

/** The `] - ` that follows `@digits` (or `@?`, or log4j's `[]` of an empty context behind it); −1 if none. */
function headClose(text: string, from: number): number {
  for (let close = text.indexOf('] - ', from); close >= 0; close = text.indexOf('] - ', close + 1)) {
    let at = close - 1;
    if (text[at] === '[' && text[at - 1] === ']') at -= 2;
    const lineEnd = at;
    while (at > from && isDigit(text.charCodeAt(at))) at--;
    if (at === lineEnd && text[at] === '?') at--;
    if (at < lineEnd && text[at] === '@') return close;
  }
  return -1;
}

/** The date before a second head; the middle of nowhere if it has none. */
function recordStart(text: string, from: number, close: number): number {
  const dates = [...text.slice(from, close).matchAll(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/g)];
  const last = dates.at(-1);
  if (last !== undefined) return from + last.index;
  const bracket = text.indexOf('[', from);
  return bracket >= 0 && bracket < close ? bracket : from;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** A line of a Java stack trace: never an election line. */
function isStackLine(text: string): boolean {
  const first = text.charCodeAt(0);
  return (first === 0x09 || first === 0x20) && /^\s+(?:at |\.\.\. \d)/.test(text);
}

const TIME = String.raw`\d\d:\d\d:\d\d(?:[.,]\d+)?`;
const ISO = String.raw`\d{4}-\d\d-\d\d[ T]${TIME}(?:Z| ?[+-]\d\d:?\d\d)?`;
const LEVEL = '(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)';

const PREFIX = new RegExp(
  [
    String.raw`^(?:\s+`,
    '> ?',
    String.raw`[\w.-]+ *\| `,
    String.raw`\[pod/[^\]\s]+\] `,
    String.raw`\d{4}-\d\d-\d\dT${TIME}(?:Z|[+-]\d\d:\d\d) std(?:out|err) [FP] `,
    String.raw`\d{4}-\d\d-\d\dT${TIME}(?:Z|[+-]\d\d:\d\d) (?!\[?${LEVEL}|\[\D)`,
    String.raw`\d{4}-\d\d-\d\dT${TIME}[+-]\d{4} [\w.-]+ [\w./-]+(?:\[\d+\])?: `,
    String.raw`[A-Z][a-z]{2} [ \d]\d ${TIME} [\w.-]+ [\w./-]+(?:\[\d+\])?: )`,
  ].join('|'),
);

/** The index after every prefix of a known kind; at most four are taken. */
function afterPrefixes(text: string): number {
  let start = 0;
  for (let round = 0; round < 4; round++) {
    const match = PREFIX.exec(start === 0 ? text : text.slice(start));
    if (match === null) break;
    start += match[0].length;
  }
  return start;
}

const LEVELLED = new RegExp(String.raw`^\[?(?:${ISO}|${TIME})\]? +\[?${LEVEL}\]? +`);
const LOGGER_FIRST = /^([\w$]+(?:\.[\w$]+)+|QuorumPeer|FastLeaderElection): /;
const THREADED = new RegExp(String.raw`^(?:${ISO}|${TIME}) +\[(.*?)\] +${LEVEL} +([\w.$]+) +--? `);
const MYID_ONLY = new RegExp(String.raw`^${ISO} +\[myid:[^\]]*\] - (?:${LEVEL} +)?`);

function locateDated(text: string, from: number, place: RecordPlace): boolean {
  const rest = from === 0 ? text : text.slice(from);
  if (!isDigit(rest.charCodeAt(0)) && rest[0] !== '[') return false;
  const levelled = LEVELLED.exec(rest);
  if (levelled !== null) {
    locateLogger(rest, levelled[0].length, place);
    return true;
  }
  const threaded = THREADED.exec(rest);
  if (threaded !== null) {
    place.set(rest, threaded[0].length, rest.length);
    const logger = threaded[2] ?? '';
    place.loggerStart = rest.lastIndexOf(logger, threaded[0].length);
    place.loggerEnd = place.loggerStart + logger.length;
    return true;
  }
  const myid = MYID_ONLY.exec(rest);
  if (myid === null) return false;
  place.set(rest, myid[0].length, rest.length);
  return true;
}

/** After date and level: `logger: message`, `message (logger)` or `message (logger) [thread]`. */
function locateLogger(text: string, from: number, place: RecordPlace): void {
  const first = LOGGER_FIRST.exec(text.slice(from, from + 200));
  if (first !== null) {
    place.set(text, from + first[0].length, text.length);
    place.loggerStart = from;
    place.loggerEnd = from + (first[1] ?? '').length;
    return;
  }
  const end = text.trimEnd().length;
  let close = end - 1;
  if (text[close] === ']') close = text.lastIndexOf(') [', close);
  const open = close < 0 || text[close] !== ')' ? -1 : text.lastIndexOf(' (', close);
  if (open < from) {
    place.set(text, from, text.length);
    return;
  }
  place.set(text, from, open);
  place.loggerStart = open + 2;
  place.loggerEnd = close;
  place.headStart = close;
  place.headEnd = end;
}

/** `{"log": …}` of container runtimes, or an encoder's event with message, thread and logger. */
function locateJson(text: string, place: RecordPlace): RecordKind {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return 'none';
  }
  if (typeof event !== 'object' || event === null) return 'none';
  const fields = new Map<string, unknown>(Object.entries(event));
  const log = fields.get('log');
  if (typeof log === 'string') return locate(log.trimEnd(), place);
  const message = fields.get('message');
  if (typeof message !== 'string') return 'none';
  const word = (...names: readonly string[]): string => {
    const value = names.map((name) => fields.get(name)).find((one) => typeof one === 'string');
    return typeof value === 'string' ? value : '';
  };
  const logger = word('logger_name', 'loggerName', 'logger');
  place.set(message, 0, message.length);
  place.head = `${logger} ${word('thread_name', 'threadName', 'thread')}`;
  place.headEnd = place.head.length;
  place.loggerEnd = logger.length;
  place.time = word('@timestamp', 'timestamp', 'instant', 'time', 'ts') || null;
  return 'record';
}
