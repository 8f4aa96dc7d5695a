/**
 * A layout as its user writes it down: a small YAML document, see docs/layouts.md. Whatever is wrong with it is told with
 * line and column.
 */
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type Scalar, visit } from 'yaml';
import { z } from 'zod';
import { err, ok, type Result } from '../../../base/result.js';
import { asSid, type Sid } from '../../../types/ids.js';
import { LONG_MAX, LONG_MIN } from '../../../types/int64.js';
import { compilePattern, withoutBlankEnd } from './conversion-pattern.js';
import { type Keys, Layout } from './layout.js';
import type { Piece } from './pieces.js';
import { ISO_TIME, timeFormat } from './time-format.js';

/** What is wrong with a layout: a sentence that names file, line and column. */
export interface LayoutError {
  readonly message: string;
}

/** Longer ones are no layouts. */
const TEXT_MAX = 65_536;

const pattern = z.string().min(1).max(1000);
const path = z.string().min(1).max(200);
const keys = z.strictObject({
  message: path.optional(),
  line: path.optional(),
  time: path.optional(),
  level: path.optional(),
  thread: path.optional(),
  logger: path.optional(),
  myid: path.optional(),
  source: path.optional(),
});
const patterns = z.union([pattern, z.array(pattern).min(1).max(8)], 'expected a pattern or a list of them');
const id = z.bigint('expected a 64-bit number').min(LONG_MIN).max(LONG_MAX);

const FORM = z.strictObject({
  strip: patterns.optional(),
  pattern: patterns.optional(),
  json: keys.optional(),
  logfmt: keys.optional(),
  time: z.string().min(1).max(200).optional(),
  continuation: pattern.optional(),
  servers: z.record(z.string(), id).optional(),
});

type Form = z.output<typeof FORM>;
type Place = readonly PropertyKey[];

/** What is wrong at a place of the document; `offset`: in the text there. */
interface Fault {
  readonly place: Place;
  readonly why: string;
  readonly offset?: number;
}

/** Reads the text of a layout. `name`: its file. */
export function parseLayout(text: string, name: string): Result<Layout, LayoutError> {
  if (text.length > TEXT_MAX) return err({ message: `${name}: a layout has at most ${TEXT_MAX} characters.` });
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, intAsBigInt: true });
  const failed = (offset: number, why: string): Result<never, LayoutError> => {
    const { line, col } = counter.linePos(Math.max(0, offset));
    return err({ message: `${name}:${Math.max(1, line)}:${Math.max(1, col)}: ${why}.` });
  };
  const [first] = [...document.errors, ...document.warnings];
  if (first !== undefined) return failed(first.pos[0], sentence(first.message));
  const alias = firstAlias(document);
  if (alias !== null) return failed(alias, 'aliases are not allowed here');
  const fault = faultOf(document, name);
  if (fault instanceof Layout) return ok(fault);
  return failed(offsetOf(document, fault), fault.why);
}

/** Where an alias stands: they could make a small text huge. */
function firstAlias(document: Document.Parsed): number | null {
  let at: number | null = null;
  visit(document, {
    Alias: (_, { range }) => {
      at = range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return at;
}

function sentence(text: string): string {
  return text.replace(/\.$/, '').replaceAll('\n', ' ');
}

/** The layout, or what is wrong with it. */
function faultOf(document: Document.Parsed, name: string): Layout | Fault {
  const read = FORM.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (read.success) return layoutOf(read.data, name);
  const issue = read.error.issues[0];
  if (issue === undefined) return { place: [], why: 'it cannot be read' };
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    return { place: [...issue.path, key], why: `"${key}" is not known here: ${knownAt(issue.path).join(', ')} are` };
  }
  if (issue.path.length === 0) return { place: [], why: `it is no layout: a map of ${knownAt([]).join(', ')}` };
  const at = issue.path.join('.');
  const why = sentence(issue.message.replace(/^Invalid (?:input|option): /, ''));
  return { place: issue.path, why: `${at}: ${why}` };
}

const knownAt = (place: Place): readonly string[] => Object.keys(place.length === 0 ? FORM.shape : keys.shape);

/** Where a fault stands in the text. */
function offsetOf(document: Document.Parsed, { place, offset }: Fault): number {
  const node = place.length === 0 ? document.contents : document.getIn(place, true);
  if (offset !== undefined && isScalar(node)) return (node.range?.[0] ?? 0) + offsetIn(node, offset);
  const parent = place.length < 2 ? document.contents : document.getIn(place.slice(0, -1), true);
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === place.at(-1)) : undefined;
  const [start] = (isNode(pair?.key) ? pair.key.range : isNode(node) ? node.range : null) ?? [0];
  return start;
}

/** Behind an opening quote, and behind apostrophes that are written twice; of other texts the beginning is named. */
function offsetIn({ type, value }: Scalar, offset: number): number {
  if (type === 'PLAIN') return offset;
  if (type !== 'QUOTE_SINGLE') return 0;
  return 1 + offset + String(value).slice(0, offset).split("'").length - 1;
}

class Refusal extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.why);
    this.fault = fault;
  }
}

