/**
 * Evidence of the TLA+ twin: `npm run evidence -- tla PATH`, PATH being tla2tools.jar or a folder with the classes of TLC.
 * Every model of docs/tla.md's table under TLC and under our checker; the claims that TLC must refute; what happens in the
 * end. Any difference ends it with an error.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ROOT, zabcheck } from './evidence-tools.mjs';
import { configNames, configText, TLA_FOLDER } from './tla-files.mjs';

/** Claims that are false, and a model that refutes each: what stands for `INVARIANT` in its configuration. */
const FALSE_CLAIMS = [
  ['NeverLed', 'INVARIANT', 'smoke'],
  ['NeverEnded', 'INVARIANT', 'smoke'],
  ['W1', 'INVARIANT', 'smoke'],
  ['W2', 'INVARIANT', 'smoke'],
  ['NoFollowedFollower', 'INVARIANT', 'smoke'],
  ['W5', 'PROPERTY', 'smoke'],
  ['W6', 'PROPERTY', 'smoke'],
  ['W16', 'INVARIANT', 'smoke'],
  ['W8', 'PROPERTY', 'witnesses'],
  ['W18', 'INVARIANT', 'witnesses'],
];

/** Larger models take TLC from minutes to hours. */
const MOST = 200_000;

export function tla(given) {
  if (given === undefined) throw new Error('usage: npm run evidence -- tla PATH-OF-tla2tools.jar-OR-CLASSES');
  const classes = resolve(given);
  if (!existsSync(classes)) throw new Error(`there is no ${classes}`);
  const folder = mkdtempSync(join(tmpdir(), 'zabcheck-tla-'));
  try {
    const tlc = tlcIn(classes, folder);
    const named = JSON.parse(readFileSync(join(ROOT, 'models/manifest.json'), 'utf8'));
    const models = named.filter(({ name, distinct }) => configNames().includes(name) && distinct <= MOST);
    const rows = models.map((model) => modelRow(model, tlc));
    return [
      tlc.version(),
      '',
      '## Distinct states, generated states, depth',
      '',
      '`java -cp PATH tlc2.TLC -workers 1 -config NAME.cfg Properties.tla` in spec/tla, all invariants and properties of steps',
      'asked; `zabcheck check NAME --workers 1`. Seconds include the start of the process.',
      '',
      '| model | TLC: distinct | generated | depth | seconds | zabcheck: distinct | generated | depth | seconds |',
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
      ...rows,
      '',
      '## False claims, refuted',
      '',
      'TLC, the configuration of the model with the claim in place of its invariants and properties',
      '',
      '| claim | model | states of the behaviour |',
      '| --- | --- | ---: |',
      ...FALSE_CLAIMS.map((claim) => refutedRow(claim, tlc, folder)),
      '',
      '## In the end',
      '',
      '| configuration | TLC says |',
      '| --- | --- |',
      ...['live-windowed', 'live-leaves', 'live-established'].map((name) => endRow(name, tlc, true)),
      endRow('untimely', tlc, false),
      '',
    ].join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tlcIn(classes, folder) {
  const java = (...args) => {
    const places = ['-metadir', mkdtempSync(join(folder, 'states-')), '-noGenerateSpecTE', '-lncheck', 'final'];
    const options = ['-XX:+UseParallelGC', '-Xmx6g', '-cp', classes, 'tlc2.TLC', '-workers', '1', ...places, ...args];
    const started = performance.now();
    const { stdout, stderr, error } = spawnSync('java', options, {
      cwd: TLA_FOLDER,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (error !== undefined) throw error;
    return { text: stdout + stderr, seconds: ((performance.now() - started) / 1000).toFixed(1) };
  };
  return {
    check: (config) => java('-config', config, 'Properties.tla'),
    version: () => /^TLC2 Version.*$/m.exec(java('-config', 'two-servers.cfg', 'Properties.tla').text)?.[0] ?? '',
  };
}

const number = (text) => Number(text.replaceAll(',', ''));

/** What TLC counted; throws if it did not come to a good end. */
function counted({ text }) {
  const states = /^([\d,]+) states generated, ([\d,]+) distinct states found, 0 states left/m.exec(text);
  const depth = /depth of the complete state graph search is (\d+)/.exec(text);
  if (!text.includes('No error has been found') || states === null || depth === null) throw new Error(text);
  return { distinct: number(states[2]), generated: number(states[1]), depth: number(depth[1]) };
}

function modelRow({ name }, tlc) {
  const theirs = tlc.check(`${name}.cfg`);
  const started = performance.now();
  const { text } = zabcheck('check', name, '--json', '--workers', '1');
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { distinct, generated, depth } = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  const [tlcs, ours] = [counted(theirs), { distinct, generated, depth }];
  const told = (counts) => Object.values(counts).map((count) => count.toLocaleString('en'));
  const row = `| ${[name, ...told(tlcs), theirs.seconds, ...told(ours), seconds].join(' | ')} |`;
  console.log(row);
  if (JSON.stringify(tlcs) !== JSON.stringify(ours)) throw new Error(`TLC and zabcheck differ: ${row}`);
  return row;
}

function refutedRow([claim, kind, model], tlc, folder) {
  const config = configText(model)
    .split('\n')
    .filter((line) => !/^(INVARIANT|PROPERT)/.test(line));
  const path = join(folder, `${claim}.cfg`);
  writeFileSync(path, [...config, `${kind} ${claim}`, ''].join('\n'));
  const { text } = tlc.check(path);
  const states = [...text.matchAll(/^State \d+:/gm)].length;
  if (!/(Invariant|property|properties) .*violated/i.test(text) || states === 0) throw new Error(`${claim}: ${text}`);
  console.log(`${claim}: ${states}`);
  return `| ${claim} | ${model} | ${states} |`;
}

function endRow(name, tlc, holds) {
  const { text } = tlc.check(`${name}.cfg`);
  const said = text.includes('No error has been found') ? 'L1 holds' : 'L1 is refuted';
  const refuted = /Temporal property L1 was violated|Temporal properties were violated/.test(text);
  if (holds ? said !== 'L1 holds' : !refuted) throw new Error(`${name}: ${text}`);
  console.log(`${name}: ${said}`);
  return `| ${name} | ${said} |`;
}
