/** Java's ways with text and numbers, where JavaScript's differ: what a server refuses hangs on them. */
/** A byte order mark is a character to Java. */
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
const ENCODER = new TextEncoder();
const DIGITS_MAX = 20;
const ASCII_NUMBER = /^[0-9a-f]+$/i;
const DECIMAL_DIGIT = /^\p{Nd}$/u;
const CODE_OF_0 = 0x30;
const CODE_OF_LOWER_A = 0x61;
/** Fullwidth A to F, capital and small: Character.digit knows them. */
const FULLWIDTH_LETTERS = [0xff21, 0xff41] as const;

/** `new String(bytes, UTF_8)`, but for surrogates in the bytes: Java makes one U+FFFD of each, JavaScript three. */
export function decodeUtf8(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

/** `String.getBytes(UTF_8)`, but for lone surrogates, of which Java makes "?". */
export function encodeUtf8(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** `String.split` with a literal separator: trailing empty parts are dropped, all of them, unless nothing was split. */
export function splitJava(text: string, separator: string): readonly string[] {
  const parts = text.split(separator);
  if (parts.length === 1) return parts;
  let count = parts.length;
  while (count > 0 && parts[count - 1] === '') count--;
  return parts.slice(0, count);
}

/** `String.trim`: removes what is not above the blank. */
export function trimJava(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

/** `Integer.parseInt(text)`; null where that throws NumberFormatException. */
export function parseJavaInt(text: string): number | null {
  const value = parseSigned(text, 10);
  return value === null || BigInt.asIntN(32, value) !== value ? null : Number(value);
}

/** `Long.parseLong(text, radix)`, signed also for 16; null where that throws NumberFormatException. */
export function parseJavaLong(text: string, radix: 10 | 16): bigint | null {
  const value = parseSigned(text, radix);
  return value === null || BigInt.asIntN(64, value) !== value ? null : value;
}

/** Null also for what has more digits than 64 bits can have: no number is built of half a megabyte. */
function parseSigned(text: string, radix: 10 | 16): bigint | null {
  const signed = text.startsWith('-') || text.startsWith('+');
  const digits = asciiDigits(signed ? text.slice(1) : text);
  if (digits === null || (radix === 10 && /[a-f]/i.test(digits))) return null;
  const significant = digits.replace(/^0+(?=.)/, '');
  if (significant.length > DIGITS_MAX) return null;
  const value = BigInt(radix === 16 ? `0x${significant}` : significant);
  return text.startsWith('-') ? -value : value;
}

/** Every digit of the Basic Multilingual Plane as Character.digit(char, 16) takes it; null if one is none. */
function asciiDigits(text: string): string | null {
  if (ASCII_NUMBER.test(text)) return text;
  if (text === '') return null;
  let digits = '';
  for (let i = 0; i < text.length; i++) {
    const value = digitOf(text.charCodeAt(i));
    if (value === null) return null;
    digits += value.toString(16);
  }
  return digits;
}

function digitOf(code: number): number | null {
  const char = String.fromCharCode(code);
  if (ASCII_NUMBER.test(char)) return code <= 0x39 ? code - CODE_OF_0 : (code | 0x20) - CODE_OF_LOWER_A + 10;
  for (const first of FULLWIDTH_LETTERS) if (code >= first && code < first + 6) return code - first + 10;
  if (!DECIMAL_DIGIT.test(char)) return null;
  // Decimal digits stand in runs of ten.
  let zero = code;
  while (DECIMAL_DIGIT.test(String.fromCharCode(zero - 1))) zero--;
  return code - zero;
}
