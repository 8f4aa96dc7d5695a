/** One process at a time writes into a folder of checkpoints: two would overwrite each other's. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../usage-error.js';

/** Holds the number of the process. */
export const LOCK_FILE = 'lock';

/** Gives what releases it. What a process that died left behind is taken over. Throws UsageError where another process writes there. */
export function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK_FILE);
  while (!isWritten(path)) {
    const holder = holderOf(path);
    if (isAlive(holder))
      throw new UsageError(
        `${path}: process ${holder} keeps a run there. If it is none of zabcheck, delete this file and try again.`,
      );
    rmSync(path, { force: true });
  }
  return () => rmSync(path, { force: true });
}

/** False: it is there already. */
function isWritten(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** 0: nobody. */
function holderOf(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
