/**
 * Evidence of release profiles: `npm run evidence -- releases FOLDER`, where FOLDER/RELEASE/lib holds the jars of a release as Maven
 * Central has them (with log4j 1 and its slf4j binding). Every scenario is recorded afresh on each release and judged by both
 * machines; then judged as if it were of another release, to see that it matters.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zabcheck } from './evidence-tools.mjs';

/** One release of each profile. */
const AS = ['3.4.14', '3.5.3', '3.5.10', '3.7.2', '3.9.5'];

export function releases(folder) {
  if (folder === undefined) throw new Error('usage: npm run evidence -- releases FOLDER');
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const scratch = mkdtempSync(join(tmpdir(), 'zabcheck-releases-'));
  try {
    const rows = names.map((name) => rowsOf(name, join(folder, name), join(scratch, name)));
    return [
      '## Real ensembles of older releases',
      '',
      '`zabcheck record all --zookeeper FOLDER/RELEASE --out OUT`, then `zabcheck validate OUT`: INFO and DEBUG, impl and spec',
      '',
      '| release | scenarios | not recorded | server logs | lines judged | accepted | diverged | inconclusive | disagreements | ensembles accepted |',
      '| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
      ...rows.map(({ own }) => own),
      '',
      '## The same logs, judged as of another release',
      '',
      '`zabcheck validate --apart --zookeeper-version AS OUT`: how many server logs diverge',
      '',
      `| recorded | ${AS.map((as) => `as ${as}`).join(' | ')} |`,
      `| --- | ${AS.map(() => '---:').join(' | ')} |`,
      ...rows.map(({ others }) => others),
      '',
    ].join('\n');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function rowsOf(name, zookeeper, out) {
  const recording = zabcheck('record', 'all', '--zookeeper', zookeeper, '--out', out).text;
  const missing = /scenarios were not recorded: ([^.]*)\./.exec(recording)?.[1] ?? '—';
  const { servers, ensembles } = JSON.parse(zabcheck('validate', '--json', out).text);
  const of = (verdict) => servers.filter((one) => one.verdict === verdict).length;
  const judged = servers.reduce((sum, { observations }) => sum + observations, 0);
  const accepted = ensembles.filter(({ verdict }) => verdict === 'accepted').length;
  const counts = [of('accepted'), of('diverged'), of('inconclusive'), of('disagreement')];
  const cells = [
    name,
    readdirSync(join(out, readdirSync(out)[0] ?? '')).length,
    missing,
    servers.length,
    judged.toLocaleString('en'),
    ...counts,
  ];
  const own = `| ${[...cells, `${accepted} of ${ensembles.length}`].join(' | ')} |`;
  console.log(own);
  const others = AS.map((as) => {
    const told = JSON.parse(zabcheck('validate', '--json', '--apart', '--zookeeper-version', as, out).text);
    return told.servers.filter(({ verdict }) => verdict === 'diverged').length;
  });
  return { own, others: `| ${[name, ...others].join(' | ')} |` };
}
