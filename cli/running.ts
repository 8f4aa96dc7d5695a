/** What every command is given. */
import type { ExitCode } from './exit-codes.js';

export interface Running {
  readonly signal: AbortSignal;
  readonly done: (code: ExitCode) => void;
}
