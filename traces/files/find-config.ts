/** Finds and reads the ensemble configuration that belongs to a log. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Result } from '../../base/result.js';
import type { Sid } from '../../types/ids.js';
import {
  dynamicConfigFileOf,
  parseZooCfg,
  type ConfigError,
  type ConfigText,
  type ZooCfg,
} from '../../types/zoo-cfg.js';
import { isConfigName } from './classify.js';
import { InputError, inputError } from './input-error.js';

/** A configuration and, if it names one that is at hand, its dynamic part. */
export interface ConfigFiles {
  readonly configFile: string;
  readonly dynamicConfigFile: string | null;
}

/**
 * The nearest configuration for a log in `folder`: in that folder, then in its parents up to `root`. In one folder
 * `zoo.cfg` comes first, then `conf/zoo.cfg`, then the only file with server lines or the one whose name holds the
 * server's id. Null if there is none. Throws InputError.
 */
export async function findConfig(folder: string, root: string, sid: Sid | null): Promise<ConfigFiles | null> {
  for (const at of parents(folder, root)) {
    const configFile = await configIn(at, sid);
    if (configFile !== null) return withDynamic(configFile);
  }
  return null;
}

/** Adds the dynamic file that a configuration names: beside it by name first, then by the path itself. */
export async function withDynamic(configFile: string): Promise<ConfigFiles> {
  const named = dynamicConfigFileOf(await readText(configFile));
  if (named === null) return { configFile, dynamicConfigFile: null };
  const folder = dirname(configFile);
  for (const path of [join(folder, basename(named)), resolve(folder, named)]) {
    if ((await readIfThere(path)) !== null) return { configFile, dynamicConfigFile: path };
  }
  return { configFile, dynamicConfigFile: null };
}

/** Reads a configuration with its dynamic part. Error: what the text says wrong. Throws InputError. */
export async function readConfig(files: ConfigFiles): Promise<Result<ZooCfg, ConfigError>> {
  const text = await readText(files.configFile);
  let dynamic: ConfigText | undefined;
  if (files.dynamicConfigFile !== null) {
    dynamic = { text: await readText(files.dynamicConfigFile), fileName: files.dynamicConfigFile };
  }
  return parseZooCfg(text, files.configFile, dynamic);
}

/** `folder` and its parents up to and including `root`; only `folder` if `root` is not above it. */
export function parents(folder: string, root: string): readonly string[] {
  const steps = relative(root, folder);
  if (steps.startsWith('..') || isAbsolute(steps)) return [folder];
  const result = [folder];
  for (let at = folder; resolve(at) !== resolve(root); at = dirname(at)) result.push(dirname(at));
  return result;
}

async function configIn(folder: string, sid: Sid | null): Promise<string | null> {
  const names = (await list(folder)).filter(isConfigName).sort();
  if (names.includes('zoo.cfg')) return join(folder, 'zoo.cfg');
  const inConf = join(folder, 'conf', 'zoo.cfg');
  if ((await readIfThere(inConf)) !== null) return inConf;
  const candidates: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if (/^\s*(?:server\.-?\d|dynamicConfigFile)/m.test(await readText(path))) candidates.push(path);
  }
  const own = candidates.filter((path) => sid !== null && numbersOf(basename(path)).includes(sid));
  return own[0] ?? (candidates.length === 1 ? (candidates[0] ?? null) : null);
}

function numbersOf(name: string): readonly bigint[] {
  return (name.match(/\d{1,18}/g) ?? []).map(BigInt);
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw inputError(folder, cause);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\ufeff/, '');
  } catch (cause) {
    throw inputError(path, cause);
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readText(path);
  } catch (error) {
    if (error instanceof InputError && /does not exist|not a folder|is a folder/.test(error.message)) return null;
    throw error;
  }
}
