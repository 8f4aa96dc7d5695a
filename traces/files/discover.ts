/** Finds the logs in files and folders: one per server and place, rolled parts joined, servers told apart. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { asSid, type Sid } from '../../types/ids.js';
import { parseDecimalInt64 } from '../../types/int64.js';
import { type Candidate, classify, type Classified } from './classify.js';
import { findConfig, parents, withDynamic, type ConfigFiles } from './find-config.js';
import { InputError, inputError } from './input-error.js';
import type { Layout } from '../parse/layout/layout.js';
import { compareRolled, rolledName } from './rolled.js';

/** One server's log. */
export interface ServerLog {
  /** For people: the path below what was given, with the server's id if several share the file. */
  readonly label: string;
  readonly sid: Sid | null;
  /** Where the id was found. */
  readonly sidFrom: 'content' | 'path' | null;
  /** Oldest first. */
  readonly files: readonly string[];
  readonly form: 'log' | 'ndjson';
  /** The files hold lines of other servers too: only those of `sid` are this log's. */
  readonly shared: boolean;
  /** How records are wrapped, as the user says; null: in a way that is known. */
  readonly layout: Layout | null;
  /** Where the bytes lie, if `files` holds a name that is no path (standard input). */
  readonly storedAt: string | null;
  readonly config: ConfigFiles | null;
}

/** Everything that was found. */
export interface Discovery {
  readonly logs: readonly ServerLog[];
  /** Configurations that were named or met, whether or not a log uses them. */
  readonly configFiles: readonly string[];
  /** Files met in folders that are neither. */
  readonly ignored: readonly string[];
  /** Logs of which no line has the user's layout. */
  readonly misfits: readonly { readonly path: string; readonly message: string }[];
}

/** What else a search may be told. */
export interface DiscoverOptions {
  /** Stops the search: it then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Arguments that are no paths (`-`). */
  readonly stored?: ReadonlyMap<string, StoredInput>;
  /** How records are wrapped, as the user says. */
  readonly layout?: Layout | null;
}

/** Input that was put into a file: what people call it, and where it lies. */
export interface StoredInput {
  readonly name: string;
  readonly path: string;
}

interface Found extends Classified {
  readonly path: string;
  readonly storedAt: string | null;
  /** The folder that was given, or the folder of the file that was given. */
  readonly root: string;
}

/**
 * Looks at every path: a file is a log (or NDJSON, or a configuration by its name), a folder is searched with its
 * folders, without node_modules and .git. A configuration given by name serves the logs that have none nearer.
 * Throws InputError for what does not exist or may not be read.
 */
export async function discover(paths: readonly string[], options: DiscoverOptions = {}): Promise<Discovery> {
  const found: Found[] = [];
  const seen = new Set<string>();
  const { signal, layout = null } = options;
  for (const path of paths) {
    const input = options.stored?.get(path);
    if (input !== undefined) {
      await add(found, seen, { path: input.name, storedAt: input.path, root: '.', named: true, layout, signal });
    } else if (!(await look(path)).folder) {
      await add(found, seen, { path, storedAt: null, root: dirname(path), named: true, layout, signal });
    } else {
      for (const inner of await filesIn(path, new Set()))
        await add(found, seen, { path: inner, storedAt: null, root: path, named: false, layout, signal });
    }
  }
  const configFiles = found.filter((one) => one.kind === 'config').map((one) => one.path);
  const named = paths.find((path) => configFiles.includes(path));
  const fallback = named === undefined ? null : await withDynamic(named);
  const { groups, ignored } = grouped(found);
  const logs: ServerLog[] = [];
  for (const parts of groups) logs.push(...(await logsOf(parts, { fallback, layout })));
  const misfits = found.flatMap(({ path, misfit }) => (misfit === undefined ? [] : [{ path, message: misfit }]));
  return { logs, configFiles, ignored, misfits };
}

/** Parts of one log stand in one folder and share the name's stem; a quiet file is a part if others are. */
function grouped(found: readonly Found[]): {
  readonly groups: readonly Found[][];
  readonly ignored: readonly string[];
} {
  const groups = new Map<string, Found[]>();
  const keyOf = ({ path, storedAt }: Found, kind: string): string =>
    [storedAt ?? '', dirname(path), rolledName(basename(path)).stem, kind].join('\0');
  for (const one of found) {
    if ((one.kind !== 'log' && one.kind !== 'ndjson') || one.misfit !== undefined) continue;
    const key = keyOf(one, one.kind);
    const parts = groups.get(key);
    if (parts === undefined) groups.set(key, [one]);
    else parts.push(one);
  }
  const ignored: string[] = [];
  for (const one of found) {
    const parts = one.kind === 'quiet' ? groups.get(keyOf(one, 'log')) : undefined;
    if (parts !== undefined) parts.push(one);
    else if (one.kind === 'quiet' || one.kind === 'other') ignored.push(one.path);
  }
  return { groups: [...groups.values()], ignored };
}

interface Met extends Candidate {
  readonly storedAt: string | null;
  readonly root: string;
}

