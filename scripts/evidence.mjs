/**
 * `npm run evidence -- NAME`: reproduces the figures of an acceptance list and writes them, with command, date and
 * machine, to docs/evidence/NAME.md. Takes minutes; needs Java, javac and Debian's package zookeeper.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { bigger } from './evidence-bigger.mjs';
import { checker } from './evidence-checker.mjs';
import { codec } from './evidence-codec.mjs';
import { corpus } from './evidence-corpus.mjs';
import { coverage } from './evidence-coverage.mjs';
import { excerpts } from './evidence-excerpts.mjs';
import { fuzzReleases } from './evidence-fuzz-releases.mjs';
import { liveness } from './evidence-liveness.mjs';
import { oracleReleases } from './evidence-oracle-releases.mjs';
import { releases } from './evidence-releases.mjs';
import { exec } from './evidence-exec.mjs';
import { io } from './evidence-io.mjs';
import { resume } from './evidence-resume.mjs';
import { ensembles } from './evidence-ensembles.mjs';
import { reasons } from './evidence-reasons.mjs';
import { threads } from './evidence-threads.mjs';
import { tla } from './evidence-tla.mjs';
import { wording } from './evidence-wording.mjs';
import { block, FRESH_RUNS, freshRows, ROOT, run, section, tests, zabcheck } from './evidence-tools.mjs';

const FIRST_SCENARIOS = ['three-start', 'follower-restart', 'leader-crash'];

const EVIDENCE = {
  'first-light': firstLight,
  conformance,
  corpus,
  checker,
  liveness,
  coverage,
  bigger,
  resume,
  threads,
  tla,
  codec,
  ensembles,
  exec,
  excerpts,
  releases,
  'oracle-releases': oracleReleases,
  'fuzz-releases': fuzzReleases,
  wording,
  reasons,
  clocks,
  speed,
  io,
};

/** The recorded ensembles at both levels, with clocks shifted by half a second and by hours either way. */
function clocks() {
  const path = 'property-tests/ensembles.test.ts';
  return section(
    'The corpus as ensembles, clocks shifted',
    `ZABCHECK_THOROUGH=1 npx vitest run ${path}`,
    tests(path),
  ).join('\n');
}

/** Ensembles and single servers, and two gigabytes of logs. */
function speed() {
  return [
    '`node bench/ensemble.mjs 2000 60`',
    '',
    run(process.execPath, join(ROOT, 'bench/ensemble.mjs'), '2000', '60').text,
  ].join('\n');
}

function verdictRows(servers) {
  return servers.map(
    (s) =>
      `| ${s.label} | ${s.sid} | ${s.level} | ${s.verdict} | ${s.observations} | ${s.hiddenSteps} | ${s.hypothesesMax} | ${s.unread} |`,
  );
}

const VERDICT_HEAD = [
  '| log | server | level | verdict | lines judged | hidden steps | most hypotheses | not understood |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
];

/** The recorded scenarios, each again five times, doctored logs, the oracle, the benchmark. */
function firstLight() {
  const parts = ['## The recorded scenarios', '', '`zabcheck validate --json traces/recorded`', ''];
  const recorded = JSON.parse(zabcheck('validate', '--json', 'traces/recorded').text);
  parts.push(...VERDICT_HEAD, ...verdictRows(recorded.servers), '');
  parts.push(
    `## Recorded afresh, ${FRESH_RUNS} times each`,
    '',
    '`zabcheck record SCENARIO`, then `zabcheck validate`',
    '',
  );
  parts.push(
    '| scenario | run | verdict | server logs | hidden steps |',
    '| --- | --- | --- | --- | --- |',
    ...freshRows(FIRST_SCENARIOS),
    '',
  );
  parts.push('## Doctored logs', '', block(tests('property-tests/doctored.test.ts')));
  parts.push("## ZooKeeper's own classes", '', block(tests('property-tests/oracle')));
  parts.push('## Bad input', '', block(tests('scripts/cli.test.ts')));
  parts.push(
    '## Speed',
    '',
    '`npm run bench`',
    '',
    block(run(process.execPath, join(ROOT, 'bench/validate.mjs')).text),
  );
  return parts.join('\n');
}

/** Both machines, a million steps, mutants, witnesses, mutation testing, the benchmark. */
function conformance() {
  const vitest = (title, path) => section(title, `npx vitest run ${path}`, tests(path));
  const fuzz = zabcheck('fuzz', '--runs', '2600', '--seed', '1').text;
  const counted = /([\d,]+) steps/.exec(fuzz)?.[1];
  return [
    ...section(`A million steps of fuzz: ${counted}`, 'zabcheck fuzz --runs 2600 --seed 1', fuzz),
    ...vitest('The gate', 'scripts/gate.test.ts').slice(0, 3),
    block(run(process.execPath, join(ROOT, 'scripts/gate.mjs')).text),
    ...vitest('What is decided twice', 'property-tests/agreement'),
    ...vitest('Both machines on every log', 'property-tests/spec-machine.test.ts'),
    ...vitest('Witnesses against the tempting claims', 'property-tests/witnesses'),
    ...section('Mutants', 'npx vitest run property-tests/mutants', mutants()),
    ...section('Mutation testing of the predicates', 'npx stryker run', mutation()),
    ...vitest('Bad subjects', 'scripts/subject.test.ts'),
    ...section('Speed', 'node bench/fuzz.mjs', run(process.execPath, join(ROOT, 'bench/fuzz.mjs')).text),
  ].join('\n');
}

function mutants() {
  const { text } = run('npx', 'vitest', 'run', 'property-tests/mutants');
  return text
    .split('\n')
    .filter((line) => /^ *\d+ steps {2}|Tests |passed|failed/.test(line))
    .join('\n');
}

function mutation() {
  const { text } = run('npx', 'stryker', 'run');
  const survivors = text.split('\n').flatMap((line, index, all) => {
    if (!/^\[(Survived|NoCoverage)\]/.test(line)) return [];
    return [all.slice(index, index + 4).join('\n')];
  });
  return `${text.slice(text.lastIndexOf('Ran ')).split('\n').slice(1, -2).join('\n')}\n\n${survivors.join('\n')}`;
}

function machine() {
  const java = /version "([^"]+)"/.exec(run('java', '-version').text)?.[1] ?? 'none';
  return `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, Java ${java}`;
}

const name = process.argv[2];
const make = name === undefined ? undefined : EVIDENCE[name];
// More arguments are for whoever takes some.
const isOneName = !process.argv.slice(3).some((more) => more in EVIDENCE);
if (make === undefined || !isOneName) {
  console.error(`usage: npm run evidence -- NAME, where NAME is one of: ${Object.keys(EVIDENCE).join(', ')}`);
  process.exit(2);
}
process.env.ZABCHECK_THOROUGH = '1';
ensureBuilt();
const head = [
  `# Evidence: ${name}`,
  '',
  `Made by \`npm run evidence -- ${name}\` on ${new Date().toISOString().slice(0, 10)}. Machine: ${machine()}.`,
  '',
];
const folder = join(ROOT, 'docs/evidence');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, `${name}.md`), `${head.join('\n')}\n${await make(...process.argv.slice(3))}`);
run('npx', 'prettier', '--write', join(folder, `${name}.md`));
console.log(`docs/evidence/${name}.md written; evidence there: ${readdirSync(folder).join(', ')}`);
