/** What becomes known while logs are followed, as lines for people. Decides nothing. */
import type pc from 'picocolors';
import { zxidEpoch } from '../../types/ids.js';
import type { EnsembleNews } from '../../traces/live/live-ensemble.js';
import type { Observation } from '../../traces/observation.js';
import type { ElectionRecord } from '../../traces/verdict.js';
import { electionWords, ensembleDivergenceText } from '../render/ensemble-result.js';
import { harmless } from '../render/harmless.js';
import { divergenceText, paint, roleWords } from '../render/verdict-text.js';
import type { News } from './follower.js';

type Colors = ReturnType<typeof pc.createColors>;

const NO_TIME = '-';

export function serverNewsText<S>({ followed, news }: News<S>, colors: Colors): readonly string[] {
  const server = colors.bold(`server ${followed.sid}`);
  const { roles, established, divergences, doubts } = news;
  const indent = (lines: readonly string[]): readonly string[] => lines.map((line) => `    ${line}`);
  return [
    ...[...roles.map(roleAt), ...established.map(establishedAt)]
      .sort((a, b) => a.line - b.line)
      .map(({ time, text, place }) => `${time}  ${server}  ${text}  ${colors.dim(harmless(place))}`),
    ...doubts.map((doubt) => `note: server ${followed.sid}: ${harmless(doubt)}`),
    ...divergences.flatMap(({ machine, divergence }) => [
      `${paint('diverged', colors)}  ${server}  ${harmless(followed.source.label)}  by ${machine}`,
      ...indent(divergenceText(divergence, colors)),
    ]),
  ];
}

interface Told {
  readonly time: string;
  readonly text: string;
  readonly place: string;
  readonly line: number;
}

function roleAt(role: ElectionRecord): Told {
  const { file, line, time = NO_TIME } = role.at;
  return { time: harmless(time), text: roleWords(role), place: `${file}:${line}`, line };
}

function establishedAt({ at, said }: Observation): Told {
  const { file, line, time = NO_TIME } = at;
  const text =
    said.what === 'quorumOfSupporters'
      ? `leads epoch ${zxidEpoch(said.zxid)}, supported by ${said.sids.join(', ')}`
      : '';
  return { time: harmless(time), text, place: `${file}:${line}`, line };
}

export function ensembleNewsText(
  { servers, elections, divergences, judged }: EnsembleNews,
  colors: Colors,
): readonly string[] {
  const name = colors.bold(`ensemble {${servers.join(', ')}}`);
  const [first] = judged;
  const kind = first?.verdict.kind ?? 'inconclusive';
  const told = elections.map((election) => `${paint(kind, colors)}  ${name}  ${electionWords(election)}`);
  return [
    ...(divergences.length > 0 ? [] : told),
    ...divergences.flatMap(({ machine, divergence }) => [
      `${paint('diverged', colors)}  ${name}  by ${machine}`,
      ...ensembleDivergenceText(divergence, colors).map((line) => `    ${line}`),
    ]),
  ];
}
