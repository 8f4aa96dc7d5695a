/** Makes whole lines of pieces: continuation lines are joined to the line above, lines of one record to each other. */
import { RecordPlace } from '../record.js';
import type { Layout } from './layout.js';

/** A line as a layout sees it. */
export interface JoinedLine {
  readonly text: string;
  /** Of its first line in the file, from 1. */
  readonly line: number;
}

/** So many characters a line may grow to by joining. */
const JOINED_MAX = 65_536;

export class LineJoiner {
  readonly #layout: Layout;
  readonly #place = new RecordPlace();
  /** The line that may still be continued. */
  #open: JoinedLine | null = null;
  /** Lines that may be the beginning of a record of several. */
  #held: JoinedLine[] = [];

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** The lines that are whole now. */
  push(text: string, line: number): readonly JoinedLine[] {
    if (this.#layout.parts.continuation === null) return this.#gather({ text, line });
    const more = this.#open === null ? null : this.#layout.continued(text);
    if (this.#open !== null && more !== null) {
      this.#open = { ...this.#open, text: (this.#open.text + more).slice(0, JOINED_MAX) };
      return [];
    }
    const before = this.#open;
    this.#open = { text, line };
    return before === null ? [] : this.#gather(before);
  }

  /** What is left at the end of a file. */
  end(): readonly JoinedLine[] {
    const before = this.#open;
    this.#open = null;
    const last = before === null ? [] : this.#gather(before);
    const held = this.#held;
    this.#held = [];
    return [...last, ...held];
  }

  #gather(one: JoinedLine): readonly JoinedLine[] {
    const { lineBreaks } = this.#layout;
    if (lineBreaks === 0) return [one];
    this.#held.push(one);
    if (this.#held.length <= lineBreaks) return [];
    for (let size = this.#held.length; size > 1; size--) {
      const text = this.#held
        .slice(0, size)
        .map((held) => held.text)
        .join('\n');
      if (text.length > JOINED_MAX || this.#layout.locate(text, this.#place).unfit !== null) continue;
      const line = this.#held[0]?.line ?? one.line;
      this.#held = this.#held.slice(size);
      return [{ text, line }];
    }
    return this.#held.splice(0, 1);
  }
}
