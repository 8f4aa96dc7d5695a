/** `zabcheck why FILE:LINE`: the rule that a line stands under, conjunct by conjunct. */
import { dirname } from 'node:path';
import { withDynamic } from '../../traces/files/find-config.js';
import { InputError } from '../../traces/files/input-error.js';
import { readLayout } from '../../traces/files/read-layout.js';
import { LogSurvey } from '../../traces/inference.js';
import { reasonsOfServer } from '../../traces/explain/explain.js';
import { hold } from '../../traces/explain/held.js';
import type { Reasons } from '../../traces/explain/reasons.js';
import type { Conjunct, EnsembleMachine, Hints } from '../../traces/machine.js';
import type { Observation, SourcePosition } from '../../traces/observation.js';
import type { Layout } from '../../traces/parse/layout/layout.js';
import { printSaid } from '../../traces/say.js';
import { type Why, whyAt } from '../../traces/why.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';
import { reasonsJson, reasonsText } from '../render/reasons.js';
import { exactly } from '../render/verdict-json.js';
import { UsageError } from '../usage-error.js';
import { HELD, ONE_MS, within } from './explain.js';
import { readKnownConfig } from './known-config.js';
import { findLogs, readServerObservations, type ServerLog } from './log-source.js';

export interface WhyFlags {
  readonly config?: string;
  /** A file that says how records are wrapped. */
  readonly layout?: string;
  readonly json?: true;
}

export interface WhyContext<S> {
  readonly machine: EnsembleMachine<S>;
  readonly output: Output;
  readonly signal: AbortSignal;
}

const READINGS_MAX = 3;

/** 0: the line is explained; 1: it is not; 3: it cannot be told. Throws UsageError and InputError. */
export async function why<S>(place: string, flags: WhyFlags, context: WhyContext<S>): Promise<ExitCode> {
  const { output, signal, machine } = context;
  const { file, line } = parsePlace(place);
  const layout = flags.layout === undefined ? null : await readLayout(flags.layout);
  const { log, observations } = await logWith({ file, line }, layout, signal);
  const { sid } = log;
  if (sid === null) throw new InputError(file, 'nothing in this log says whose it is');
  const hints = await hintsFor({ ...log, sid }, observations, flags);
  const found = await whyAt(
    machine,
    { hints, observations: all(observations) },
    {
      place: { file, line },
      readingsMax: READINGS_MAX,
    },
  );
  const reasons =
    found.kind !== 'told' || found.explained
      ? null
      : await within(ONE_MS, signal, async (options) => {
          const around = await hold(all(observations), [{ file, line }], HELD);
          const held = { sid, hints, log: around ?? observations };
          return reasonsOfServer(machine, held, { line: { file, line }, options });
        });
  const told = { schema: 1, place, ...found, ...reasonsJson(reasons) };
  output.out(
    flags.json === true ? JSON.stringify(told, exactly) : textOf(place, found, { file, line, reasons, output }),
  );
  if (found.kind !== 'told') return EXIT.inconclusive;
  return found.explained ? EXIT.accepted : EXIT.diverged;
}

function parsePlace(place: string): { readonly file: string; readonly line: number } {
  const match = /^(.+):(\d{1,15})$/.exec(place);
  const [, file, line] = match ?? [];
  if (file === undefined || Number(line) < 1)
    throw new UsageError(`"${place}" is no FILE:LINE, like server-1.log:173.`);
  return { file, line: Number(line) };
}

async function* all(observations: readonly Observation[]): AsyncGenerator<readonly Observation[]> {
  yield observations;
}

interface Found {
  readonly log: ServerLog;
  readonly observations: readonly Observation[];
}

/** The log that holds the line; a rolled part is read with the parts before it, as far as they lie beside it. */
async function logWith(
  { file, line }: Pick<SourcePosition, 'file' | 'line'>,
  layout: Layout | null,
  signal: AbortSignal,
): Promise<Found> {
  const { logs, faults } = await findLogs([file], { signal, stored: new Map(), sid: null, layout });
  const [fault] = faults;
  if (fault !== undefined) throw new InputError(fault.path, fault.message);
  let only: Found | null = null;
  for (const log of logs) {
    const observations: Observation[] = [];
    for await (const batch of readServerObservations(log, { signal, onBytes: () => undefined }).batches) {
      observations.push(...batch);
    }
    only ??= { log, observations };
    if (observations.some(({ at }) => at.line === line)) return { log, observations };
  }
  if (only === null) throw new InputError(file, `no log of a server was found in ${dirname(file)}`);
  return only;
}

async function hintsFor(
  log: ServerLog & { readonly sid: NonNullable<ServerLog['sid']> },
  observations: readonly Observation[],
  flags: WhyFlags,
): Promise<Hints> {
  const survey = new LogSurvey();
  for (const observation of observations) survey.see(observation);
  const files = flags.config === undefined ? log.config : await withDynamic(flags.config);
  const { debug, maxNotificationIntervalMs, release } = survey;
  const inferred = survey.candidateConfigs(log.sid);
  const ofLog = { debug, maxNotificationIntervalMs, laterConfigs: inferred, ...(release === null ? {} : { release }) };
  if (files === null) return { sid: log.sid, configs: inferred, ...ofLog };
  const { ensemble } = await readKnownConfig(files);
  return { sid: log.sid, configs: [ensemble], ...ofLog };
}

interface Beside {
  readonly file: string;
  readonly line: number;
  readonly reasons: Reasons | null;
  readonly output: Output;
}

function textOf(place: string, found: Why, { file, line, reasons, output }: Beside): string {
  switch (found.kind) {
    case 'nothing':
      return `${place}: this line tells nothing of an election`;
    case 'unjudged':
      return `${place}: ${printSaid(found.observation.said)}\n  not judged: the beginning of this election was not seen`;
    case 'before': {
      const { at, said } = found.observation;
      return `${place}: not reached: ${at.file}:${at.line} comes first (${printSaid(said)}), and ${found.why}`;
    }
    case 'told': {
      const told = found.explained ? 'explained' : 'no execution explains this line';
      const head = `${place}: ${told}\n  ${printSaid(found.observation.said)}`;
      const tables = found.readings.map(
        ({ state, prints, conjuncts }, index) =>
          `${index + 1} of ${found.hypotheses} hypotheses${prints ? ', which prints it' : ''}: ${state}\n${table(conjuncts)}`,
      );
      const why = reasonsText(reasons, { at: { file, line }, colors: output.colors, sids: false });
      return [head, ...tables, ...why].join('\n');
    }
  }
}

function table(conjuncts: readonly Conjunct[]): string {
  if (conjuncts.length === 0) return '  a line that only tells something: nothing must hold for it';
  const width = Math.max(...conjuncts.map(({ text }) => text.length));
  return conjuncts
    .map(
      ({ text, holds, method, action }) =>
        `  ${holds ? 'holds' : 'FAILS'}  ${text.padEnd(width)}  ${method} · spec ${action}`,
    )
    .join('\n');
}
