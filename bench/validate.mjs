/**
 * How fast `validate` is on recorded logs repeated to 200 MB, and how that compares with only reading the lines of
 * the same file, in the same run. Prints a table; asserts nothing, because machines differ.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../scripts/build.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MEGABYTES = Number(process.argv[2] ?? 200);
const RUNS = 3;

/** Runs inside a process of its own, so that its memory is its own. */
const TASKS = {
  async validate(file, scenario) {
    const { main } = { main: join(ROOT, 'dist/cli/main.js') };
    process.argv = [
      process.argv[0],
      main,
      'validate',
      '--json',
      '--config',
      join(ROOT, 'traces/recorded/3.8.0', scenario, 'zoo.cfg'),
      file,
    ];
    const write = process.stdout.write.bind(process.stdout);
    let text = '';
    process.stdout.write = (chunk) => ((text += chunk), true);
    await import(main);
    process.stdout.write = write;
    const [server] = JSON.parse(text).servers;
    return {
      verdict: server.verdict,
      lines: server.lines,
      judged: server.observations,
      hypotheses: server.hypothesesMax,
    };
  },
  async lines(file) {
    const { readLines } = await import(join(ROOT, 'dist/traces/files/read-lines.js'));
    let lines = 0;
    for await (const batch of readLines(file)) lines += batch.lines.length;
    return { lines };
  },
  async readline(file) {
    let lines = 0;
    for await (const line of createInterface({ input: createReadStream(file) })) lines += line.length >= 0 ? 1 : 0;
    return { lines };
  },
};

async function child(task, file, scenario) {
  const started = performance.now();
  const result = await TASKS[task](file, scenario);
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ ...result, seconds, peakMb: process.resourceUsage().maxRSS / 1024 }));
}

function run(task, file, scenario) {
  const args = [fileURLToPath(import.meta.url), '--task', task, file, scenario];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${task}: ${stderr}`);
  return JSON.parse(stdout);
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

async function repeated(source, target) {
  const text = readFileSync(source);
  const stream = createWriteStream(target);
  for (let size = 0; size < MEGABYTES * 1e6; size += text.length) {
    if (!stream.write(text)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  await new Promise((resolve) => stream.end(resolve));
}

async function parent() {
  ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'zabcheck-bench-'));
  console.log(`node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, median of ${RUNS} runs`);
  try {
    for (const [scenario, level] of [
      ['leader-crash', 'info'],
      ['leader-crash', 'debug'],
    ]) {
      const file = join(folder, 'server-1.log');
      await repeated(join(ROOT, 'traces/recorded/3.8.0', scenario, level, 'server-1.log'), file);
      const megabytes = statSync(file).size / 1e6;
      const rows = Array.from({ length: RUNS }, () => ({
        validate: run('validate', file, scenario),
        lines: run('lines', file, scenario),
        readline: run('readline', file, scenario),
      }));
      const seconds = (task) => median(rows.map((row) => row[task].seconds));
      const { verdict, lines, judged, hypotheses } = rows[0].validate;
      const peak = median(rows.map((row) => row.validate.peakMb));
      console.log(
        `\n${scenario} at ${level.toUpperCase()}, server 1 repeated to ${megabytes.toFixed(0)} MB: ${verdict}`,
      );
      console.log(`  ${lines} lines, ${judged} judged, at most ${hypotheses} hypotheses`);
      console.log(
        `  validate       ${seconds('validate').toFixed(2)} s  ${Math.round(lines / seconds('validate'))} lines/s  ${(megabytes / seconds('validate')).toFixed(1)} MB/s  peak ${peak.toFixed(0)} MB`,
      );
      console.log(
        `  our line reader ${seconds('lines').toFixed(2)} s  validate costs ${median(rows.map((r) => r.validate.seconds / r.lines.seconds)).toFixed(1)} times as much`,
      );
      console.log(
        `  node:readline  ${seconds('readline').toFixed(2)} s  validate costs ${median(rows.map((r) => r.validate.seconds / r.readline.seconds)).toFixed(1)} times as much`,
      );
      rmSync(file);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === '--task') await child(process.argv[3], process.argv[4], process.argv[5]);
else await parent();
