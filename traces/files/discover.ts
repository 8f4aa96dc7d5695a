/** Finds the logs in files and folders: one per server and place, rolled parts joined, servers told apart. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { asSid, type Sid } from '../../types/ids.js';
import { parseDecimalInt64 } from '../../types/int64.js';
import { classify, type Classified } from './classify.js';
import { findConfig, parents, withDynamic, type ConfigFiles } from './find-config.js';
import { InputError, inputError } from './input-error.js';
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
  readonly config: ConfigFiles | null;
}

/** Everything that was found. */
export interface Discovery {
  readonly logs: readonly ServerLog[];
  /** Configurations that were named or met, whether or not a log uses them. */
  readonly configFiles: readonly string[];
  /** Files met in folders that are neither. */
  readonly ignored: readonly string[];
}

interface Found extends Classified {
  readonly path: string;
  /** The folder that was given, or the folder of the file that was given. */
  readonly root: string;
}

/**
 * Looks at every path: a file is a log (or NDJSON, or a configuration by its name), a folder is searched with its
 * folders, without node_modules and .git. A configuration given by name serves the logs that have none nearer.
 * Throws InputError for what does not exist or may not be read.
 */
export async function discover(paths: readonly string[]): Promise<Discovery> {
  const found: Found[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const { folder } = await look(path);
    if (!folder) await add(found, seen, { path, root: dirname(path), named: true });
    else
      for (const inner of await filesIn(path, new Set()))
        await add(found, seen, { path: inner, root: path, named: false });
  }
  const configFiles = found.filter((one) => one.kind === 'config').map((one) => one.path);
  const named = paths.find((path) => configFiles.includes(path));
  const fallback = named === undefined ? null : await withDynamic(named);
  const groups = new Map<string, Found[]>();
  for (const one of found) {
    if (one.kind !== 'log' && one.kind !== 'ndjson') continue;
    const key = [dirname(one.path), rolledName(basename(one.path)).stem, one.kind].join('\0');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const logs: ServerLog[] = [];
  for (const parts of groups.values()) logs.push(...(await logsOf(parts, fallback)));
  return { logs, configFiles, ignored: found.filter((one) => one.kind === 'other').map((one) => one.path) };
}

interface Candidate {
  readonly path: string;
  readonly root: string;
  readonly named: boolean;
}

async function add(found: Found[], seen: Set<string>, { path, root, named }: Candidate): Promise<void> {
  const real = await realpath(path);
  if (seen.has(real)) return;
  seen.add(real);
  found.push({ path, root, ...(await classify(path, named)) });
}

/** The parts of one log: one ServerLog, or one for each server whose lines stand in them. */
async function logsOf(parts: readonly Found[], fallback: ConfigFiles | null): Promise<ServerLog[]> {
  const first = parts[0];
  if (first === undefined) return [];
  const folder = dirname(first.path);
  const sorted = parts
    .map(({ path }) => ({ path, name: rolledName(basename(path)) }))
    .sort((a, b) => compareRolled(a.name, b.name));
  const files = sorted.map((one) => one.path);
  const newest = files.at(-1) ?? first.path;
  const label = relative(first.root, newest) || newest;
  const sids = [...new Set(parts.flatMap((one) => one.sids))].sort((a, b) => (a < b ? -1 : 1));
  const form = first.kind === 'ndjson' ? 'ndjson' : 'log';
  if (sids.length > 1) {
    const logs: ServerLog[] = [];
    for (const sid of sids) {
      const config = (await findConfig(folder, first.root, sid)) ?? fallback;
      logs.push({ label: `${label} [server ${sid}]`, sid, sidFrom: 'content', files, form, shared: true, config });
    }
    return logs;
  }
  const sid = sids[0] ?? (await sidOfPath(newest, first.root));
  const sidFrom = sids[0] !== undefined ? 'content' : sid === null ? null : 'path';
  const config = (await findConfig(folder, first.root, sid)) ?? fallback;
  return [{ label, sid, sidFrom, files, form, shared: false, config }];
}

/** The id that a path suggests: the file's name, a `myid` file beside it, then the folders' names, nearest first. */
async function sidOfPath(path: string, root: string): Promise<Sid | null> {
  const byName = sidInName(rolledName(basename(path)).stem);
  if (byName !== null) return byName;
  const folder = dirname(path);
  const beside = await readMyid(join(folder, 'myid'));
  if (beside !== null) return beside;
  for (const at of parents(folder, root)) {
    const byFolder = sidInName(basename(at));
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
      throw new InputError(path, `Cannot read ${path}: it is neither a file nor a folder.`);
    }
    return { folder: found.isDirectory() };
  } catch (cause) {
    throw inputError(path, cause);
  }
}

const SKIPPED = new Set(['node_modules', '.git']);

/** Every file below a folder, ordered by name. `above` holds the folders on the way, so that links cannot loop. */
async function filesIn(folder: string, above: ReadonlySet<string>): Promise<string[]> {
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
