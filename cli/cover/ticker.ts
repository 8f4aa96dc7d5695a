/** Progress on standard error: a line redrawn on a terminal, one line each ten seconds elsewhere. */
import type { Output } from '../output.js';

const TTY_EVERY_MS = 1000;
const PLAIN_EVERY_MS = 10_000;

export class Ticker {
  readonly #output: Output;
  #last = performance.now();
  #drawn = false;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Told often, shown now and then. */
  tell(words: () => string): void {
    const now = performance.now();
    const { isTty } = this.#output;
    if (now - this.#last < (isTty ? TTY_EVERY_MS : PLAIN_EVERY_MS)) return;
    this.#last = now;
    if (isTty) process.stderr.write(`\r\u001b[K${words()}`);
    else this.#output.err(words());
    this.#drawn = isTty;
  }

  end(): void {
    if (this.#drawn) process.stderr.write('\r\u001b[K');
    this.#drawn = false;
  }
}
