/**
 * Who may import whom: the one place. The import gate is generated from it (`.dependency-cruiser.mjs`),
 * and the table in ARCHITECTURE.md must say the same (`gate.test.ts`).
 */

const EVERYTHING_BUT = (...names) => ({ everythingBut: names });

/**
 * `who` is a folder, or the root file. `may`: folders it may import besides itself. `typesOf`: files of which it
 * may import types only. `npm`: packages (`null`: any that is no runtime dependency). `node`: Node built-ins.
 */
export const MATRIX = [
  { who: 'base', may: [], typesOf: [], npm: [], node: false },
  { who: 'types', may: ['base'], typesOf: [], npm: [], node: false },
  { who: 'spec', may: ['base', 'types'], typesOf: [], npm: [], node: false },
  { who: 'impl', may: ['base', 'types'], typesOf: [], npm: [], node: false },
  { who: 'checker', may: ['base'], typesOf: [], npm: [], node: false },
  {
    who: 'models',
    may: ['base', 'types', 'spec', 'impl', 'checker'],
    typesOf: ['traces/machine.ts', 'traces/observation.ts'],
    npm: [],
    node: false,
  },
  { who: 'traces', may: ['base', 'types'], typesOf: [], npm: [], node: false },
  { who: 'explorer', may: ['base', 'types', 'checker', 'models', 'traces'], typesOf: [], npm: [], node: true },
  {
    who: 'cli',
    may: ['base', 'types', 'checker', 'models', 'traces', 'explorer'],
    typesOf: [],
    npm: ['commander', 'picocolors', 'tsx', 'zod'],
    node: true,
  },
  {
    who: 'index.ts',
    may: ['base', 'types', 'spec', 'impl', 'checker', 'models', 'traces'],
    typesOf: [],
    npm: [],
    node: false,
  },
  {
    who: 'property-tests',
    may: EVERYTHING_BUT('cli', 'explorer'),
    typesOf: [],
    npm: ['vitest', 'fast-check'],
    node: true,
  },
  { who: 'examples', may: ['index.ts'], typesOf: [], npm: [], node: false },
  { who: 'bench', may: EVERYTHING_BUT(), typesOf: [], npm: null, node: true },
  { who: 'scripts', may: EVERYTHING_BUT(), typesOf: [], npm: null, node: true },
];

/** Files that may import more than their folder. `node`: names of Node built-ins. */
export const EXCEPTIONS = [
  { files: 'traces/ndjson.ts', npm: ['zod'], node: [] },
  { files: 'traces/parse/layout/layout-file.ts', npm: ['yaml', 'zod'], node: [] },
  { files: 'impl/peer-codec.ts', npm: ['zod'], node: [] },
  { files: 'models/fuzz/script-codec.ts', npm: ['zod'], node: [] },
  { files: 'models/fuzz/commands.ts', npm: ['fast-check'], node: [] },
  { files: 'models/fuzz/shrink.ts', npm: ['fast-check'], node: [] },
  { files: 'traces/files/', npm: [], node: ['fs', 'path', 'stream', 'zlib'] },
];

/** What a unit test may import besides what its file may. */
export const TESTS_ALSO = { npm: ['vitest', 'fast-check'], files: ['scripts/needs-java.ts', 'scripts/thorough.ts'] };

/** Folders that must not reach others, not even through a third. */
export const NEVER_REACH = [
  { who: 'spec', never: ['impl'] },
  { who: 'impl', never: ['spec'] },
  { who: 'traces', never: ['spec', 'impl', 'models'] },
];

const RUNTIME_PACKAGES = ['commander', 'picocolors', 'zod', 'tsx', 'yaml'];
const TEST = '\\.test\\.ts$';
const NPM_MODULE = '(^|/)node_modules/';
const NPM_TYPES = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

const escape = (text) => text.replaceAll('.', '\\.');
const isFolder = (name) => !name.endsWith('.ts');
const under = (name) => (isFolder(name) ? `^${escape(name)}/` : `^${escape(name)}$`);
const file = (name) => `^${escape(name)}$`;
const packages = (names) => names.map((name) => `${NPM_MODULE}(@types/)?${name}/`);

/** Folders that `who` may import, itself not counted. */
export function mayImport({ who, may }) {
  if (Array.isArray(may)) return may;
  const names = MATRIX.map((row) => row.who);
  return names.filter((name) => name !== who && !may.everythingBut.includes(name));
}

