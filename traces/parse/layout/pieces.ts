/**
 * A compiled pattern: text and fields in a row, and the search for how a line fits it. A field takes as little as it can.
 * What follows a field is tried once at each character at which the field may end, however often the search comes back to
 * the field: the time is bounded by pieces times characters, whatever the line. No regular expression is taken from anybody.
 */
import { readTime, type TimeFormat } from './time-format.js';

/** What a field tells; `none`: it is passed over. */
export type Part = 'level' | 'thread' | 'logger' | 'myid' | 'source' | 'message' | 'none';

/** What a field may hold: any text of one line, text without blanks, a name of a class, digits (or `?`). */
export type FieldKind = 'any' | 'word' | 'class' | 'digits';

/** How the text of a field was written down. */
export type Encoding = 'json' | 'xml';

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'time'; readonly format: TimeFormat }
  /** All the blanks that stand there, and at least so many. */
  | { readonly kind: 'blanks'; readonly least: number }
  | {
      readonly kind: 'field';
      readonly part: Part;
      readonly holds: FieldKind;
      readonly encoding: Encoding | null;
      /** As the pattern has it, for people. */
      readonly word: string;
    };

/** Where the fields of a line stand. */
export interface Fit {
  /** By part: start and end; of a part that stands twice, the last. */
  readonly fields: ReadonlyMap<
    Part,
    { readonly start: number; readonly end: number; readonly encoding: Encoding | null }
  >;
  readonly time: string | null;
  /** The first character after the last piece. */
  readonly end: number;
}

/** How far a line fits, and what stands there instead. */
export interface Unfit {
  readonly at: number;
  readonly why: string;
}

export interface MatchOptions {
  readonly from: number;
  /** The line must end where the pattern does. */
  readonly whole: boolean;
}

/** How `text` fits the pieces. */
export function match(pieces: readonly Piece[], text: string, options: MatchOptions): Fit | Unfit {
  const fit = new Search(pieces, text, { ...options, leaps: true }).run();
  return fit ?? new Search(pieces, text, { ...options, leaps: false }).unfit();
}

class Search {
  readonly #pieces: readonly Piece[];
  readonly #text: string;
  readonly #from: number;
  readonly #whole: boolean;
  /** Goes straight to where the text behind a field stands; how far a line fits is then not known. */
  readonly #leaps: boolean;
  /** The text has several lines. */
  readonly #isLong: boolean;
  /** Where each piece ends on the way that is tried. */
  readonly #ends: number[] = [];
  readonly #stamps: (string | null)[] = [];
  /** Of each field: from and up to where what follows it is known to fail. Searches only move to the right. */
  readonly #failedFrom: number[] = [];
  readonly #failedTo: number[] = [];
  #furthest = -1;
  #wanted: Piece | null = null;

  constructor(pieces: readonly Piece[], text: string, options: MatchOptions & { readonly leaps: boolean }) {
    this.#pieces = pieces;
    this.#text = text;
    this.#from = options.from;
    this.#whole = options.whole;
    this.#leaps = options.leaps;
    this.#isLong = text.includes('\n');
  }

