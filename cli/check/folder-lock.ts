/** One process at a time writes into a folder of checkpoints: two would overwrite each other's. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../usage-error.js';

/** Holds the number of the process, and when it began if the system tells: numbers are given out again. */
export const LOCK_FILE = 'lock';

/** Gives what releases it. What a process that died left behind is taken over. Throws UsageError where another process writes there. */
export function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK_FILE);
  while (!isWritten(path)) {
    const [pid = '', begin = ''] = textOf(path).split(' ');
    if (isAlive(Number(pid)) && beginOf(pid) === begin)
      throw new UsageError(
        `${path}: process ${pid} keeps a run there. If it is none of zabcheck, delete this file and try again.`,
      );
    rmSync(path, { force: true });
  }
  return () => rmSync(path, { force: true });
}

/** False: it is there already. */
function isWritten(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid} ${beginOf(String(process.pid))}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** Empty: there is nothing to be read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Ticks from the start of the system to that of the process (proc(5), field 22 of its status); empty: not to be known. */
function beginOf(pid: string): string {
  const [, fields = ''] = textOf(`/proc/${pid}/stat`).split(') ');
  return fields.split(' ')[19] ?? '';
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
