/** Reads a layout that a user wrote down. */
import { open } from 'node:fs/promises';
import type { Layout } from '../parse/layout/layout.js';
import { InputError, inputError } from './input-error.js';

/** More bytes are no layout. */
const BYTES_MAX = 1 << 18;

/** Throws InputError that names file, line and column. */
export async function readLayout(path: string): Promise<Layout> {
  // The reader of YAML is as large as all else that judges a log, and few logs need it.
  const { parseLayout } = await import('../parse/layout/layout-file.js');
  const layout = parseLayout(await textOf(path), path);
  if (!layout.ok) throw new InputError(path, layout.error.message);
  return layout.value;
}

async function textOf(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(BYTES_MAX), 0, BYTES_MAX, 0);
      return new TextDecoder().decode(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw inputError(path, cause);
  }
}
