/** What is reported of a false statement in a recorded log: for the tests, and for a list to read. */
import { implMachine } from '../models/impl-machine.js';
import type { Verdict } from '../traces/verdict.js';
import { doctor } from './doctor.js';
import type { DoctoredCase } from './doctored-case.js';
import { judgeLines } from './recorded-log.js';

export interface DoctoredReport {
  readonly title: string;
  /** `release/scenario` */
  readonly scenario: string;
  /** The altered line, from 1. */
  readonly line: number;
  /** The line where no hypothesis was left; null: not diverged. */
  readonly foundAt: number | null;
  /** Of the report; null: not diverged. */
  readonly firstSentence: string | null;
  /** The Java method whose rule fails; null: not diverged. */
  readonly method: string | null;
  readonly verdict: Verdict;
}

/** Judges the altered log. */
export async function reportOf(
  one: Pick<DoctoredCase, 'title' | 'log' | 'at' | 'edit'>,
  { machine = implMachine, gaps = false } = {},
): Promise<DoctoredReport> {
  const { lines, line } = doctor(one);
  const verdict = await judgeLines(one.log, lines, { machine, gaps });
  const { divergence } = verdict;
  return {
    title: one.title,
    scenario: one.log.split('/').slice(0, 2).join('/'),
    line,
    foundAt: divergence?.at.line ?? null,
    firstSentence: divergence?.reason ?? null,
    method: divergence?.method ?? null,
    verdict,
  };
}
