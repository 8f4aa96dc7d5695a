/**
 * Evidence of wording: `npm run evidence -- wording FOLDER`, where FOLDER/RELEASE/lib holds the jars of a release (as for the evidence
 * `releases`). One scenario is recorded on each; every line that the simulator would print is read and printed again, and compared.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { zabcheck } from './evidence-tools.mjs';

/** Compiled code: there once `scripts/build.mjs` has run. */
const compiled = (path) => import(new URL(`../dist/${path}`, import.meta.url).href);

const SCENARIO = 'leader-crash';

export async function wording(folder) {
  if (folder === undefined) throw new Error('usage: npm run evidence -- wording FOLDER');
  const { printLogLine, isPrintedBy } = await compiled('models/simulated-log/print.js');
  const { LogParser } = await compiled('traces/parse/log-parser.js');
  const names = readdirSync(folder).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const scratch = mkdtempSync(join(tmpdir(), 'zabcheck-wording-'));
  const again = (line, one, release) => {
    const epochs = /epoch: 0x([0-9a-f]+), proposed epoch: 0x([0-9a-f]+)/
      .exec(line)
      ?.slice(1)
      .map((hex) => BigInt(`0x${hex}`));
    return printLogLine(one, one.sid ?? 1n, { stamp: '', release, ...(epochs === undefined ? {} : { epochs }) });
  };
  try {
    const rows = names.map((release) => {
      const out = join(scratch, release);
      const recording = zabcheck('record', SCENARIO, '--zookeeper', join(folder, release), '--out', out);
      if (recording.code !== 0) return `| ${release} | not recorded | | | |`;
      const cells = ['info', 'debug'].flatMap((level) => {
        const counts = { same: 0, other: [] };
        for (const line of linesOf(join(out, level))) {
          for (const one of new LogParser('real.log').push(line)) {
            if (!isPrintedBy(release, one.said)) continue;
            if (plain(again(line, one, release)) === plain(line)) counts.same += 1;
            else counts.other.push(plain(line));
          }
        }
        return [
          counts.same.toLocaleString('en'),
          [...new Set(counts.other)].map((text) => `\`${text}\``).join(', ') || '—',
        ];
      });
      console.log(`| ${release} | ${cells.join(' | ')} |`);
      return `| ${release} | ${cells.join(' | ')} |`;
    });
    return [
      '## What real servers printed, printed again',
      '',
      `\`zabcheck record ${SCENARIO} --zookeeper FOLDER/RELEASE\`: of each line that the simulator writes for that release, too, level and message are compared, but for`,
      'times and digests, and for a second list of the same supporters, which a leader with a last seen configuration prints.',
      '',
      '| release | INFO: the same | other | DEBUG: the same | other |',
      '| --- | ---: | --- | ---: | --- |',
      ...rows,
      '',
    ].join('\n');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const linesOf = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const bytes = readFileSync(join(folder, name));
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().split('\n');
  });

/** Level and message. */
function plain(line) {
  const level = / - (INFO|WARN|DEBUG) /.exec(line)?.[1];
  const message = line.slice(line.indexOf('] - ', line.indexOf('@')) + 4);
  const once = message.replace(/(\[[\d, ]+\]),\1/, '$1');
  return `${level} ${once.replaceAll(/(?<=Snapshot loaded in )\d+|(?<=digest is )\d+/g, 'N')}`;
}
