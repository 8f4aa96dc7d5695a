/**
 * Conversion patterns as they stand in `log4j.properties`, `log4j2.xml` and `logback.xml`
 * (`%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n`), compiled to pieces. Besides the words of the three
 * libraries: `%{source}`, the name of whoever printed the line, and `%{skip}`, any text.
 */
import { err, ok, type Result } from '../../../base/result.js';
import type { Encoding, FieldKind, Part, Piece } from './pieces.js';
import { type FormatError, timeFormat } from './time-format.js';

type Meaning = 'time' | 'lineBreak' | 'nothing' | 'wrapper' | readonly [Part, FieldKind];

const WORDS: Readonly<Record<string, Meaning>> = {
  ...all('d date', 'time'),
  ...all('n', 'lineBreak'),
  ...all('p le level', ['level', 'word']),
  ...all('t tn thread threadName', ['thread', 'any']),
  ...all('c lo logger C class', ['logger', 'class']),
  ...all('m msg message', ['message', 'any']),
  ...all('X mdc MDC', ['none', 'any']),
  ...all('L line r relative T tid threadId pid processId sn sequenceNumber N nano', ['none', 'digits']),
  ...all('F file M method', ['none', 'word']),
  ...all('l location x NDC marker markerSimpleName K map u uuid contextName cn property', ['none', 'any']),
  ...all(
    'ex exception throwable xEx xException xThrowable rEx rException rThrowable wEx wex nopex nopexception',
    'nothing',
  ),
  ...all('highlight style enc encode clr', 'wrapper'),
  ...all('black red green yellow blue magenta cyan white gray', 'wrapper'),
  ...all('boldRed boldGreen boldYellow boldBlue boldMagenta boldCyan boldWhite', 'wrapper'),
};

function all<T>(names: string, meaning: T): Record<string, T> {
  return Object.fromEntries(names.split(' ').map((name) => [name, meaning]));
}

/** Of the diagnostic context: of all its keys ZooKeeper has `myid`. */
const CONTEXT_WORDS: ReadonlySet<string> = new Set(['X', 'mdc', 'MDC']);

/** Our own words, between braces. */
const OWN: Readonly<Record<string, readonly [Part, FieldKind]>> = {
  source: ['source', 'word'],
  skip: ['none', 'any'],
  myid: ['myid', 'any'],
};

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', _: '' };

/** So many pieces a pattern may have. */
const PIECES_MAX = 200;

/** Compiles a pattern. Error: what does not stand for anything, and where in the text. */
export function compilePattern(text: string): Result<readonly Piece[], FormatError> {
  const reader = new PatternReader(text);
  const pieces = reader.read(null);
  if (!pieces.ok) return pieces;
  const joined = withBlanksTaken(joinText(pieces.value));
  return joined.length > PIECES_MAX ? err({ at: 0, why: `it has more than ${PIECES_MAX} parts` }) : ok(joined);
}

/** Neighbouring texts as one, but line breaks by themselves. */
function joinText(pieces: readonly Piece[]): readonly Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const both = piece.kind === 'text' && last?.kind === 'text' && piece.text !== '\n' && last.text !== '\n';
    if (both) joined[joined.length - 1] = { kind: 'text', text: last.text + piece.text };
    else joined.push(piece);
  }
  return joined;
}

/** Padding takes all the blanks that stand there, those of the text behind it among them. */
function withBlanksTaken(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.flatMap((piece, index): readonly Piece[] => {
    if (piece.kind === 'blanks') return [{ kind: 'blanks', least: leadingBlanks(pieces[index + 1]) }];
    const blanks = pieces[index - 1]?.kind === 'blanks' ? leadingBlanks(piece) : 0;
    if (piece.kind !== 'text' || blanks === 0) return [piece];
    return blanks === piece.text.length ? [] : [{ kind: 'text', text: piece.text.slice(blanks) }];
  });
}