async function add(found: Found[], seen: Set<string>, { path, storedAt, root, ...how }: Met): Promise<void> {
  const real = await realpath(storedAt ?? path);
  if (seen.has(real)) return;
  seen.add(real);
  found.push({ path, storedAt, root, ...(await classify({ ...how, path: storedAt ?? path })) });
}

interface LogContext {
  readonly fallback: ConfigFiles | null;
  readonly layout: Layout | null;
}

/**
 * The parts of one log: one ServerLog, or one for each server whose lines stand in them. What was stored has no
 * place: nothing stands beside it.
 */
async function logsOf(parts: readonly Found[], { fallback, layout }: LogContext): Promise<ServerLog[]> {
  const first = parts[0];
  if (first === undefined) return [];
  const { storedAt } = first;
  const folder = dirname(first.path);
  const configFor = async (sid: Sid | null): Promise<ConfigFiles | null> =>
    storedAt === null ? ((await findConfig(folder, first.root, sid)) ?? fallback) : fallback;
  const sorted = parts
    .map(({ path }) => ({ path, name: rolledName(basename(path)) }))
    .sort((a, b) => compareRolled(a.name, b.name));
  const files = sorted.map((one) => one.path);
  const newest = files.at(-1) ?? first.path;
  const label = relative(first.root, newest) || newest;
  const sids = [...new Set(parts.flatMap((one) => one.sids))].sort((a, b) => (a < b ? -1 : 1));
  const one = { files, form: first.kind === 'ndjson' ? 'ndjson' : 'log', layout, storedAt } as const;
  // No ensemble has so many: each would be another reading of the files.
  if (sids.length > SHARING_MAX) return [{ ...one, label, sid: null, sidFrom: null, shared: true, config: fallback }];
  if (sids.length > 1) {
    const logs: ServerLog[] = [];
    for (const sid of sids) logs.push({ ...sharedBy(sid, { ...one, label }), config: await configFor(sid) });
    return logs;
  }
  const sid = sids[0] ?? (storedAt === null ? await sidOfPath(newest, first.root, layout) : null);
  const sidFrom = sids[0] !== undefined ? 'content' : sid === null ? null : 'path';
  return [{ ...one, label, sid, sidFrom, shared: false, config: await configFor(sid) }];
}

/** So many servers may share a file. */
export const SHARING_MAX = 64;

/** One server's part of a log that holds the lines of several. */
export function sharedBy<T extends Pick<ServerLog, 'label'>>(sid: Sid, log: T) {
  return { ...log, label: `${log.label} [server ${sid}]`, sid, sidFrom: 'content', shared: true } as const;
}

/**
 * The id that a path suggests: the file's name, a `myid` file beside it, then the folders' names, nearest first. Names that
 * a layout maps to servers go before the ids that names seem to hold.
 */
export async function sidOfPath(path: string, root: string, layout: Layout | null): Promise<Sid | null> {
  const { stem } = rolledName(basename(path));
  const mapped = (name: string): Sid | null => layout?.parts.servers.get(name) ?? null;
  const byName = mapped(stem.replace(/\.[a-z]{1,5}$/i, '')) ?? mapped(stem) ?? sidInName(stem);
  if (byName !== null) return byName;
  const folder = dirname(path);
  const beside = await readMyid(join(folder, 'myid'));
  if (beside !== null) return beside;
  for (const at of parents(folder, root)) {
    const byFolder = mapped(basename(at)) ?? sidInName(basename(at));
    if (byFolder !== null) return byFolder;
  }
  return null;
}

/** `server-1.log`, `zk2`, `zoo3`, `myid_4`; not the `3` of `zookeeper-3.8.0.log`. */
export function sidInName(name: string): Sid | null {
  const match = /(?:server|zookeeper|zoo|zk|node|myid|peer|sid)[-_.]?(\d{1,18})(?!\d|\.\d)/i.exec(name);
  return match?.[1] === undefined ? null : asSid(BigInt(match[1]));
}

async function readMyid(path: string): Promise<Sid | null> {
  try {
    const id = parseDecimalInt64((await readFile(path, 'utf8')).trim());
    return id.ok ? asSid(id.value) : null;
  } catch {
    return null;
  }
}

async function look(path: string): Promise<{ readonly folder: boolean }> {
  try {
    const found = await stat(path);
    if (!found.isDirectory() && !found.isFile()) {
      throw new InputError(
        path,
        `Cannot read ${path}: it is neither a file nor a folder (a pipe is read by "-", which is standard input).`,
      );
    }
    return { folder: found.isDirectory() };
  } catch (cause) {
    throw inputError(path, cause);
  }
}

const SKIPPED = new Set(['node_modules', '.git']);

/** Every file below a folder, ordered by name. `above` holds the folders on the way, so that links cannot loop. */
export async function filesIn(folder: string, above: ReadonlySet<string>): Promise<string[]> {
  try {
    const real = await realpath(folder);
    if (above.has(real)) return [];
    const entries = await readdir(folder, { withFileTypes: true });
    const files: string[] = [];
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      const kind = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
      if (kind?.isDirectory() === true && !SKIPPED.has(entry.name))
        files.push(...(await filesIn(path, new Set([...above, real]))));
      else if (kind?.isFile() === true) files.push(path);
    }
    return files;
  } catch (cause) {
    throw inputError(folder, cause);
  }
}
