/** A layout that a user describes: where, in a line of a platform's own form, ZooKeeper's record stands. */
import { asSid, type Sid } from '../../../types/ids.js';
import { parseDecimalInt64 } from '../../../types/int64.js';
import { locate, type RecordKind, type RecordPlace, withoutColours } from '../record.js';
import { jsonLookup, logfmtLookup, type Lookup } from './keyed-values.js';
import { decoded, type Fit, match, type Part, type Piece, type Unfit } from './pieces.js';
import { readTime, type TimeFormat } from './time-format.js';

/** The paths of the parts in a line of named values. */
export interface Keys {
  readonly form: 'json' | 'logfmt';
  /** The message, or, if the record stands there as text, the line. */
  readonly text: string;
  readonly isLine: boolean;
  readonly paths: Readonly<
    Partial<Record<'time' | 'level' | 'thread' | 'logger' | 'myid' | 'source', string | undefined>>
  >;
  readonly time: TimeFormat;
}

export interface LayoutParts {
  /** For people: the file that describes it. */
  readonly name: string;
  /** Taken off the front of every line, in this order, each where it stands. */
  readonly strip: readonly (readonly Piece[])[];
  readonly keys: Keys | null;
  /** Tried in this order; none: records look as ZooKeeper's own do. */
  readonly patterns: readonly (readonly Piece[])[];
  /** Lines that go on with the text of the line above; null: none do. */
  readonly continuation: readonly Piece[] | null;
  /** Which server a source is. */
  readonly servers: ReadonlyMap<string, Sid>;
}

/** What the fields of a line tell. */
interface Told {
  thread: string;
  logger: string;
  myid: string;
  source: string;
  time: string | null;
  linesAbove: number;
}

/** A line, looked at. */
export interface Located {
  readonly kind: RecordKind;
  /** Why the line is not of this layout; null: it is. */
  readonly unfit: Unfit | null;
}

/** A part of a line that is read further. */
interface Inner {
  /** Where it begins. */
  readonly from: number;
  readonly told: Told;
  readonly place: RecordPlace;
}

export class Layout {
  readonly parts: LayoutParts;
  /** A record may be so many lines and one. */
  readonly lineBreaks: number;

  constructor(parts: LayoutParts) {
    this.parts = parts;
    this.lineBreaks = parts.keys === null ? Math.max(0, ...parts.patterns.map(lineBreaksIn)) : 0;
  }

  /** Records have a form of their own: what is not of it is none. */
  get isClosed(): boolean {
    return this.parts.keys !== null || this.parts.patterns.length > 0;
  }

  /** Finds the record in `line` and sets `place`, as `locate` does for the layouts that are known. */
  locate(line: string, place: RecordPlace): Located {
    const text = withoutColours(line).trimEnd();
    const { keys, strip } = this.parts;
    place.set(text, 0, text.length);
    const told: Told = { thread: '', logger: '', myid: '', source: '', time: null, linesAbove: 0 };
    const { from, missed } = this.#stripped(text, told);
    const inner = { from, told, place };
    const found = keys === null ? this.#record(text, inner) : this.#keyed(text, keys, inner);
    if (found.unfit !== null) return found;
    place.byLayout = { ...this.#printedBy(told), linesAbove: told.linesAbove, time: told.time };
    return this.isClosed || from > 0 || strip.length === 0 ? found : { ...found, unfit: missed };
  }

  /** What a continuation line adds to the line above; null: it is none. */
  continued(line: string): string | null {
    const { continuation } = this.parts;
    if (continuation === null) return null;
    const fit = match(continuation, line, { from: 0, whole: true });
    return 'why' in fit ? null : (textOf(fit, 'message', line) ?? '');
  }

  #stripped(text: string, told: Told): { readonly from: number; readonly missed: Unfit | null } {
    let from = 0;
    let missed: Unfit | null = null;
    for (const pieces of this.parts.strip) {
      const fit = match(pieces, text, { from, whole: false });
      if ('why' in fit) {
        missed ??= fit;
        continue;
      }
      take(told, fit, text);
      from = fit.end;
    }
    return { from, missed };
  }

