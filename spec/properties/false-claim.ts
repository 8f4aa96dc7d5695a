/** A claim that one is tempted to make of the election, and that is false. */
import type { History, StepTaken } from '../history.js';

export interface FalseClaim {
  /** Stable: reports and tests name it. */
  readonly id: string;
  /** The claim, as one would make it. */
  readonly claim: string;
  readonly tempting: string;
  readonly whyFalse: string;
  /** 'windowed': steps must be cut finely enough to see between two writes, or between reading and answering. */
  readonly grain: 'any' | 'windowed';
  /** Does the step refute the claim? `history` is the one after the step. */
  witness(step: StepTaken, history: History): boolean;
}