function leadingBlanks(piece: Piece | undefined): number {
  return piece?.kind === 'text' ? piece.text.length - piece.text.replace(/^ +/, '').length : 0;
}

/** Without blanks and line breaks at the end: lines are read without theirs. */
export function withoutBlankEnd(pieces: readonly Piece[]): readonly Piece[] {
  const last = pieces.at(-1);
  if (last?.kind === 'blanks') return withoutBlankEnd(pieces.slice(0, -1));
  if (last?.kind !== 'text' || last.text.trimEnd() === last.text) return pieces;
  const text = last.text.trimEnd();
  return text === '' ? withoutBlankEnd(pieces.slice(0, -1)) : [...pieces.slice(0, -1), { kind: 'text', text }];
}

interface Width {
  /** Blanks may stand before the field, or behind it. */
  readonly pad: 'before' | 'behind' | null;
}

class PatternReader {
  readonly #text: string;
  #at = 0;
  #encoding: Encoding | null = null;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Pieces up to the character that closes; null: up to the end. */
  read(close: string | null): Result<readonly Piece[], FormatError> {
    const pieces: Piece[] = [];
    for (; this.#at < this.#text.length;) {
      const character = this.#text[this.#at] ?? '';
      if (character === close) return ok(pieces);
      const one = character === '%' ? this.#conversion() : ok([this.#literal(character)]);
      if (!one.ok) return one;
      pieces.push(...one.value);
    }
    return close === null ? ok(pieces) : this.#error(`"${close}" is missing`);
  }

