import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { forbiddenRules, MATRIX, mayImport, tableRows } from './import-rules.mjs';
import { inTree, REPO, runGate, type Outcome } from './planted-tree.js';

const isFolder = (name: string) => !name.endsWith('.ts');
/** A file that imports nothing, there to be imported. */
const leafOf = (name: string) => (isFolder(name) ? `${name}/leaf.ts` : name);
const inside = (who: string, name: string) => (isFolder(who) ? `${who}/${name}` : who);
const specifier = (who: string, target: string) => `${isFolder(who) ? '../' : './'}${target.replace(/\.ts$/, '.js')}`;
const importing = (...specifiers: string[]) => specifiers.map((name) => `import '${name}';\n`).join('');

const FOLDERS = MATRIX.map(({ who }) => who).filter(isFolder);
const LEAVES = Object.fromEntries(MATRIX.map(({ who }) => [leafOf(who), 'export const leaf = 1;\n']));

/** One forbidden import for each pair that the matrix does not allow. */
function forbiddenPairs(): { from: string; to: string; law: string; text: string }[] {
  return MATRIX.flatMap((row) =>
    MATRIX.map(({ who }) => who)
      .filter((other) => other !== row.who && !mayImport(row).includes(other))
      .map((other) => ({
        from: inside(row.who, `to-${other.replace('.', '-')}.ts`),
        to: leafOf(other),
        law: `folders:${row.who}`,
        text: importing(specifier(row.who, leafOf(other))),
      })),
  );
}

