/** Evidence of peers in another language: the Python examples, and what is said of a program that is no peer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { section, tests, zabcheck } from './evidence-tools.mjs';

const RIGHT = 'python3 examples/python/right_peer.py';
const WRONG = 'python3 examples/python/wrong_peer.py';

export function exec() {
  const folder = mkdtempSync(join(tmpdir(), 'zabcheck-evidence-'));
  try {
    const right = ['fuzz', '--exec', RIGHT, '--runs', '10000', '--seed', '1'];
    const wrong = ['fuzz', '--exec', WRONG, '--runs', '1000', '--seed', '1', '--out', join(folder, 'failures')];
    return [
      ...section('The right peer', `zabcheck fuzz --exec '${RIGHT}' --runs 10000 --seed 1`, told(right, folder)),
      ...section('The wrong peer', `zabcheck fuzz --exec '${WRONG}' --runs 1000 --seed 1`, told(wrong, folder)),
      ...section('No peers', 'npx vitest run scripts/exec.test.ts', tests('scripts/exec.test.ts')),
    ].join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without its lines of progress. */
const told = (args, folder) =>
  zabcheck(...args)
    .text.replaceAll(folder, '.')
    .replace(/^(?:running|shrinking): .*\n/gm, '');
