/** Turns the lines of a server's log, one after the other, into observations. */
import { asSid, type Sid } from '../../types/ids.js';
import { parseDecimalInt64 } from '../../types/int64.js';
import type { Observation, ObservedLine } from '../observation.js';
import { releaseIn } from '../release-in.js';
import { type JoinedLine, LineJoiner } from './layout/joiner.js';
import type { Layout } from './layout/layout.js';
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
  /** Lines that are of the user's layout, if there is one. */
  ofLayout: number;
  /** Election lines in a layout that is not known: of such only those with plain words are seen. */
  strange: number;
}

/** A line that is not of the user's layout. */
export interface Misfit {
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly why: string;
  /** It tells of an election all the same. */
  readonly isElection: boolean;
}

export interface LogParserOptions {
  /** Lines of QuorumCnxManager are read, too. */
  readonly connections?: boolean;
  /** How the platform wraps records, as its user says; null: in a way that is known. */
  readonly layout?: Layout | null;
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
    ofLayout: 0,
    strange: 0,
  };
  /** The first line that is not of the layout, one that tells of an election before any other; null: all are. */
  misfit: Misfit | null = null;
  /** A sentence: the layout says of a line what cannot be; null: of none. */
  contradiction: string | null = null;
  readonly #file: string;
  readonly #connections: boolean;
  readonly #layout: Layout | null;
  readonly #joiner: LineJoiner | null;
  readonly #place = new RecordPlace();
  /** Of the record that is read. */
  #line = 0;
  #clock = Number.NaN;

  constructor(file: string, { connections = false, layout = null }: LogParserOptions = {}) {
    this.#file = file;
    this.#connections = connections;
    this.#layout = layout;
    const joins = layout !== null && (layout.lineBreaks > 0 || layout.parts.continuation !== null);
    this.#joiner = joins ? new LineJoiner(layout) : null;
  }

  /**
   * Reads the next line (without its line break; a carriage return at its end is dropped). Most lines give
   * nothing; a line with NUL bytes gives a `seam` and whatever stands around it.
   */
  push(line: string): readonly Observation[] {
    this.counts.lines++;
    if (line.includes('\0')) return [...this.end(), ...this.#pushTorn(line)];
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (this.#joiner === null) return this.#readAt(text, this.counts.lines);
    return this.#readAll(this.#joiner.push(text, this.counts.lines));
  }

  /** What is still held at the end of a file: nothing, unless the layout joins lines. */
  end(): readonly Observation[] {
    return this.#joiner === null ? NONE : this.#readAll(this.#joiner.end());
  }

  #readAll(lines: readonly JoinedLine[]): readonly Observation[] {
    return lines.flatMap(({ text, line }) => this.#readAt(text, line));
  }

  #readAt(text: string, line: number): readonly Observation[] {
    this.#line = line;
    return this.#layout === null ? this.#read(text) : this.#readByLayout(text, this.#layout);
  }

  /** A hole of NUL bytes: the text before it is torn off, the text behind it begins anywhere. */
  #pushTorn(line: string): readonly Observation[] {
    this.counts.seams++;
    this.#line = this.counts.lines;
    const first = line.indexOf('\0');
    const last = line.lastIndexOf('\0');
    const found: Observation[] = [...this.#readAt(line.slice(0, first), this.#line)];
    found.push(this.#observation({ what: 'seam', why: 'NUL bytes stand here: a part of the file is missing' }, null));
    const between = line.slice(first, Math.min(last, first + LINE_LIMIT)).replaceAll('\0', ' ');
    if (findElectionWords(between, 0) >= 0) {
      found.push(this.#unreadable(between, 'it stands between NUL bytes'));
    }
    found.push(...this.#readAt(line.slice(last + 1), this.#line));
    return found;
  }

  #read(whole: string): readonly Observation[] {
    const long = whole.length > LINE_LIMIT;
    if (long) this.counts.longLines++;
    const place = this.#place;
    const kind = locate(long ? whole.slice(0, LINE_LIMIT) : whole, place);
    if (kind === 'record') this.#countRecord(place);
    if (kind !== 'record' || place.next >= 0 || long) return this.#readUnusual(kind, long);
    return this.#readPlain();
  }

  #readByLayout(text: string, layout: Layout): readonly Observation[] {
    const place = this.#place;
    const { kind, unfit } = layout.locate(text, place);
    if (unfit === null) this.counts.ofLayout++;
    else this.#noteMisfit(text, unfit);
    this.#line += place.byLayout.linesAbove;
    if (kind === 'record') this.#countRecord(place);
    if (!layout.isClosed)
      return kind === 'record' && place.next < 0 ? this.#readPlain() : this.#readUnusual(kind, false);
    const found = unfit === null ? this.#readPlain() : NONE;
    if (found.length > 0 || findElectionWords(text, 0) < 0) return found;
    const { name } = layout.parts;
    const why =
      unfit === null
        ? `by the layout ${name} its message begins elsewhere`
        : `it is not of the layout ${name}: ${unfit.why}`;
    return [this.#unreadable(text, why)];
  }

  /** Of two that do not fit, the one that matters. */
  #noteMisfit(text: string, { at, why }: { readonly at: number; readonly why: string }): void {
    if (this.misfit?.isElection === true || text.trim() === '') return;
    const isElection = findElectionWords(text, 0) >= 0;
    if (this.misfit === null || isElection)
      this.misfit = { line: this.#line, column: Math.max(0, at) + 1, why, isElection };
  }

  /** The record that `#place` shows. */
  #readPlain(): readonly Observation[] {
    const place = this.#place;
    const said = readMessage(place) ?? (this.#connections ? readConnectionLine(place, () => threadIn(place)) : null);
    return said === null ? NONE : [this.#observation(said, this.#serverOf(place, said))];
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
      if (said !== null) found.push(this.#observation(said, this.#serverOf(place, said)));
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
      if (kind === 'none' && place.text.slice(place.start, at).trim() !== '') this.counts.strange++;
      place.set(place.text, at, place.text.length);
      said = readMessage(place) ?? unreadable(place.text, 'its layout is not known');
    }
    if (long) said = unreadable(place.text, `its line is longer than ${LINE_LIMIT} characters`);
    return this.#observation(said, this.#serverOf(place, said));
  }

  /** What the record itself says counts before what a layout says of its source; they must not contradict each other. */
  #serverOf(place: RecordPlace, said: ObservedLine): Sid | null {
    const own = printedBy(place, said);
    const { sid, stranger } = place.byLayout;
    const at = `${this.#file}:${this.#line}`;
    const name = this.#layout?.parts.name ?? '';
    if (own !== null && sid !== null && own !== sid) {
      this.contradiction ??= `${at}: by the layout ${name} server ${sid} printed this line, but it says itself that server ${own} did.`;
    } else if (own === null && sid === null && stranger !== null) {
      this.contradiction ??= `${at}: "${stranger}" printed this line, which is none of the servers of the layout ${name}.`;
    }
    return own ?? sid;
  }

  #countRecord(place: RecordPlace): void {
    this.counts.records++;
    const clock = place.time === null ? clockSeconds(place.head, place.headStart) : clockSeconds(place.time, 0);
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
    const at = { file: this.#file, line: this.#line };
    const observation = { sid, at: time === null ? at : { ...at, time }, said };
    return isOlder(said, this.#place) ? { ...observation, older: true } : observation;
  }
}

/** Adds a release that is not there yet, while there is room. */
export function addRelease(releases: string[], release: string | null): void {
  if (release === null || releases.length >= RELEASES_MAX || releases.includes(release)) return;
  releases.push(copy(release));
}

/** Told by the two lines that no election goes without. */
function isOlder({ what }: ObservedLine, { text, start }: RecordPlace): boolean {
  if (what === 'notification') return !text.startsWith('Notification: my state:', start);
  return what === 'newElection' && text.startsWith('New election. My id =  ', start);
}

function unreadable(text: string, why: string): ObservedLine {
  return { what: 'unreadable', text: copy(text.slice(0, LINE_LIMIT)), why };
}

/** Whose line it is: the thread's name, then `[myid:N]` if it is a number, then the message itself. */
function printedBy(place: RecordPlace, said: ObservedLine): Sid | null {
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
