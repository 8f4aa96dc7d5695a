/** Judges the logs of several servers together, for tests. */
import { implMachine } from '../models/impl-machine.js';
import { judgeEnsemble } from '../traces/ensemble/judge.js';
import type { EnsembleVerdict } from '../traces/ensemble/verdict.js';
import { LogSurvey } from '../traces/inference.js';
import { judgeLog } from '../traces/judge-log.js';
import type { Observation } from '../traces/observation.js';
import { LogParser } from '../traces/parse/log-parser.js';
import type { EnsembleConfig } from '../types/ensemble.js';
import { asSid, type Sid } from '../types/ids.js';
import { AlteredLog } from './altered-log.js';
import type { SeededCause } from './ensemble-causes.js';
import { configOf, readRecorded, recordedNames } from './recorded-log.js';

export type Logs = ReadonlyMap<Sid, readonly Observation[]>;

interface JudgingOptions {
  readonly gaps?: boolean;
  readonly machine?: typeof implMachine;
  /** Of every server; null: what its log says. */
  readonly release?: string | null;
}

/** One verdict for the ensemble, from the logs of some of its servers. */
export async function judgeLogs(
  logs: Logs,
  ensemble: EnsembleConfig,
  { gaps = false, machine = implMachine, release: given = null }: JudgingOptions = {},
): Promise<EnsembleVerdict> {
  const all = await Promise.all(
    [...logs].map(async ([sid, log]) => {
      const survey = new LogSurvey();
      for (const observation of log) survey.see(observation);
      const { debug, maxNotificationIntervalMs } = survey;
      const release = given ?? survey.release;
      const named = release === null ? {} : { release };
      const hints = { sid, configs: [ensemble], debug, maxNotificationIntervalMs, ...named };
      const observations = async function* (): AsyncGenerator<readonly Observation[]> {
        yield log;
      };
      const verdict = await judgeLog(machine, observations(), {
        sid,
        config: ensemble,
        survey: null,
        release: given,
        gaps,
      });
      return { sid, label: `server-${sid}`, verdict, hints, observations };
    }),
  );
  const of = (type: string): readonly Sid[] =>
    ensemble.members.filter((member) => member.type === type).map(({ sid }) => sid);
  return judgeEnsemble(machine, all, { observers: new Set(of('OBSERVER')), voters: of('PARTICIPANT'), gaps });
}

/** The recorded logs of a scenario at one level (`release/scenario/level/server-N`), each altered by `alter`. */
export function readEnsemble(
  names: readonly string[],
  alter: (lines: readonly string[], sid: Sid) => readonly string[] = (lines) => lines,
): { readonly logs: Logs; readonly ensemble: EnsembleConfig } {
  const [first] = names;
  if (first === undefined) throw new Error('an ensemble has servers');
  const logs = names.map((name): readonly [Sid, readonly Observation[]] => {
    const sid = asSid(BigInt(name.slice(name.lastIndexOf('-') + 1)));
    const parser = new LogParser(`${name}.log`);
    return [sid, alter(readRecorded(name), sid).flatMap((line) => parser.push(line))];
  });
  return { logs: new Map(logs), ensemble: configOf(first) };
}

/** The recorded ensemble of a cause at INFO, as it was altered. */
export function readCause({ scenario, server, alter }: SeededCause): ReturnType<typeof readEnsemble> {
  return readEnsemble(namesOfCause(scenario), (lines, sid) => {
    if (sid !== BigInt(server)) return lines;
    const log = new AlteredLog(lines);
    alter(log);
    return log.text;
  });
}

export const namesOfCause = (scenario: string): readonly string[] =>
  recordedNames(`3.8.0/${scenario}`).filter((name) => name.includes('/info/'));
