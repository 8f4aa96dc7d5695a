/** Where a command writes, and what it is told about the terminal. */
import pc from 'picocolors';

export interface Output {
  /** Results. */
  out(text: string): void;
  /** Progress and errors. */
  err(text: string): void;
  readonly isTty: boolean;
  readonly colors: ReturnType<typeof pc.createColors>;
}

export const processOutput: Output = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  isTty: process.stderr.isTTY === true,
  colors: pc.createColors(pc.isColorSupported && process.stdout.isTTY === true),
};

/** Keeps what is said, without colours: for whoever asks a command in this process. */
export class KeptOutput implements Output {
  readonly isTty = false;
  readonly colors = pc.createColors(false);
  /** Lines end with a line feed each. */
  said = { out: '', err: '' };

  out(text: string): void {
    this.said.out += `${text}\n`;
  }

  err(text: string): void {
    this.said.err += `${text}\n`;
  }
}
