/** Verdicts as text for people. Decides nothing. */
import type pc from 'picocolors';
import type { Divergence, ElectionRecord, Verdict, VerdictKind } from '../../traces/verdict.js';
import { ensembleDisagrees, type EnsembleResult } from '../commands/validate-ensemble.js';
import { disagree, type ServerResult } from '../commands/validate-server.js';
import { harmless } from './harmless.js';
import { reasonsText } from './reasons.js';

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
  const at = verdict.divergence?.at ?? null;
  const reasons = at === null ? [] : reasonsText(result.reasons, { at, colors, sids: false });
  return [head, ...[countsText(result), ...told, ...reasons].map((line) => `    ${line}`)].join('\n');
}

/** So many elections are shown at either end of a long life. */
const ELECTIONS_SHOWN = 10;

function rolesText(elections: readonly ElectionRecord[]): string {
  const hidden = elections.length - 2 * ELECTIONS_SHOWN;
  const words = elections.map(roleWords);
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

export function paint(kind: ResultKind, colors: Colors): string {
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

export function roleWords({ state, leader, round }: ElectionRecord): string {
  const of = state === 'LEADING' ? '' : ` ${leader ?? '?'}`;
  return `${state}${of}${round === null ? '' : ` (round ${round})`}`;
}

export function divergenceText(divergence: Divergence, colors: Colors): readonly string[] {
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

/** The last line: how many ensembles and servers, how many of each verdict. */
export function summaryText(
  results: readonly ServerResult[],
  ensembles: readonly EnsembleResult[],
  seconds: number,
): string {
  const ofLogs = results.map((result): ResultKind => (disagree(result) ? 'disagreement' : result.verdict.kind));
  const ofEnsembles = ensembles.map((one): ResultKind => (ensembleDisagrees(one) ? 'disagreement' : one.verdict.kind));
  const logs = `${results.length} server ${results.length === 1 ? 'log' : 'logs'}: ${kindsText(ofLogs)}`;
  const together =
    ensembles.length === 0
      ? ''
      : `; ${ensembles.length} ${ensembles.length === 1 ? 'ensemble' : 'ensembles'}: ${kindsText(ofEnsembles)}`;
  return `${logs}${together} (${seconds.toFixed(1)} s)`;
}

function kindsText(found: readonly ResultKind[]): string {
  const names = ['accepted', 'diverged', 'disagreement', 'inconclusive'] as const;
  const told = names.flatMap((kind) => {
    const count = found.filter((one) => one === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  return told.join(', ') || 'nothing judged';
}

export function worstVerdict(kinds: readonly VerdictKind[]): VerdictKind {
  if (kinds.includes('diverged')) return 'diverged';
  return kinds.includes('inconclusive') || kinds.length === 0 ? 'inconclusive' : 'accepted';
}
