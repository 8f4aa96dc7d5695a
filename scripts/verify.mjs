/**
 * `npm test`: every check of the project, side by side. What the tests say is shown at once; each other check has one line
 * below it, and shows all it said if it fails. Exit code 1 if any failed. What compiler and formatter have seen is remembered in .cache.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgetBuild } from './build.mjs';

const REPO = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(REPO, 'node_modules', '.bin', name);

const cache = (name) => join(REPO, '.cache', `verify-${name}`);
const remembering = (name) => ['--cache', '--cache-strategy', 'content', '--cache-location', cache(name)];

const CHEAP = [
  { name: 'format', command: [bin('prettier'), ...remembering('prettier'), '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', command: [bin('oxlint'), '--deny-warnings'] },
  {
    name: 'typecheck',
    command: [bin('tsc'), '-p', 'tsconfig.json', '--incremental', '--tsBuildInfoFile', cache('tsc')],
  },
  { name: 'import gate', command: [process.execPath, join(REPO, 'scripts', 'gate.mjs')] },
];
const TESTS = { name: 'tests', command: [bin('vitest'), 'run'] };
/** What tests run, compiled while the types are checked. */
const BUILD = { name: 'build', command: [process.execPath, join(REPO, 'scripts', 'build.mjs'), '--unchecked'] };

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

function tell(result) {
  console.log(`${result.passed ? 'ok  ' : 'FAIL'} ${result.name.padEnd(12)} ${result.seconds.toFixed(1)} s`);
  if (!result.passed) process.stdout.write(`${result.output.trimEnd()}\n`);
}

const quietly = (step) => run(step, ['ignore', 'pipe', 'pipe']);
const cheap = CHEAP.map(quietly);
const build = await quietly(BUILD);
const tests = build.passed ? [await run(TESTS, 'inherit')] : [];
const others = [build, ...(await Promise.all(cheap))];
others.forEach(tell);

const failed = [...tests, ...others].filter((result) => !result.passed).map((result) => result.name);
if (failed.includes('typecheck')) forgetBuild();
if (failed.length > 0) console.log(`FAIL: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
