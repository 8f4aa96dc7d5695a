/** A list of texts in shared memory, on whose order several threads agree. */

/** Places in the control words. */
const LOCK = 0;
const LENGTH = 1;
const HEAD = 8;

export interface SharedTextsMemory {
  readonly control: SharedArrayBuffer;
  readonly bytes: SharedArrayBuffer;
}

export function newSharedTextsMemory(megabytes: number): SharedTextsMemory {
  return { control: new SharedArrayBuffer(64), bytes: new SharedArrayBuffer(megabytes * 2 ** 20) };
}

/** Takes an entry: its kind and its text. */
export type TakeText = (kind: number, text: string) => void;

/** One thread's view of the list. */
export class SharedTexts {
  readonly #control: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Bytes taken over so far. */
  #seen = 0;

  constructor({ control, bytes }: SharedTextsMemory) {
    this.#control = new Int32Array(control);
    this.#bytes = new Uint8Array(bytes);
    this.#view = new DataView(bytes);
  }

  /** All entries not yet taken, in order. */
  catchUp(take: TakeText): void {
    const length = Atomics.load(this.#control, LENGTH);
    while (this.#seen < length) {
      const kind = this.#view.getUint32(this.#seen);
      const size = this.#view.getUint32(this.#seen + 4);
      const start = this.#seen + HEAD;
      take(kind, new TextDecoder().decode(this.#bytes.slice(start, start + size)));
      this.#seen = start + size;
    }
  }

  /** Adds a text unless another thread has: either way `take` gets it in its turn. Throws RangeError if it is full. */
  agree(kind: number, text: string, take: TakeText): void {
    const control = this.#control;
    while (Atomics.compareExchange(control, LOCK, 0, 1) !== 0);
    try {
      let known = false;
      const watch: TakeText = (agreed, agreedText) => {
        known ||= agreed === kind && agreedText === text;
        take(agreed, agreedText);
      };
      this.catchUp(watch);
      if (known) return;
      const encoded = new TextEncoder().encode(text);
      const at = Atomics.load(control, LENGTH);
      if (at + HEAD + encoded.length > this.#bytes.length)
        throw new RangeError('too many different values for the memory kept for them');
      this.#view.setUint32(at, kind);
      this.#view.setUint32(at + 4, encoded.length);
      this.#bytes.set(encoded, at + HEAD);
      Atomics.store(control, LENGTH, at + HEAD + encoded.length);
      this.catchUp(take);
      return;
    } finally {
      Atomics.store(control, LOCK, 0);
    }
  }
}

/** Bytes in use: they do not change any more. */
export function lengthOfTexts({ control }: SharedTextsMemory): number {
  return Atomics.load(new Int32Array(control), LENGTH);
}

/** `length` bytes stand there already. */
export function takeTexts({ control }: SharedTextsMemory, length: number): void {
  Atomics.store(new Int32Array(control), LENGTH, length);
}
