/** Lines of one growing file as observations, whatever their form. */
import { maybeTorn } from '../../traces/files/read-observations.js';
import { parseObservation } from '../../traces/ndjson.js';
import type { Observation } from '../../traces/observation.js';
import type { Layout } from '../../traces/parse/layout/layout.js';
import { LogParser } from '../../traces/parse/log-parser.js';

/** Only so much of an unreadable line is kept. */
const TEXT_MAX = 1000;

export class LineReader {
  readonly #name: string;
  readonly #layout: Layout | null;
  #parser: LogParser;
  /** The lines are observations already; null: no line told yet. */
  #isNdjson: boolean | null = null;
  #line = 0;
  #contradiction: string | null = null;
  /** Lines of files that were replaced or cut. */
  #linesBefore = 0;

  constructor(name: string, layout: Layout | null) {
    this.#name = name;
    this.#layout = layout;
    this.#parser = new LogParser(name, { layout });
  }

  /** Of all that was read. */
  get lines(): number {
    return this.#linesBefore + this.#line;
  }

  push(line: string): readonly Observation[] {
    this.#line += 1;
    this.#isNdjson ??= line.trim() === '' ? null : line.startsWith('{') && line.includes('"zabcheck.observation/');
    return this.#isNdjson === true ? this.#readNdjson(line) : this.#parser.push(line);
  }

  /** A line that no line break ended, and what was still held: the file goes on elsewhere. */
  end(torn: string | null): readonly Observation[] {
    const last = torn === null ? [] : this.push(torn);
    const rest = this.#isNdjson === true ? [] : this.#parser.end();
    this.#contradiction ??= this.#parser.contradiction;
    this.#linesBefore += this.#line;
    this.#line = 0;
    this.#isNdjson = null;
    this.#parser = new LogParser(this.#name, { layout: this.#layout });
    return [...last, ...rest].map((one) => (torn === null ? one : maybeTorn(one, torn)));
  }

  /** A line is missing here. */
  seam(why: string): Observation {
    return { sid: null, at: { file: this.#name, line: Math.max(1, this.#line) }, said: { what: 'seam', why } };
  }

  /** A sentence: what is wrong with the layout; null: nothing is known. */
  get fault(): string | null {
    const { contradiction, misfit, counts } = this.#parser;
    this.#contradiction ??= contradiction;
    if (this.#contradiction !== null) return this.#contradiction;
    if (this.#layout === null || counts.ofLayout > 0 || misfit?.isElection !== true) return null;
    const place = `${this.#name}:${misfit.line}:${misfit.column}`;
    return `No line of ${this.#name} has the layout ${this.#layout.parts.name} so far; ${place}: ${misfit.why}.`;
  }

  #readNdjson(line: string): readonly Observation[] {
    if (line.trim() === '') return [];
    const at = { file: this.#name, line: this.#line };
    const read = parseObservation(line, at);
    if (read.ok) return [read.value];
    return [{ sid: null, at, said: { what: 'unreadable', text: line.slice(0, TEXT_MAX), why: read.error } }];
  }
}