  #keyed(text: string, keys: Keys, { from, told, place }: Inner): Located {
    const unfit = (why: string): Located => ({ kind: 'none', unfit: { at: from, why } });
    const lookup = keys.form === 'json' ? jsonLookup(text.slice(from)) : logfmtLookup(text.slice(from));
    if (lookup === null) return unfit(keys.form === 'json' ? 'it is no JSON object' : 'it has no key=value');
    const value = lookup(keys.text);
    if (value === null) return unfit(`it has no text under "${keys.text}"`);
    const why = takeKeys(told, keys, lookup);
    if (why !== null) return unfit(why);
    if (keys.isLine) return this.#record(value.trimEnd(), { from: 0, told, place });
    setMessage(place, { text: value, start: 0, end: value.length }, told);
    return { kind: 'record', unfit: null };
  }

  /** The text from `from` on, by the patterns, or as ZooKeeper prints it. */
  #record(text: string, { from, told, place }: Inner): Located {
    const { patterns, strip, keys } = this.parts;
    if (patterns.length === 0) {
      const kind = locate(text.slice(from), place);
      if (kind !== 'none') return { kind, unfit: null };
      const bare = from > 0 || keys !== null;
      return { kind: bare ? 'bare' : 'none', unfit: bare || strip.length > 0 ? null : NO_RECORD };
    }
    let nearest: Unfit = NO_RECORD;
    for (const pieces of patterns) {
      const fit = match(pieces, text, { from, whole: true });
      if (!('why' in fit)) {
        take(told, fit, text);
        setFit(place, fit, { text, told });
        return { kind: 'record', unfit: null };
      }
      if (fit.at > nearest.at) nearest = fit;
    }
    place.set(text, from, text.length);
    return { kind: 'none', unfit: nearest };
  }

  #printedBy({ myid, source }: Told): { readonly sid: Sid | null; readonly stranger: string | null } {
    const { servers } = this.parts;
    const id = myid === '' ? null : parseDecimalInt64(myid);
    const bySource = source === '' ? undefined : servers.get(source);
    const isStranger = source !== '' && bySource === undefined && servers.size > 0;
    return { sid: id?.ok === true ? asSid(id.value) : (bySource ?? null), stranger: isStranger ? source : null };
  }
}

const NO_RECORD: Unfit = { at: -1, why: 'no record begins there' };

const lineBreaksIn = (pieces: readonly Piece[]): number =>
  pieces.filter((piece) => piece.kind === 'text' && piece.text === '\n').length;

function textOf(fit: Fit, part: Part, text: string): string | null {
  const field = fit.fields.get(part);
  return field === undefined ? null : decoded(text.slice(field.start, field.end), field.encoding);
}

const TOLD = ['thread', 'logger', 'myid', 'source'] as const;

function take(told: Told, fit: Fit, text: string): void {
  for (const part of TOLD) told[part] = textOf(fit, part, text)?.trim() ?? told[part];
  told.time = fit.time ?? told.time;
}

/** Null, or why it cannot be: a time of another form. */
function takeKeys(told: Told, { paths, time }: Keys, lookup: Lookup): string | null {
  for (const part of TOLD) {
    const path = paths[part];
    if (path !== undefined) told[part] = lookup(path) ?? told[part];
  }
  const value = paths.time === undefined ? null : lookup(paths.time);
  if (value === null) return null;
  const read = readTime(time, value, 0);
  if (read === null || read.end !== value.length) return `the time "${value.slice(0, 40)}" has another form`;
  told.time = read.stamp;
  return null;
}

/** Thread and logger stand in the head, as they do in an event of JSON. */
function setMessage(
  place: RecordPlace,
  { text, start, end }: { readonly text: string; readonly start: number; readonly end: number },
  { thread, logger, time }: Told,
): void {
  place.set(text, start, end);
  place.head = `${logger} ${thread}`;
  place.headEnd = place.head.length;
  place.loggerEnd = logger.length;
  place.time = time;
}

function setFit(place: RecordPlace, fit: Fit, { text, told }: { readonly text: string; readonly told: Told }): void {
  const field = fit.fields.get('message') ?? { start: text.length, end: text.length, encoding: null };
  if (field.encoding === null) setMessage(place, { text, start: field.start, end: field.end }, told);
  else {
    const message = decoded(text.slice(field.start, field.end), field.encoding);
    setMessage(place, { text: message, start: 0, end: message.length }, told);
  }
  told.linesAbove = text.slice(0, field.start).split('\n').length - 1;
}
