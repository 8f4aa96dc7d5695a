/** Evidence of reasons: the stories of known edits, the sizes of excerpts, and what an independent search says of what they claim. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './evidence-tools.mjs';

const TESTS = ['property-tests/stories.test.ts', 'property-tests/excerpts.test.ts'];
const OUTCOMES = ['undone', 'as near', 'partly', 'lines missing', 'none'];

export function reasons() {
  const folder = mkdtempSync(join(tmpdir(), 'zabcheck-reasons-'));
  const file = join(folder, 'reasons.jsonl');
  process.env.ZABCHECK_REASONS = file;
  try {
    const { code, text } = run('npx', 'vitest', 'run', ...TESTS);
    if (code !== 0) throw new Error(text);
    const rows = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const stories = rows.filter(({ table }) => table !== 'fillings');
    return [
      ...outcomesPart(stories),
      ...fillingsPart(rows.filter(({ table }) => table === 'fillings')),
      ...listPart('Thirty seeded causes', 'causes', stories),
      ...listPart('False statements in one log', 'doctored', stories),
    ].join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const count = (items, test) => items.filter(test).length;

const NAMES = { doctored: 'a false statement in one log', causes: 'a false statement in the logs of an ensemble' };

function outcomesPart(rows) {
  const tables = [...new Set(rows.map(({ table }) => table)), null];
  const lines = tables.map((table) => {
    const these = rows.filter((row) => table === null || row.table === table);
    const sizes = these
      .map(({ size }) => size)
      .filter((size) => size !== null)
      .sort((a, b) => a - b);
    const cells = [
      table === null ? '**all**' : (NAMES[table] ?? table),
      these.length,
      ...OUTCOMES.map((outcome) => count(these, (row) => row.outcome === outcome)),
      sizes[Math.floor(sizes.length / 2)] ?? '',
      sizes.at(-1) ?? '',
      count(these, ({ minimal }) => minimal === true),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '## Known edits, and what the nearest legal story makes of them',
    '',
    `\`ZABCHECK_REASONS=FILE npx vitest run ${TESTS.join(' ')}\``,
    '',
    'One edit of each kind in every recorded log at INFO, where it makes the log diverge. _Undone_: applied, the story gives back the log as it',
    'was recorded. _As near_: another single change that explains all. _Partly_: it explains the line, but not all that follows. Excerpts in',
    'lines; _minimal_: none of them can be left out, and no bound was met.',
    '',
    '| edit | diverge | undone | as near | partly | lines missing | none | excerpt: median | largest | minimal |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...lines,
    '',
  ];
}

function fillingsPart(rows) {
  return rows.flatMap(({ seeds, asked, answers }) => [
    '## What an excerpt lets go may say anything',
    '',
    `Of ${seeds} small ensembles of real peers one statement of each kind is made false. One or two of the lines that an excerpt lets go are`,
    'made others of their kind, or taken out; a search through every schedule, which shares nothing with the judge, is asked whether the logs',
    `are possible then. Asked ${asked.toLocaleString('en')} times, it said: ${Object.entries(answers)
      .map(([answer, times]) => `${times.toLocaleString('en')} ${answer}`)
      .join(', ')}.`,
    '',
  ]);
}

const cell = (text) =>
  String(text ?? '')
    .replaceAll('|', '\\|')
    .replaceAll(/3\.\d\.\d\/[a-z-]+\/(?:info|debug)\//g, '');

function listPart(title, name, rows) {
  const these = rows.filter(({ table }) => table === name);
  return [
    `## ${title}`,
    '',
    '| | what is false | first sentence | nearest legal story | | lines |',
    '| ---: | --- | --- | --- | --- | ---: |',
    ...these.map(
      ({ what, reason, story, outcome, size }, index) =>
        `| ${[index + 1, cell(what), cell(reason), cell(story), outcome, size ?? ''].join(' | ')} |`,
    ),
    '',
  ];
}
