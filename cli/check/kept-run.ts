/** `--checkpoint`, `--checkpoint-every`, `--resume`: which run is gone on with, and where it is kept. */
import { encode } from '../../checker/encode.js';
import type { Checkpoints, Resumed } from '../../checker/checkpoints.js';
import type { ModelChoice } from '../../models/models.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage-error.js';
import { buildHash } from './build-hash.js';
import { CheckpointFolder } from './checkpoint-folder.js';
import type { CheckpointBody } from './checkpoint-format.js';
import { readCheckpoint, resumedFrom } from './resume.js';

const EVERY_SECONDS = '300';

export interface KeepFlags {
  readonly checkpoint?: string;
  readonly checkpointEvery?: string;
  readonly resume?: string;
  readonly search: string;
  readonly fingerprint?: true | undefined;
}

/** A run with checkpoints, or none. */
export interface KeptRun {
  readonly checkpoints?: Checkpoints;
  readonly resumed?: Resumed;
  /** Writes what is still to be written. */
  end(): Promise<void>;
}

/** The run to go on with; null: none is asked for. Throws UsageError. */
export function bodyToResume({ resume, ...flags }: KeepFlags): CheckpointBody | null {
  if (resume === undefined) return null;
  demandExact(flags, '--resume');
  return readCheckpoint(resume, buildHash());
}

/** Only the same model may be named beside a checkpoint. Throws UsageError. */
export function demandSame(folder: string, kept: ModelChoice, asked: ModelChoice): void {
  if (encode(kept) !== encode(asked))
    throw new UsageError(
      `${folder}/checkpoint is of another model: ${kept.model} with the bounds ${JSON.stringify(kept.bounds)}.`,
    );
}

/** Throws UsageError. */
export function keptRun(flags: KeepFlags, choice: ModelChoice, body: CheckpointBody | null, output: Output): KeptRun {
  const folder = flags.checkpoint ?? flags.resume;
  const everyMs = secondsOf(flags.checkpointEvery ?? EVERY_SECONDS) * 1000;
  if (folder === undefined) {
    if (flags.checkpointEvery !== undefined) throw new UsageError('--checkpoint-every goes with --checkpoint.');
    return { end: async () => undefined };
  }
  demandExact(flags, '--checkpoint');
  const resumed = body !== null && folder === flags.resume ? body : null;
  const complain = (sentence: string): void => output.err(sentence);
  const checkpoints = new CheckpointFolder({ folder, everyMs, choice, build: buildHash(), resumed, complain });
  const from = body === null || flags.resume === undefined ? {} : { resumed: resumedFrom(flags.resume, body) };
  return { checkpoints, ...from, end: () => checkpoints.end() };
}

/** Of what is resumed, rows must have been kept. */
function demandExact({ search, fingerprint }: KeepFlags, flag: string): void {
  if (search !== 'breadth') throw new UsageError(`${flag} goes with --search breadth.`);
  if (fingerprint === true)
    throw new UsageError(
      `${flag} does not go with --fingerprint: states are not kept there, only fingerprints of them.`,
    );
}

function secondsOf(text: string): number {
  const seconds = /^\d{1,6}(?:\.\d{1,3})?$/.test(text) ? Number(text) : NaN;
  if (seconds >= 0.01) return seconds;
  throw new UsageError(`--checkpoint-every is a number of seconds, from 0.01, not "${text}".`);
}
