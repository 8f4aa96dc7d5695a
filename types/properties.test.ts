import { describe, expect, test } from 'vitest';
import { parseProperties } from './properties.js';

/** Key and value of every entry, in order. */
function entries(text: string): [string, string][] {
  const read = parseProperties(text);
  if (!read.ok) throw new Error(read.error.message);
  return read.value.entries.map((entry) => [entry.key, entry.value]);
}

describe('properties text, as java.util.Properties reads it', () => {
  test.each<[string, string, string]>([
    ['Truth = Beauty', 'Truth', 'Beauty'],
    [' Truth:Beauty', 'Truth', 'Beauty'],
    ['Truth                    :Beauty', 'Truth', 'Beauty'],
    ['key value with blanks', 'key', 'value with blanks'],
    ['key\t\f= \tvalue', 'key', 'value'],
    ['key = = value', 'key', '= value'],
    ['key=value ', 'key', 'value '],
    ['cheeses', 'cheeses', ''],
    ['a\\ b\\=c\\:d=e', 'a b=c:d', 'e'],
    ['k=a\\tb\\nc\\rd\\fe\\zf\\\\g', 'k', 'a\tb\nc\rd\fezf\\g'],
    ['k=\\u00e9\\u4F60', 'k', 'é你'],
    ['server.1=[::1]\\:2888:3888', 'server.1', '[::1]:2888:3888'],
    ['path=C:\\\\zk\\\\data', 'path', 'C:\\zk\\data'],
  ])('%j', (text, key, value) => {
    expect(entries(text)).toEqual([[key, value]]);
  });

  test('comments and blank lines give nothing, a comment mark later in a line does', () => {
    expect(entries('# a=1\n  ! b=2\n\n   \t\nc=3 # kept\n')).toEqual([['c', '3 # kept']]);
  });

  test('a line goes on behind an odd number of backslashes, leading blanks dropped', () => {
    expect(entries('fruits = apple, \\\n    pear, \\\r\n\tplum\nnext=1')).toEqual([
      ['fruits', 'apple, pear, plum'],
      ['next', '1'],
    ]);
    expect(entries('a=b\\\\\nc=d')).toEqual([
      ['a', 'b\\'],
      ['c', 'd'],
    ]);
  });

  test('a comment mark at the beginning of a continued line is text, and a comment does not continue', () => {
    expect(entries('a=1,\\\n# 2\n# x \\\nb=3')).toEqual([
      ['a', '1,# 2'],
      ['b', '3'],
    ]);
  });

  test('a backslash at the end of the file, or before an empty line, ends the entry', () => {
    expect(entries('a=1\\')).toEqual([['a', '1']]);
    expect(entries('a=1\\\n\nb=2')).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
  });

  test('a line of a backslash alone begins nothing', () => {
    expect(entries('\\\n# a\n\n\\\nb=1\n\\')).toEqual([['b', '1']]);
  });

  test('CR alone ends a line as well', () => {
    expect(entries('a=1\rb=2')).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
  });

  test('the last of equal keys wins, all their lines are reported', () => {
    const read = parseProperties('a=1\nb=2\n\na=3\n');
    expect(read).toMatchObject({ ok: true, value: { duplicates: [{ key: 'a', lines: [1, 4] }] } });
    expect(read.ok && read.value.last.get('a')).toEqual({ key: 'a', value: '3', line: 4 });
  });

  test('the line of an entry is where it begins', () => {
    const read = parseProperties('# c\na=1\\\n2\nb=3');
    expect(read.ok && read.value.entries.map((entry) => entry.line)).toEqual([2, 4]);
  });

  test('a malformed \\u escape is an error with its line', () => {
    expect(parseProperties('a=1\nb=\\u12g4')).toEqual({
      ok: false,
      error: { line: 2, message: 'a \\u escape needs four hexadecimal digits' },
    });
  });
});
