/** The text form of Java's `java.util.Properties`, with the line of every entry kept. */
import { err, ok, type Result } from '../base/result.js';

/** One `key=value` of a file. */
export interface PropertyEntry {
  readonly key: string;
  /** As Java keeps it: leading blanks removed, trailing blanks kept. */
  readonly value: string;
  /** Where the entry begins, from 1. */
  readonly line: number;
}

/** A file of properties. */
export interface PropertiesText {
  /** Every entry in file order, repeated keys included. */
  readonly entries: readonly PropertyEntry[];
  /** What Java would keep: the last entry of each key. */
  readonly last: ReadonlyMap<string, PropertyEntry>;
  /** Keys that occur more than once, with all their lines. */
  readonly duplicates: readonly { readonly key: string; readonly lines: readonly number[] }[];
}

/** A logical line: natural lines joined at a backslash, escapes not yet resolved. */
interface LogicalLine {
  readonly text: string;
  readonly line: number;
}

const isBlank = (char: string | undefined): boolean => char === ' ' || char === '\t' || char === '\f';

/**
 * Reads properties text as `Properties.load` does: comments `#` and `!`, separators `=`, `:` and blanks,
 * continuation by backslash, escapes with `\uXXXX`. Error: a malformed `\uXXXX`, with its line.
 */
export function parseProperties(
  text: string,
): Result<PropertiesText, { readonly line: number; readonly message: string }> {
  const entries: PropertyEntry[] = [];
  const last = new Map<string, PropertyEntry>();
  const lines = new Map<string, number[]>();
  for (const logical of logicalLines(text)) {
    const { key, value } = splitEntry(logical.text);
    const plainKey = unescape(key);
    const plainValue = unescape(value);
    if (plainKey === null || plainValue === null) {
      return err({ line: logical.line, message: 'a \\u escape needs four hexadecimal digits' });
    }
    const entry = { key: plainKey, value: plainValue, line: logical.line };
    entries.push(entry);
    last.set(plainKey, entry);
    const seen = lines.get(plainKey);
    if (seen === undefined) lines.set(plainKey, [logical.line]);
    else seen.push(logical.line);
  }
  const duplicates = [...lines].filter(([, at]) => at.length > 1).map(([key, at]) => ({ key, lines: at }));
  return ok({ entries, last, duplicates });
}

/**
 * Joins continued lines and drops comments and blank lines (Properties.LineReader.readLine). While nothing but
 * backslashes was met the logical line has not begun; if the file ends there, nothing is told of it.
 */
function logicalLines(text: string): LogicalLine[] {
  const natural = text.split(/\r\n|\r|\n/);
  const result: LogicalLine[] = [];
  let joined = '';
  let line = 0;
  let open = false;
  natural.forEach((raw, index) => {
    const current = trimStart(raw);
    if (joined === '') {
      if (current === '' || current.startsWith('#') || current.startsWith('!')) return;
      line = index + 1;
    }
    open = endsInOddBackslashes(current);
    joined += open ? current.slice(0, -1) : current;
    if (open) return;
    result.push({ text: joined, line });
    joined = '';
  });
  if (open && joined !== '') result.push({ text: joined, line });
  return result;
}

function trimStart(text: string): string {
  let start = 0;
  while (isBlank(text[start])) start++;
  return text.slice(start);
}

function endsInOddBackslashes(text: string): boolean {
  let count = 0;
  while (text[text.length - 1 - count] === '\\') count++;
  return count % 2 === 1;
}

/** Cuts at the first unescaped separator; at most one `=` or `:` among the blanks belongs to it. */
function splitEntry(text: string): { readonly key: string; readonly value: string } {
  let end = 0;
  while (end < text.length) {
    const char = text[end];
    if (char === '\\') {
      end += 2;
      continue;
    }
    if (char === '=' || char === ':' || isBlank(char)) break;
    end++;
  }
  let start = end;
  while (isBlank(text[start])) start++;
  if (text[start] === '=' || text[start] === ':') start++;
  while (isBlank(text[start])) start++;
  return { key: text.slice(0, end), value: text.slice(start) };
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

/** Resolves backslash escapes (Properties.loadConvert); null if a `\u` escape is malformed. */
function unescape(text: string): string | null {
  if (!text.includes('\\')) return text;
  let result = '';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char !== '\\') {
      result += char;
      continue;
    }
    i++;
    const escaped = text.charAt(i);
    if (escaped === 'u') {
      const digits = text.slice(i + 1, i + 5);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) return null;
      result += String.fromCharCode(Number.parseInt(digits, 16));
      i += 4;
    } else {
      result += ESCAPES[escaped] ?? escaped;
    }
  }
  return result;
}
