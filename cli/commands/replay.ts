/** `zabcheck replay TOKEN`: plays a script again, and tells it step by step. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseScript, printScript } from '../../models/fuzz/script-codec.js';
import { replayCheck } from '../check/replay-check.js';
import { CHECK_PREFIX } from '../check/token.js';
import { execOf } from '../exec/flags.js';
import { parseDuration } from '../fuzz/flags.js';
import type { Report } from '../fuzz/messages.js';
import { runWorker } from '../fuzz/run-worker.js';
import { parseToken } from '../fuzz/token.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage-error.js';

export interface ReplayFlags {
  readonly subject?: string;
  readonly exec?: string;
  readonly answerWithin: string;
  readonly fresh?: true;
  readonly mermaid?: string;
  readonly step?: boolean;
  readonly patience: string;
}

export interface ReplayContext {
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** `token`: one of fuzz or of check, or a file that holds one, or a script as JSON. 0: the subject did what the specification allows; 1: it did not; 2: the token cannot be read. */
export async function replay(token: string, flags: ReplayFlags, { output, signal }: ReplayContext): Promise<ExitCode> {
  const text = existsSync(token) ? readFileSync(token, 'utf8').trim() : token.trim();
  if (text.startsWith(CHECK_PREFIX)) return replayCheck(text, output);
  const script = text.startsWith('{') ? parseScript(text) : parseToken(text);
  if (!script.ok) throw new UsageError(script.error);
  const patienceMs = parseDuration('--patience', flags.patience);
  const order = {
    kind: 'replay',
    subject: flags.subject ?? null,
    exec: execOf(flags),
    script: printScript(script.value),
  } as const;
  const end = await runWorker(order, { signal, patienceMs, onProgress: () => undefined });
  switch (end.kind) {
    case 'unusable':
      throw new UsageError(end.message);
    case 'interrupted':
      output.err('interrupted');
      return EXIT.interrupted;
    case 'died':
      output.out(`FAILED: ${end.why}`);
      return EXIT.diverged;
    case 'replayed':
      return tell(end.report, flags, { output, signal });
    default:
      throw new Error('internal error: a replaying worker fuzzed');
  }
}

async function tell(report: Report, flags: ReplayFlags, { output, signal }: ReplayContext): Promise<ExitCode> {
  if (flags.mermaid !== undefined) writeFileSync(flags.mermaid, report.diagram);
  const lines = report.text.split('\n');
  if (flags.step === true && process.stdin.isTTY) await tellSlowly(lines, { output, signal });
  else output.out(report.text);
  if (report.violation === null) {
    output.out(`\nheld: ${report.taken} steps, each allowed by the specification`);
    return EXIT.accepted;
  }
  output.out(`\nFAILED: ${report.violation.sentence}`);
  return EXIT.diverged;
}

/** A line for each press of Enter. */
async function tellSlowly(lines: readonly string[], { output, signal }: ReplayContext): Promise<void> {
  const keyboard = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (const line of lines) {
      output.out(line);
      await keyboard.question('', { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    keyboard.close();
  }
}
