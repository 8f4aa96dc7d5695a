/** Evidence of what goes in and out: the corpus through ITF and back, and logs followed beside a real ensemble. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealEnsemble } from './evidence-real-ensemble.mjs';
import { block, ROOT, run, zabcheck } from './evidence-tools.mjs';

const RECORDED = 'traces/recorded';

export async function io() {
  return [
    '## The corpus through ITF and back',
    '',
    '`zabcheck validate --itf FILE LOGS`, then `zabcheck itf FILE | zabcheck validate -`: verdicts, elections, lines judged, of every server',
    'and of the ensemble, machine impl.',
    '',
    '| ensemble | servers | verdict | states | came back |',
    '| --- | --- | --- | --- | --- |',
    ...roundTrips(),
    '',
    '## Followed beside a real ensemble',
    '',
    "Three servers of Debian's package; every few seconds one is killed and started again. Their log rolls so often that a start alone rolls it",
    'several times between two looks (`zabcheck validate --follow FOLDER`).',
    '',
    ...(await followed({ level: 'INFO', rollsAt: '8KB', seconds: 90 })),
    ...(await followed({ level: 'DEBUG', rollsAt: '16KB', seconds: 90 })),
  ].join('\n');
}

function roundTrips() {
  const folder = mkdtempSync(join(tmpdir(), 'zabcheck-itf-'));
  const file = join(folder, 'x.itf.json');
  try {
    return readdirSync(join(ROOT, RECORDED), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) =>
        readdirSync(join(ROOT, RECORDED, name)).map((scenario) => `${RECORDED}/${name}/${scenario}`),
      )
      .flatMap((scenario) => ['info', 'debug'].map((level) => roundTrip(scenario, level, file)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function roundTrip(scenario, level, file) {
  const judge = (...args) =>
    JSON.parse(
      run(
        process.execPath,
        'dist/cli/main.js',
        'validate',
        '--machine',
        'impl',
        '--json',
        '--config',
        `${scenario}/zoo.cfg`,
        ...args,
      ).text.replace(/\nwritten: .*\n$/, ''),
    );
  const there = judge('--itf', file, `${scenario}/${level}`);
  const trace = `${file}.ndjson`;
  const back = zabcheck('itf', file).text;
  writeFileSync(trace, back);
  const again = judge(trace);
  const same = JSON.stringify(findingOf(there)) === JSON.stringify(findingOf(again));
  const states = JSON.parse(readFileSync(file, 'utf8')).states.length;
  const name = `${scenario.slice(RECORDED.length + 1)}/${level}`;
  return `| ${name} | ${there.servers.length} | ${there.verdict} | ${states} | ${same ? 'the same' : 'DIFFERENT'} |`;
}

const findingOf = ({ verdict, servers, ensembles }) => [
  verdict,
  servers.map((one) => [one.sid, one.verdict, one.observations, one.elections, one.divergence]),
  ensembles.map((one) => [one.verdict, one.elections, one.divergence]),
];

async function followed({ level, rollsAt, seconds }) {
  const ensemble = new RealEnsemble({ level, rollsAt });
  try {
    const { out, err, code, kills, peakMB } = await ensemble.follow(seconds);
    const rolled = err.split('\n').filter((line) => line.endsWith('reading goes on with the next')).length;
    return [
      `### ${level}, rolling at ${rollsAt}`,
      '',
      `${kills} kills in ${seconds} s, ${rolled} times rolled, exit code ${code}, at most ${peakMB} MB.`,
      '',
      block(out),
    ];
  } finally {
    await ensemble.end();
  }
}