/** Faults that are not a plain pair: the line the gate must print, and the files that bring it about. */
const FAULTS: readonly { report: string; files: Record<string, string> }[] = [
  {
    report: 'types-only:models: models/value.ts -> traces/machine.ts',
    files: { 'models/value.ts': `import { machine } from '../traces/machine.js';\nexport const m = machine;\n` },
  },
  {
    report: 'types-only:models: models/both.ts -> traces/machine.ts',
    files: {
      'models/both.ts': `import type { Machine } from '../traces/machine.js';\nimport { machine } from '../traces/machine.js';\nexport const m: Machine = machine;\n`,
    },
  },
  {
    report: 'types-only:models: models/mixed.ts -> traces/machine.ts',
    files: {
      'models/mixed.ts': `import { type Machine, machine } from '../traces/machine.js';\nexport const m: Machine = machine;\n`,
    },
  },
  {
    report: 'folders:models: models/other-type.ts -> traces/leaf.ts',
    files: { 'models/other-type.ts': `export type { L } from '../traces/leaf.js';\n` },
  },
  {
    report: 'folders:impl: impl/erased.ts -> traces/leaf.ts',
    files: { 'impl/erased.ts': `import type { L } from '../traces/leaf.js';\nexport type M = L;\n` },
  },
  {
    report: 'folders:impl: impl/dynamic.ts -> traces/leaf.ts',
    files: { 'impl/dynamic.ts': `export const later = () => import('../traces/leaf.js');\n` },
  },
  {
    report: 'never-reach:impl:spec: impl/round-about.ts -> spec/leaf.ts',
    files: { 'base/bridge.ts': importing('../spec/leaf.js'), 'impl/round-about.ts': importing('../base/bridge.js') },
  },
  {
    report: 'never-reach:spec:impl: spec/round-about.ts -> impl/leaf.ts',
    files: { 'types/bridge.ts': importing('../impl/leaf.js'), 'spec/round-about.ts': importing('../types/bridge.js') },
  },
  {
    report: 'never-reach:traces:spec: traces/round-about.ts -> spec/leaf.ts',
    files: { 'traces/round-about.ts': importing('../base/bridge.js') },
  },
  {
    report: 'never-reach:traces:impl: traces/round-about-2.ts -> impl/leaf.ts',
    files: { 'traces/round-about-2.ts': importing('../types/bridge.js') },
  },
  {
    report: 'never-reach:traces:models: traces/round-about-3.ts -> models/leaf.ts',
    files: {
      'base/bridge-3.ts': importing('../models/leaf.js'),
      'traces/round-about-3.ts': importing('../base/bridge-3.js'),
    },
  },
  {
    report: 'no-cycle: types/chicken.ts -> types/egg.ts',
    files: {
      'types/chicken.ts': `import type { E } from './egg.js';\nexport type C = E[];\n`,
      'types/egg.ts': `import type { C } from './chicken.js';\nexport type E = C[];\n`,
    },
  },
  {
    report: 'no-import-of-a-test: bench/uses-test.ts -> impl/x.test.ts',
    files: { 'impl/x.test.ts': 'export {};\n', 'bench/uses-test.ts': importing('../impl/x.test.js') },
  },
  { report: 'import-resolves: cli/lost.ts -> ./nowhere.js', files: { 'cli/lost.ts': importing('./nowhere.js') } },
  {
    report: 'packages:impl: impl/tested.ts -> node_modules/vitest/',
    files: { 'impl/tested.ts': importing('vitest') },
  },
  {
    report: 'built-ins:traces/files/: traces/files/net.ts -> net',
    files: { 'traces/files/net.ts': importing('node:net') },
  },
  ...['base', 'types', 'spec', 'impl', 'checker', 'models', 'traces', 'examples'].flatMap((who) => [
    { report: `packages:${who}: ${who}/pkg.ts -> node_modules/zod/`, files: { [`${who}/pkg.ts`]: importing('zod') } },
    { report: `built-ins:${who}: ${who}/node.ts -> fs`, files: { [`${who}/node.ts`]: importing('node:fs') } },
    { report: `built-ins:${who}: ${who}/bare.ts -> path`, files: { [`${who}/bare.ts`]: importing('path') } },
  ]),
  ...['explorer', 'property-tests', 'bench', 'scripts'].map((who) => ({
    report: `packages:${who}: ${who}/pkg.ts -> node_modules/commander/`,
    files: { [`${who}/pkg.ts`]: importing('commander') },
  })),
  ...FOLDERS.filter((who) => !['bench', 'scripts'].includes(who)).map((who) => ({
    report: `folders:${who}:tests: ${who}/curious.test.ts -> ${who === 'cli' ? 'spec' : 'cli'}/leaf.ts`,
    files: { [`${who}/curious.test.ts`]: importing(who === 'cli' ? '../spec/leaf.js' : '../cli/leaf.js') },
  })),
  ...[...FOLDERS, 'index.ts'].map((who) => {
    const name = who === 'cli' ? 'typescript' : 'commander';
    const [law, from] = isFolder(who) ? [`${who}:tests`, `${who}/dressed.test.ts`] : [who, who];
    return { report: `packages:${law}: ${from} -> node_modules/${name}/`, files: { [from]: importing(name) } };
  }),
  {
    report: 'packages:cli: cli/dev.ts -> node_modules/fast-check/',
    files: { 'cli/dev.ts': importing('fast-check') },
  },
  { report: 'built-ins:index.ts: index.ts -> net', files: { 'index.ts': importing('node:net') } },
  ...[
    'traces/ndjson',
    'traces/parse/layout/layout-file',
    'impl/peer-codec',
    'models/fuzz/script-codec',
    'models/fuzz/commands',
    'models/fuzz/shrink',
  ].flatMap((name) => [
    {
      report: `packages:${name}.ts: ${name}.ts -> node_modules/picocolors/`,
      files: { [`${name}.ts`]: importing('picocolors', 'zod') },
    },
    {
      report: `packages:${name}.ts:tests: ${name}.test.ts -> node_modules/commander/`,
      files: { [`${name}.test.ts`]: importing('commander', 'zod') },
    },
  ]),
  { report: 'outside the laws: lib/stray.ts', files: { 'lib/stray.ts': 'export {};\n' } },
  {
    report: 'unseen: dependency-cruiser did not look at base/node_modules/lost.ts',
    files: { 'base/node_modules/lost.ts': 'export {};\n' },
  },
];