function folderLaw(row) {
  if (mayImport(row).length === MATRIX.length - 1) return [];
  const allowed = [row.who, ...mayImport(row)].map(under);
  const forbid = (name, from, more) => ({
    name,
    severity: 'error',
    from,
    to: { pathNot: [NPM_MODULE, ...allowed, ...more.map(file)], dependencyTypesNot: ['core', ...NPM_TYPES] },
  });
  const laws = [
    forbid(`folders:${row.who}`, { path: under(row.who), pathNot: TEST }, row.typesOf),
    forbid(`folders:${row.who}:tests`, { path: `${under(row.who)}.*${TEST}` }, [...row.typesOf, ...TESTS_ALSO.files]),
  ];
  if (!isFolder(row.who)) laws.pop();
  if (row.typesOf.length === 0) return laws;
  const to = { path: row.typesOf.map(file), dependencyTypesNot: ['type-only'] };
  return [...laws, { name: `types-only:${row.who}`, severity: 'error', from: { path: under(row.who) }, to }];
}

function packageLaw(row) {
  const special = EXCEPTIONS.filter(({ files, npm }) => npm.length > 0 && files.startsWith(`${row.who}/`));
  const forbid = (name, from, allowed) => ({
    name,
    severity: 'error',
    from,
    to:
      allowed === null
        ? { path: packages(RUNTIME_PACKAGES) }
        : { dependencyTypes: NPM_TYPES, pathNot: packages(allowed) },
  });
  const withTools = row.npm === null ? null : [...row.npm, ...TESTS_ALSO.npm];
  const specialFiles = special.map(({ files }) => `^${escape(files).replace(/\\\.ts$/, '(\\.test)?\\.ts$')}`);
  return [
    forbid(`packages:${row.who}`, { path: under(row.who), pathNot: [TEST, ...specialFiles] }, row.npm),
    forbid(`packages:${row.who}:tests`, { path: `${under(row.who)}.*${TEST}`, pathNot: specialFiles }, withTools),
    ...special.flatMap(({ files, npm }, index) => [
      forbid(`packages:${files}`, { path: file(files) }, npm),
      forbid(`packages:${files}:tests`, { path: specialFiles[index], pathNot: file(files) }, [...npm, ...withTools]),
    ]),
  ].filter(({ name }) => isFolder(row.who) || !name.endsWith(':tests'));
}

function builtInLaw(row) {
  if (row.node) return [];
  const special = EXCEPTIONS.filter(({ files, node }) => node.length > 0 && files.startsWith(`${row.who}/`));
  const from = { path: under(row.who), pathNot: [TEST, ...special.map(({ files }) => `^${files}`)] };
  return [
    { name: `built-ins:${row.who}`, severity: 'error', from, to: { dependencyTypes: ['core'] } },
    ...special.map(({ files, node }) => ({
      name: `built-ins:${files}`,
      severity: 'error',
      from: { path: `^${files}`, pathNot: TEST },
      to: { dependencyTypes: ['core'], pathNot: `^(node:)?(${node.join('|')})(/|$)` },
    })),
  ];
}

/** The laws, in dependency-cruiser's words. */
export function forbiddenRules() {
  const reach = NEVER_REACH.flatMap(({ who, never }) =>
    never.map((other) => ({
      name: `never-reach:${who}:${other}`,
      severity: 'error',
      from: { path: under(who) },
      to: { path: under(other), reachable: true },
    })),
  );
  return [
    ...MATRIX.flatMap(folderLaw),
    ...MATRIX.flatMap(packageLaw),
    ...MATRIX.flatMap(builtInLaw),
    ...reach,
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-import-of-a-test', severity: 'error', from: {}, to: { path: TEST } },
    { name: 'import-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ];
}

/** What stands where code may stand: everything else with TypeScript in it is outside the laws. */
export const GATED = MATRIX.map(({ who }) => who);
/** Settings of tools, read by nobody else: not gated. */
export const UNGATED = ['vitest.config.ts', 'vitest.mutation.config.ts'];

const list = (names) => (names.length === 0 ? '—' : names.map((name) => `\`${name}\``).join(', '));

/** The matrix as the rows of the table in ARCHITECTURE.md: who, folders, types only, packages, built-ins. */
export function tableRows() {
  const folders = MATRIX.map((row) => [
    list([row.who]),
    Array.isArray(row.may) ? list(row.may) : `anything${row.may.everythingBut.length > 0 ? ' but ' : ''}`,
    list(row.typesOf),
    row.npm === null ? `any but ${list(RUNTIME_PACKAGES)}` : list(row.npm),
    row.node ? 'any' : '—',
  ]);
  MATRIX.forEach(({ may }, index) => {
    if (!Array.isArray(may) && may.everythingBut.length > 0) folders[index][1] += list(may.everythingBut);
  });
  const exceptions = EXCEPTIONS.map(({ files, npm, node }) => [
    list([files]),
    'as its folder',
    '—',
    list(npm),
    list(node),
  ]);
  const tests = [
    '`*.test.ts`',
    `as its file, and ${list(TESTS_ALSO.files)}`,
    '—',
    `as its file, and ${list(TESTS_ALSO.npm)}`,
    'any',
  ];
  return [...folders, ...exceptions, tests];
}
