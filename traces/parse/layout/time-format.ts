/**
 * Time stamps of any form, described by the letters of Java's date patterns (`yyyy/MM/dd HH:mm:ss.SSS`) or by the names
 * that log4j and logback have for some (ISO8601, ABSOLUTE, DATE, UNIX_MILLIS). Read in one pass, without going back.
 */
import { err, ok, type Result } from '../../../base/result.js';
import { monthIn, type TimeParts, stampOf, stampOfEpoch } from './stamp-text.js';

/** A part of a format: takes characters from `at` on and gives where it ends, or −1. */
type Step = (text: string, at: number, parts: TimeParts) => number;

export interface TimeFormat {
  readonly steps: readonly Step[];
  /** The number counts from 1970: seconds or milliseconds. */
  readonly epoch: 'seconds' | 'milliseconds' | null;
}

/** What a format is not. `at`: where in its text. */
export interface FormatError {
  readonly at: number;
  readonly why: string;
}

const ISO8601 = 'yyyy-MM-dd HH:mm:ss,SSS';

/** By the names that the loggers have for them. */
const NAMED: Readonly<Record<string, string>> = {
  ABSOLUTE: 'HH:mm:ss,SSS',
  DATE: 'dd MMM yyyy HH:mm:ss,SSS',
  DEFAULT: ISO8601,
  COMPACT: 'yyyyMMddHHmmssSSS',
  ISO8601_BASIC: "yyyyMMdd'T'HHmmss,SSS",
};

/** ISO 8601 as everybody writes it: `T` or a blank, a comma or a point or no fraction, with or without a zone. */
export const ISO_TIME: TimeFormat = {
  epoch: null,
  steps: [
    number('year', 4, 4),
    literal('-'),
    number('month', 2, 2),
    literal('-'),
    number('day', 2, 2),
    oneOf(' T'),
    number('hour', 2, 2),
    literal(':'),
    number('minute', 2, 2),
    literal(':'),
    number('second', 2, 2),
    isoFraction,
    isoZone,
  ],
};

/** Compiles the text between the braces of `%d{…}`. */
export function timeFormat(text: string): Result<TimeFormat, FormatError> {
  if (text === '' || text === 'ISO8601') return ok(ISO_TIME);
  if (text === 'UNIX') return ok({ steps: [], epoch: 'seconds' });
  if (text === 'UNIX_MILLIS') return ok({ steps: [], epoch: 'milliseconds' });
  const form = NAMED[text] ?? text;
  const steps: Step[] = [];
  for (let at = 0; at < form.length;) {
    const one = stepAt(form, at);
    if (!one.ok) return one;
    steps.push(one.value.step);
    at = one.value.end;
  }
  return ok({ steps, epoch: null });
}

/** Reads the time at `at`: where it ends, and the stamp as ISO 8601 prints it; the date is left out if it has no year. */
export function readTime(
  { steps, epoch }: TimeFormat,
  text: string,
  at: number,
): { readonly end: number; readonly stamp: string } | null {
  if (epoch !== null) return readEpoch(epoch, text, at);
  const parts: TimeParts = { numbers: {}, afternoon: null, fraction: '', zone: '' };
  let end = at;
  for (const step of steps) {
    end = step(text, end, parts);
    if (end < 0) return null;
  }
  const stamp = stampOf(parts);
  return stamp === null ? null : { end, stamp };
}

/** Digits enough for the next two centuries; seconds may have a fraction. */
function readEpoch(
  epoch: 'seconds' | 'milliseconds',
  text: string,
  at: number,
): { readonly end: number; readonly stamp: string } | null {
  const whole = digitsEnd(text, at, 13);
  if (whole === at) return null;
  const fractional = epoch === 'seconds' && text[whole] === '.';
  const end = fractional ? digitsEnd(text, whole + 1, 9) : whole;
  const value = Number(text.slice(at, end));
  return { end, stamp: stampOfEpoch(Math.floor(epoch === 'seconds' ? Math.round(value * 1e6) / 1e3 : value)) };
}

type Compiled = Result<{ readonly step: Step; readonly end: number }, FormatError>;

function stepAt(form: string, at: number): Compiled {
  const letter = form[at] ?? '';
  if (letter === "'") return quoted(form, at);
  if (!/[A-Za-z]/.test(letter)) return ok({ step: literal(letter), end: at + 1 });
  let end = at;
  while (form[end] === letter) end++;
  const step = letterStep(letter, end - at);
  if (step === null) return err({ at, why: `"${form.slice(at, end)}" is no part of a date that is known` });
  return ok({ step, end });
}