  #error(why: string, at = this.#at): Result<never, FormatError> {
    return err({ at, why });
  }

  #literal(character: string): Piece {
    this.#at += 1;
    if (character !== '\\' || this.#at === this.#text.length) return { kind: 'text', text: character };
    const escaped = this.#text[this.#at] ?? '';
    this.#at += 1;
    return { kind: 'text', text: ESCAPES[escaped] ?? escaped };
  }

  #conversion(): Result<readonly Piece[], FormatError> {
    const start = this.#at;
    this.#at += 1;
    if (this.#text[this.#at] === '%') {
      this.#at += 1;
      return ok([{ kind: 'text', text: '%' }]);
    }
    const width = this.#width();
    if (this.#text[this.#at] === '(') return padded(this.#inner('(', ')'), width);
    if (this.#text[this.#at] === '{') return padded(this.#own(start), width);
    const name = this.#name();
    const meaning = name === null ? undefined : WORDS[name];
    if (name === null || meaning === undefined) {
      const shown = /^%[-.\d]*\w*/.exec(this.#text.slice(start, start + 20))?.[0] ?? '%';
      return this.#error(`"${shown}" is no conversion word that is known`, start);
    }
    return padded(this.#meant(name, meaning, start), width);
  }

  #meant(name: string, meaning: Meaning, start: number): Result<readonly Piece[], FormatError> {
    if (meaning === 'wrapper') return this.#wrapped(name);
    const optionsAt = this.#at + 1;
    const options = this.#options();
    if (options === null) return this.#error('"}" is missing', start);
    if (meaning === 'nothing') return ok([]);
    if (meaning === 'lineBreak') return ok([{ kind: 'text', text: '\n' }]);
    const word = this.#text.slice(start, this.#at);
    if (meaning !== 'time') {
      const isMyid = CONTEXT_WORDS.has(name) && /^myid(?::-|$)/.test(options[0] ?? '');
      const part: Part = isMyid ? 'myid' : meaning[0];
      return ok([{ kind: 'field', part, holds: meaning[1], encoding: this.#encoding, word }]);
    }
    const form = (options[0] ?? '').replace(/^"(.*)"$/, '$1');
    const format = timeFormat(form.replace(/, *(?:UTC|GMT|[A-Z][a-z]+\/\w+)$/, ''));
    if (!format.ok) return this.#error(format.error.why, optionsAt + format.error.at);
    return ok([{ kind: 'time', format: format.value }]);
  }

  /** `%{source}`, `%{skip}`, `%{myid}`. */
  #own(start: number): Result<readonly Piece[], FormatError> {
    const name = this.#options()?.[0] ?? '';
    const meaning = OWN[name];
    if (meaning === undefined) return this.#error(`%{${name}} is not known: source, skip and myid are`, start);
    const [part, holds] = meaning;
    return ok([{ kind: 'field', part, holds, encoding: this.#encoding, word: `%{${name}}` }]);
  }

  /** Colours, which are taken off before a line is read, and encodings: what counts stands inside. */
  #wrapped(name: string): Result<readonly Piece[], FormatError> {
    const open = this.#text[this.#at];
    if (open !== '(' && open !== '{') return this.#error(`%${name} has nothing in it`);
    const outer = this.#encoding;
    const at = this.#at;
    if (name === 'enc' || name === 'encode') this.#encoding = this.#encodingBehind(open);
    const pieces = this.#inner(open, open === '(' ? ')' : '}');
    if (this.#encoding === null && (name === 'enc' || name === 'encode')) {
      return this.#error('%enc needs {JSON} or {XML}', at);
    }
    this.#encoding = outer;
    return this.#options() === null ? this.#error('"}" is missing', at) : pieces;
  }

  /** What stands in the second pair of braces. */
  #encodingBehind(open: string): Encoding | null {
    const close = open === '{' ? '}' : ')';
    let depth = 0;
    let at = this.#at;
    for (; at < this.#text.length; at++) {
      if (this.#text[at] === open) depth += 1;
      else if (this.#text[at] === close && --depth === 0) break;
    }
    const name = /^\{(JSON|XML|HTML)\}/.exec(this.#text.slice(at + 1))?.[1];
    return name === undefined ? null : name === 'JSON' ? 'json' : 'xml';
  }

  #inner(open: string, close: string): Result<readonly Piece[], FormatError> {
    const at = this.#at;
    this.#at += open.length;
    if (++this.#depth > DEPTH_MAX) return this.#error('it is nested too deeply', at);
    const pieces = this.read(close);
    this.#depth -= 1;
    this.#at += 1;
    return pieces;
  }

  #width(): Width {
    const found = /^(-?)(0?\d{0,4})(?:\.-?\d{1,4})?/.exec(this.#text.slice(this.#at, this.#at + 12));
    const [whole = '', minus, least] = found ?? [];
    this.#at += whole.length;
    return { pad: whole === '' || least === '' ? null : minus === '-' ? 'behind' : 'before' };
  }

  /** The longest word that is known. */
  #name(): string | null {
    const letters = /^[A-Za-z]{1,20}/.exec(this.#text.slice(this.#at, this.#at + 20))?.[0] ?? '';
    for (let length = letters.length; length > 0; length--) {
      const name = letters.slice(0, length);
      if (!Object.hasOwn(WORDS, name)) continue;
      this.#at += length;
      return name;
    }
    return null;
  }

  /** What stands in the pairs of braces that follow; null: the last one is open. */
  #options(): readonly string[] | null {
    const options: string[] = [];
    while (this.#text[this.#at] === '{') {
      let depth = 0;
      let end = this.#at;
      for (; end < this.#text.length; end++) {
        if (this.#text[end] === '{') depth += 1;
        else if (this.#text[end] === '}' && --depth === 0) break;
      }
      if (end >= this.#text.length) return null;
      options.push(this.#text.slice(this.#at + 1, end));
      this.#at = end + 1;
    }
    return options;
  }
}

const DEPTH_MAX = 8;
const PAD: Piece = { kind: 'blanks', least: 0 };

function padded(pieces: Result<readonly Piece[], FormatError>, { pad }: Width): Result<readonly Piece[], FormatError> {
  if (!pieces.ok || pad === null) return pieces;
  return ok(pad === 'before' ? [PAD, ...pieces.value] : [...pieces.value, PAD]);
}
