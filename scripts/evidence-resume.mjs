/** Evidence of `--resume`: rounds of killing, damaged checkpoints, and what checkpoints cost. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { DAMAGES } from './damage.mjs';
import { block, ROOT, tests } from './evidence-tools.mjs';
import { checkUntil, round, steady } from './resume-rounds.mjs';

const MAIN = join(ROOT, 'dist/cli/main.js');
const ROUNDS = 200;
const DAMAGED = 100;
/** Runs with, and as many without. */
const PAIRS = 5;
/** One that holds, and one that is violated, in turn. */
const MODELS = [['loss'], ['bug-159']];
const MORE = ['--workers', '2'];

/** Drawn anew in each run of the evidence: every run kills at other moments. */
const draw = { below: (n) => Math.floor(Math.random() * n) };

/** Fewer, to try it out. */
export async function resume(all = ROUNDS, pairs = PAIRS) {
  ensureBuilt();
  const place = mkdtempSync(join(tmpdir(), 'zabcheck-resume-'));
  try {
    return [
      ...(await rounds(place, Number(all))),
      ...(await damaged(place)),
      ...(await cost(place, Number(pairs))),
      '## Tests',
      '',
      '`npx vitest run checker/resume.test.ts scripts/resume.test.ts`',
      '',
      block(tests('checker/resume.test.ts')),
      block(tests('scripts/resume.test.ts')),
    ].join('\n');
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Killed at any moment from its start on; what is kept is resumed; at the latest the fifth run may end. */
async function rounds(place, all) {
  const wholes = [];
  for (const args of MODELS) wholes.push(await checkUntil(MAIN, [...args, ...MORE], null));
  const sums = MODELS.map(() => ({ rounds: 0, kills: 0, resumptions: 0, same: 0 }));
  for (let i = 0; i < all; i += 1) {
    const which = i % MODELS.length;
    const folder = join(place, `round-${i}`);
    const ms = JSON.parse(wholes[which].out).seconds * 1000;
    const kill = (before) => (before > 3 ? null : { ms: draw.below(Math.ceil(ms)), folder: null });
    const told = await round(MAIN, { args: MODELS[which], more: MORE, folder, every: '0.1', kill });
    const sum = sums[which];
    sum.rounds += 1;
    sum.kills += told.kills;
    sum.resumptions += told.resumptions;
    if (told.code === wholes[which].code && steady(told.out) === steady(wholes[which].out)) sum.same += 1;
    else console.log(`round ${i} differs: ${told.code} ${told.err}`);
    rmSync(folder, { recursive: true, force: true });
    if (i % 10 === 9) console.log(`${i + 1} rounds: ${JSON.stringify(sums)}`);
  }
  const rows = MODELS.map((args, which) => {
    const { verdict, distinct, seconds } = JSON.parse(wholes[which].out);
    const { rounds: tried, kills, resumptions, same } = sums[which];
    const what = [`\`${args.join(' ')}\``, verdict, distinct.toLocaleString('en'), seconds.toFixed(1)];
    return `| ${[...what, tried, kills, resumptions, same].join(' | ')} |`;
  });
  return [
    '## Killed without warning',
    '',
    'Each round: `zabcheck check MODEL --checkpoint FOLDER --checkpoint-every 0.1`, SIGKILL at a random moment, `--resume FOLDER`, killed',
    'again, up to four times, then to the end. Compared: the whole JSON report, the counterexample included, but seconds and memory.',
    '',
    '| model | verdict | distinct | seconds undisturbed | rounds | killed | resumed | the same report |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ];
}

async function damaged(place) {
  const [good, other] = [join(place, 'good'), join(place, 'other')];
  await checkUntil(MAIN, ['two-servers-crash', '--max-depth', '9', '--checkpoint', good], null);
  await checkUntil(MAIN, ['two-servers-all', '--max-depth', '9', '--checkpoint', other], null);
  const counts = new Map(Object.keys(DAMAGES).map((name) => [name, { tried: 0, refused: 0, sentence: '' }]));
  for (let i = 0; i < DAMAGED; i += 1) {
    const [name, damage] = Object.entries(DAMAGES)[i % counts.size];
    const folder = join(place, `damaged-${i}`);
    cpSync(good, folder, { recursive: true });
    damage(folder, { rng: draw, other });
    const before = contentsOf(folder);
    const told = await checkUntil(MAIN, ['--resume', folder, '--workers', '0'], null);
    const isOne = /^error: .*\n$/.test(told.err) && told.err.includes(`${folder}/`);
    const count = counts.get(name);
    count.tried += 1;
    if (told.code === 2 && told.out === '' && isOne && contentsOf(folder) === before) count.refused += 1;
    count.sentence = told.err.trim().replaceAll(`${folder}/`, '');
    rmSync(folder, { recursive: true, force: true });
  }
  return [
    '## Damaged',
    '',
    'Refused: exit code 2, one sentence that names the file, nothing changed.',
    '',
    '| damage | tried | refused | the last sentence |',
    '| --- | ---: | ---: | --- |',
    ...[...counts].map(([name, { tried, refused, sentence }]) => `| ${name} | ${tried} | ${refused} | ${sentence} |`),
    '',
  ];
}

function contentsOf(folder) {
  return JSON.stringify(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

/** In turn, with a checkpoint every five seconds: far more often than by default. */
async function cost(place, pairs) {
  const seconds = { without: [], with: [] };
  for (let i = 0; i < pairs; i += 1) {
    for (const which of ['without', 'with']) {
      const folder = join(place, `cost-${i}`);
      const kept = which === 'with' ? ['--checkpoint', folder, '--checkpoint-every', '5'] : [];
      const { out } = await checkUntil(MAIN, ['tla-3-two-rounds', ...MORE, ...kept], null);
      seconds[which].push(JSON.parse(out).seconds);
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const middle = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const ratio = middle(seconds.with.map((one, i) => one / seconds.without[i]));
  return [
    '## What it costs',
    '',
    '`zabcheck check tla-3-two-rounds`, without and with `--checkpoint FOLDER --checkpoint-every 5`, in turn; seconds',
    '',
    `without: ${seconds.without.map((one) => one.toFixed(1)).join(', ')}; with: ${seconds.with.map((one) => one.toFixed(1)).join(', ')};`,
    `median of the ratios, pair by pair: ${ratio.toFixed(3)}`,
    '',
  ];
}
