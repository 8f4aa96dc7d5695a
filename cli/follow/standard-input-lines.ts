/** Lines of standard input as they come. */
import type { Readable } from 'node:stream';
import { LineCutter } from '../../traces/files/read-lines.js';
import { InputError } from '../../traces/files/input-error.js';
import type { Tailed } from '../../traces/files/tail.js';
import type { GrowingLines } from './live-source.js';

/** So many lines wait at most: whoever writes more waits, too. */
const WAITING_MAX = 20_000;

export class StandardInputLines implements GrowingLines {
  readonly #input: Readable;
  readonly #cutter = new LineCutter();
  readonly #decoder = new TextDecoder();
  #waiting: string[] = [];
  #torn: string | null = null;
  #hasEnded = false;
  #error: Error | null = null;

  constructor(input: Readable = process.stdin) {
    this.#input = input;
    input.on('data', (chunk: Uint8Array) => {
      for (const line of this.#cutter.push(this.#decoder.decode(chunk, { stream: true }))) this.#waiting.push(line);
      if (this.#waiting.length > WAITING_MAX) input.pause();
    });
    input.once('end', () => {
      this.#hasEnded = true;
      this.#torn = this.#cutter.end();
    });
    input.once('error', (error) => (this.#error = error));
  }

  get isInLine(): boolean {
    return this.#cutter.isOpen;
  }

  get isAtEnd(): boolean {
    return this.#hasEnded && this.#waiting.length === 0 && this.#torn === null;
  }

  async poll(): Promise<Tailed> {
    if (this.#error !== null) throw new InputError('stdin', `Cannot read standard input: ${this.#error.message}.`);
    const lines = this.#waiting;
    const more = this.#input.isPaused();
    this.#waiting = [];
    if (lines.length > 0) {
      this.#input.resume();
      return { lines, event: null, torn: null, more };
    }
    const torn = this.#torn;
    this.#torn = null;
    return { lines, event: null, torn, more: false };
  }

  async close(): Promise<void> {
    this.#input.destroy();
  }
}
