/** What every command is given. */
import type { ExitCode } from './exit-codes.js';
import type { Output } from './output.js';

export interface Running {
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly done: (code: ExitCode) => void;
}
