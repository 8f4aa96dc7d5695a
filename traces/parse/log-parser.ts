/** Turns the lines of a server's log, one after the other, into observations. */
import { asSid, type Sid } from '../../types/ids.js';
import { parseDecimalInt64 } from '../../types/int64.js';
import type { Observation, ObservedLine } from '../observation.js';
import { releaseIn } from '../release-in.js';
import { clockSeconds } from './clock.js';
import { readConnectionLine } from './connection-rules.js';
import { locate, locateNext, RecordPlace } from './record.js';
import { stampIn } from './stamp.js';
import { copy } from './template.js';
import { threadIn } from './thread-name.js';
import { findElectionWords, readMessage } from './templates.js';

/** What was seen so far. Every line is counted; what could not be read has its own counts. */
export interface LogCounts {
  lines: number;
  /** Lines whose layout was recognised. */
  records: number;
  observations: number;
  /** Election lines that could not be read, by any reason. */
  unreadable: number;
  /** Lines with NUL bytes: something is missing there. */
  seams: number;
  /** Lines of which only the beginning was looked at. */
  longLines: number;
  /** Records whose time is more than one second before the record above. */
  timeJumps: number;
  /** The release that the log named last; null: none. */
  release: string | null;
  /** Every release that the log names, in order, each once, up to RELEASES_MAX. */
  readonly releases: string[];
}

/** Whoever names more releases than this is no server. */
export const RELEASES_MAX = 16;

/** Only so much of a line is looked at: the longest election line is a tenth of it. */
export const LINE_LIMIT = 4096;

const NONE: readonly Observation[] = [];

/** A push parser: hand it line after line, take what each one tells. */
export class LogParser {
  readonly counts: LogCounts = {
    lines: 0,
    records: 0,
    observations: 0,
    unreadable: 0,
    seams: 0,
    longLines: 0,
    timeJumps: 0,
    release: null,
    releases: [],
  };
  readonly #file: string;
  readonly #connections: boolean;
  readonly #place = new RecordPlace();
  #clock = Number.NaN;

  /** `connections`: lines of QuorumCnxManager are read, too. */
  constructor(file: string, { connections = false }: { readonly connections?: boolean } = {}) {
    this.#file = file;
    this.#connections = connections;
  }

  /**
   * Reads the next line (without its line break; a carriage return at its end is dropped). Most lines give
   * nothing; a line with NUL bytes gives a `seam` and whatever stands around it.
   */
  push(line: string): readonly Observation[] {
    this.counts.lines++;
    if (line.includes('\0')) return this.#pushTorn(line);
    return this.#read(line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  /** A hole of NUL bytes: the text before it is torn off, the text behind it begins anywhere. */
  #pushTorn(line: string): readonly Observation[] {
    this.counts.seams++;
    const first = line.indexOf('\0');
    const last = line.lastIndexOf('\0');
    const found: Observation[] = [...this.#read(line.slice(0, first))];
    found.push(this.#observation({ what: 'seam', why: 'NUL bytes stand here: a part of the file is missing' }, null));
    const between = line.slice(first, Math.min(last, first + LINE_LIMIT)).replaceAll('\0', ' ');
    if (findElectionWords(between, 0) >= 0) {
      found.push(this.#unreadable(between, 'it stands between NUL bytes'));
    }
    found.push(...this.#read(line.slice(last + 1)));
    return found;
  }

  #read(whole: string): readonly Observation[] {
    const long = whole.length > LINE_LIMIT;
    if (long) this.counts.longLines++;
    const place = this.#place;
    const kind = locate(long ? whole.slice(0, LINE_LIMIT) : whole, place);
    if (kind === 'record') this.#countRecord(place);
    if (kind !== 'record' || place.next >= 0 || long) return this.#readUnusual(kind, long);
    const said = readMessage(place) ?? (this.#connections ? readConnectionLine(place, () => threadIn(place)) : null);
    return said === null ? NONE : [this.#observation(said, serverOf(place, said))];
  }

  #readUnusual(kind: 'record' | 'bare' | 'none', long: boolean): readonly Observation[] {
    const place = this.#place;
    if (kind !== 'record') {
      const one = this.#readBare(kind, long);
      return one === null ? NONE : [one];
    }
    const found: Observation[] = [];
    do {
      let said = readMessage(place);
      const torn = place.next >= 0 && /(?:QuorumPeer|FastLeaderElection\S*)$/.test(place.logger() ?? '');
      const text = place.text.slice(place.start, place.end);
      if (said === null && torn) said = unreadable(text, 'another record begins inside it');
      if (said !== null && long && place.next < 0) said = unreadable(text, `its line is longer than ${LINE_LIMIT}`);
      if (said !== null) found.push(this.#observation(said, serverOf(place, said)));
    } while (locateNext(place));
    return found;
  }

  /** A line without a head: the message itself, or election words somewhere in a layout that is not known. */
  #readBare(kind: 'bare' | 'none', long: boolean): Observation | null {
    const place = this.#place;
    let said = kind === 'bare' ? readMessage(place) : null;
    if (said === null) {
      const at = findElectionWords(place.text, place.start);
      if (at < 0) return null;
      place.set(place.text, at, place.text.length);
      said = readMessage(place) ?? unreadable(place.text, 'its layout is not known');
    }
    if (long) said = unreadable(place.text, `its line is longer than ${LINE_LIMIT} characters`);
    return this.#observation(said, serverOf(place, said));
  }

  #countRecord(place: RecordPlace): void {
    this.counts.records++;
    const clock = clockSeconds(place.head, place.headStart);
    if (Number.isNaN(clock)) return;
    if (clock < this.#clock - 1) this.counts.timeJumps++;
    this.#clock = clock;
  }

  #unreadable(text: string, why: string): Observation {
    return this.#observation(unreadable(text, why), null);
  }

  #observation(said: ObservedLine, sid: Sid | null): Observation {
    const { counts } = this;
    counts.observations++;
    if (said.what === 'unreadable') counts.unreadable++;
    if (said.what === 'version') {
      counts.release = releaseIn(said.text) ?? counts.release;
      addRelease(counts.releases, counts.release);
    }
    const time = stampIn(this.#place);
    const at = { file: this.#file, line: counts.lines };
    return { sid, at: time === null ? at : { ...at, time }, said };
  }
}

/** Adds a release that is not there yet, while there is room. */
export function addRelease(releases: string[], release: string | null): void {
  if (release === null || releases.length >= RELEASES_MAX || releases.includes(release)) return;
  releases.push(copy(release));
}

function unreadable(text: string, why: string): ObservedLine {
  return { what: 'unreadable', text: copy(text), why };
}

/** Whose line it is: the thread's name, then `[myid:N]` if it is a number, then the message itself. */
function serverOf(place: RecordPlace, said: ObservedLine): Sid | null {
  return idAfter(place, '[myid=') ?? idAfter(place, '[myid:') ?? ('myId' in said ? said.myId : null);
}

function idAfter(place: RecordPlace, mark: string): Sid | null {
  const { head } = place;
  const found = head.lastIndexOf(mark, place.headEnd);
  if (found < place.headStart) return null;
  const from = found + mark.length;
  const close = head.indexOf(']', from);
  if (close < 0 || close > place.headEnd) return null;
  const id = parseDecimalInt64(head.slice(from, close));
  return id.ok ? asSid(id.value) : null;
}
