/** The command of this checkout: builds if needed, then runs it in this process. Prints nothing of its own. */
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';

ensureBuilt();

// `npm run` moves to the package root; the user's relative paths are meant from where the user stands.
// Only for `npm run zabcheck`: a test started by `npm test` inherits INIT_CWD and chose its own folder.
const { INIT_CWD: calledFrom, npm_lifecycle_event: script } = process.env;
if (script === 'zabcheck' && calledFrom !== undefined) process.chdir(calledFrom);

const program = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist', 'cli', 'main.js');
process.argv[1] = program;
await import(pathToFileURL(program).href);
