/**
 * How fast `validate` is on generated logs: of one server, and of an ensemble of five judged together; and whether memory stays
 * flat when the logs grow tenfold. `node bench/ensemble.mjs MEGABYTES SECONDS` adds an ensemble of that size, its elections between the
 * ordinary work of servers, and five real servers that crash and return for so long (needs Debian's zookeeper); default 0: none.
 *
 * Generated elections are of the worst kind: any thread may be late by any time, so that every order must be thought of.
 *
 * Prints a table; asserts nothing, because machines differ.
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../scripts/build.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(ROOT, 'dist/cli/main.js');
const MEGABYTES = Number(process.argv[2] ?? 0);
const STORM_SECONDS = Number(process.argv[3] ?? 0);
const RUNS = 3;

/** The command in a process of its own, its wall-clock seconds and its highest memory. */
function timed(...args) {
  const code = `
    import { writeSync } from 'node:fs';
    process.on('exit', () => writeSync(2, '\\nPEAK ' + process.resourceUsage().maxRSS / 1024 + '\\n'));
    process.argv = [process.argv[0], ...${JSON.stringify(args)}];
    await import(${JSON.stringify(MAIN)});`;
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0)
    throw new Error(`zabcheck ${args.join(' ')} ended with ${status}: ${stderr}${stdout.slice(0, 2000)}`);
  return { stdout, seconds, peakMb: Number(/PEAK ([\d.]+)/.exec(stderr)?.[1]) };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const number = (value) => Math.round(value).toLocaleString('en');

function generated(folder, { servers, level, steps }) {
  const flags = ['--servers', servers, '--level', level, '--steps', steps, '--seed', '7', '--json'];
  return JSON.parse(timed('generate', folder, ...flags.map(String)).stdout).lines;
}

function row(title, paths, lines, ...flags) {
  // A file of gigabytes is not read three times.
  const runs = Array.from({ length: lines > 1_000_000 ? 1 : RUNS }, () =>
    timed('validate', '--json', ...flags, ...paths),
  );
  const told = JSON.parse(runs[0].stdout);
  const judged = told.servers.reduce((sum, { observations }) => sum + observations, 0);
  const seconds = median(runs.map((run) => run.seconds));
  const peak = median(runs.map((run) => run.peakMb));
  const cells = [
    title,
    told.verdict,
    number(lines),
    number(judged),
    seconds.toFixed(2),
    number(lines / seconds),
    number(judged / seconds),
    number(peak),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

const EMPTY_RUN = () => median(Array.from({ length: RUNS }, () => timed('--version').seconds));

function tables(folder) {
  console.log('| logs | verdict | lines | judged | seconds | lines/s | judged/s | peak MB |');
  console.log('| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const level of ['debug', 'info']) {
    const one = join(folder, `one-${level}`);
    const lines = generated(one, { servers: 3, level, steps: level === 'debug' ? 100_000 : 200_000 });
    const log = join(one, 'server-1.log');
    const ofOne = readFileSync(log, 'utf8').split('\n').length - 1;
    for (const machine of ['impl', 'both']) {
      row(
        `one server, ${level.toUpperCase()}, --machine ${machine}`,
        [log],
        ofOne,
        '--machine',
        machine,
        '--config',
        join(one, 'zoo.cfg'),
      );
    }
    row(`three servers, ${level.toUpperCase()}, --machine both`, [one], lines);
  }
  for (const level of ['info', 'debug']) {
    for (const steps of level === 'info' ? [30_000, 120_000] : [10_000, 40_000]) {
      const five = join(folder, `five-${level}-${steps}`);
      const lines = generated(five, { servers: 5, level, steps });
      for (const machine of ['impl', 'both'])
        row(`five servers, ${level.toUpperCase()}, --machine ${machine}`, [five], lines, '--machine', machine);
    }
  }
}

function stormRows(folder) {
  const storm = join(folder, 'storm');
  timed('record', 'crash-storm', '--seed', '7', '--seconds', String(STORM_SECONDS), '--out', storm);
  for (const level of ['info', 'debug']) {
    const logs = readdirSync(join(storm, level)).map((name) => readFileSync(join(storm, level, name), 'utf8'));
    const lines = logs.reduce((sum, text) => sum + text.split('\n').length - 1, 0);
    for (const machine of ['impl', 'both']) {
      const title = `five real servers, ${level.toUpperCase()}, --machine ${machine}`;
      row(title, [join(storm, level)], lines, '--machine', machine);
    }
  }
}

const WORK =
  'INFO  [CommitProcessor:1:o.a.z.s.q.LearnerSessionTracker@116] - Committing global session 0x100000b2d8d0000';

/** The logs of a folder, each line followed by so much ordinary work that all together have MEGABYTES. */
async function filled(folder, total) {
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
  const size = logs.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  let written = 0;
  for (const name of logs) {
    const lines = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
    const stream = createWriteStream(join(folder, name));
    const each = Math.ceil((total * 1e6 - size) / size);
    for (const line of lines) {
      const work = `${line.slice(0, 23)} [myid:1] - ${WORK}\n`;
      const text = `${line}\n${work.repeat(Math.max(1, Math.round((each * line.length) / work.length)))}`;
      written += text.split('\n').length - 1;
      if (!stream.write(text)) await new Promise((resolve) => stream.once('drain', resolve));
    }
    await new Promise((resolve) => stream.end(resolve));
  }
  return written;
}

ensureBuilt();
const folder = mkdtempSync(join(tmpdir(), 'zabcheck-bench-'));
console.log(
  `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, median of ${RUNS} runs; starting alone takes ${EMPTY_RUN().toFixed(2)} s\n`,
);
try {
  tables(folder);
  if (STORM_SECONDS > 0) stormRows(folder);
  if (MEGABYTES > 0) {
    const long = join(folder, 'long');
    generated(long, { servers: 5, level: 'info', steps: 60_000 });
    const lines = await filled(long, MEGABYTES);
    row(`five servers, INFO, ${MEGABYTES} MB with ordinary work`, [long], lines);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
