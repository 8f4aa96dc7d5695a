/** Scripts for coverage: files and folders of them, and replay tokens. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseScript } from '../../models/fuzz/script-codec.js';
import type { Script } from '../../models/fuzz/script.js';
import { parseToken } from '../fuzz/token.js';
import { UsageError } from '../usage-error.js';

/** Of a folder every `.json`; of a file its script. What begins with `zab1.` is a token. Throws UsageError that names what it cannot read. */
export function readScripts(places: readonly string[]): readonly Script[] {
  return places.flatMap((place) => {
    if (place.startsWith('zab1.')) return [demanded(place.slice(0, 20), parseToken(place))];
    return filesAt(place).map((file) => demanded(file, parseScript(readText(file))));
  });
}

function filesAt(place: string): readonly string[] {
  try {
    if (!statSync(place).isDirectory()) return [place];
    const names = readdirSync(place).filter((name) => name.endsWith('.json'));
    if (names.length > 0) return names.sort().map((name) => join(place, name));
  } catch (error) {
    throw new UsageError(`--scripts ${place}: ${error instanceof Error ? error.message : String(error)}.`);
  }
  throw new UsageError(`--scripts ${place}: there is no .json in this folder.`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--scripts ${file}: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function demanded(place: string, script: ReturnType<typeof parseScript>): Script {
  if (script.ok) return script.value;
  throw new UsageError(`--scripts ${place}: ${script.error}.`);
}
