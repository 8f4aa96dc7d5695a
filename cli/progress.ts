/** Progress of long reading on standard error: a line that is redrawn on a terminal, one line each ten seconds elsewhere. */
import type { Output } from './output.js';

const TTY_EVERY_MS = 200;
const PLAIN_EVERY_MS = 10_000;

export class Progress {
  readonly #output: Output;
  readonly #started = Date.now();
  #last = Date.now();
  #done = 0;
  #current = '';
  #drawn = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** The log that is read from now on. */
  begin(label: string): void {
    this.#current = label;
  }

  /** Adds bytes read. */
  add(bytes: number): void {
    this.#done += bytes;
    const now = Date.now();
    const { isTty } = this.#output;
    if (now - this.#last < (isTty ? TTY_EVERY_MS : PLAIN_EVERY_MS)) return;
    this.#last = now;
    const megabytes = this.#done / 1e6;
    const rate = megabytes / Math.max(0.001, (now - this.#started) / 1000);
    const text = `${this.#current}: ${megabytes.toFixed(0)} MB read, ${rate.toFixed(1)} MB/s`;
    if (isTty) {
      process.stderr.write(`\r\u001b[K${text}`);
      this.#drawn = true;
    } else this.#output.err(text);
  }

  /** Clears the line, if one was drawn. */
  end(): void {
    if (this.#drawn) process.stderr.write('\r\u001b[K');
    this.#drawn = false;
  }
}
