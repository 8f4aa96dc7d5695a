/** `zabcheck itf FILE`: an ITF trace of observations as NDJSON, to be judged. */
import { readFileSync } from 'node:fs';
import { linesOfItf } from '../../traces/itf.js';
import { InputError, inputError } from '../../traces/files/input-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';

/** Throws InputError that names the file. */
export function itfCommand(file: string, output: Output): ExitCode {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const isLong = error instanceof Error && 'code' in error && error.code === 'ERR_STRING_TOO_LONG';
    throw isLong
      ? new InputError(file, `Cannot read ${file}: it is too large (more than 500 MB).`)
      : inputError(file, error);
  }
  const lines = linesOfItf(text);
  if (!lines.ok) throw new InputError(file, `${file}: ${lines.error}`);
  output.out(lines.value.join('\n'));
  return EXIT.accepted;
}
