/** The linter's rules are known to fire: each is given a fault. */
import { beforeAll, describe, expect, test } from 'vitest';
import { inTree, REPO, runLint, type Outcome } from './planted-tree.js';

const lines = (count: number) => `export {};\n${'// line\n'.repeat(count - 1)}`;
/** A function of that many lines, its braces included. */
const functionOf = (count: number) => `export function long(): void {\n${'  // line\n'.repeat(count - 2)}}\n`;

const PURE = ['base', 'types', 'spec', 'impl', 'checker', 'models', 'traces'];
const GLOBALS = [
  'Date',
  'performance',
  'process',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'fetch',
  'globalThis',
  'crypto',
];

const FAULTS: readonly { file: string; text: string; rule: string }[] = [
  ...PURE.flatMap((folder) => [
    { file: `${folder}/clock.ts`, text: 'export const now = Date.now();\n', rule: 'no-restricted-globals' },
    { file: `${folder}/dice.ts`, text: 'export const n = Math.random();\n', rule: 'no-restricted-properties' },
    { file: `${folder}/disk.ts`, text: `export * as fs from 'node:fs';\n`, rule: 'no-restricted-imports' },
    { file: `${folder}/bare.ts`, text: `export * as path from 'path';\n`, rule: 'no-restricted-imports' },
    { file: `${folder}/package.ts`, text: `export { z } from 'zod';\n`, rule: 'no-restricted-imports' },
  ]),
  ...GLOBALS.map((name) => ({
    file: `impl/uses-${name}.ts`,
    text: `export const it = ${name};\n`,
    rule: 'no-restricted-globals',
  })),
  { file: 'impl/dice-2.ts', text: 'export const { random } = Math;\n', rule: 'no-restricted-properties' },
  { file: 'impl/dice.test.ts', text: 'export const n = Math.random();\n', rule: 'no-restricted-properties' },
  { file: 'traces/ndjson.ts', text: `export * as c from 'commander';\n`, rule: 'no-restricted-imports' },
  { file: 'impl/peer-codec.ts', text: `export * as fs from 'node:fs';\n`, rule: 'no-restricted-imports' },
  {
    file: 'traces/parse/layout/layout-file.ts',
    text: `export * as fs from 'node:fs';\n`,
    rule: 'no-restricted-imports',
  },
  { file: 'traces/files/net.ts', text: `export * as net from 'node:net';\n`, rule: 'no-restricted-imports' },
  { file: 'traces/files/zod.ts', text: `export { z } from 'zod';\n`, rule: 'no-restricted-imports' },
  { file: 'traces/files/now.ts', text: 'export const now = Date.now();\n', rule: 'no-restricted-globals' },
  { file: 'cli/long-file.ts', text: lines(301), rule: 'max-lines' },
  { file: 'cli/long-function.ts', text: functionOf(71), rule: 'max-lines-per-function' },
  {
    file: 'cli/five.ts',
    text: 'export const f = (a: 1, b: 1, c: 1, d: 1, e: 1) => [a, b, c, d, e];\n',
    rule: 'max-params',
  },
  {
    file: 'cli/not-type.ts',
    text: `import { Leaf } from './leaf.js';\nexport const n: Leaf = 1;\n`,
    rule: 'consistent-type-imports',
  },
  {
    file: 'cli/bang.ts',
    text: 'export const f = (a: string | null) => a!.length;\n',
    rule: 'no-non-null-assertion',
  },
  { file: 'cli/any.ts', text: 'export const f = (a: any) => typeof a;\n', rule: 'no-explicit-any' },
  { file: 'cli/unused.ts', text: 'const a = 1;\nexport {};\n', rule: 'no-unused-vars' },
  { file: 'cli/loose.ts', text: 'export const f = (a: number, b: number) => a == b;\n', rule: 'eqeqeq' },
  { file: 'cli/var.ts', text: 'export var a = 1;\n', rule: 'no-var' },
  { file: 'cli/let.ts', text: 'let a = 1;\nexport const b = a;\n', rule: 'prefer-const' },
  { file: 'cli/cycle.ts', text: `import type { C } from './cycle-2.js';\nexport type D = C[];\n`, rule: 'no-cycle' },
  { file: 'cli/correct.ts', text: 'export const f = (a: number) => a === NaN;\n', rule: 'use-isnan' },
];

const NO_FAULTS: Record<string, string> = {
  'cli/leaf.ts': 'export type Leaf = 1;\n',
  'cli/cycle-2.ts': `import type { D } from './cycle.js';\nexport type C = D | null;\n`,
};

describe('the linter reports', () => {
  let outcome: Outcome;
  beforeAll(() => {
    const planted = Object.fromEntries(FAULTS.map(({ file, text }) => [file, text]));
    outcome = inTree({ ...planted, ...NO_FAULTS }, runLint);
  });

  test('and fails', () => expect(outcome.status).toBe(1));
  test.each(FAULTS)('$rule in $file', ({ file, rule }) => {
    const reports = outcome.output.split('\n').filter((line) => line.startsWith(`${file}:`));
    expect(reports.join('\n')).toContain(`(${rule})]`);
  });
});

describe('the linter passes', () => {
  test('what is just short of a fault', () => {
    const outcome = inTree(
      {
        'cli/long-file.ts': lines(300),
        'cli/long-function.ts': functionOf(70),
        'cli/four.ts': 'export const f = (a: 1, b: 1, c: 1, d: 1) => [a, b, c, d, Date.now()];\n',
        'impl/long.test.ts': `import { readFileSync } from 'node:fs';\nexport { readFileSync };\n${functionOf(400)}`,
        'impl/clock.test.ts': 'export const now = Date.now();\n',
        'traces/ndjson.ts': `export { z } from 'zod';\nexport * from '../types/leaf.js';\nexport * from './leaf.js';\n`,
        'impl/peer-codec.ts': `export { z } from 'zod';\n`,
        'traces/parse/layout/layout-file.ts': `export { parse } from 'yaml';\nexport { z } from 'zod';\n`,
        'traces/files/read.ts': ['fs', 'fs/promises', 'path', 'zlib', 'stream', 'stream/promises']
          .map((name, index) => `export * as m${index} from 'node:${name}';\n`)
          .join(''),
        'types/leaf.ts': 'export const Dated = 1;\n',
        'traces/leaf.ts': 'export {};\n',
      },
      runLint,
    );
    expect(outcome).toEqual({ status: 0, output: expect.stringMatching(/^\s*$/) });
  });

  test('this repository', () => {
    expect(runLint(REPO)).toEqual({ status: 0, output: expect.stringMatching(/^\s*$/) });
  });
});
