/** A log that can be altered. Lines count from 1, as in the recorded file. */
export class AlteredLog {
  readonly #lines: (readonly string[])[];

  constructor(lines: readonly string[]) {
    this.#lines = lines.map((line) => [line]);
  }

  get text(): readonly string[] {
    return this.#lines.flat();
  }

  #at(line: number, holds: string): readonly string[] {
    const found = this.#lines[line - 1];
    if (found?.[0]?.includes(holds) !== true) throw new Error(`line ${line} does not hold "${holds}": ${found?.[0]}`);
    return found;
  }

  replace(line: number, from: string, to: string): void {
    const [text = '', ...rest] = this.#at(line, from);
    this.#lines[line - 1] = [text.replace(from, to), ...rest];
  }

  remove(line: number, holds: string): void {
    this.#at(line, holds);
    this.#lines[line - 1] = [];
  }

  /** The line once more, behind another. */
  repeat(line: number, holds: string, behind = line): void {
    const [text = ''] = this.#at(line, holds);
    this.#lines[behind - 1] = [...(this.#lines[behind - 1] ?? []), text];
  }

  move(line: number, holds: string, behind: number): void {
    this.repeat(line, holds, behind);
    this.#lines[line - 1] = [];
  }

  /** A copy of a line with another text. */
  insert(behind: number, like: number, [from, to]: readonly [from: string, to: string]): void {
    const [text = ''] = this.#at(like, from);
    this.#lines[behind - 1] = [...(this.#lines[behind - 1] ?? []), text.replace(from, to)];
  }
}
