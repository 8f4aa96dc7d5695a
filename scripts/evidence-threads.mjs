/** Evidence of the thread grain: refinement, torn reads, defects, the simulator. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, section, tests, zabcheck } from './evidence-tools.mjs';

const SETTLED = ['--start', 'settled', '--leaves', '1', '--crashes', '1', '--rounds', '3', '--clocks', '2,2'];
const RESTARTED = ['--start', 'settled', '--leaves', '2', '--crashes', '1', '--rounds', '2'];

const TORN = [
  ['TR-A', SETTLED],
  ['TR-B', SETTLED],
  ['TR-C', SETTLED],
  ['TR-D', RESTARTED],
  ['TR-E', SETTLED],
  ['TR-F', SETTLED],
  ['TR-G', SETTLED],
];

/** Two servers, both in the model; what may happen to them. */
const BOUNDS = [
  ['one server begins, a connection may break', '--start bound --clocks 0,1 --cuts 1'],
  ['the larger id begins, a connection may break', '--start bound --clocks 1,0 --cuts 1'],
  ['one server begins before ports are bound; one time-out', '--start unbound --clocks 0,1 --timeouts 1'],
  ['settled; both leave and elect again', '--start settled --leaves 2 --rounds 2'],
  ['settled; one leaves, a connection may break', '--start settled --leaves 1 --rounds 2 --cuts 1'],
  ['settled; a crash with restart', '--start settled --crashes 1'],
  [
    'settled; a crash with restart, a connection breaks; WorkerReceiver in one step',
    '--start settled --crashes 1 --cuts 1 --receiver atomic',
  ],
  [
    'settled; a machine dies and comes back, one time-out; WorkerReceiver in one step',
    '--start settled --machines 1 --timeouts 1 --receiver atomic',
  ],
  [
    'one server begins, a crash with restart; WorkerReceiver in one step',
    '--start bound --clocks 0,1 --crashes 1 --receiver atomic --max-memory 200',
  ],
  ['both begin; WorkerReceiver in one step', '--start bound --receiver atomic --max-memory 200'],
];

export function threads() {
  return [
    ...refinement(),
    ...random(),
    ...torn(),
    ...section('Defects', 'npx vitest run models/threads', tests('models/threads')),
    ...simulator(),
  ].join('\n');
}

function timed(...args) {
  const started = performance.now();
  const { text, code } = zabcheck(...args);
  return { text, code, seconds: (performance.now() - started) / 1000 };
}

function refinement() {
  const rows = BOUNDS.map(([words, flags]) => {
    const { text, seconds } = timed(
      'check',
      'threads',
      ...flags.split(' '),
      '--json',
      ...(flags.includes('--max-memory') ? [] : ['--max-memory', '1500']),
    );
    const told = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
    const counts = [told.distinct, told.generated, told.depth].map((count) => count.toLocaleString('en'));
    const row = `| ${[words, `\`${flags}\``, told.verdict, ...counts, seconds.toFixed(1), told.peakMb].join(' | ')} |`;
    console.log(row);
    return row;
  });
  return [
    '## Refinement, two servers, exhaustively',
    '',
    '`zabcheck check threads FLAGS --max-memory 1500`: every step is held against the specification, and pairs have their properties',
    '',
    '| model | flags | verdict | distinct | generated | depth | seconds | peak MB |',
    '| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ];
}

function random() {
  const parts = ['## Refinement, three to five servers, at random', ''];
  for (const [servers, observers, seed] of [
    [3, 0, 1000],
    [4, 0, 2000],
    [5, 0, 3000],
    [3, 1, 4000],
  ]) {
    const args = [
      'simulate',
      '--untimed',
      '--steps',
      '2600000',
      '--servers',
      servers,
      '--observers',
      observers,
      '--seed',
      seed,
    ];
    const { text } = timed(...args.map(String));
    const told = text.slice(Math.max(text.indexOf('holds'), text.indexOf('violated')));
    console.log(told);
    parts.push(
      ...section(`${servers} servers, ${observers} observers`, `zabcheck ${args.join(' ')}`, told).map((line) =>
        line.replace(/^## /, '### '),
      ),
    );
  }
  return parts;
}

function torn() {
  mkdirSync(join(ROOT, 'docs/torn-reads'), { recursive: true });
  const rows = TORN.map(([name, bounds]) => {
    const args = ['check', 'threads', ...bounds, '--torn', name, '--property', name, '--max-memory', '6000'];
    const { text, seconds } = timed(...args);
    const story = text.slice(text.indexOf('counterexample,'), text.indexOf('Replay:')).trimEnd();
    const steps = /counterexample, (\d+) steps/.exec(text)?.[1] ?? 'not found';
    const states = /([\d,]+) distinct states/.exec(text)?.[1];
    if (steps !== 'not found') writeFileSync(join(ROOT, `docs/torn-reads/${name}.md`), page(name, args, story));
    const row = `| ${name} | \`${bounds.join(' ')}\` | ${steps} | ${states} | ${seconds.toFixed(1)} |`;
    console.log(row);
    return row;
  });
  return [
    '## Torn reads, found by search',
    '',
    '`zabcheck check threads FLAGS --torn NAME --property NAME`; the shortest traces are in `docs/torn-reads/`',
    '',
    '| torn read | flags | steps | states explored | seconds |',
    '| --- | --- | ---: | ---: | ---: |',
    ...rows,
    '',
  ];
}

function page(name, args, story) {
  return [
    `<!-- Made by \`npm run evidence -- threads\` -->`,
    '',
    `# ${name}`,
    '',
    `\`zabcheck ${args.join(' ')}\``,
    '',
    'Steps of threads, each with what it changed. L, F and D are votes of LOOKING, FOLLOWING and LEADING servers: leader, round.',
    '',
    '```',
    story,
    '```',
    '',
  ].join('\n');
}

function simulator() {
  const hour = timed('simulate', '--servers', '5', '--for', '1h', '--faults', '3s', '--seed', '1');
  const unchecked = timed('simulate', '--servers', '5', '--for', '20h', '--faults', '3s', '--seed', '1', '--unchecked');
  const busy = timed('simulate', '--servers', '3', '--for', '2h', '--faults', '300ms', '--seed', '1', '--unchecked');
  const told = ({ text }) =>
    text.slice(Math.max(text.indexOf('holds'), text.indexOf('ended'), text.indexOf('violated')));
  return [
    ...section(
      'Simulator: five servers, one hour, a fault every three seconds',
      'zabcheck simulate --servers 5 --for 1h --faults 3s --seed 1',
      told(hour),
    ),
    ...section(
      'Speed, unchecked',
      'zabcheck simulate --servers 5 --for 20h --faults 3s --seed 1 --unchecked',
      told(unchecked),
    ),
    ...section(
      'Speed, unchecked, many faults',
      'zabcheck simulate --servers 3 --for 2h --faults 300ms --seed 1 --unchecked',
      told(busy),
    ),
  ];
}
