/**
 * Compiles to dist/, but only when a source has changed since. Silent unless the compiler complains. `--unchecked`: types are
 * looked at by somebody else.
 * Two processes may start at once (tests do): a lock lets one of them build, and the swap is a rename.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPO = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCE_FOLDERS = ['base', 'types', 'spec', 'impl', 'checker', 'models', 'traces', 'explorer', 'cli'];
/** What is read at run time and is no source. */
const COPIED = [join('models', 'manifest.json')];
const SETTINGS = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'index.ts'];
/** A builder that holds the lock longer than this is taken for dead. */
const LOCK_PATIENCE_MS = 120_000;

function sourcesIn(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'recorded' ? [] : sourcesIn(path);
    const compiled = entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts');
    return compiled || COPIED.some((copied) => path.endsWith(copied)) ? [path] : [];
  });
}

/** Changes when a source is edited, added, removed, renamed or replaced by an older one. */
function fingerprint(root) {
  const files = [
    ...SETTINGS.map((name) => join(root, name)).filter((path) => fs.existsSync(path)),
    ...SOURCE_FOLDERS.flatMap((folder) => sourcesIn(join(root, folder))),
  ];
  const hash = createHash('sha256');
  for (const path of files.sort()) {
    const { mtimeMs, size } = fs.statSync(path);
    hash.update(`${path.slice(root.length)}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

function isFresh(root, wanted) {
  try {
    return fs.readFileSync(join(root, 'dist', '.stamp'), 'utf8') === wanted;
  } catch {
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Runs `action` while no other process does. */
function withLock(root, action) {
  const lock = join(root, '.cache', 'build.lock');
  fs.mkdirSync(dirname(lock), { recursive: true });
  const deadline = Date.now() + LOCK_PATIENCE_MS;
  for (;;) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = readHolder(lock);
    if ((holder > 0 && !isAlive(holder)) || Date.now() > deadline) fs.rmSync(lock, { force: true });
    else sleep(50);
  }
  try {
    return action();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

/** The process id in the lock; 0 if its owner has not written it yet, or is just leaving. */
function readHolder(lock) {
  try {
    return Number(fs.readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}

function compileInto(root, folder, { checked }) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!fs.existsSync(compiler)) return 'zabcheck: the TypeScript compiler is not installed: run `npm ci` first\n';
  const args = [
    compiler,
    '-p',
    join(root, 'tsconfig.build.json'),
    '--outDir',
    folder,
    ...(checked ? [] : ['--noCheck']),
  ];
  const run = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return run.status === 0 ? null : `${run.stdout}${run.stderr}${run.error ?? ''}`;
}

/** Error text, or null when dist/ is whole and carries the stamp. */
function build(root, stamp, options) {
  const fresh = join(root, '.cache', `dist.tmp-${process.pid}`);
  const old = join(root, '.cache', `dist.old-${process.pid}`);
  try {
    fs.rmSync(fresh, { recursive: true, force: true });
    const complaint = compileInto(root, fresh, options);
    if (complaint !== null) return complaint;
    for (const path of COPIED.filter((copied) => fs.existsSync(join(root, copied)))) {
      fs.copyFileSync(join(root, path), join(fresh, path));
    }
    const program = join(fresh, 'cli', 'main.js');
    if (fs.existsSync(program)) fs.chmodSync(program, 0o755);
    fs.writeFileSync(join(fresh, '.stamp'), stamp);
    if (fs.existsSync(join(root, 'dist'))) fs.renameSync(join(root, 'dist'), old);
    fs.renameSync(fresh, join(root, 'dist'));
    return null;
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true });
    fs.rmSync(old, { recursive: true, force: true });
  }
}

/** dist/ is made anew next time. */
export function forgetBuild(root = REPO) {
  fs.rmSync(join(root, 'dist', '.stamp'), { force: true });
}

/**
 * Makes dist/ agree with the sources. Prints the compiler's output and exits 2 if they do not compile. `checked` false:
 * somebody else looks at the types meanwhile, and calls `forgetBuild` if they are wrong.
 */
export function ensureBuilt(root = REPO, options = { checked: true }) {
  if (isFresh(root, fingerprint(root))) return;
  const complaint = withLock(root, () => {
    // Taken before compiling: an edit made meanwhile must leave a stamp that no longer fits.
    const stamp = fingerprint(root);
    return isFresh(root, stamp) ? null : build(root, stamp, options);
  });
  if (complaint === null) return;
  process.stderr.write(complaint);
  process.exit(2);
}

if (process.argv[1] !== undefined && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  ensureBuilt(REPO, { checked: !process.argv.includes('--unchecked') });
