/** `validate --itf FILE`: the execution that was judged, as a document in the Informal Trace Format. */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { ITF_END, itfBegin, itfMap, itfState } from '../../traces/itf.js';
import { printObservation } from '../../traces/ndjson.js';
import type { EnsembleVerdict, Turn } from '../../traces/ensemble/verdict.js';
import type { Observation, SourcePosition } from '../../traces/observation.js';
import type { ElectionRecord, Verdict } from '../../traces/verdict.js';
import type { Sid } from '../../types/ids.js';
import type { ServerState } from '../../types/server-state.js';
import { UsageError } from '../usage-error.js';
import { readServerObservations, type ServerLog } from './log-source.js';
import type { EnsembleResult } from './validate-ensemble.js';
import type { ServerResult } from './validate-server.js';

/** Logs that were judged, and what was said of them. */
export interface Execution {
  readonly servers: readonly { readonly sid: Sid | null; readonly log: ServerLog; readonly verdict: Verdict }[];
  /** Null: it is the log of one server. */
  readonly ensemble: EnsembleVerdict | null;
}

const VARIABLES = ['observation', 'explained', 'roles'] as const;
const PARAMETERS = ['verdict', 'elections', 'divergence'] as const;
/** So much is written at a time. */
const CHUNK = 1 << 16;

/** Two logs of one server are two executions. Throws UsageError: before anything is judged. */
export function checkOneExecution(logs: readonly ServerLog[], apart: boolean): void {
  const sids = new Set(logs.map(({ sid }) => sid));
  if (sids.size === logs.length && (!apart || logs.length < 2)) return;
  throw new UsageError(`--itf holds one execution, and these are ${logs.length} logs that are judged apart.`);
}

/** What was judged, if it is one execution; null: nothing was. Throws UsageError. */
export function executionOf(results: readonly ServerResult[], ensembles: readonly EnsembleResult[]): Execution | null {
  const servers = results.flatMap(({ sid, log, verdict }) => (log === null ? [] : [{ sid, log, verdict }]));
  if (servers.length === 0) return null;
  const [ensemble] = ensembles;
  if (servers.length === 1) return { servers, ensemble: null };
  if (ensembles.length === 1 && ensemble?.verdict.servers.length === servers.length) {
    return { servers, ensemble: ensemble.verdict };
  }
  throw new UsageError(`--itf holds one execution, and the ${servers.length} logs are not of one ensemble.`);
}

/** Written whole or not at all. Throws UsageError, and InputError if a log cannot be read again. */
export async function writeItf(path: string, execution: Execution, signal: AbortSignal): Promise<void> {
  const part = `${path}.part`;
  try {
    const file = openSync(part, 'w');
    try {
      await writeStates(execution, signal, (text) => void writeSync(file, text));
    } finally {
      closeSync(file);
    }
    signal.throwIfAborted();
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    if (signal.aborted || !(error instanceof Error && 'code' in error)) throw error;
    throw new UsageError(`--itf ${path} cannot be written: ${error.message}`);
  }
}

async function writeStates(execution: Execution, signal: AbortSignal, write: (text: string) => void): Promise<void> {
  const roles = new Roles(execution);
  const head = parametersOf(execution);
  let waiting = `${itfBegin(VARIABLES, PARAMETERS)}\n`;
  let index = 0;
  for await (const { sid, observation, explained } of statesOf(execution, signal)) {
    roles.see(sid, observation);
    const told: unknown = JSON.parse(printObservation({ ...observation, sid: sid ?? observation.sid }));
    const variables = { observation: told, explained, roles: roles.now };
    const state = itfState(index, index === 0 ? { ...head, ...variables } : variables);
    waiting += `${index === 0 ? '' : ',\n'}${state}`;
    index += 1;
    if (waiting.length < CHUNK) continue;
    write(waiting);
    waiting = '';
  }
  write(`${waiting}\n${ITF_END}\n`);
}

