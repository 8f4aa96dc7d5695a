/** Evidence of coverage: which share of finite models the recorded corpus, the kept scripts and fuzzing touch. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, section, tests, zabcheck } from './evidence-tools.mjs';

const MODELS = ['smoke', 'loss'];
const STEPS = '1000000';

export function coverage() {
  const folder = mkdtempSync(join(tmpdir(), 'zabcheck-evidence-'));
  try {
    const played = run('npx', 'tsx', 'property-tests/scenarios/to-scripts.ts', folder);
    if (played.code !== 0) throw new Error(played.text);
    return [
      `Scripts: the ${readdirSync('docs/witnesses').length} witnesses of docs/witnesses, and the ${readdirSync(folder).length} sections of the golden scenarios (property-tests/scenarios). Logs: all of traces/recorded. What the columns mean: [coverage.md](../coverage.md).`,
      '',
      ...MODELS.flatMap((model) => ofModel(model, folder)),
      ...theTests('Shares that are known beforehand', 'models/cover'),
      ...theTests('Logs of which the truth is known', 'property-tests/coverage-logs.test.ts'),
    ].join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const theTests = (title, path) => section(title, `ZABCHECK_THOROUGH=1 npx vitest run ${path}`, tests(path));

function ofModel(model, scenarios) {
  const args = ['--fuzz', STEPS, '--seed', '1', '--logs', 'traces/recorded', '--gaps', '3'];
  const started = performance.now();
  const { code, text } = zabcheck('coverage', model, ...args, '--scripts', 'docs/witnesses', scenarios);
  if (code !== 0) throw new Error(text);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${model}: ${seconds} s`);
  const told = text.split('\n').filter((line) => !/zabcheck replay|^fuzz: |^logs: |^spec: /.test(line));
  const table = told.filter((line) => line.startsWith('|'));
  const gaps = told.slice(0, told.indexOf(table[0]));
  const outside = told.slice(told.indexOf(table.at(-1)) + 1);
  return [
    `## ${model}`,
    '',
    `\`zabcheck coverage ${model} ${args.join(' ')} --scripts docs/witnesses SCENARIOS\` (${seconds} s)`,
    '',
    ...table,
    '',
    'The gaps:',
    '',
    '```',
    ...gaps,
    '```',
    '',
    'Outside:',
    '',
    '```',
    ...outside,
    '```',
    '',
  ];
}
