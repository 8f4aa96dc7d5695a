/**
 * `npm test`: every check of the project. The cheap ones run side by side, one line each; then the tests,
 * whose summary stands last. A step that fails shows all it said. Exit code 1 if any step failed.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPO = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(REPO, 'node_modules', '.bin', name);

const CHEAP = [
  { name: 'format', command: [bin('prettier'), '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', command: [bin('oxlint'), '--deny-warnings'] },
  { name: 'typecheck', command: [bin('tsc'), '-p', 'tsconfig.json'] },
  { name: 'import gate', command: [process.execPath, join(REPO, 'scripts', 'gate.mjs')] },
];
const TESTS = { name: 'tests', command: [bin('vitest'), 'run'] };

function run({ name, command }, stdio) {
  const started = performance.now();
  return new Promise((resolve) => {
    const [program, ...args] = command;
    const child = spawn(program, args, { cwd: REPO, stdio });
    let output = '';
    const keep = (chunk) => (output += chunk);
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    const settle = (passed) => resolve({ name, passed, output, seconds: (performance.now() - started) / 1000 });
    child.on('error', (error) => {
      keep(`${error.message}\n`);
      settle(false);
    });
    child.on('close', (code) => settle(code === 0));
  });
}

async function runCheap(step) {
  const result = await run(step, ['ignore', 'pipe', 'pipe']);
  console.log(`${result.passed ? 'ok  ' : 'FAIL'} ${result.name.padEnd(12)} ${result.seconds.toFixed(1)} s`);
  if (!result.passed) process.stdout.write(`${result.output.trimEnd()}\n`);
  return result;
}

const results = await Promise.all(CHEAP.map(runCheap));
const tests = await run(TESTS, 'inherit');

const failed = results.filter((result) => !result.passed).map((result) => result.name);
// The tests' summary stands last and may be green: a check that failed before it must not scroll out of sight.
if (failed.length > 0) console.log(`FAIL: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 || !tests.passed ? 1 : 0;
