/** Reads a server's log, whatever its form, as batches of observations. */
import { basename } from 'node:path';
import { CONTEXT_LINES } from '../../types/election-line.js';
import { ambiguousLine, type Observation } from '../observation.js';
import { parseObservation } from '../ndjson.js';
import { addRelease, LINE_LIMIT, LogParser } from '../parse/log-parser.js';
import { releaseIn } from '../release-in.js';
import type { Sid } from '../../types/ids.js';
import type { Layout } from '../parse/layout/layout.js';
import { SHARING_MAX, type ServerLog } from './discover.js';
import { InputError } from './input-error.js';
import { readLines, type LineBatch } from './read-lines.js';
import { missingBetween, rolledName } from './rolled.js';

/** What was read so far. It grows while the log is read, so that progress can be shown. */
export interface ReadStatistics {
  lines: number;
  /** Bytes as stored (compressed ones of a .gz). */
  bytes: number;
  /** Lines whose layout was recognised; for NDJSON every line that was read. */
  records: number;
  /** Observations handed on. */
  observations: number;
  /** Election lines that could not be read, or whose server is not known among several. */
  unreadable: number;
  /** Lines of other servers, not handed on. */
  foreign: number;
  /** These servers, so many as may share a file, and one more. */
  readonly foreignSids: Set<Sid>;
  /** Election lines that name no server, handed on because no other server is known to share the files. */
  anonymous: number;
  /** Election lines of a file of several servers that do not say whose they are: handed on as unreadable. */
  ambiguous: number;
  /** Lines around elections without a server, in a file of several: not handed on. */
  unattributed: number;
  /** Settings that lines without a server tell, in a file of several: held to be everybody's. */
  readonly settings: Map<'min' | 'max', number>;
  /** Two such lines contradict each other: nobody knows whose is which. */
  settingsDiffer: boolean;
  /** Lines longer than what is looked at, or kept. */
  longLines: number;
  /** Election lines in a layout that is not known. */
  strange: number;
  /** Records whose clock went back by more than a second. */
  timeJumps: number;
  /** NUL bytes were met. */
  hasNul: boolean;
  /** The last release that the log names. */
  release: string | null;
  /** Every release it names, up to RELEASES_MAX. */
  readonly releases: string[];
}

/** Statistics of nothing read. */
export function newReadStatistics(): ReadStatistics {
  return {
    lines: 0,
    bytes: 0,
    records: 0,
    observations: 0,
    unreadable: 0,
    foreign: 0,
    foreignSids: new Set(),
    anonymous: 0,
    ambiguous: 0,
    unattributed: 0,
    settings: new Map(),
    settingsDiffer: false,
    longLines: 0,
    strange: 0,
    timeJumps: 0,
    hasNul: false,
    release: null,
    releases: [],
  };
}

export interface ReadObservationsOptions {
  /** Lines of connections, too (QuorumCnxManager). */
  readonly connections?: boolean;
}

/**
 * Reads every part of a log, oldest first. Lines of other servers are left out and counted; an election line that
 * names no server in a file of several is handed on as `unreadable`; a missing part is a `seam`. Throws InputError.
 */
export async function* readObservations(
  log: ServerLog,
  statistics: ReadStatistics = newReadStatistics(),
  options: ReadObservationsOptions = {},
): AsyncGenerator<readonly Observation[], void, undefined> {
  let previous: string | null = null;
  for (const file of log.files) {
    const gap = previous === null ? 0 : missingBetween(rolledName(basename(previous)), rolledName(basename(file)));
    if (gap > 0) {
      const why = `${gap === 1 ? 'a rolled part is' : `${gap} rolled parts are`} missing before this file`;
      yield [{ sid: log.sid, at: { file, line: 1 }, said: { what: 'seam', why } }];
    }
    previous = file;
    const source = { name: file, path: log.storedAt ?? file, layout: log.layout };
    const isLog = log.form === 'log';
    for await (const batch of isLog ? readLog(source, statistics, options) : readNdjson(source, statistics)) {
      const own = batch.flatMap((observation) => ownOf(log, observation, statistics));
      statistics.observations += own.length;
      if (own.length > 0) yield own;
    }
  }
}

/** A file: what it is called, and where it lies. */
interface Source {
  readonly name: string;
  readonly path: string;
  readonly layout: Layout | null;
}

