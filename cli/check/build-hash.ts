/** Which code numbers states: a run is never resumed by other rules than it was begun with. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDERS = ['base', 'types', 'spec', 'impl', 'checker', 'models'];

/** Of all compiled files of the folders that decide what a state is, and which number it has. */
export function buildHash(): string {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const hash = createHash('sha256');
  for (const folder of FOLDERS) {
    const files = readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.js')).sort())
      hash.update(`${folder}/${file}\0`).update(readFileSync(`${root}${folder}/${file}`));
  }
  return hash.digest('hex');
}
