/** Configurations of ensembles, as they are read for judging. */
import type { EnsembleConfig } from '../../types/ensemble.js';
import { type ConfigFiles, readConfig } from '../../traces/files/find-config.js';
import { InputError } from '../../traces/files/input-error.js';

/** The configuration that a log is judged with, and where it came from. */
export interface KnownConfig {
  readonly ensemble: EnsembleConfig;
  /** The file, as given or found. */
  readonly source: string;
}

/** Throws InputError that names file and line. */
export async function readKnownConfig(files: ConfigFiles): Promise<KnownConfig> {
  const parsed = await readConfig(files);
  if (!parsed.ok) throw new InputError(parsed.error.file, parsed.error.message);
  return { ensemble: parsed.value.ensemble, source: files.configFile };
}