async function* readLog(
  { name, path, layout }: Source,
  statistics: ReadStatistics,
  options: ReadObservationsOptions,
): AsyncGenerator<readonly Observation[]> {
  const before = { ...statistics };
  const parser = new LogParser(name, { ...options, layout });
  let open: string | null = null;
  for await (const batch of readLines(path, name)) {
    const observations: Observation[] = [];
    batch.lines.forEach((line, index) => {
      const last = batch.unterminated && index === batch.lines.length - 1;
      for (const one of parser.push(line)) observations.push(last ? maybeTorn(one, line) : one);
    });
    open = batch.unterminated ? (batch.lines.at(-1) ?? null) : null;
    if (parser.contradiction !== null) throw new InputError(name, parser.contradiction);
    const { counts } = parser;
    statistics.lines = before.lines + counts.lines;
    statistics.bytes = before.bytes + batch.bytes;
    statistics.records = before.records + counts.records;
    statistics.longLines = before.longLines + counts.longLines;
    statistics.strange = before.strange + counts.strange;
    statistics.timeJumps = before.timeJumps + counts.timeJumps;
    statistics.hasNul ||= counts.seams > 0;
    statistics.release = counts.release ?? statistics.release;
    for (const release of counts.releases) addRelease(statistics.releases, release);
    yield observations;
  }
  const torn = open;
  yield parser.end().map((one) => (torn === null ? one : maybeTorn(one, torn)));
}

/** A file that ends without a line break may end inside a number, which nobody can see. */
export function maybeTorn(observation: Observation, line: string): Observation {
  const { said } = observation;
  if (said.what === 'unreadable' || said.what === 'seam') return observation;
  if (said.what !== 'stateChanged' && !/(?:\d|0x[0-9a-f]+)$/.test(line)) return observation;
  // An end of the ordinary kind would be a hole for those who do not look at connections.
  if (said.what === 'connection') {
    return { ...observation, said: { ...said, message: { what: 'garbled', text: line.slice(0, LINE_LIMIT) } } };
  }
  const why = 'the file ends without a line break, so the end of its last line may be missing';
  return { ...observation, said: { what: 'unreadable', text: line.slice(0, LINE_LIMIT), why } };
}

async function* readNdjson(
  { name: file, path }: Source,
  statistics: ReadStatistics,
): AsyncGenerator<readonly Observation[]> {
  const before = statistics.bytes;
  let line = 0;
  for await (const batch of readLines(path, file)) {
    const observations: Observation[] = [];
    for (const text of batch.lines) {
      line++;
      statistics.lines++;
      if (text.trim() !== '') observations.push(readNdjsonLine(text, { file, line }, statistics));
    }
    noteBatch(batch, before, statistics);
    yield observations;
  }
}

function noteBatch(batch: LineBatch, before: number, statistics: ReadStatistics): void {
  statistics.bytes = before + batch.bytes;
  statistics.longLines += batch.cut;
}

function readNdjsonLine(text: string, at: Observation['at'], statistics: ReadStatistics): Observation {
  const read = parseObservation(text, at);
  if (!read.ok) return { sid: null, at, said: { what: 'unreadable', text: text.slice(0, 1000), why: read.error } };
  statistics.records++;
  const { said } = read.value;
  if (said.what === 'version') {
    statistics.release = releaseIn(said.text) ?? statistics.release;
    addRelease(statistics.releases, statistics.release);
  }
  return read.value;
}

/** What this log takes of an observation: itself, nothing, or a mark that it cannot be attributed. */
function ownOf(log: ServerLog, observation: Observation, statistics: ReadStatistics): readonly Observation[] {
  const { sid, said } = observation;
  if (sid !== null && log.sid !== null && sid !== log.sid) {
    statistics.foreign++;
    if (statistics.foreignSids.size <= SHARING_MAX) statistics.foreignSids.add(sid);
    return [];
  }
  // Workers do not name their server: in a file of several nobody judges by thread.
  if (sid === null && said.what === 'connection') return log.shared ? [] : [observation];
  if (sid === null && said.what !== 'seam' && said.what !== 'unreadable') {
    if (log.shared) return nobodysOf(observation, statistics);
    if (!CONTEXT_LINES.has(said.what)) statistics.anonymous++;
    return [observation];
  }
  if (said.what === 'unreadable') statistics.unreadable++;
  return [observation];
}

/** What every log of a shared file takes of a line that names no server. */
function nobodysOf(observation: Observation, statistics: ReadStatistics): readonly Observation[] {
  const { said } = observation;
  if (said.what === 'intervalSetting') {
    const { settings } = statistics;
    const known = settings.get(said.which);
    if (known === undefined) settings.set(said.which, said.ms);
    else if (known !== said.ms) statistics.settingsDiffer = true;
    if (known === undefined) return [observation];
  }
  // Lines that only surround an election: nothing depends on them.
  if (CONTEXT_LINES.has(said.what)) {
    statistics.unattributed++;
    return [];
  }
  statistics.unreadable++;
  statistics.ambiguous++;
  return [ambiguousLine(observation)];
}
