/** Finds what is to be followed: files that are there, files that are not there yet, and files that appear in folders. */
import { access, constants, stat } from 'node:fs/promises';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { classify, isConfigName } from '../../traces/files/classify.js';
import { filesIn, type ServerLog, sidOfPath } from '../../traces/files/discover.js';
import { findConfig, type ConfigFiles, withDynamic } from '../../traces/files/find-config.js';
import { rolledName } from '../../traces/files/rolled.js';
import { identityOf, type OpenPart, openParts } from '../../traces/files/siblings.js';
import { TailedFile } from '../../traces/files/tail.js';
import type { Layout } from '../../traces/parse/layout/layout.js';
import type { Sid } from '../../types/ids.js';
import { findLogs, type InputFault } from '../commands/log-source.js';
import { STANDARD_INPUT } from '../commands/standard-input.js';
import { growing, LiveSource } from './live-source.js';
import { StandardInputLines } from './standard-input-lines.js';

export interface FindSourcesOptions {
  readonly layout: Layout | null;
  readonly only: Sid | null;
  readonly signal: AbortSignal;
}

/** Looks for files that are to be followed, at the beginning and then now and then. */
export class SourceFinder {
  readonly #options: FindSourcesOptions;
  readonly #folders: string[] = [];
  /** Of each file that was looked at and not followed: how long it was. */
  readonly #passedOver = new Map<string, number>();
  readonly #followed = new Set<string>();
  /** Files of the folders that were there at the beginning: later ones are parts of logs that are followed. */
  readonly #before = new Set<string>();
  readonly configs: ConfigFiles[] = [];
  /** What cannot be followed. */
  readonly faults: InputFault[] = [];

  constructor(options: FindSourcesOptions) {
    this.#options = options;
  }

  /** What the paths name. */
  async find(paths: readonly string[]): Promise<readonly LiveSource[]> {
    const { layout, only, signal } = this.#options;
    const sources: LiveSource[] = [];
    const there: string[] = [];
    for (const path of new Set(paths.map(normalize))) {
      const found = path === STANDARD_INPUT ? null : await stat(path).catch(() => null);
      if (path === STANDARD_INPUT) {
        const named = { label: 'stdin', path: 'stdin', layout, only, byPath: null, older: [] };
        sources.push(new LiveSource(new StandardInputLines(), named));
      } else if (found === null) sources.push(await this.#source(path, dirname(path)));
      else if (isConfigName(path)) this.configs.push(await withDynamic(path));
      else {
        if (found.isDirectory()) await this.#begin(path);
        there.push(path);
      }
    }
    if (there.length === 0) return sources;
    const { logs, faults } = await findLogs(there, { layout, signal, sid: null });
    for (const fault of faults) {
      // What may not be read now may be allowed later: it is asked again and again, and says itself what is wrong.
      if (!(await isLocked(fault.path))) this.faults.push(fault);
      else sources.push(await this.#source(fault.path, dirname(fault.path)));
    }
    for (const log of logs) {
      if (log.config !== null) this.configs.push(log.config);
      const source = await this.#sourceOf(log);
      if (source !== null) sources.push(source);
    }
    return sources;
  }

  async #begin(folder: string): Promise<void> {
    this.#folders.push(folder);
    for (const path of await filesIn(folder, new Set()).catch(() => [])) {
      const found = await stat(path).catch(() => null);
      if (found !== null) this.#before.add(identityOf(found));
    }
  }

  /** A file of several servers is one source. Of a log in a folder that was named all parts are read. */
  async #sourceOf({ files }: ServerLog): Promise<LiveSource | null> {
    const newest = files.at(-1);
    if (newest === undefined || this.#followed.has(newest)) return null;
    const folder = this.#folders.find((path) => !relative(path, newest).startsWith('..'));
    const named = new Set(files);
    const { parts, others } = await openParts(newest, (part) => folder !== undefined || named.has(part));
    return this.#source(newest, folder ?? dirname(newest), { older: parts, before: others });
  }

  async #source(
    path: string,
    root: string,
    {
      older = [],
      before = null,
    }: { readonly older?: readonly OpenPart[]; readonly before?: ReadonlySet<string> | null } = {},
  ): Promise<LiveSource> {
    const { layout, only } = this.#options;
    this.#followed.add(path);
    const byPath = await sidOfPath(path, root, layout);
    return new LiveSource(growing(new TailedFile(path, before)), { label: path, path, layout, only, byPath, older });
  }

  /** May logs appear that are not followed yet? */
  get isLooking(): boolean {
    return this.#folders.length > 0;
  }

  /** Configurations where logs may appear: in folders that were named, and beside files. */
  async configsAround(): Promise<readonly ConfigFiles[]> {
    const files = [...this.#followed, ...this.faults.map(({ path }) => path)];
    const folders = [...new Set([...this.#folders, ...files.map((path) => dirname(path))])];
    const found = await Promise.all(folders.map((folder) => findConfig(folder, folder, null).catch(() => null)));
    return found.filter((files) => files !== null);
  }

  /** Logs that appeared in the folders. Of one that has been rolled by now the name is followed that it had. */
  async look(): Promise<readonly LiveSource[]> {
    const sources: LiveSource[] = [];
    for (const folder of this.#folders) {
      for (const found of await filesIn(folder, new Set()).catch(() => [])) {
        const path = logOf(found);
        if (this.#followed.has(found) || this.#followed.has(path) || !(await this.#isLog(found))) continue;
        sources.push(await this.#source(path, folder, { before: this.#before }));
      }
    }
    return sources;
  }

  async #isLog(path: string): Promise<boolean> {
    const found = await stat(path).catch(() => null);
    if (found === null || found.size === 0) return false;
    // A rolled part that was there at the beginning is history.
    if (logOf(path) !== path && this.#before.has(identityOf(found))) return false;
    if (this.#passedOver.get(path) === found.size) return false;
    this.#passedOver.set(path, found.size);
    const { layout, signal } = this.#options;
    const { kind, misfit } = await classify({ path, named: false, layout, signal }).catch(() => NOT_YET);
    return (kind === 'log' || kind === 'ndjson') && misfit === undefined;
  }
}

/** The name of the log that a file is, or is a rolled part of. */
function logOf(path: string): string {
  return join(dirname(path), rolledName(basename(path)).stem);
}

/** Is it a file of which only its permissions are wrong? */
async function isLocked(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true || isConfigName(path)) return false;
  return access(path, constants.R_OK).then(
    () => false,
    () => true,
  );
}

const NOT_YET = { kind: 'quiet', misfit: undefined } as const;
