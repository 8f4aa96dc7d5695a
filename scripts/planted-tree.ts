/** For tests of the gates: a small tree in the temporary folder, with this repository's settings and tools. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPO = dirname(dirname(fileURLToPath(import.meta.url)));

export interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program to its end; both streams in one text. */
export function run(cwd: string, program: string, args: readonly string[], env = process.env): Outcome {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8', timeout: 120_000 });
  return { status, output: `${stdout}${stderr}${error ? error.message : ''}` };
}

/** Files by their path. The caller removes the tree when done. */
export function plantTree(files: Readonly<Record<string, string>>): { root: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'zabcheck-gate-'));
  for (const name of ['package.json', 'tsconfig.json', '.oxlintrc.json']) cpSync(join(REPO, name), join(root, name));
  symlinkSync(join(REPO, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, '.gitignore'), '/node_modules\n');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const git = run(root, 'git', ['init', '--quiet']);
  if (git.status !== 0) throw new Error(`git init failed: ${git.output}`);
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

export function runGate(cwd: string): Outcome {
  return run(cwd, process.execPath, [join(REPO, 'scripts', 'gate.mjs')]);
}

export function runLint(cwd: string): Outcome {
  return run(cwd, join(REPO, 'node_modules', '.bin', 'oxlint'), ['--format', 'unix', '--deny-warnings']);
}

/** Plants, runs, removes. */
export function inTree(files: Readonly<Record<string, string>>, action: (root: string) => Outcome): Outcome {
  const { root, remove } = plantTree(files);
  try {
    return action(root);
  } finally {
    remove();
  }
}
