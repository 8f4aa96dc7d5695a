/** Files that a log was renamed to: what was written between two looks may stand in them. */
import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
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

/** Whatever rotates logs appends to the name, or puts a date before its ending. */
function isPartOf(name: string, own: string): boolean {
  return name === own || name.startsWith(`${own}.`) || rolledName(name).stem === own;
}