/** What is said of the whole. */
function parametersOf({ servers, ensemble }: Execution): Readonly<Record<(typeof PARAMETERS)[number], unknown>> {
  const [only] = servers;
  if (ensemble !== null) {
    const { kind, divergence, elections } = ensemble;
    return {
      verdict: kind,
      elections: elections.map(({ leader, round, epoch, supporters, parts }) => ({
        leader,
        round,
        epoch,
        supporters,
        parts: parts.map(({ sid, role, at, why }) => ({ sid, role, ...placeOf(at), why })),
      })),
      divergence:
        divergence === null
          ? null
          : {
              sid: divergence.line.sid,
              ...placeOf(divergence.line.at),
              reason: divergence.reason,
              rule: divergence.rule,
            },
    };
  }
  const { kind = 'inconclusive', divergence = null, elections = [] } = only?.verdict ?? {};
  return {
    verdict: kind,
    elections: elections.map(({ at, state, leader, round, epoch }) => ({
      leader,
      round,
      epoch,
      supporters: [],
      parts: [{ sid: only?.sid ?? null, role: state, ...placeOf(at), why: '' }],
    })),
    divergence:
      divergence === null
        ? null
        : { sid: only?.sid ?? null, ...placeOf(divergence.at), reason: divergence.reason, rule: divergence.method },
  };
}

const placeOf = ({ file, line }: SourcePosition): { readonly file: string; readonly line: number } => ({ file, line });
const keyOf = ({ file, line }: SourcePosition): string => `${file}\n${line}`;

/** What each server is, line after line, as far as all hypotheses agree. */
class Roles {
  readonly #entered = new Map<string, ElectionRecord>();
  readonly #now = new Map<Sid, Role>();

  constructor({ servers }: Execution) {
    for (const { verdict } of servers) for (const one of verdict.elections) this.#entered.set(keyOf(one.at), one);
  }

  get now(): unknown {
    return itfMap([...this.#now].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  see(sid: Sid | null, { said, at }: Observation): void {
    if (sid === null) return;
    if (said.what === 'roleEntered') {
      const { leader = null, round = null, epoch = null } = this.#entered.get(keyOf(at)) ?? {};
      this.#now.set(sid, { role: said.role, leader, round, epoch });
    } else if (!this.#now.has(sid) || LOOKING.has(said.what)) {
      this.#now.set(sid, { role: 'LOOKING', leader: null, round: null, epoch: null });
    }
  }
}

interface Role extends Pick<ElectionRecord, 'leader' | 'round' | 'epoch'> {
  readonly role: ServerState;
}

/** Lines of a server that has no role. */
const LOOKING: ReadonlySet<string> = new Set(['processStarted', 'looking', 'newElection']);

interface State {
  readonly sid: Sid | null;
  readonly observation: Observation;
  readonly explained: boolean;
}

async function* statesOf({ servers, ensemble }: Execution, signal: AbortSignal): AsyncGenerator<State> {
  const [only] = servers;
  if (ensemble === null && only !== undefined) {
    const wrong = only.verdict.divergence === null ? null : keyOf(only.verdict.divergence.at);
    let explained = true;
    for await (const observation of linesOf(only.log, signal)) {
      explained &&= keyOf(observation.at) !== wrong;
      yield { sid: only.sid, observation, explained };
    }
    return;
  }
  const sources = new Map(servers.map(({ sid, log }) => [sid, new Source(linesOf(log, signal))]));
  for (const { sid, upTo } of ensemble?.turns ?? []) yield* taken(sid, sources.get(sid), upTo);
  for (const [sid, source] of sources) {
    for (let observation = await source.next(); observation !== null; observation = await source.next()) {
      yield { sid, observation, explained: false };
    }
  }
}

async function* taken(sid: Sid, source: Source | undefined, upTo: Turn['upTo']): AsyncGenerator<State> {
  while (source !== undefined && source.position <= upTo) {
    const observation = await source.next();
    if (observation === null) return;
    yield { sid, observation, explained: true };
  }
}

/** The lines of a log, one by one. */
class Source {
  readonly #lines: AsyncIterator<Observation>;
  /** Of the next line. */
  position = 0;

  constructor(lines: AsyncGenerator<Observation>) {
    this.#lines = lines;
  }

  async next(): Promise<Observation | null> {
    const { done, value } = await this.#lines.next();
    if (done === true) return null;
    this.position += 1;
    return value;
  }
}

async function* linesOf(log: ServerLog, signal: AbortSignal): AsyncGenerator<Observation> {
  for await (const batch of readServerObservations(log, { signal, onBytes: () => undefined }).batches) yield* batch;
}
