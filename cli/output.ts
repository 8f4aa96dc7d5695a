/** Where a command writes, and what it is told about the terminal. Tests hand in their own. */
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
