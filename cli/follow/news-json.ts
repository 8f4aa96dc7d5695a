/** What becomes known while logs are followed, as NDJSON: an event a line, 64-bit values as decimal strings. */
import type { EnsembleNews } from '../../traces/live/live-ensemble.js';
import type { Observation } from '../../traces/observation.js';
import { electionJson, ensembleDivergenceJson } from '../render/ensemble-result.js';
import { divergenceJson, exactly, reportDocument, type ValidateReport } from '../render/verdict-json.js';
import type { News } from './follower.js';

export const FOLLOW_SCHEMA = 'zabcheck.follow/1';

type Fields = Readonly<Record<string, unknown>>;

const event = (name: string, fields: Fields): string =>
  JSON.stringify({ schema: FOLLOW_SCHEMA, event: name, ...fields }, exactly);

/** Something happened to a file. */
export const fileEvent = (file: string, text: string): string => event('file', { file, text });

export const errorEvent = (path: string, message: string): string => event('error', { path, message });

export function serverEvents<S>({ followed, news }: News<S>): readonly string[] {
  const { sid } = followed;
  return [
    ...news.roles.map(({ at, ...role }) => event('role', { sid, ...role, ...placeOf(at) })),
    ...news.established.map(({ at, said }) => event('established', { sid, ...supportersOf(said), ...placeOf(at) })),
    ...news.doubts.map((text) => event('doubt', { sid, text })),
    ...news.divergences.map(({ machine, divergence }) =>
      event('divergence', { sid, machine, ...(divergenceJson(divergence) as Fields) }),
    ),
  ];
}

function placeOf({ file, line, time }: Observation['at']): Fields {
  return { file, line, time: time ?? null };
}

function supportersOf(said: Observation['said']): Fields {
  return said.what === 'quorumOfSupporters' ? { supporters: said.sids, zxid: said.zxid } : {};
}

export function ensembleEvents({ servers, elections, divergences, judged }: EnsembleNews): readonly string[] {
  const verdicts = judged.map(({ machine, verdict }) => ({ name: machine, verdict: verdict.kind }));
  return [
    event('ensemble', { servers, machines: verdicts, elections: elections.map(electionJson) }),
    ...divergences.map(({ machine, divergence }) =>
      event('ensembleDivergence', { servers, machine, ...ensembleDivergenceJson(divergence) }),
    ),
  ];
}

/** The last line: what `validate --json` prints, in one line. */
export function summaryEvent(report: ValidateReport): string {
  return event('summary', { ...reportDocument(report), schema: FOLLOW_SCHEMA });
}
