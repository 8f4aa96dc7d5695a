/** Loads the module of a subject: a file (TypeScript included) or an installed package. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import type { Subject } from '../../models/conformance/peer.js';
import { UsageError } from '../usage-error.js';

/** Throws `UsageError` if there is no such module, or it does not export a subject. */
export async function loadSubject(name: string): Promise<Subject> {
  const url = locate(name);
  let module: unknown;
  try {
    module = await tsImport(url, { parentURL: import.meta.url, tsconfig: false });
  } catch (error) {
    throw new UsageError(`--subject ${name} could not be loaded: ${firstLine(error)}`);
  }
  const subject = exported(module);
  if (subject === null) {
    throw new UsageError(`--subject ${name}: its default export must have "name" (text) and "boot" (function)`);
  }
  return subject;
}

function locate(name: string): string {
  const path = resolve(name);
  if (existsSync(path)) return pathToFileURL(path).href;
  try {
    return pathToFileURL(createRequire(resolve('package.json')).resolve(name)).href;
  } catch {
    throw new UsageError(`--subject ${name}: there is no such file, and no such package is installed here`);
  }
}

function exported(module: unknown): Subject | null {
  for (let value = module, depth = 0; depth < 3; depth++) {
    if (isSubject(value)) return value;
    if (typeof value !== 'object' || value === null || !('default' in value)) return null;
    value = value.default;
  }
  return null;
}

function isSubject(value: unknown): value is Subject {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'boot' in value &&
    typeof value.boot === 'function'
  );
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? 'unknown';
}
