/** Files that a log was renamed to: what was written between two looks may stand in them. */
import type { Stats } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { compareRolled, rolledName } from './rolled.js';

export interface Sibling {
  readonly path: string;
  /** Device and number: it stays when a file is renamed. */
  readonly identity: string;
  readonly isCompressed: boolean;
}

export const identityOf = ({ dev, ino }: Pick<Stats, 'dev' | 'ino'>): string => `${dev}:${ino}`;

/** The file itself and its rolled parts, in the order in which they were made; none if the folder cannot be read. */
export async function siblingsOf(path: string): Promise<readonly Sibling[]> {
  const folder = dirname(path);
  const own = basename(path);
  const names = (await readdir(folder).catch(() => [])).filter((name) => isPartOf(name, own));
  const found = await Promise.all(
    names.map(async (name) => {
      const at = join(folder, name);
      const stats = await stat(at).catch(() => null);
      return stats === null || !stats.isFile() ? [] : [{ name, at, stats }];
    }),
  );
  return found
    .flat()
    .sort((a, b) => a.stats.birthtimeMs - b.stats.birthtimeMs || compareRolled(rolledName(a.name), rolledName(b.name)))
    .map(({ name, at, stats }) => ({ path: at, identity: identityOf(stats), isCompressed: name.endsWith('.gz') }));
}

/** A part that is open: it stays the same file whatever it is called by now. */
export interface OpenPart {
  readonly path: string;
  readonly handle: FileHandle;
  readonly identity: string;
}

/** So often parts are opened anew because they were renamed meanwhile. */
const TRIES_MAX = 10;

/**
 * Opens the rolled parts of `path` that `isWanted`, oldest first by their names, as they are called at one moment; and
 * tells which other files there are at that moment, read or not, that are not the one that is called so.
 */
export async function openParts(
  path: string,
  isWanted: (part: string) => boolean,
): Promise<{ readonly parts: readonly OpenPart[]; readonly others: ReadonlySet<string> }> {
  for (let tries = 1; ; tries++) {
    const current = await identityAt(path);
    const siblings = (await siblingsOf(path)).filter(({ identity }) => identity !== current);
    const older = siblings.filter((part) => isWanted(part.path));
    older.sort((a, b) => compareRolled(rolledName(basename(a.path)), rolledName(basename(b.path))));
    const parts: OpenPart[] = [];
    for (const part of older) {
      const handle = await open(part.path, 'r').catch(() => null);
      if (handle !== null) parts.push({ path: part.path, handle, identity: identityOf(await handle.stat()) });
    }
    const now = await Promise.all(older.map(async (part) => identityAt(part.path)));
    const same = now.every((identity, index) => identity === parts[index]?.identity);
    if ((same && current === (await identityAt(path))) || tries === TRIES_MAX) {
      return { parts, others: new Set(siblings.map(({ identity }) => identity)) };
    }
    for (const { handle } of parts) await handle.close();
  }
}

async function identityAt(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found === null ? '' : identityOf(found);
}

/** Whatever rotates logs appends to the name, or puts a date before its ending. */
function isPartOf(name: string, own: string): boolean {
  return name === own || name.startsWith(`${own}.`) || rolledName(name).stem === own;
}
