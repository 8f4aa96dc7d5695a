/** Evidence of liveness: every named question asked anew, the lassos told, both ways of answering side by side. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { block, ROOT, section, tests, zabcheck } from './evidence-tools.mjs';

const HEAD = [
  '| model | asked | without | verdict | lasso: way + loop | distinct | steps | depth | seconds | peak MB | as in the manifest |',
  '| --- | --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |',
];
const RANDOM = 'checker/live';

export function liveness() {
  const named = JSON.parse(readFileSync(join(ROOT, 'models/manifest.json'), 'utf8')).filter(
    ({ liveness }) => liveness !== undefined,
  );
  const asked = named.map(ask);
  const lassos = asked.filter(({ told }) => told.lasso !== null);
  return [
    '## Named questions',
    '',
    '`zabcheck check NAME`; the bounds of each are printed by `zabcheck models`. Without a lasso and with nothing cut off, it holds.',
    'A loop of 0 steps: nothing happens any more.',
    '',
    ...HEAD,
    ...asked.map(rowOf),
    '',
    ...section(
      'Two hundred random systems with random fairness, by both ways',
      `npx vitest run ${RANDOM}`,
      tests(RANDOM),
    ),
    ...section('Elections', 'npx vitest run models/election/live.test.ts', tests('models/election/live.test.ts')),
    '## The lassos',
    '',
    ...lassos.flatMap(({ name, told }) => [`### ${name}`, '', block(told.lasso.story.join('\n'))]),
  ].join('\n');
}

function ask(model) {
  const started = performance.now();
  const { text } = zabcheck('check', model.name, '--json', '--max-memory', '12000');
  const told = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(model.name, told.verdict, seconds);
  return { ...model, told, seconds };
}

function rowOf({ name, told, seconds, ...model }) {
  const same =
    ['verdict', 'distinct', 'depth'].every((key) => told[key] === model[key]) && told.steps === model.generated;
  const { lasso } = told;
  const shape =
    lasso === null
      ? ''
      : `${lasso.loop} + ${lasso.steps.length - lasso.loop}${lasso.isShortest ? '' : ' (perhaps not the shortest)'}`;
  const counts = [told.distinct, told.steps, told.depth].map((count) => count.toLocaleString('en'));
  return `| ${[name, told.liveness, told.without.join(', '), told.verdict, shape, ...counts, seconds, told.peakMb, same ? 'yes' : 'NO'].join(' | ')} |`;
}
