/** A growing file, or standard input: what is new in it, line by line, with whose it is. */
import { basename } from 'node:path';
import { Attribution, type Attributed, type AttributionOptions } from '../../traces/live/attribution.js';
import { missingBetween, rolledName } from '../../traces/files/rolled.js';
import { readLinesOf } from '../../traces/files/read-lines.js';
import type { OpenPart } from '../../traces/files/siblings.js';
import type { Tailed, TailedFile } from '../../traces/files/tail.js';
import type { Observation } from '../../traces/observation.js';
import type { Layout } from '../../traces/parse/layout/layout.js';
import { LineReader } from './line-reader.js';

/** Where new lines come from. */
export interface GrowingLines {
  poll(): Promise<Tailed>;
  close(): Promise<void>;
  readonly isInLine: boolean;
  /** Nothing more will come. */
  readonly isAtEnd: boolean;
}

export interface LiveSourceOptions extends AttributionOptions {
  /** For people. */
  readonly label: string;
  readonly path: string;
  readonly layout: Layout | null;
  /** Rolled parts that were there before, oldest first. */
  readonly older: readonly OpenPart[];
}

/** What one look at a source gave. */
export interface Polled {
  readonly lines: readonly Attributed[];
  /** For people: what happened to the file. */
  readonly events: readonly string[];
  readonly more: boolean;
}

const EVENTS = {
  appeared: 'is there and is read',
  rolled: 'was rolled: reading goes on with the next',
  replaced: 'was replaced: lines may be missing, reading goes on with the new one',
  cut: 'was cut: lines may be missing, reading goes on from its beginning',
} as const;

/** Why lines may be missing. */
const SEAMS = {
  replaced: 'the file was replaced, and the old one is not there any more: what was written in between may be missing',
  cut: 'the file was cut: what was written between the last look and the cut may be missing',
} as const;

export class LiveSource {
  readonly label: string;
  readonly attribution: Attribution;
  readonly reader: LineReader;
  readonly #lines: GrowingLines;
  readonly #options: LiveSourceOptions;
  #older: AsyncIterator<readonly Observation[]> | null;

  constructor(lines: GrowingLines, options: LiveSourceOptions) {
    this.label = options.label;
    this.attribution = new Attribution(options);
    this.reader = new LineReader(options.label, options.layout);
    this.#lines = lines;
    this.#options = options;
    this.#older = options.older.length === 0 ? null : this.#readOlder();
  }

  get isAtEnd(): boolean {
    return this.#lines.isAtEnd;
  }

  /** A line is begun and not ended: it is not judged. */
  get isInLine(): boolean {
    return this.#lines.isInLine;
  }

  /** Throws InputError. */
  async poll(): Promise<Polled> {
    if (this.#older !== null) {
      const { done, value } = await this.#older.next();
      if (done === true) this.#older = null;
      else return { lines: this.#attributed(value), events: [], more: true };
    }
    const { lines, event, torn, more } = await this.#lines.poll();
    const observations: Observation[] = [];
    if (event !== null || torn !== null) observations.push(...this.reader.end(torn));
    if (event === 'replaced' || event === 'cut') observations.push(this.reader.seam(SEAMS[event]));
    for (const line of lines) observations.push(...this.reader.push(line));
    const events = event === null ? [] : [EVENTS[event]];
    return { lines: this.#attributed(observations), events, more };
  }

  #attributed(observations: readonly Observation[]): readonly Attributed[] {
    return observations.flatMap((observation) => this.attribution.take(observation));
  }

  async *#readOlder(): AsyncGenerator<readonly Observation[]> {
    const { older, path: newest } = this.#options;
    for (const [index, { path, handle }] of older.entries()) {
      const reader = new LineReader(path, this.#options.layout);
      for await (const { lines } of readLinesOf(handle, path)) yield lines.flatMap((line) => reader.push(line));
      yield reader.end(null);
      const gap = missingBetween(rolledName(basename(path)), rolledName(basename(older[index + 1]?.path ?? newest)));
      if (gap > 0) yield [reader.seam('rolled parts are missing behind this file')];
    }
  }

  async close(): Promise<void> {
    await this.#lines.close();
  }
}

/** A file that is looked at again and again: it never ends. */
export function growing(file: TailedFile): GrowingLines {
  return {
    poll: async () => file.poll(),
    close: async () => file.close(),
    get isInLine() {
      return file.isInLine;
    },
    isAtEnd: false,
  };
}