  /** Precondition: the line does not fit. */
  unfit(): Unfit {
    this.#fits(0, this.#from);
    return { at: Math.max(this.#from, this.#furthest), why: this.#why() };
  }

  /** Null: it does not fit. */
  run(): Fit | null {
    const from = this.#from;
    if (!this.#fits(0, from)) return null;
    const fields: Map<Part, { start: number; end: number; encoding: Encoding | null }> = new Map();
    let time: string | null = null;
    this.#pieces.forEach((piece, index) => {
      const start = index === 0 ? from : (this.#ends[index - 1] ?? from);
      const end = this.#ends[index] ?? start;
      if (piece.kind === 'field') fields.set(piece.part, { start, end, encoding: piece.encoding });
      if (piece.kind === 'time') time = this.#stamps[index] ?? null;
    });
    return { fields, time, end: this.#ends.at(-1) ?? from };
  }

  #fits(index: number, at: number): boolean {
    const piece = this.#pieces[index];
    if (piece === undefined) return !this.#whole || at === this.#text.length || this.#miss(null, at);
    if (piece.kind === 'field') return this.#fieldFits(piece, index, at);
    if (piece.kind === 'text') {
      if (this.#text.startsWith(piece.text, at)) return this.#goOn(index, at + piece.text.length);
      let like = 0;
      while (this.#text[at + like] === piece.text[like]) like++;
      return this.#miss({ kind: 'text', text: piece.text.slice(like) }, at + like);
    }
    if (piece.kind === 'blanks') {
      let end = at;
      while (this.#text[end] === ' ') end++;
      return end - at < piece.least ? this.#miss(piece, end) : this.#goOn(index, end);
    }
    const read = readTime(piece.format, this.#text, at);
    if (read === null) return this.#miss(piece, at);
    this.#stamps[index] = read.stamp;
    return this.#goOn(index, read.end);
  }

  #fieldFits(piece: Extract<Piece, { kind: 'field' }>, index: number, at: number): boolean {
    if (at >= (this.#failedFrom[index] ?? Infinity) && at <= (this.#failedTo[index] ?? -1)) return false;
    const least = piece.holds === 'any' ? 0 : 1;
    let end = at;
    for (; ; end++) {
      if (this.#leaps) end = this.#leap(piece, index, end);
      if (end - at >= least && this.#goOn(index, end)) return true;
      if (end >= this.#text.length || !this.#holds(piece, end)) break;
      if (piece.encoding === 'json' && this.#text[end] === '\\') end++;
    }
    this.#failedFrom[index] = at;
    this.#failedTo[index] = end;
    return end - at < least ? this.#miss(piece, at) : false;
  }

  /** Where the text behind the field stands next; the end of the line if nowhere in it. */
  #leap(piece: Extract<Piece, { kind: 'field' }>, index: number, at: number): number {
    const next = this.#pieces[index + 1];
    if (piece.holds !== 'any' || piece.encoding !== null || next?.kind !== 'text') return at;
    const found = this.#text.indexOf(next.text, at);
    const end = found < 0 ? this.#text.length : found;
    const lineEnd = this.#isLong ? this.#text.indexOf('\n', at) : -1;
    return lineEnd >= 0 && lineEnd < end ? lineEnd : end;
  }

  /** In text that is quoted as in JSON no quotation mark stands by itself. */
  #holds({ holds: kind, encoding }: Extract<Piece, { kind: 'field' }>, at: number): boolean {
    const code = this.#text.charCodeAt(at);
    return (encoding !== 'json' || code !== 0x22) && holds(kind, code);
  }

  #goOn(index: number, end: number): boolean {
    if (!this.#fits(index + 1, end)) return false;
    this.#ends[index] = end;
    return true;
  }

  #miss(piece: Piece | null, at: number): false {
    if (at > this.#furthest) {
      this.#furthest = at;
      this.#wanted = piece;
    }
    return false;
  }

  #why(): string {
    const at = Math.max(0, this.#furthest);
    const rest = this.#text.slice(at, at + EXCERPT_MAX);
    const found = rest === '' ? 'the line ends' : `"${rest}" stands`;
    return `${wantedText(this.#wanted)} should stand where ${found}`;
  }
}

const EXCERPT_MAX = 24;

function wantedText(piece: Piece | null): string {
  if (piece === null) return 'the end of the line';
  if (piece.kind === 'text') return piece.text === '\n' ? 'the end of the line' : `"${piece.text}"`;
  if (piece.kind === 'blanks') return 'a blank';
  return piece.kind === 'time' ? 'the time' : piece.word;
}

function holds(kind: FieldKind, code: number): boolean {
  if (code === 0x0a) return false;
  if (kind === 'any') return true;
  if (kind === 'word') return code !== 0x20 && code !== 0x09;
  if ((code >= 0x30 && code <= 0x39) || code === 0x3f) return true;
  if (kind === 'digits') return false;
  const letter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code > 0x7f;
  return letter || CLASS_SIGNS.includes(code);
}

/** `$`, `-`, `.`, `_`. */
const CLASS_SIGNS: readonly number[] = [0x24, 0x2d, 0x2e, 0x5f];

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The text that was written down so; what cannot be read stays as it is. */
export function decoded(text: string, encoding: Encoding | null): string {
  if (encoding === 'json') return decodedJson(text);
  if (encoding === null || !text.includes('&')) return text;
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return NAMED[name] ?? whole;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0x10_ffff ? whole : String.fromCodePoint(code);
  });
}

function decodedJson(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
