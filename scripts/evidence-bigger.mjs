/** Evidence of what fits: the largest models, with memory, bytes a state and the longest time in which no state was expanded. */
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ROOT, run } from './evidence-tools.mjs';

const HEAD = [
  '| command | verdict | distinct | generated | depth | seconds | peak MB | bytes a state | longest pause, seconds |',
  '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
];

/** The last one takes an hour. */
const MODELS = [
  'tla-3-two-rounds',
  'crash-loss-partial',
  'second-round',
  'smoke-unreduced',
  'spec --leaves 1 --rounds 2 --losses 1 --nq 2',
  'spec --leaves 1 --rounds 2 --crashes 1 --nq 2',
];
const MEMORY_MB = '18000';

/** ZABCHECK_BIGGER: commands of your own, one a line. */
export function bigger() {
  ensureBuilt();
  const own = process.env.ZABCHECK_BIGGER?.split('\n').filter((line) => line.trim() !== '');
  const rows = (own ?? MODELS).map(rowOf);
  return [
    '## The largest models',
    '',
    `\`zabcheck check MODEL --max-memory ${MEMORY_MB}\`, as many workers as cores; seconds include the start of the process`,
    '',
    ...HEAD,
    ...rows,
    '',
  ].join('\n');
}

function rowOf(model) {
  const main = join(ROOT, 'dist/cli/main.js');
  const { text } = run(process.execPath, main, 'check', ...model.split(' '), '--json', '--max-memory', MEMORY_MB);
  // Lines of progress stand around the document.
  const told = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  const counts = [told.distinct, told.generated, told.depth].map((count) => count.toLocaleString('en'));
  const costs = [told.seconds.toFixed(1), told.peakMb, told.bytesPerState.toFixed(1)];
  const verdict = told.bound === null ? told.verdict : `${told.verdict}: ${told.bound}`;
  const row = `| \`${model}\` | ${[verdict, ...counts, ...costs, (told.longestPauseMs / 1000).toFixed(2)].join(' | ')} |`;
  console.log(row);
  return row;
}
