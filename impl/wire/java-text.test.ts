/** Goal: text and numbers as Java takes them, where that differs from JavaScript. Method: cases. */
import { describe, expect, it, test } from 'vitest';
import { LONG_MAX, LONG_MIN } from '../../types/int64.js';
import { parseJavaInt, parseJavaLong, splitJava, trimJava } from './java-text.js';

describe('Java', () => {
  test.each<[string, readonly string[]]>([
    ['', ['']],
    ['a', ['a']],
    [':', []],
    ['::', []],
    ['a:', ['a']],
    [':a', ['', 'a']],
    ['a::b::', ['a', '', 'b']],
  ])('splits %j', (text, parts) => {
    expect(splitJava(text, ':')).toEqual(parts);
  });

  test.each<[string, number | null]>([
    ['2147483647', 2 ** 31 - 1],
    ['2147483648', null],
    ['-2147483648', -(2 ** 31)],
    ['+0', 0],
    ['00000000000000000000000000000000007', 7],
    ['', null],
    ['-', null],
    ['+-1', null],
    ['1_000', null],
    ['a', null],
    ['٣٨٨٨', 3888],
    ['1\u0661', 11],
    ['𝟏', null],
    ['¹', null],
  ])('reads the int %j', (text, value) => {
    expect(parseJavaInt(text)).toBe(value);
  });

  test.each<[string, bigint | null]>([
    ['7fffffffffffffff', LONG_MAX],
    ['8000000000000000', null],
    ['-8000000000000000', LONG_MIN],
    ['-8000000000000001', null],
    ['0x1', null],
    ['Ff', 255n],
    ['Ｆｆ', 255n],
    ['ｇ', null],
  ])('reads the hexadecimal long %j', (text, value) => {
    expect(parseJavaLong(text, 16)).toBe(value);
  });

  it('reads no letter as a decimal digit', () => {
    expect(parseJavaLong('Ａ', 10)).toBeNull();
    expect(parseJavaLong('9223372036854775807', 10)).toBe(LONG_MAX);
  });

  it('has decimal digits in runs of ten', () => {
    let zero = 0;
    for (let code = 0; code < 0x10000; code++) {
      const value = parseJavaInt(String.fromCharCode(code));
      if (value === 0) zero = code;
      if (value !== null) expect(code - zero).toBe(value);
    }
    expect(zero).toBe(0xff10);
  });

  it('trims what is not above the blank, and nothing else', () => {
    expect(trimJava('\u0000\t a\u00a0 \n')).toBe('a\u00a0');
    expect(trimJava(' \n')).toBe('');
  });
});
