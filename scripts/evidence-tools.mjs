/** What the evidence commands share. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(ROOT, 'dist/cli/main.js');
export const FRESH_RUNS = 5;

export function run(program, ...args) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { code: status, text: stripColors(stdout + stderr) };
}

export const zabcheck = (...args) => run(process.execPath, MAIN, ...args);

function stripColors(text) {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '');
}

export const block = (text) => `\`\`\`\n${text.trimEnd()}\n\`\`\`\n`;

/** A heading, a command, and what it printed. */
export const section = (title, command, text) => [`## ${title}`, '', `\`${command}\``, '', block(text)];

/**
 * Rows: each scenario recorded anew FRESH_RUNS times and judged by both machines. `zookeeper`: an unpacked distribution;
 * without it, Debian's package. A recording that failed is a row, too.
 */
export function freshRows(scenarios, zookeeper) {
  const given = zookeeper === undefined ? [] : ['--zookeeper', zookeeper];
  const folder = mkdtempSync(join(tmpdir(), 'zabcheck-evidence-'));
  const rows = [];
  try {
    for (const scenario of scenarios) {
      for (let attempt = 1; attempt <= FRESH_RUNS; attempt += 1) {
        const out = join(folder, `${scenario}-${attempt}`);
        const recording = zabcheck('record', scenario, '--out', out, ...given);
        if (recording.code !== 0) {
          rows.push(`| ${scenario} | ${attempt} | not recorded: ${recording.text.trim().split('\n').at(-1)} | | |`);
          continue;
        }
        const { verdict, servers } = JSON.parse(zabcheck('validate', '--json', out).text);
        const hidden = servers.map((server) => server.hiddenSteps);
        rows.push(
          `| ${scenario} | ${attempt} | ${verdict} | ${servers.length} | ${Math.min(...hidden)} to ${Math.max(...hidden)} |`,
        );
        console.log(rows.at(-1));
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

export function tests(path) {
  const { text } = run('npx', 'vitest', 'run', '--reporter=verbose', path);
  return text
    .split('\n')
    .filter((line) => /^\s*[✓×↓]|Tests |passed|failed/.test(line))
    .map((line) => line.trimEnd())
    .join('\n');
}
