/** The configuration of an ensemble that may change while its logs are followed. */
import type { EnsembleConfig } from '../../types/ensemble.js';
import { type ConfigFiles, withDynamic } from '../../traces/files/find-config.js';
import { InputError } from '../../traces/files/input-error.js';
import { type KnownConfig, readKnownConfig } from '../commands/known-config.js';
import { exactly } from '../render/verdict-json.js';

export class LiveConfig {
  readonly #file: string;
  #known: KnownConfig;

  private constructor(file: string, known: KnownConfig) {
    this.#file = file;
    this.#known = known;
  }

  /** Throws InputError. */
  static async read(files: ConfigFiles): Promise<LiveConfig> {
    return new LiveConfig(files.configFile, await readKnownConfig(files));
  }

  get known(): KnownConfig {
    return this.#known;
  }

  get ensemble(): EnsembleConfig {
    return this.#known.ensemble;
  }

  /** Reads it again: has it changed? What cannot be read just now is left as it was. */
  async refresh(): Promise<boolean> {
    try {
      const read = await readKnownConfig(await withDynamic(this.#file));
      if (isSame(read.ensemble, this.#known.ensemble)) return false;
      this.#known = read;
      return true;
    } catch (error) {
      if (error instanceof InputError) return false;
      throw error;
    }
  }
}

export function isSame(a: EnsembleConfig, b: EnsembleConfig): boolean {
  return JSON.stringify(a, exactly) === JSON.stringify(b, exactly);
}
