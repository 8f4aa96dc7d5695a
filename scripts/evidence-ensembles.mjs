/** Evidence of ensembles: legal ones at random, and false statements that an independent search proves to be false. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, run } from './evidence-tools.mjs';

const SCRIPT = 'scripts/brute-force-run.mjs';
const LEGAL = { what: 'legal', seeds: 5000, steps: 1500 };
const ILLEGAL = { what: 'illegal', seeds: 1150, steps: 60, states: 8000 };
const RARE = { what: 'rare', seeds: 400, steps: 300, states: 20_000 };

const PAGE = join(ROOT, 'docs/evidence/ensembles.md');

/** `only` is "legal": the false statements and the causes are left as they stand on the page, with their date. */
export async function ensembles(only) {
  const legal = await asked(LEGAL);
  if (only === 'legal') return [...legalPart(legal), ...stillThere()].join('\n');
  const illegal = [...(await asked(ILLEGAL)), ...(await asked(RARE))];
  return [...legalPart(legal), ...illegalPart(illegal), ...causesPart()].join('\n');
}

function stillThere() {
  const page = readFileSync(PAGE, 'utf8');
  const rest = page.slice(page.indexOf('## ', page.indexOf('false statements') - 20));
  const made = /^What follows was made on [\d-]+\.$/m.exec(page)?.[0];
  const date = /on (\d{4}-\d\d-\d\d)/.exec(page)?.[1];
  return [made ?? `What follows was made on ${date}.`, '', rest];
}

/** Half of the seeds in each of two processes. */
async function asked({ what, seeds, steps, states = 0 }) {
  const half = Math.ceil(seeds / 2);
  const halves = await Promise.all([
    lines(what, 1, half + 1, steps, states),
    lines(what, half + 1, seeds + 1, steps, states),
  ]);
  return halves.flat();
}

function lines(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, SCRIPT), ...args.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`${SCRIPT} ${args.join(' ')} ended with ${code}`));
      else
        resolve(
          text
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line)),
        );
    });
  });
}

const count = (items, test) => items.filter(test).length;
const number = (value) => value.toLocaleString('en');
const command = ({ what, seeds, steps, states }) =>
  `\`node ${SCRIPT} ${what} 1 ${seeds + 1} ${steps}${states === undefined ? '' : ` ${states}`}\``;

const VERDICTS = ['accepted', 'diverged', 'inconclusive'];

function legalPart(runs) {
  const rows = [3, 4, 5].flatMap((servers) =>
    [false, true].map((debug) => {
      const these = runs.filter((one) => one.servers === servers && one.debug === debug);
      const told = these.flatMap((one) => one.told);
      const lines = these.reduce((sum, one) => sum + one.lines, 0);
      const of = VERDICTS.map((verdict) =>
        ['impl', 'spec']
          .map((name) => count(told, (one) => one.verdict === verdict && one.machine.startsWith(name)))
          .join(' / '),
      );
      return `| ${servers} | ${debug ? 'DEBUG' : 'INFO'} | ${number(these.length)} | ${number(lines)} | ${of.join(' | ')} |`;
    }),
  );
  return [
    `## ${number(runs.length)} legal ensembles`,
    '',
    `${command(LEGAL)}: crashes, restarts, losses, replays, new epochs, observers; verdicts by impl / by spec. Each`,
    'ensemble is of one release, in what its servers do and print; a release is told to the judge as the log would tell it.',
    '',
    '| release | profile | ensembles | lines | leaders established | accepted | diverged | inconclusive | elections told as they were |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...[...new Set(runs.map(({ release }) => release))].sort(byRelease).map((release) => releaseRow(runs, release)),
    '',
    '| servers | level | ensembles | lines | accepted | diverged | inconclusive |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ];
}

const byRelease = (a, b) => a.localeCompare(b, 'en', { numeric: true });

function releaseRow(runs, release) {
  const these = runs.filter((one) => one.release === release);
  const told = these.flatMap((one) => one.told);
  const by = (test) =>
    ['impl', 'spec'].map((name) => count(told, (one) => one.machine.startsWith(name) && test(one))).join(' / ');
  const sum = (what) => number(these.reduce((total, one) => total + one[what], 0));
  const cells = [
    these[0].profile,
    number(these.length),
    sum('lines'),
    sum('established'),
    ...VERDICTS.map((verdict) => by((one) => one.verdict === verdict)),
    by((one) => one.isTrue),
  ];
  return `| ${[release, ...cells].join(' | ')} |`;
}

function illegalPart(runs) {
  const proven = runs.filter((one) => one.possible === 'impossible' && one.machine?.startsWith('impl'));
  const bySpec = new Map(
    runs.filter((one) => one.machine?.startsWith('spec')).map((one) => [`${one.seed} ${one.kind}`, one.verdict]),
  );
  const unlike = count(proven, (one) => bySpec.get(`${one.seed} ${one.kind}`) !== one.verdict);
  const kinds = [...new Set(runs.map(({ kind }) => kind))].filter((kind) => kind !== 'nothing changed');
  const rows = [...kinds, null].map((kind) => {
    const these = proven.filter((one) => kind === null || one.kind === kind);
    const all = runs.filter((one) => (kind === null ? one.kind !== 'nothing changed' : one.kind === kind));
    const of = VERDICTS.map((verdict) => number(count(these, (one) => one.verdict === verdict)));
    const others = ['possible', 'undecided'].map((possible) => number(count(all, (one) => one.possible === possible)));
    return `| ${kind ?? '**all**'} | ${number(these.length)} | ${of.join(' | ')} | ${others.join(' | ')} |`;
  });
  const unchanged = runs.filter(({ kind }) => kind === 'nothing changed');
  return [
    `## ${number(proven.length)} false statements, proven by brute force`,
    '',
    `${command(ILLEGAL)}, and for kinds that need a longer log ${command(RARE)}. Ensembles of three servers; the search tries every`,
    'schedule of real peers and meets at most the last number of states; what it finds possible or cannot decide is not held against',
    `the judge. Verdicts by impl; those by spec differ in ${unlike}. Of ${number(unchanged.length)} logs in which nothing was changed`,
    `it calls ${count(unchanged, ({ possible }) => possible === 'impossible')} impossible (${count(unchanged, ({ possible }) => possible === 'undecided')} undecided).`,
    '',
    '| kind | proven false | accepted | diverged | inconclusive | still possible | undecided |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ];
}

const CAUSES_TEST = 'property-tests/ensemble-causes.test.ts';

function causesPart() {
  const folder = mkdtempSync(join(tmpdir(), 'zabcheck-causes-'));
  const file = join(folder, 'causes.jsonl');
  process.env.ZABCHECK_CAUSES = file;
  try {
    const { code, text } = run('npx', 'vitest', 'run', CAUSES_TEST);
    if (code !== 0) throw new Error(text);
    const causes = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const rows = causes.map(
      ({ cause, reason, named }, index) =>
        `| ${[index + 1, cause, reason.replaceAll('|', '\\|'), named ? 'yes' : 'no'].join(' | ')} |`,
    );
    return [
      `## ${causes.length} seeded causes, ${count(causes, ({ named }) => named)} named`,
      '',
      `\`npx vitest run ${CAUSES_TEST}\``,
      '',
      '| | cause | first sentence of the report | named |',
      '| ---: | --- | --- | --- |',
      ...rows,
      '',
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
