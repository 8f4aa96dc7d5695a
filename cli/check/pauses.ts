/** The longest time in which no hand expanded a state, as seen from outside: looked at again and again, never guessed. */

/** It is told to within so much. */
const EVERY_MS = 10;

export class Pauses {
  #longestMs = 0;
  #last = 0;
  #since = 0;
  #timer: NodeJS.Timeout | null = null;

  /** `generated`: grows while states are expanded. */
  begin(generated: () => number): void {
    this.#last = generated();
    this.#since = performance.now();
    this.#timer = setInterval(() => this.#look(generated()), EVERY_MS);
    this.#timer.unref();
  }

  #look(generated: number): void {
    const now = performance.now();
    this.#longestMs = Math.max(this.#longestMs, now - this.#since);
    if (generated === this.#last) return;
    this.#last = generated;
    this.#since = now;
  }

  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  get longestMs(): number {
    return Math.round(this.#longestMs);
  }
}
