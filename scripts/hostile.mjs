/**
 * Hostile input: `node scripts/hostile.mjs --count 10000000 --seed 1`. Of the count four fifths are lines of logs, one
 * fifth objects of NDJSON; one whole judgement is made for each thousand. Exit code 1 if anything threw, hung, grew or
 * came out with a wrong type; each such thing is printed with the seed and its line, escaped.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { CONFIG_TEXTS, runHostile } from './hostile-run.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What is tested: the compiled code, and logs to break. */
async function makeKit() {
  ensureBuilt();
  const from = (path) => import(new URL(`../dist/${path}`, import.meta.url));
  const [parser, cutter, ndjson, judge, survey, impl, spec, cfg] = await Promise.all(
    [
      'traces/parse/log-parser.js',
      'traces/files/read-lines.js',
      'traces/ndjson.js',
      'traces/judge.js',
      'traces/inference.js',
      'models/impl-machine.js',
      'models/spec-machine.js',
      'types/zoo-cfg.js',
    ].map(from),
  );
  return {
    ...parser,
    ...cutter,
    ...ndjson,
    ...judge,
    ...survey,
    kinds: new Set(ndjson.OBSERVATION_KINDS),
    machines: [impl.implMachine, spec.specMachine],
    logs: recordedLogs(parser.LogParser),
    configs: CONFIG_TEXTS.map((text) => {
      const read = cfg.parseZooCfg(text, 'zoo.cfg');
      if (!read.ok) throw new Error(read.error.message);
      return read.value.ensemble;
    }),
  };
}

const filesIn = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });

/** Only what is read: the rest would make judgements longer, not worse. */
function recordedLogs(LogParser) {
  const files = filesIn(join(ROOT, 'traces/recorded')).filter((path) => /leader-crash.*\.log$/.test(path));
  const logs = files.map((path) => readFileSync(path, 'utf8').split('\n'));
  const reads = (line) => new LogParser('').push(line).length > 0;
  return logs.map((lines) => lines.filter(reads));
}

function told({ ms, of }) {
  return `${ms.toFixed(1)} ms  ${of}`;
}

const { values } = parseArgs({
  options: { count: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: node scripts/hostile.mjs --count N --seed S');
  process.exit(2);
}
const objects = Math.floor(count / 5);
const started = performance.now();
const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
const figures = await runHostile({
  seed,
  lines: count - objects,
  objects,
  judgements: Math.ceil(count / 1000),
  kit: await makeKit(),
  onProgress: (now) =>
    process.stderr.isTTY &&
    process.stderr.write(`\r${now.lines + now.objects} read, ${now.judgements} judged, ${seconds()} s`),
});
if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
const { verdicts } = figures;
console.log(
  `seed ${seed}: ${figures.lines} lines, ${figures.objects} objects, ${figures.judgements} judgements in ${seconds()} s`,
);
console.log(
  `  ${figures.calls} calls, ${figures.observations} observations, ${figures.unreadable} of them unreadable, ${figures.refusedObjects} objects refused`,
);
console.log(
  `  verdicts: ${verdicts.accepted} accepted, ${verdicts.diverged} diverged, ${verdicts.inconclusive} inconclusive`,
);
console.log(`  slowest call       ${told(figures.slowestCall)}`);
console.log(`  slowest judgement  ${told(figures.slowestJudgement)}`);
console.log(`  peak memory        ${figures.peakRssMb.toFixed(0)} MB, heap ${figures.peakHeapMb.toFixed(0)} MB`);
for (const failure of figures.failures) console.error(`FAILED  ${failure}`);
if (figures.furtherFailures > 0) console.error(`FAILED  ${figures.furtherFailures} more times`);
process.exitCode = figures.failures.length > 0 ? 1 : 0;
