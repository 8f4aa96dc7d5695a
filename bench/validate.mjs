/**
 * How fast `validate` is, with both machines, on three big logs of one server made from a recorded one, and how that
 * compares with only reading the lines of the same file, in the same run:
 *
 * - repeated: the recording again and again. What was judged once is remembered.
 * - ever new: each repetition has an epoch of its own, so nothing repeats. The hardest case: nothing but elections.
 * - a long life: as ever new, with ordinary work between the elections, as in the log of a server in service.
 *
 * Prints tables; asserts nothing, because machines differ.
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

/** Lines of ordinary work for one of an election, in a long life: many servers log far more. */
const ORDINARY = 50;

const WORK = [
  'INFO  [CommitProcessor:1:o.a.z.s.q.LearnerSessionTracker@116] - Committing global session 0x100000b2d8d0000',
  'INFO  [NIOWorkerThread-1:o.a.z.s.NIOServerCnxn@507] - Processing srvr command from /127.0.0.1:40404',
  'WARN  [NIOWorkerThread-2:o.a.z.s.NIOServerCnxn@364] - Unexpected exception',
  'EndOfStreamException: Unable to read additional data from client, it probably closed the socket: address = /127.0.0.1:40404',
  '\tat org.apache.zookeeper.server.NIOServerCnxn.handleFailedRead(NIOServerCnxn.java:163)',
  '\tat org.apache.zookeeper.server.NIOServerCnxn.doIO(NIOServerCnxn.java:326)',
  'INFO  [SessionTracker:o.a.z.s.ZooKeeperServer@628] - Expiring session 0x100000b2d8d0000, timeout of 30000ms exceeded',
];

/** Every epoch, and every zxid's epoch, `by` higher: what the election says hangs on nothing else. */
function laterBy(text, by) {
  const later = (hex, amount) => (/^f{16}$/.test(hex) ? hex : (BigInt(`0x${hex}`) + amount).toString(16));
  const high = (hex) => later(hex, by << 32n);
  const low = (hex) => later(hex, by);
  return text
    .replace(/(highest zxid is 0x)([0-9a-f]+)/g, (_, before, hex) => before + high(hex))
    .replace(/(Creating with a reasonable default of )(\d+)/g, (_, before, epoch) => before + (BigInt(epoch) + by))
    .replace(/(n\.peerEpoch:0x)([0-9a-f]+)/g, (_, before, hex) => before + low(hex))
    .replace(/(zxid[:=] ?0x)([0-9a-f]+)/g, (_, before, hex) => before + high(hex))
    .replace(/0x([0-9a-f]+) \((n\.zxid|newzxid|oldzxid)\)/g, (_, hex, name) => `0x${high(hex)} (${name})`)
    .replace(/0x([0-9a-f]+) \(n\.peerEpoch\)/g, (_, hex) => `0x${low(hex)} (n.peerEpoch)`);
}

/** As `laterBy`, with the ordinary work of a server after each record of thread QuorumPeer. */
function livedLater(text, by) {
  return laterBy(text, by).replaceAll('\n', () => `\n${lineOfWork()}`);
}

let worked = 0;
function lineOfWork() {
  const lines = Array.from({ length: ORDINARY }, () => {
    const words = WORK[worked++ % WORK.length];
    return /^[A-Z]+ +\[/.test(words) ? `2026-11-23 20:00:00,000 [myid:1] - ${words}` : words;
  });
  return `${lines.join('\n')}\n`;
}

const INPUTS = { repeated: (text) => text, 'ever new': laterBy, 'a long life': livedLater };

async function write(target, source, input) {
  const text = readFileSync(source, 'utf8');
  const stream = createWriteStream(target);
  let turn = 0n;
  for (let size = 0; size < MEGABYTES * 1e6; turn += 1n) {
    const part = INPUTS[input](text, turn);
    size += part.length;
    if (!stream.write(part)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  await new Promise((resolve) => stream.end(resolve));
}

async function measured(input, level, folder) {
  const scenario = 'leader-crash';
  const file = join(folder, 'server-1.log');
  await write(file, join(ROOT, 'traces/recorded/3.8.0', scenario, level, 'server-1.log'), input);
  const megabytes = statSync(file).size / 1e6;
  const rows = Array.from({ length: RUNS }, () => ({
    validate: run('validate', file, scenario),
    lines: run('lines', file, scenario),
    readline: run('readline', file, scenario),
  }));
  rmSync(file);
  const seconds = (task) => median(rows.map((row) => row[task].seconds));
  const times = (task) => median(rows.map((row) => row.validate.seconds / row[task].seconds)).toFixed(1);
  const { verdict, lines, judged, hypotheses } = rows[0].validate;
  const rate = Math.round(lines / seconds('validate')).toLocaleString('en');
  const peak = median(rows.map((row) => row.validate.peakMb)).toFixed(0);
  return [
    `${input}, ${level.toUpperCase()}, ${megabytes.toFixed(0)} MB: ${verdict}`,
    `  ${lines} lines, ${judged} judged, at most ${hypotheses} hypotheses`,
    `  validate        ${seconds('validate').toFixed(2)} s  ${rate} lines/s  peak ${peak} MB`,
    `  our line reader ${seconds('lines').toFixed(2)} s  validate costs ${times('lines')} times as much`,
    `  node:readline   ${seconds('readline').toFixed(2)} s  validate costs ${times('readline')} times as much`,
  ].join('\n');
}

async function parent() {
  ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'zabcheck-bench-'));
  console.log(`node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, median of ${RUNS} runs`);
  try {
    for (const input of Object.keys(INPUTS))
      for (const level of ['info', 'debug']) console.log(`\n${await measured(input, level, folder)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === '--task') await child(process.argv[3], process.argv[4], process.argv[5]);
else await parent();
