/** Evidence of the recorded corpus: its table, recordings made anew, doctored logs, hostile input, speed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FRESH_RUNS, freshRows, ROOT, run, section, zabcheck } from './evidence-tools.mjs';

const HOSTILE = ['scripts/hostile.mjs', '--count', '10000000', '--seed', '11'];

/** `distribution`: a folder with the jars of another release, to record every scenario on that, too. */
export function corpus(distribution) {
  const readme = readFileSync(join(ROOT, 'traces/recorded/README.md'), 'utf8');
  const table = readme.slice(readme.indexOf('<!-- table -->') + 14, readme.indexOf('<!-- end of table -->'));
  const judged = zabcheck('validate', 'traces/recorded').text;
  const summary = judged.trimEnd().split('\n').at(-1);
  return [
    '## The corpus',
    '',
    '`zabcheck validate traces/recorded`: ' + summary,
    '',
    table.trim(),
    '',
    ...fresh("Debian's package"),
    ...(distribution === undefined ? [] : fresh('the given release', distribution)),
    ...section(
      'Doctored logs',
      'npx tsx property-tests/doctored-list.ts',
      run('npx', 'tsx', 'property-tests/doctored-list.ts').text,
    ),
    ...section('Hostile input', `node ${HOSTILE.join(' ')}`, run(process.execPath, ...HOSTILE).text),
    ...section('Speed', 'node bench/validate.mjs', run(process.execPath, 'bench/validate.mjs').text),
    '',
  ].join('\n');
}

function fresh(of, distribution) {
  const names = /there are: (.*)\./.exec(zabcheck('record', 'none', '--out', 'none').text)?.[1]?.split(', ') ?? [];
  if (names.length === 0) throw new Error('no scenario is known');
  return [
    `## Recorded afresh on ${of}, ${FRESH_RUNS} times each`,
    '',
    '`zabcheck record SCENARIO`, then `zabcheck validate` (both machines)',
    '',
    '| scenario | run | verdict | server logs | hidden steps |',
    '| --- | --- | --- | --- | --- |',
    ...freshRows(names, distribution),
    '',
  ];
}
