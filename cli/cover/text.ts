/** The report of coverage for people: gaps first, then shares. */
import type { Output } from '../output.js';
import type { CoverageReport, ExampleTold, GroupTold, SharesTold, SourceTold } from './report.js';

type Colors = Output['colors'];

const number = (value: number): string => value.toLocaleString('en');

/** `3.94 %`; all is 100 %, and nothing else is. */
export function percent({ touched, all }: SharesTold['states']): string {
  if (touched === all) return '100 %';
  return `${(Math.floor((touched / all) * 10_000) / 100).toFixed(2)} %`;
}

export function coverageText(report: CoverageReport, { colors }: Output): string {
  const { together, gaps, sources } = report;
  const { states, transitions, localStates, localTransitions, pairs } = together;
  return [
    `${colors.bold('coverage')} of ${report.model}`,
    `    ${number(states.all)} states and ${number(transitions.all)} transitions of the ensemble; of one server ${number(localStates.all)} and ${number(localTransitions.all)}; ${number(pairs.all)} actions and cases`,
    '',
    ...pairLines(gaps.pairs, colors),
    ...groupLines(gaps.groups, colors),
    '',
    ...table(report),
    ...sources.flatMap(outsideLines),
    ...(report.interrupted ? ['', 'interrupted: what was touched until then'] : []),
  ].join('\n');
}

function pairLines(pairs: CoverageReport['gaps']['pairs'], colors: Colors): readonly string[] {
  if (pairs.length === 0) return ['every action of the model was taken, with every case', ''];
  const lines = pairs.flatMap(({ pair, example }) => [`    ${colors.red(pair)}`, ...exampleLines(example)]);
  return [`actions and cases that were never taken: ${pairs.length}`, ...lines, ''];
}

function groupLines(groups: readonly GroupTold[], colors: Colors): readonly string[] {
  if (groups.length === 0) return ['every transition of a server was touched'];
  const shown = groups.filter(({ example }) => example !== null);
  const lines = shown.flatMap((group) => {
    const isNew = group.localTransitions.touched === 0;
    const { localTransitions: local, transitions } = group;
    return [
      `    ${isNew ? colors.red(wordsOf(group)) : wordsOf(group)}`,
      `        untouched: ${rest(local)} of a server, ${rest(transitions)} of the ensemble`,
      ...exampleLines(group.example),
    ];
  });
  const never = groups.filter(({ localTransitions }) => localTransitions.touched === 0).length;
  const left = groups.length - shown.length;
  return [
    `transitions of servers that were never touched, in ${groups.length} groups; of ${never} nothing was touched:`,
    ...lines,
    ...(left > 0 ? [`    and ${left} groups more (--gaps ${groups.length}, or --json)`] : []),
  ];
}

const rest = ({ touched, all }: SharesTold['states']): string => `${number(all - touched)} of ${number(all)}`;

/** `Handle, then Publish: a LEADING vote, at POLL (LOOKING) with 5 and more unread`. */
function wordsOf({ action, at, unread, message }: GroupTold): string {
  const what = message === null ? '' : `${message}, `;
  return `${action}: ${what}at ${at} with ${unread} unread`;
}

function exampleLines(example: ExampleTold | null): readonly string[] {
  if (example === null) return [];
  return [`        nearest: ${example.steps.join('; ')}`, `        zabcheck replay ${example.token}`];
}

const COLUMNS = [
  ['states', 'states'],
  ['transitions', 'transitions'],
  ['localStates', "server's states"],
  ['localTransitions', "server's transitions"],
  ['pairs', 'actions and cases'],
] as const;

/** As Markdown, which reads well in a terminal, too. */
export function table({ sources, together }: CoverageReport): readonly string[] {
  const cells = (shares: SharesTold): readonly string[] =>
    COLUMNS.map(([name]) =>
      hasStates(shares, name) ? `${number(shares[name].touched)} (${percent(shares[name])})` : '—',
    );
  const rows = [
    ['touched by', 'runs', 'steps', ...COLUMNS.map(([, words]) => words)],
    ...sources.map(({ name, runs, steps, shares }) => [name, number(runs), number(steps), ...cells(shares)]),
    ['all together', '', '', ...cells(together)],
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head), rule, ...body.map(line)];
}

/** One server's log tells nothing of the whole ensemble. */
function hasStates(shares: SharesTold, name: keyof SharesTold): boolean {
  return shares.states.touched > 0 || (name !== 'states' && name !== 'transitions');
}

function outsideLines({ name, steps, outside, left, pairsOutside }: SourceTold): readonly string[] {
  if (outside.length === 0 && left.length === 0) return [];
  const all = outside.reduce((sum, one) => sum + one.steps, 0);
  return [
    '',
    `outside the model: ${name}, ${number(all)} of ${number(steps)}`,
    ...outside.map((one) => `    ${number(one.steps)}: ${one.reason}`),
    ...left.map(({ reason, logs }) => `    ${logs} logs were not followed: ${reason}`),
    ...(pairsOutside.length === 0 ? [] : [`    there: ${pairsOutside.join(', ')}`]),
  ];
}