function layoutOf(form: Form, name: string): Layout | Fault {
  try {
    const { strip, pattern: record, continuation } = form;
    const keyed = keysOf(form);
    const servers: [string, Sid][] = Object.entries(form.servers ?? {}).map(([source, sid]) => [source, asSid(sid)]);
    if (strip === undefined && record === undefined && keyed === null && servers.length === 0) {
      throw new Refusal({ place: [], why: 'a layout has at least one of strip, pattern, json, logfmt and servers' });
    }
    if (keyed !== null && !keyed.isLine && record !== undefined) {
      throw new Refusal({
        place: ['pattern'],
        why: `with "message" there is no pattern; with "line" there may be one`,
      });
    }
    return new Layout({
      name,
      strip: listOf(strip).map((one) => compiled(one.text, one.place('strip'), 'prefix')),
      keys: keyed,
      patterns: listOf(record).map((one) => compiled(one.text, one.place('pattern'), 'record')),
      continuation: continuation === undefined ? null : compiled(continuation, ['continuation'], 'record'),
      servers: new Map(servers),
    });
  } catch (error) {
    if (error instanceof Refusal) return error.fault;
    throw error;
  }
}

interface Listed {
  readonly text: string;
  readonly place: (name: string) => Place;
}

function listOf(texts: string | readonly string[] | undefined): readonly Listed[] {
  if (texts === undefined) return [];
  if (typeof texts === 'string') return [{ text: texts, place: (name) => [name] }];
  return texts.map((text, index) => ({ text, place: (name) => [name, index] }));
}

function keysOf(form: Form): Keys | null {
  const { json, logfmt, time } = form;
  const paths = json ?? logfmt;
  const name = json === undefined ? 'logfmt' : 'json';
  if (paths === undefined) {
    if (time === undefined) return null;
    throw new Refusal({ place: ['time'], why: 'time belongs to json or logfmt; in a pattern it is %d{…}' });
  }
  if (json !== undefined && logfmt !== undefined) {
    throw new Refusal({ place: ['logfmt'], why: 'a layout has json or logfmt, not both' });
  }
  const { message, line, ...rest } = paths;
  const text = message ?? line;
  if (text === undefined || (message !== undefined && line !== undefined)) {
    throw new Refusal({ place: [name], why: `${name} names either "message", or "line" for a whole record as text` });
  }
  const format = time === undefined ? ok(ISO_TIME) : timeFormat(time);
  if (!format.ok) throw new Refusal({ place: ['time'], why: `time: ${format.error.why}`, offset: format.error.at });
  return { form: name, text, isLine: line !== undefined, paths: rest, time: format.value };
}

/** A record's pattern holds the message once; a prefix does not, and ends with a text, so that its end is known. */
function compiled(text: string, place: Place, kind: 'record' | 'prefix'): readonly Piece[] {
  const name = place.join('.');
  const pieces = compilePattern(text);
  if (!pieces.ok) throw new Refusal({ place, why: `${name}: ${pieces.error.why}`, offset: pieces.error.at });
  const messages = pieces.value.filter((piece) => piece.kind === 'field' && piece.part === 'message').length;
  if (kind === 'record' && messages !== 1)
    throw new Refusal({ place, why: `${name}: the message, %m, stands there once` });
  if (kind === 'prefix' && messages > 0) throw new Refusal({ place, why: `${name}: the message, %m, is no prefix` });
  if (kind === 'prefix' && !endsFirmly(pieces.value)) {
    throw new Refusal({ place, why: `${name}: a prefix ends with a text or a time, so that its end is known` });
  }
  return kind === 'record' ? withoutBlankEnd(pieces.value) : pieces.value;
}

function endsFirmly(pieces: readonly Piece[]): boolean {
  const last = pieces.at(-1);
  return last !== undefined && last.kind !== 'field';
}
