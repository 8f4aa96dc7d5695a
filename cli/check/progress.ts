/** How far a search has come, on standard error: a line redrawn every second on a terminal, one each ten seconds elsewhere. */
import type { Progress } from '../../checker/search.js';
import type { Output } from '../output.js';

const TTY_EVERY_MS = 1000;
const PLAIN_EVERY_MS = 10_000;

export class CheckProgress {
  readonly #output: Output;
  readonly #name: string;
  #timer: NodeJS.Timeout | null = null;
  #last = { generated: 0, at: performance.now() };

  constructor(output: Output, name: string) {
    this.#output = output;
    this.#name = name;
  }

  begin(look: () => Progress): void {
    const { isTty } = this.#output;
    this.#timer = setInterval(() => this.#tell(look()), isTty ? TTY_EVERY_MS : PLAIN_EVERY_MS);
    this.#timer.unref();
  }

  #tell({ distinct, generated, depth, queue, bytes }: Progress): void {
    const now = performance.now();
    const rate = Math.round((generated - this.#last.generated) / ((now - this.#last.at) / 1000));
    this.#last = { generated, at: now };
    const words = [
      `${distinct.toLocaleString('en')} distinct`,
      `${generated.toLocaleString('en')} generated`,
      `${rate.toLocaleString('en')}/s`,
      `depth ${depth}`,
      `queue ${queue.toLocaleString('en')}`,
      `${Math.round(bytes / 2 ** 20).toLocaleString('en')} MB`,
    ];
    const text = `${this.#name}: ${words.join(', ')}`;
    if (this.#output.isTty) process.stderr.write(`\r\u001b[K${text}`);
    else this.#output.err(text);
  }

  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#output.isTty) process.stderr.write('\r\u001b[K');
  }
}
