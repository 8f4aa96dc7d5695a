/** Verdicts as text for people. Decides nothing. */
import type pc from 'picocolors';
import type { Divergence, ElectionRecord, Verdict, VerdictKind } from '../../traces/verdict.js';
import { disagree, type ServerResult } from '../commands/validate-server.js';

type Colors = ReturnType<typeof pc.createColors>;

/** One server: a line, and below it what needs saying. */
export function serverText(result: ServerResult, colors: Colors): string {
  const { verdict } = result;
  const sid = result.sid === null ? 'server ?' : `server ${result.sid}`;
  const differ = disagree(result);
  const head = `${paint(differ ? 'disagreement' : verdict.kind, colors)}  ${colors.bold(sid)}  ${harmless(result.label)}`;
  const told = differ
    ? result.machines
        .flatMap((one) => [
          `${one.machine}: ${one.verdict.kind}`,
          ...findingText(one.verdict, colors).map((line) => `  ${line}`),
        ])
        .concat(result.threads === null ? [] : [`threads: ${result.threads.kind}`])
    : findingText(verdict, colors);
  return [head, ...[countsText(result), ...told].map((line) => `    ${line}`)].join('\n');
}

/** Text of a log or a path, for a terminal: what would move the cursor or change colours is written as its number. */
function harmless(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/g, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** So many elections are shown at either end of a long life. */
const ELECTIONS_SHOWN = 10;

function rolesText(elections: readonly ElectionRecord[]): string {
  const hidden = elections.length - 2 * ELECTIONS_SHOWN;
  const words = elections.map(electionText);
  if (hidden > 1) words.splice(ELECTIONS_SHOWN, hidden, `… ${hidden} more …`);
  return `roles: ${words.join(' · ')}`;
}

/** What a verdict says besides its kind. */
function findingText({ elections, notes, divergence }: Verdict, colors: Colors): readonly string[] {
  const lines: string[] = [];
  if (elections.length > 0) lines.push(rolesText(elections));
  lines.push(...notes.map((note) => `note: ${harmless(note)}`));
  if (divergence !== null) lines.push(...divergenceText(divergence, colors));
  return lines;
}

/** The machines disagree: one of them is wrong, whatever the log is. */
type ResultKind = VerdictKind | 'disagreement';

function paint(kind: ResultKind, colors: Colors): string {
  const text = kind.padEnd(12);
  if (kind === 'accepted') return colors.green(text);
  return kind === 'inconclusive' ? colors.yellow(text) : colors.red(text);
}

function countsText(result: ServerResult): string {
  const { verdict, machines, threads, statistics, level, configuration, release } = result;
  const by = machines.length > 1 ? ` by ${machines.map(({ machine }) => machine).join(' and ')}` : '';
  const parts = [
    `${verdict.judged} lines judged${by}`,
    `${verdict.hiddenSteps} hidden steps inserted`,
    `${statistics.unreadable} election lines not understood`,
  ];
  if (threads !== null) parts.splice(1, 0, `${threads.judged} by thread`);
  if (verdict.unjudged > 0) parts.push(`${verdict.unjudged} before the first followed election`);
  return `${parts.join(', ')}; ${level}, ZooKeeper ${release}, ${configuration}`;
}

function electionText({ state, leader, round }: ElectionRecord): string {
  const of = state === 'LEADING' ? '' : ` ${leader ?? '?'}`;
  return `${state}${of}${round === null ? '' : ` (round ${round})`}`;
}

function divergenceText(divergence: Divergence, colors: Colors): readonly string[] {
  const { at, line, reason, method, alternatives, legal, hypotheses } = divergence;
  const others = alternatives.map(
    ({ state, reason: why, method: rule }) => `  - ${state}\n        ${harmless(why)} [${rule}]`,
  );
  return [
    `${colors.bold(`${harmless(at.file)}:${at.line}`)}: no execution explains this line`,
    `  ${harmless(line)}`,
    `${colors.red('why:')} ${harmless(reason)}`,
    `rule: ${method}`,
    `just before, the server could have been (${hypotheses} ${hypotheses === 1 ? 'hypothesis' : 'hypotheses'}):`,
    ...others,
    legal.length === 0 ? 'no line of this thread was due' : `legal would have been: ${legal.join('; or ')}`,
  ];
}

/** The last line: how many servers, how many of each verdict. */
export function summaryText(results: readonly ServerResult[], seconds: number): string {
  const found = results.map((result): ResultKind => (disagree(result) ? 'disagreement' : result.verdict.kind));
  const count = (kind: ResultKind): number => found.filter((one) => one === kind).length;
  const names = ['accepted', 'diverged', 'disagreement', 'inconclusive'] as const;
  const kinds = names.map((kind) => [count(kind), kind] as const);
  const told = kinds.filter(([number]) => number > 0).map(([number, kind]) => `${number} ${kind}`);
  return `${results.length} server ${results.length === 1 ? 'log' : 'logs'}: ${told.join(', ') || 'nothing judged'} (${seconds.toFixed(1)} s)`;
}

export function worstVerdict(kinds: readonly VerdictKind[]): VerdictKind {
  if (kinds.includes('diverged')) return 'diverged';
  return kinds.includes('inconclusive') || kinds.length === 0 ? 'inconclusive' : 'accepted';
}
