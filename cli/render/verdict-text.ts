/** Verdicts as text for people. Decides nothing. */
import type pc from 'picocolors';
import type { Divergence, ElectionRecord, Verdict, VerdictKind } from '../../traces/verdict.js';
import type { ServerResult } from '../commands/validate-server.js';

type Colors = ReturnType<typeof pc.createColors>;

/** One server: a line, and below it what needs saying. */
export function serverText(result: ServerResult, colors: Colors): string {
  const { verdict } = result;
  const sid = result.sid === null ? 'server ?' : `server ${result.sid}`;
  const head = `${paint(verdict.kind, colors)}  ${colors.bold(sid)}  ${result.label}`;
  const lines = [head, `    ${countsText(result)}`];
  if (verdict.elections.length > 0) lines.push(`    roles: ${verdict.elections.map(electionText).join(' · ')}`);
  lines.push(...verdict.notes.map((note) => `    note: ${note}`));
  if (verdict.divergence !== null)
    lines.push(...divergenceText(verdict.divergence, colors).map((line) => `    ${line}`));
  return lines.join('\n');
}

function paint(kind: VerdictKind, colors: Colors): string {
  const text = kind.padEnd(12);
  if (kind === 'accepted') return colors.green(text);
  return kind === 'diverged' ? colors.red(text) : colors.yellow(text);
}

function countsText({ verdict, statistics, level, configuration, release }: ServerResult): string {
  const parts = [
    `${verdict.judged} lines judged`,
    `${verdict.hiddenSteps} hidden steps inserted`,
    `${statistics.unreadable} election lines not understood`,
  ];
  if (verdict.unjudged > 0) parts.push(`${verdict.unjudged} before the first followed election`);
  return `${parts.join(', ')}; ${level}, ZooKeeper ${release}, ${configuration}`;
}

function electionText({ state, leader, round }: ElectionRecord): string {
  const of = state === 'LEADING' ? '' : ` ${leader ?? '?'}`;
  return `${state}${of}${round === null ? '' : ` (round ${round})`}`;
}

function divergenceText(divergence: Divergence, colors: Colors): readonly string[] {
  const { at, line, reason, method, alternatives, legal, hypotheses } = divergence;
  const others = alternatives.map(({ state, reason: why, method: rule }) => `  - ${state}\n        ${why} [${rule}]`);
  return [
    `${colors.bold(`${at.file}:${at.line}`)}: no execution explains this line`,
    `  ${line}`,
    `${colors.red('why:')} ${reason}`,
    `rule: ${method}`,
    `just before, the server could have been (${hypotheses} ${hypotheses === 1 ? 'hypothesis' : 'hypotheses'}):`,
    ...others,
    legal.length === 0 ? 'no line of this thread was due' : `legal would have been: ${legal.join('; or ')}`,
  ];
}

/** The last line: how many servers, how many of each verdict. */
export function summaryText(results: readonly ServerResult[], seconds: number): string {
  const count = (kind: VerdictKind): number => results.filter(({ verdict }) => verdict.kind === kind).length;
  const kinds = (['accepted', 'diverged', 'inconclusive'] as const).map((kind) => [count(kind), kind] as const);
  const told = kinds.filter(([number]) => number > 0).map(([number, kind]) => `${number} ${kind}`);
  return `${results.length} server ${results.length === 1 ? 'log' : 'logs'}: ${told.join(', ') || 'nothing judged'} (${seconds.toFixed(1)} s)`;
}

export function worstVerdict(verdicts: readonly Verdict[]): VerdictKind {
  const kinds = verdicts.map(({ kind }) => kind);
  if (kinds.includes('diverged')) return 'diverged';
  return kinds.includes('inconclusive') || kinds.length === 0 ? 'inconclusive' : 'accepted';
}
