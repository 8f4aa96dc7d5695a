/** What a user gets: the packed tarball, installed into an empty project, runs, imports and type-checks. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REPO, run, type Outcome } from './planted-tree.js';

/** Without what `npm test` sets for its own package: the inner npm must act on the empty project. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(npm_package_|npm_lifecycle_|npm_config_local_prefix$|INIT_CWD$|NODE_ENV$|VITEST)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
const USER_CODE = `import { asSid, type Sid } from 'zabcheck';\nexport const mine: Sid = asSid(3n);\n`;
const WRONG_CODE = `import type { Sid } from 'zabcheck';\nexport const mine: Sid = 'three';\n`;

describe('the packed tarball', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zabcheck-pack-'));
  const project = join(folder, 'project');
  const env = cleanEnvironment();
  const inProject = (program: string, ...args: string[]): Outcome => run(project, program, args, env);
  const typeCheck = (...names: string[]): Outcome => {
    const compiler = join(REPO, 'node_modules', 'typescript', 'bin', 'tsc');
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023'];
    return inProject(process.execPath, compiler, ...options, ...names);
  };

  beforeAll(() => {
    const packed = run(REPO, 'npm', ['pack', '--silent', '--pack-destination', folder], env);
    expect(packed).toMatchObject({ status: 0 });
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }\n');
    const installed = inProject('npm', ...INSTALL, join(folder, tarball ?? 'no tarball'));
    expect(installed).toMatchObject({ status: 0 });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('runs as a command', () => {
    const { status, output } = inProject('npx', '--no-install', 'zabcheck', '--help');
    expect(output).toMatch(/^Usage: zabcheck/m);
    expect(status).toBe(0);
  });

  test('checks a named model, in threads of its own', () => {
    const { status, output } = inProject('npx', '--no-install', 'zabcheck', 'check', 'two-servers', '--workers', '2');
    expect(output).toMatch(/^holds .*\n +259 distinct states, 640 generated, depth 13$/m);
    expect(status).toBe(0);
  });

  test('can be imported', () => {
    const script = `import('zabcheck').then(({ makeZxid }) => console.log(String(makeZxid(1n, 2n))))`;
    expect(inProject(process.execPath, '-e', script)).toEqual({ status: 0, output: '4294967298\n' });
  });

  test('has types, and they are checked', () => {
    writeFileSync(join(project, 'right.ts'), USER_CODE);
    writeFileSync(join(project, 'wrong.ts'), WRONG_CODE);
    const { status, output } = typeCheck('right.ts', 'wrong.ts');
    expect(output).toMatch(/^wrong\.ts\(\d+,\d+\): error .*is not assignable to type 'Sid'/);
    expect(output.match(/error TS/g)).toHaveLength(1);
    expect(status).not.toBe(0);
  });

  test('holds the compiled code, the examples and the papers, nothing else', () => {
    const root = join(project, 'node_modules', 'zabcheck');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
    expect(files.filter((name) => !name.includes('/'))).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'CHANGELOG.md', 'dist', 'package.json']),
    );
    const allowed =
      /^(dist(\/.+)?|examples(\/python)?(\/[\w-]+\.(ts|md|py))?|LICENSE|README\.md|CHANGELOG\.md|package\.json)$/;
    expect(files.filter((name) => !allowed.test(name))).toEqual([]);
    const compiled = files.filter((name) => name.startsWith('dist'));
    expect(compiled.filter((name) => /\.test\.|\.stamp|\.map$|(?<!\.d)\.ts$/.test(name))).toEqual([]);
  });
});