const MACHINE = `export interface Machine { readonly n: number }\nexport const machine: Machine = { n: 1 };\n`;

describe('the import gate names each forbidden import', () => {
  const pairs = forbiddenPairs();
  let outcome: Outcome;
  beforeAll(() => {
    const files: Record<string, string> = { ...LEAVES, 'traces/machine.ts': MACHINE };
    const add = (name: string, text: string) => (files[name] = (files[name] ?? '') + text);
    add('traces/leaf.ts', 'export type L = 1;\n');
    for (const { from, text } of pairs) add(from, text);
    for (const fault of FAULTS) for (const [name, text] of Object.entries(fault.files)) add(name, text);
    outcome = inTree(files, runGate);
  });

  test('and fails', () => expect(outcome.status).toBe(1));
  test.each(pairs)('$from -> $to', ({ from, to, law }) => {
    expect(outcome.output).toContain(`${law}: ${from} -> ${to}\n`);
  });
  test.each(FAULTS)('$report', ({ report }) => {
    expect(outcome.output).toContain(report);
  });
  test('and no law went unbroken, so that each is known to bite', () => {
    const idle = forbiddenRules().filter(({ name }) => !outcome.output.includes(`${name}: `));
    expect(idle.map(({ name }) => name)).toEqual([]);
  });
});

/** A tree that uses every right of the matrix. */
function cleanTree(): Record<string, string> {
  const files: Record<string, string> = { ...LEAVES, 'traces/machine.ts': MACHINE };
  for (const row of MATRIX) {
    const targets = mayImport(row).filter((name) => isFolder(row.who) || name !== row.who);
    const own = targets.map((name) => specifier(row.who, leafOf(name)));
    files[inside(row.who, 'all.ts')] = importing(
      ...own,
      ...(row.npm ?? ['typescript']),
      ...(row.node ? ['node:net'] : []),
    );
    if (!isFolder(row.who)) continue;
    const tools = [
      'vitest',
      'fast-check',
      'node:fs',
      './all.js',
      ...(row.who === 'scripts' ? [] : ['../scripts/needs-java.js', '../scripts/thorough.js']),
    ];
    files[`${row.who}/all.test.ts`] = importing(...own, ...tools);
  }
  return {
    ...files,
    'scripts/needs-java.ts': importing('vitest', 'node:fs'),
    'scripts/thorough.ts': importing(),
    'models/types-of.ts': `import type { Machine } from '../traces/machine.js';\nexport type M = Machine;\n`,
    'traces/ndjson.ts': importing('zod', './machine.js'),
    'traces/ndjson.test.ts': importing('zod', 'vitest', './ndjson.js'),
    'traces/parse/layout/layout-file.ts': importing('yaml', 'zod', '../../leaf.js'),
    'impl/peer-codec.ts': importing('zod', '../types/leaf.js'),
    'traces/files/read.ts': importing('node:fs', 'node:fs/promises', 'node:path', 'node:zlib', 'node:stream'),
  };
}

describe('the import gate passes', () => {
  test('a tree that uses every right of the matrix', () => {
    const { status, output } = inTree(cleanTree(), runGate);
    expect(output).toMatch(/^import gate: \d+ files, \d+ imports, no violation\n$/);
    expect(status).toBe(0);
  });

  // That this repository passes is a step of `npm test` of its own.
});

test('the table in ARCHITECTURE.md says what the matrix says', () => {
  const text = readFileSync(join(REPO, 'ARCHITECTURE.md'), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith('Who may import whom'));
  const lines = (section ?? '').split('\n').filter((line) => line.startsWith('|'));
  const rows = lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  expect(rows.slice(2)).toEqual(tableRows());
});
