/** Exit codes of every command, documented in the README. */
import type { VerdictKind } from '../traces/verdict.js';

export const EXIT = { accepted: 0, diverged: 1, badInput: 2, inconclusive: 3, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The worst first: what could not be read hides more than what is wrong. */
const SEVERITY: readonly ExitCode[] = [
  EXIT.interrupted,
  EXIT.badInput,
  EXIT.diverged,
  EXIT.inconclusive,
  EXIT.accepted,
];

export function exitCodeOf(verdict: VerdictKind): ExitCode {
  return EXIT[verdict];
}

/** The worst of several; 0 for none. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  return SEVERITY.find((code) => codes.includes(code)) ?? EXIT.accepted;
}
