/** What the machines say of an ensemble, as text for people and as JSON. Decides nothing. */
import type pc from 'picocolors';
import type { Election, EnsembleDivergence, EnsembleVerdict, QuotedLine } from '../../traces/ensemble/verdict.js';
import { ensembleDisagrees, type EnsembleResult } from '../commands/validate-ensemble.js';
import { harmless } from './harmless.js';
import { reasonsJson, reasonsText } from './reasons.js';
import { paint } from './verdict-text.js';

type Colors = ReturnType<typeof pc.createColors>;

/** One ensemble: a line, and below it its elections and what contradicts. */
export function ensembleResultText(result: EnsembleResult, colors: Colors): string {
  const differ = ensembleDisagrees(result);
  const { servers, missing } = result.verdict;
  const sids = servers.map(({ sid }) => sid).join(', ');
  const head = `${paint(differ ? 'disagreement' : result.verdict.kind, colors)}  ${colors.bold(`ensemble {${sids}}`)}  ${harmless(result.label)}`;
  const absent = missing.length === 0 ? [] : [`without the logs of {${missing.join(', ')}}`];
  const told = differ
    ? result.machines.flatMap(({ machine, verdict }) => [
        `${machine}: ${verdict.kind}`,
        ...findingText(verdict, colors).map((line) => `  ${line}`),
      ])
    : findingText(result.verdict, colors);
  return [head, ...[...absent, ...told, ...reasonsOf(result, colors)].map((line) => `    ${line}`)].join('\n');
}

/** The lines of a divergence of one server stand where that server is told. */
function reasonsOf({ verdict: { divergence }, reasons }: EnsembleResult, colors: Colors): readonly string[] {
  if (divergence === null || reasons === null) return [];
  const told = divergence.kind === 'server' ? { ...reasons, excerpt: null } : reasons;
  return reasonsText(told, { at: divergence.line.at, colors, sids: true });
}

function findingText({ elections, divergence, notes }: EnsembleVerdict, colors: Colors): readonly string[] {
  return [
    ...electionsText(elections),
    ...notes.map((note) => `note: ${harmless(note)}`),
    ...(divergence === null ? [] : ensembleDivergenceText(divergence, colors)),
  ];
}

/** So many elections are shown at either end of a long life. */
const ELECTIONS_SHOWN = 10;

function electionsText(elections: readonly Election[]): readonly string[] {
  const hidden = elections.length - 2 * ELECTIONS_SHOWN;
  const words = elections.map(electionWords);
  if (hidden > 1) words.splice(ELECTIONS_SHOWN, hidden, `… ${hidden} more elections …`);
  return words;
}

/** Who leads whom, in which round and epoch, when by the leader's clock, how long it took the one that searched longest, and why. */
export function electionWords({ leader, round, epoch, parts, supporters }: Election): string {
  const of = (role: string): string => {
    const sids = parts.filter((part) => part.role === role && part.sid !== leader).map(({ sid }) => sid);
    return [...new Set(sids)].sort((a, b) => (a < b ? -1 : 1)).join(', ');
  };
  const followers = of('FOLLOWING');
  const observers = of('OBSERVING');
  const took = Math.max(-1, ...parts.map(({ tookMs }) => tookMs ?? -1));
  const when = (parts.find(({ sid }) => sid === leader) ?? parts[0])?.time ?? null;
  const whys = [...new Set(parts.map(({ why }) => why))];
  return [
    `${leader} leads ${followers || 'nobody'}${observers === '' ? '' : `, ${observers} observing`}`,
    ...(round === null ? [] : [`round ${round}`]),
    epoch === null ? 'not established' : `epoch ${epoch}`,
    ...(when === null ? [] : [harmless(when)]),
    ...(took < 0 ? [] : [`${took} ms`]),
    ...(supporters.length === 0 ? [] : [`supported by ${supporters.join(', ')}`]),
    harmless(whys.join(' / ')),
  ].join('; ');
}

export function ensembleDivergenceText(
  { line, reason, rule, evidence, legal }: EnsembleDivergence,
  colors: Colors,
): readonly string[] {
  return [
    `${colors.bold(`${harmless(line.at.file)}:${line.at.line}`)}: the logs contradict each other`,
    `${colors.red('why:')} ${harmless(reason)}`,
    `rule: ${rule}`,
    ...evidence.map((quoted) => `  ${quotedText(quoted)}`),
    ...(legal.length === 0 ? [] : [`legal would have been: ${harmless(legal.join('; or '))}`]),
  ];
}

function quotedText({ sid, at, text }: QuotedLine): string {
  return `server ${sid}  ${harmless(at.file)}:${at.line}  ${harmless(text)}`;
}

/** The ensemble in a document: 64-bit values stay bigint for the caller's replacer. */
export function ensembleResultJson(result: EnsembleResult): Record<string, unknown> {
  return {
    verdict: ensembleDisagrees(result) ? 'disagreement' : result.verdict.kind,
    label: result.label,
    servers: result.verdict.servers.map(({ sid, label }) => ({ sid, label })),
    missing: result.verdict.missing,
    ...findingJson(result.verdict),
    ...reasonsJson(result.reasons),
    machines: result.machines.map(({ machine, verdict }) => ({
      name: machine,
      verdict: verdict.kind,
      ...findingJson(verdict),
    })),
  };
}

function findingJson({ elections, divergence, notes }: EnsembleVerdict): Record<string, unknown> {
  return {
    elections: elections.map(electionJson),
    divergence: divergence === null ? null : ensembleDivergenceJson(divergence),
    notes,
  };
}

export function electionJson({ parts, ...rest }: Election): Record<string, unknown> {
  return {
    ...rest,
    parts: parts.map(({ at, began, ...part }) => ({
      ...part,
      file: at.file,
      line: at.line,
      began: began === null ? null : { file: began.at.file, line: began.at.line, time: began.time },
    })),
  };
}

export function ensembleDivergenceJson(divergence: EnsembleDivergence): Record<string, unknown> {
  return { ...divergence, line: quotedJson(divergence.line), evidence: divergence.evidence.map(quotedJson) };
}

function quotedJson({ sid, at, text }: QuotedLine): unknown {
  return { sid, file: at.file, line: at.line, text };
}
