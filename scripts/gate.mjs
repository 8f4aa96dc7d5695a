/**
 * The import gate: runs dependency-cruiser over the tree in the current folder and prints each violation.
 * It also fails when a TypeScript file went unseen: with a wrong set-up dependency-cruiser checks nothing, silently.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GATED, UNGATED } from './import-rules.mjs';

const REPO = dirname(dirname(fileURLToPath(import.meta.url)));
const ONE_GIGABYTE = 2 ** 30;

function command(program, args) {
  const run = spawnSync(program, args, { encoding: 'utf8', maxBuffer: ONE_GIGABYTE });
  if (run.error !== undefined) throw run.error;
  return run;
}

/** Every TypeScript file of the tree, known to git or new. */
function typeScriptFiles() {
  const run = command('git', ['ls-files', '-zco', '--exclude-standard', '*.ts']);
  if (run.status !== 0) throw new Error(`git ls-files failed: ${run.stderr}`);
  const names = run.stdout.split('\0').filter((name) => name !== '' && existsSync(name));
  return [...new Set(names)];
}

function cruise() {
  const program = join(REPO, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const places = GATED.filter((place) => existsSync(place));
  const args = [program, '--config', join(REPO, '.dependency-cruiser.mjs'), '--output-type', 'json', ...places];
  const run = command(process.execPath, args);
  try {
    return JSON.parse(run.stdout);
  } catch {
    throw new Error(`dependency-cruiser gave no result:\n${run.stdout.slice(0, 2000)}${run.stderr}`);
  }
}

function describe({ rule, from, to, cycle, via }) {
  const way = (via ?? cycle ?? []).map(({ name }) => name);
  const through = way.length > 0 ? ` (by ${[from, ...way].join(' -> ')})` : '';
  // Packages may be linked in from elsewhere: where they lie says nothing.
  return `${rule.name}: ${from} -> ${to.replace(/^.*?node_modules\//, 'node_modules/')}${through}`;
}

function gate() {
  const { modules, summary } = cruise();
  const seen = new Set(modules.map(({ source }) => source));
  const files = typeScriptFiles();
  const problems = summary.violations.map(describe);
  for (const name of files) {
    const place = name.split('/')[0];
    if (UNGATED.includes(name)) continue;
    if (!GATED.includes(place))
      problems.push(`outside the laws: ${name} stands in no folder of scripts/import-rules.mjs`);
    else if (!seen.has(name)) problems.push(`unseen: dependency-cruiser did not look at ${name}`);
  }
  return { problems, files: files.length, dependencies: summary.totalDependenciesCruised };
}

const { problems, files, dependencies } = gate();
for (const problem of problems) console.error(problem);
if (problems.length > 0) console.error(`import gate: ${problems.length} violations`);
else console.log(`import gate: ${files} files, ${dependencies} imports, no violation`);
process.exitCode = problems.length > 0 ? 1 : 0;
