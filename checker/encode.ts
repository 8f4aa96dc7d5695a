/** Values as texts and back: equal values have equal texts. */

/**
 * Plain data: null, undefined, booleans, strings, finite numbers, bigints, arrays without holes, maps, sets and objects
 * without prototype of their own. Maps and sets are equal whatever the order in which they were filled; so are the keys
 * of objects, and a key that holds undefined is as none. -0 is 0.
 */
export function encode(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return `${value}n`;
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} is no plain data`);
      return String(value);
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'string':
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : encodeObject(value);
    default:
      throw new TypeError(`a ${typeof value} is no plain data`);
  }
}

function encodeObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(encode).join(',')}]`;
  if (value instanceof Map) {
    return `M{${[...value]
      .map(([key, item]) => `${encode(key)}:${encode(item)}`)
      .sort()
      .join(',')}}`;
  }
  if (value instanceof Set) return `S{${[...value].map(encode).sort().join(',')}}`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError('an object of a class is no plain data');
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries
    .map(([key, item]) => `${JSON.stringify(key)}:${encode(item)}`)
    .sort()
    .join(',')}}`;
}

/**
 * A row of values as one text. Of two rows of equal length the one with the smaller text is the one whose first
 * differing value has the smaller text: a comma is smaller than whatever can follow within a longer text.
 */
export function encodeRow(row: readonly unknown[]): string {
  return row.map(encode).join(',');
}

/** The value that has this text, up to the order in which maps, sets and objects were filled. */
export function decode(text: string): unknown {
  const reader: Reader = { text, at: 0 };
  const value = readValue(reader);
  if (reader.at !== text.length) throw malformed(reader);
  return value;
}

interface Reader {
  readonly text: string;
  at: number;
}

// Of all texts of values only numbers and bigints begin with a digit or a minus.
const NUMBER = /-?\d+(?:n|(?:\.\d+)?(?:e[+-]\d+)?)/y;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const WORD = /null|undefined|true|false/y;
const WORDS = new Map<string, unknown>([
  ['null', null],
  ['undefined', undefined],
  ['true', true],
  ['false', false],
]);

function readValue(reader: Reader): unknown {
  switch (reader.text[reader.at]) {
    case '"':
      return JSON.parse(match(reader, STRING));
    case '[':
      return readItems(reader, '[', ']', readValue);
    case '{':
      return Object.fromEntries(readItems(reader, '{', '}', readPair) as [string, unknown][]);
    case 'M':
      return new Map(readItems(reader, 'M{', '}', readPair));
    case 'S':
      return new Set(readItems(reader, 'S{', '}', readValue));
    case 'n':
    case 'u':
    case 't':
    case 'f':
      return WORDS.get(match(reader, WORD));
    default:
      return readNumber(reader);
  }
}

function readNumber(reader: Reader): number | bigint {
  const digits = match(reader, NUMBER);
  return digits.endsWith('n') ? BigInt(digits.slice(0, -1)) : Number(digits);
}

function readPair(reader: Reader): [unknown, unknown] {
  const key = readValue(reader);
  expect(reader, ':');
  return [key, readValue(reader)];
}

function readItems<T>(reader: Reader, open: string, close: string, readItem: (reader: Reader) => T): T[] {
  expect(reader, open);
  const items: T[] = [];
  while (reader.text[reader.at] !== close) {
    if (items.length > 0) expect(reader, ',');
    items.push(readItem(reader));
  }
  expect(reader, close);
  return items;
}

function match(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  if (found === undefined) throw malformed(reader);
  reader.at += found.length;
  return found;
}

function expect(reader: Reader, token: string): void {
  if (!reader.text.startsWith(token, reader.at)) throw malformed(reader);
  reader.at += token.length;
}

function malformed({ text, at }: Reader): SyntaxError {
  return new SyntaxError(`no encoded value: at ${at} of ${text.slice(0, 200)}`);
}
