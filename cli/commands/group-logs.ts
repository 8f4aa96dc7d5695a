/** Which logs are of one ensemble: found out by where they lie. */
import { dirname, join } from 'node:path';
import type { Sid } from '../../types/ids.js';

/** Where a log lies, and whose it is. */
export interface Placed {
  readonly sid: Sid;
  /** Its newest file. */
  readonly file: string;
  /** The voters and observers of its configuration; null: it has none. */
  readonly members: ReadonlySet<Sid> | null;
}

/** A folder's groups: `open` may still be joined by what lies beside the folder. */
interface Gathered<T> {
  readonly closed: readonly (readonly T[])[];
  readonly open: readonly T[];
}

/**
 * Logs of different servers in one folder, or each in a folder of its own beside the others, are one ensemble. Two logs
 * of one server never are: then each folder stands alone. Only groups of two and more are told.
 */
export function groupLogs<T extends Placed>(logs: readonly T[]): readonly (readonly T[])[] {
  const root: Folder<T> = { logs: [], folders: new Map() };
  for (const log of logs) {
    let folder = root;
    for (const name of dirname(join('/', log.file)).split('/').filter(Boolean)) {
      const inner = folder.folders.get(name) ?? { logs: [], folders: new Map() };
      folder.folders.set(name, inner);
      folder = inner;
    }
    folder.logs.push(log);
  }
  const { closed, open } = gathered(root);
  return [...closed, open].filter((group) => group.length > 1);
}

interface Folder<T> {
  readonly logs: T[];
  readonly folders: Map<string, Folder<T>>;
}

function gathered<T extends Placed>({ logs, folders }: Folder<T>): Gathered<T> {
  const inner = [...folders.values()].map(gathered);
  const closed = inner.flatMap((one) => one.closed);
  const candidates = [...logs, ...inner.flatMap(({ open }) => open)];
  if (fitTogether(candidates)) {
    // A folder with several servers is an ensemble, whatever lies above it.
    const whole = logs.length > 1 || (logs.length === 0 && inner.filter(({ open }) => open.length > 0).length > 1);
    if (!whole) return { closed, open: candidates };
    return { closed: [...closed, candidates], open: [] };
  }
  const apart = inner.map(({ open }) => open).filter((group) => group.length > 1);
  return { closed: [...closed, ...apart, ...(fitTogether(logs) ? [logs] : [])], open: [] };
}

function fitTogether(logs: readonly Placed[]): boolean {
  const sids = new Set(logs.map(({ sid }) => sid));
  if (sids.size < logs.length) return false;
  const configs = logs.flatMap(({ members }) => (members === null ? [] : [members]));
  return configs.every((members) => [...sids].every((sid) => members.has(sid)));
}