/** Text between apostrophes; two of them are one, there and elsewhere. */
function quoted(form: string, at: number): Compiled {
  if (form[at + 1] === "'") return ok({ step: literal("'"), end: at + 2 });
  let close = form.indexOf("'", at + 1);
  while (close >= 0 && form[close + 1] === "'") close = form.indexOf("'", close + 2);
  if (close < 0) return err({ at, why: 'the apostrophe has no second' });
  return ok({ step: literal(form.slice(at + 1, close).replaceAll("''", "'")), end: close + 1 });
}

function letterStep(letter: string, count: number): Step | null {
  switch (letter) {
    case 'y':
    case 'u':
      return count === 2 ? number('shortYear', 2, 2) : number('year', 4, 4);
    case 'M':
    case 'L':
      return count > 2 ? monthName : number('month', count, 2);
    case 'd':
      return number('day', count, 2);
    case 'H':
      return number('hour', count, 2);
    case 'h':
      return number('hour12', count, 2);
    case 'm':
      return number('minute', count, 2);
    case 's':
      return number('second', count, 2);
    case 'S':
    case 'n':
      return count > 9 ? null : fraction(letter === 'n' ? 9 : count);
    case 'a':
      return halfOfDay;
    case 'E':
      return (text, at) => lettersEnd(text, at);
    case 'z':
    case 'Z':
    case 'X':
    case 'x':
    case 'O':
      return zone;
    default:
      return null;
  }
}

function literal(wanted: string): Step {
  return (text, at) => (text.startsWith(wanted, at) ? at + wanted.length : -1);
}

function oneOf(characters: string): Step {
  return (text, at) => (at < text.length && characters.includes(text[at] ?? '') ? at + 1 : -1);
}

function digitsEnd(text: string, at: number, most: number): number {
  let end = at;
  while (end < at + most && isDigit(text.charCodeAt(end))) end++;
  return end;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** A single letter also takes the blank that some pad one digit with (`Oct  3`). */
function number(name: keyof TimeParts['numbers'], least: number, most: number): Step {
  return (text, at, parts) => {
    const start = least === 1 && text[at] === ' ' ? at + 1 : at;
    const end = digitsEnd(text, start, most);
    if (end - start < least) return -1;
    parts.numbers[name] = Number(text.slice(start, end));
    return end;
  };
}

function fraction(digits: number): Step {
  return (text, at, parts) => {
    const end = digitsEnd(text, at, digits);
    if (end - at < digits) return -1;
    parts.fraction = text.slice(at, end);
    return end;
  };
}

function isoFraction(text: string, at: number, parts: TimeParts): number {
  if (text[at] !== ',' && text[at] !== '.') return at;
  const end = digitsEnd(text, at + 1, 9);
  if (end === at + 1) return at;
  parts.fraction = text.slice(at + 1, end);
  return end;
}

const ISO_ZONE = /Z| ?[+-]\d\d(?::?\d\d)?(?!\d)/y;

function isoZone(text: string, at: number, parts: TimeParts): number {
  ISO_ZONE.lastIndex = at;
  const found = ISO_ZONE.exec(text)?.[0] ?? '';
  parts.zone = found.trim();
  return at + found.length;
}

function lettersEnd(text: string, at: number): number {
  let end = at;
  while (/[A-Za-z]/.test(text[end] ?? '')) end++;
  return end === at ? -1 : end;
}

function monthName(text: string, at: number, parts: TimeParts): number {
  const end = lettersEnd(text, at);
  const month = end < 0 ? null : monthIn(text.slice(at, end));
  if (month === null) return -1;
  parts.numbers.month = month;
  return end;
}

function halfOfDay(text: string, at: number, parts: TimeParts): number {
  const half = text.slice(at, at + 2).toUpperCase();
  if (half !== 'AM' && half !== 'PM') return -1;
  parts.afternoon = half === 'PM';
  return at + 2;
}

const ZONE = /(?:GMT)?[+-]\d\d(?::?\d\d)?|Z|[A-Z]{3,5}/y;

/** An offset is kept, a name is passed over: it names a different offset in winter. */
function zone(text: string, at: number, parts: TimeParts): number {
  ZONE.lastIndex = at;
  const found = ZONE.exec(text)?.[0];
  if (found === undefined) return -1;
  const offset = found.replace('GMT', '');
  if (offset === 'Z' || /^[+-]/.test(offset)) parts.zone = offset;
  return at + found.length;
}
