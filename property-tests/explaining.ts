/** Logs as they are explained, for tests. */
import { implMachine } from '../models/impl-machine.js';
import { asEnsembleLog, type HeldLog } from '../traces/explain/held.js';
import { Follower } from '../traces/explain/follow.js';
import { Excerptible } from '../traces/explain/parts.js';
import type { Excerpt } from '../traces/explain/reasons.js';
import { judgeEnsemble } from '../traces/ensemble/judge.js';
import type { EnsembleDivergence } from '../traces/ensemble/verdict.js';
import { LogSurvey } from '../traces/inference.js';
import type { Observation, SourcePosition } from '../traces/observation.js';
import { LogParser } from '../traces/parse/log-parser.js';
import type { EnsembleConfig } from '../types/ensemble.js';
import { asSid, type Sid } from '../types/ids.js';
import { configOf } from './recorded-log.js';

export const PATIENCE = { pause: (): void => undefined, isOver: (): boolean => false };

const LIMITS = { hypothesesMax: 4000, charactersMax: 1_000_000 };

export function heldLog(sid: Sid, log: readonly Observation[], ensemble: EnsembleConfig): HeldLog {
  const survey = new LogSurvey();
  for (const observation of log) survey.see(observation);
  const { debug, maxNotificationIntervalMs, release } = survey;
  const hints = {
    sid,
    configs: [ensemble],
    laterConfigs: survey.candidateConfigs(sid),
    debug,
    maxNotificationIntervalMs,
  };
  return { sid, log, hints: release === null ? hints : { ...hints, release } };
}

/** `name`: `release/scenario/level/server-N`. */
export function heldLines(name: string, lines: readonly string[]): HeldLog {
  const parser = new LogParser(`${name}.log`);
  const sid = asSid(BigInt(name.slice(name.lastIndexOf('-') + 1)));
  return heldLog(
    sid,
    lines.flatMap((line) => parser.push(line)),
    configOf(name),
  );
}

export const commonOf = ({ members }: EnsembleConfig): { observers: ReadonlySet<Sid>; voters: readonly Sid[] } => {
  const of = (type: string): readonly Sid[] => members.filter((one) => one.type === type).map(({ sid }) => sid);
  return { observers: new Set(of('OBSERVER')), voters: of('PARTICIPANT') };
};

export const isAt = (a: SourcePosition, b: SourcePosition): boolean => a.line === b.line && a.file === b.file;

/** Parts of the log that the excerpt keeps, as indices. */
export function keptParts({ sid, log }: HeldLog, { lines }: Excerpt): readonly (readonly number[])[] {
  const { parts } = new Excerptible(sid, log);
  const isKept = (index: number): boolean =>
    lines.some((line) => line.sid === sid && isAt(line.at, (log[index] as Observation).at));
  return parts.filter((part) => part.some(isKept));
}

const machine = implMachine.ofExcerpts;
if (machine === undefined) throw new Error('the machine can do without lines');

/** Does the log contradict itself at this line, with nothing but these lines known? */
export async function contradictsItself(held: HeldLog, kept: readonly number[], at: SourcePosition): Promise<boolean> {
  const only = new Excerptible(held.sid, held.log).only(new Set(kept));
  const end = await new Follower(machine as NonNullable<typeof machine>, held.hints, {
    ...PATIENCE,
    limits: LIMITS,
  }).follow(only);
  return end.kind === 'refused' && end.certain && isAt(end.observation.at, at);
}

/** What contradicts in all logs together, asked of the judge of ensembles; indices of lines that are kept, by server. */
export async function contradictionOf(
  logs: readonly HeldLog[],
  kept: ReadonlyMap<Sid, readonly number[]>,
  ensemble: EnsembleConfig,
): Promise<EnsembleDivergence | null> {
  const inPart = logs.map((held) => {
    const log = new Excerptible(held.sid, held.log).only(new Set(kept.get(held.sid) ?? []));
    return asEnsembleLog({ ...held, log });
  });
  const options = { ...commonOf(ensemble), gaps: false, limits: LIMITS };
  const { kind, divergence } = await judgeEnsemble(machine as NonNullable<typeof machine>, inPart, options);
  return kind === 'diverged' ? divergence : null;
}
