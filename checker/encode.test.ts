import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode, encodeRow } from './encode.js';

type Tree = unknown;

/** Plain data as a recipe: the same value can be built with its parts in one order and in another. */
type Recipe =
  | { readonly type: 'leaf'; readonly value: unknown }
  | { readonly type: 'array'; readonly items: readonly Recipe[] }
  | { readonly type: 'object' | 'map'; readonly pairs: readonly (readonly [string, Recipe])[] }
  | { readonly type: 'set'; readonly leaves: readonly unknown[] };

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '"', '\\', '\n', '\ud800', '1n', 'M{', '__proto__', ']'),
);
const leaf = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, true, false, 0, 1, 1n, -1n, '1', 10, 1e21, 5e-324),
  number,
  fc.bigInt(),
  text,
);

const { recipe } = fc.letrec<{ recipe: Recipe; pairs: (readonly [string, Recipe])[] }>((tie) => ({
  pairs: fc.uniqueArray(fc.tuple(text, tie('recipe')), { selector: ([key]) => key, maxLength: 4 }),
  recipe: fc.oneof(
    { maxDepth: 4 },
    leaf.map((value) => ({ type: 'leaf' as const, value })),
    fc.array(tie('recipe'), { maxLength: 4 }).map((items) => ({ type: 'array' as const, items })),
    fc
      .tuple(fc.constantFrom('object' as const, 'map' as const), tie('pairs'))
      .map(([type, pairs]) => ({ type, pairs })),
    fc.uniqueArray(leaf, { maxLength: 4 }).map((leaves) => ({ type: 'set' as const, leaves })),
  ),
}));

function build(one: Recipe, reversed: boolean): Tree {
  const ordered = <T>(items: readonly T[]): readonly T[] => (reversed ? items.toReversed() : items);
  switch (one.type) {
    case 'leaf':
      return one.value;
    case 'array':
      return one.items.map((item) => build(item, reversed));
    case 'object':
      return Object.fromEntries(ordered(one.pairs).map(([key, item]) => [key, build(item, reversed)]));
    case 'map':
      return new Map(ordered(one.pairs).map(([key, item]) => [key, build(item, reversed)]));
    case 'set':
      return new Set(ordered(one.leaves));
  }
}

describe('encode', () => {
  it('gives equal values equal texts, whatever the order of insertion', () => {
    fc.assert(fc.property(recipe, (one) => encode(build(one, true)) === encode(build(one, false))));
  });

  // That it never gives two values one text follows from its having an inverse.
  it('gives different values different texts', () => {
    const groups: readonly (readonly unknown[])[] = [
      [1, 1n, '1', '1n', true, 'true', null, 'null', undefined, 'undefined', 0, false, '', -1, -1n, 10, 1.5, 1e21],
      [[], [[]], [undefined], [null], ['a', 'b'], ['a,b'], ['a","b'], [1, 2], [12], ['']],
      [{}, { a: 1 }, { a: '1' }, { a: null }, { a: { b: 1 } }, { a: 1, b: 1 }, { 1: 1 }, { '': 1 }],
      [new Map(), new Map([['a', 1]]), new Map([[1, 1]]), new Map([['1', 1]]), new Map([['a', { b: 1 }]])],
      [new Set(), new Set([1]), new Set([1n]), new Set(['1']), new Set([1, 2]), new Set([[1, 2]]), new Set(['S{}'])],
    ];
    const texts = groups.flat().map(encode);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('takes -0 for 0, and a key that holds undefined for none', () => {
    expect(encode(-0)).toBe('0');
    expect(encode([-0, { a: -0 }])).toBe(encode([0, { a: 0 }]));
    expect(encode({ a: undefined })).toBe(encode({}));
    expect(encode(new Map([['a', undefined]]))).not.toBe(encode(new Map()));
  });

  it('refuses what is no plain data', () => {
    class Point {
      readonly x = 1;
    }
    for (const value of [() => 1, Symbol('a'), new Point(), new Date(0), NaN, Infinity, -Infinity])
      expect(() => encode([value])).toThrow(TypeError);
    expect(encode(Object.assign(Object.create(null) as object, { a: 1 }))).toBe('{"a":1}');
  });
});

describe('encodeRow', () => {
  it('orders rows by the first value that differs', () => {
    const rowOf = (length: number): fc.Arbitrary<unknown[]> => fc.array(leaf, { minLength: length, maxLength: length });
    const digits = fc.tuple(fc.nat(120), fc.nat(120));
    fc.assert(
      fc.property(fc.oneof(fc.tuple(rowOf(2), rowOf(2)), fc.tuple(digits, digits)), ([one, other]) => {
        const slot = one.findIndex((value, i) => encode(value) !== encode(other[i]));
        const isLess = slot >= 0 && encode(one[slot]) < encode(other[slot]);
        expect(encodeRow(one) < encodeRow(other)).toBe(isLess);
      }),
    );
  });
});

describe('decode', () => {
  it('is the inverse of encode', () => {
    fc.assert(
      fc.property(recipe, (one) => {
        const value = build(one, false);
        expect(decode(encode(value))).toEqual(value);
        expect(encode(decode(encode(value)))).toBe(encode(value));
      }),
    );
  });

  it('gives back nested values, and values as keys', () => {
    const value = {
      queue: [undefined, null, [1n, -2.5e-9]],
      seen: new Map<unknown, unknown>([
        [{ id: 1 }, new Set(['a', [1, 2]])],
        [7n, new Map([[[], {}]])],
      ]),
      ['__proto__']: 'an ordinary key',
      long: 'x"\\'.repeat(100_000),
    };
    expect(decode(encode(value))).toStrictEqual(value);
    expect(Object.keys(decode(encode(value)) as object)).toContain('__proto__');
  });

  it('refuses other texts', () => {
    const texts = [
      '',
      ' 1',
      '1 ',
      '1,2',
      '[1',
      '[1,]',
      '[,1]',
      '{"a"}',
      'M{1}',
      'S[]',
      '"a',
      'nul',
      'nullx',
      '--1',
      'NaN',
      '1.5n',
      '[1 2]',
    ];
    for (const one of texts) expect(() => decode(one)).toThrow(SyntaxError);
  });
});
