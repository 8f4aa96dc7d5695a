/** What a file is and whose lines it holds, from its name and its beginning. */
import { basename, extname } from 'node:path';
import type { Sid } from '../../types/ids.js';
import { parseObservation } from '../ndjson.js';
import type { Layout } from '../parse/layout/layout.js';
import { LogParser, type Misfit } from '../parse/log-parser.js';
import { firstBytes, readLines } from './read-lines.js';

/** quiet: shows nothing of a log, and may still be a part of one (a rolled part that holds only a stack trace). */
export type FileKind = 'log' | 'ndjson' | 'config' | 'quiet' | 'other';

/** A file, looked at. */
export interface Classified {
  readonly kind: FileKind;
  /** Every server whose id stands on a line of the beginning, ascending. */
  readonly sids: readonly Sid[];
  /** A sentence: it is a log, and no line of it has the user's layout; absent: some have, or there is none. */
  readonly misfit?: string;
}

/** Lines that are looked at for ids; more if none has shown by then, up to the second number. */
const SNIFF_LINES = 50_000;
const SNIFF_LINES_MAX = 1_000_000;

const NOT_LOGS = new Set(
  (
    '.json .md .cfg .properties .xml .yml .yaml .conf .ts .mts .js .mjs .cjs .map .java .jar .class .sh .cmd .bat .pid ' +
    '.png .jpg .svg .pdf .html .css .zip .tar .tgz .lock'
  ).split(' '),
);
/** Named by the layout's user, they may be logs: events of a platform. */
const LOGS_BY_LAYOUT = new Set(['.json', '.xml']);
const DATA_FILES = new Set(['myid', 'currentepoch', 'acceptedepoch', 'license', 'notice', 'dockerfile', 'makefile']);

/** Is this the name of an ensemble configuration? (`zoo.cfg`, `zoo1.cfg`, `zoo.cfg.dynamic.100000000`) */
export function isConfigName(path: string): boolean {
  return /\.cfg(?:\.dynamic(?:\.[0-9a-fA-F]+)?)?$/.test(basename(path));
}

/** Is this a name of lines in the text form of observations? */
export function isNdjsonName(path: string): boolean {
  return /\.(?:ndjson|jsonl)(?:\.gz)?$/i.test(path);
}

/** A file to be looked at. */
export interface Candidate {
  readonly path: string;
  /** It was given by name, so it is a log unless it is NDJSON or a configuration. */
  readonly named: boolean;
  /** How records are wrapped, as the user says; null: in a way that is known. */
  readonly layout: Layout | null;
  /** Stops the look: it then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Looks at a file. Files met in folders must show that they are logs. Throws InputError. */
export async function classify(file: Candidate): Promise<Classified> {
  const { path, named, layout } = file;
  if (isConfigName(path)) return { kind: 'config', sids: [] };
  if (isNdjsonName(path) && layout === null) return { kind: 'ndjson', sids: await sidsOfNdjson(file) };
  const name = basename(path).toLowerCase();
  const isOther = NOT_LOGS.has(extname(name)) && !(layout !== null && LOGS_BY_LAYOUT.has(extname(name)));
  const stranger = isOther || DATA_FILES.has(name) || name.startsWith('.');
  if (stranger && !named) return { kind: 'other', sids: [] };
  if (await isDatabaseFile(path)) return { kind: named ? 'log' : 'other', sids: [] };
  const sniffed = await sniffLog(file);
  if (sniffed.ndjson) return { kind: 'ndjson', sids: await sidsOfNdjson(file) };
  if (layout !== null) return classifyByLayout(file, layout, sniffed);
  const looksLikeLog = sniffed.observations > 0 || (sniffed.records > 0 && /log|out|zookeeper|server/.test(name));
  return { kind: named || looksLikeLog ? 'log' : 'quiet', sids: ascending(sniffed.sids) };
}

/** A file of which no line has the layout is told, if it was named or tells of elections. */
function classifyByLayout({ path, named }: Candidate, { parts }: Layout, sniffed: Sniffed): Classified {
  const { ofLayout, lines, misfit, observations } = sniffed;
  if (ofLayout > 0) return { kind: named || observations > 0 ? 'log' : 'quiet', sids: ascending(sniffed.sids) };
  if (misfit === null) return { kind: named ? 'log' : 'quiet', sids: [] };
  if (!named && !misfit.isElection) return { kind: 'quiet', sids: [] };
  const of = lines === 1 ? 'The only line' : `None of ${lines} lines`;
  const has = lines === 1 ? 'has not' : 'has';
  const sentence = `${of} of ${path} ${has} the layout ${parts.name}; ${path}:${misfit.line}:${misfit.column}: ${misfit.why}.`;
  return { kind: 'log', sids: [], misfit: sentence };
}

/** ZooKeeper's own transaction logs and snapshots: `log.100000001` is no log of ours. */
async function isDatabaseFile(path: string): Promise<boolean> {
  const magic = new TextDecoder('latin1').decode(await firstBytes(path, 4));
  return magic === 'ZKLG' || magic === 'ZKSN';
}

interface Sniffed {
  readonly ndjson: boolean;
  readonly records: number;
  readonly observations: number;
  readonly lines: number;
  readonly ofLayout: number;
  readonly misfit: Misfit | null;
  readonly sids: ReadonlySet<Sid>;
}

async function sniffLog({ path, layout, signal }: Candidate): Promise<Sniffed> {
  const parser = new LogParser(path, { layout });
  const sids = new Set<Sid>();
  const sniffed = (ndjson: boolean): Sniffed => ({ ...parser.counts, misfit: parser.misfit, ndjson, sids });
  for await (const { lines } of readLines(path)) {
    signal?.throwIfAborted();
    for (const line of lines) {
      if (parser.counts.lines === 0 && line.startsWith('{') && line.includes('"zabcheck.observation/')) {
        return sniffed(true);
      }
      for (const { sid } of parser.push(line)) if (sid !== null) sids.add(sid);
    }
    if (parser.counts.lines > (sids.size > 0 ? SNIFF_LINES : SNIFF_LINES_MAX)) break;
    if (layout === null && parser.counts.lines > SNIFF_LINES && parser.counts.records === 0) break;
  }
  for (const { sid } of parser.end()) if (sid !== null) sids.add(sid);
  return sniffed(false);
}

async function sidsOfNdjson({ path, signal }: Candidate): Promise<readonly Sid[]> {
  const sids = new Set<Sid>();
  let seen = 0;
  for await (const { lines } of readLines(path)) {
    signal?.throwIfAborted();
    for (const line of lines) {
      const read = line === '' ? null : parseObservation(line, { file: path, line: ++seen });
      if (read?.ok === true && read.value.sid !== null) sids.add(read.value.sid);
    }
    if (seen > SNIFF_LINES) break;
  }
  return ascending(sids);
}

function ascending(sids: Iterable<Sid>): readonly Sid[] {
  return [...sids].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
