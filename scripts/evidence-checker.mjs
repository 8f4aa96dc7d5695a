/** Evidence of the model checker: every named model explored anew, seeded bugs from a cold start, both explorers side by side. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, section, tests, zabcheck } from './evidence-tools.mjs';

const HEAD = [
  '| model | verdict | distinct | generated | depth | seconds | bytes a state | peak MB | as in the manifest |',
  '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
];

export function checker() {
  const named = JSON.parse(readFileSync(join(ROOT, 'models/manifest.json'), 'utf8'));
  const rows = named.filter(({ liveness }) => liveness === undefined).map(rowOf);
  return [
    '## Named models',
    '',
    '`zabcheck check NAME`, as many workers as cores; seconds include the start of the process and, where violated, the search',
    'for the shortest path',
    '',
    ...HEAD,
    ...rows,
    '',
    ...section('Both explorers, five hundred random systems', 'npx vitest run checker', tests('checker')),
    ...section('Reduced and unreduced: the same outcomes', 'npx vitest run models/election', tests('models/election')),
    ...section('The command', 'npx vitest run scripts/check.test.ts', tests('scripts/check.test.ts')),
  ].join('\n');
}

function rowOf(model) {
  const started = performance.now();
  const { text } = zabcheck('check', model.name, '--json', '--max-memory', '12000');
  // Lines of progress stand around the document.
  const told = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const same = ['verdict', 'distinct', 'generated', 'depth'].every((key) => told[key] === model[key]);
  const violated =
    told.counterexample && `: ${told.counterexample.property}, ${told.counterexample.steps.length} steps`;
  const counts = [told.distinct, told.generated, told.depth].map((count) => count.toLocaleString('en'));
  const row = [
    model.name,
    `${told.verdict}${violated ?? ''}`,
    ...counts,
    seconds,
    told.bytesPerState.toFixed(1),
    told.peakMb,
  ];
  console.log(row.join(' | '));
  return `| ${[...row, same ? 'yes' : 'NO'].join(' | ')} |`;
}
