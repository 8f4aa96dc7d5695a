/**
 * Evidence of release profiles against ZooKeeper's own classes: `npm run evidence -- oracle-releases FOLDER`, where FOLDER/RELEASE/lib
 * holds the jars of a release as Maven Central has them. Needs javac.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from './evidence-tools.mjs';

const TEST = 'property-tests/oracle/release-oracle.test.ts';

export function oracleReleases(folder) {
  if (folder === undefined) throw new Error('usage: npm run evidence -- oracle-releases FOLDER');
  const scratch = mkdtempSync(join(tmpdir(), 'zabcheck-oracle-releases-'));
  const table = join(scratch, 'table.jsonl');
  process.env.ZABCHECK_RELEASES = resolve(folder);
  process.env.ZABCHECK_ORACLE_TABLE = table;
  try {
    const { text } = run('npx', 'vitest', 'run', TEST);
    const lines = readFileSync(table, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    return [...questionsPart(lines), ...switchesPart(lines), resultLine(text), ''].join('\n');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** 3.5.10 after 3.5.9. */
const byRelease = (a, b) => a.localeCompare(b, 'en', { numeric: true });
const releasesIn = (lines) => [...new Set(lines.map(({ release }) => release))].sort(byRelease);
const resultLine = (text) => `Tests: ${/^\d+ passed.*$/m.exec(text)?.[0] ?? 'did not end'}.`;

function questionsPart(lines) {
  const asked = lines.filter(({ kind }) => kind !== undefined);
  const kinds = [...new Set(asked.map(({ kind }) => kind))];
  const count = (kind) => asked.find((one) => one.kind === kind)?.count.toLocaleString('en') ?? '0';
  const rows = releasesIn(asked).map((release) => {
    const these = asked.filter((one) => one.release === release);
    const cells = kinds.map((kind) => these.find((one) => one.kind === kind)?.differing ?? '—');
    return `| ${[release, these[0]?.profile, ...cells].join(' | ')} |`;
  });
  const all = asked.reduce((sum, one) => sum + one.count, 0);
  const differing = asked.reduce((sum, one) => sum + one.differing, 0);
  return [
    `## ${all.toLocaleString('en')} questions to ${rows.length} releases, ${differing} answers differ`,
    '',
    `\`ZABCHECK_RELEASES=FOLDER npx vitest run ${TEST}\`: how many answers of our peer or of our specification, each under the profile of`,
    "the release, are not those of the release's own classes. Every question is asked of both, but `config` of our parser and `message`",
    'of our codec in the format that each names. Up to 3.4 `config` holds what both forms of a configuration share; to 3.5.0 and 3.5.1, which know no IPv6 address in brackets, as our parser does of any release, none is given.',
    '',
    `| release | profile | ${kinds.map((kind) => `${kind} (${count(kind)})`).join(' | ')} |`,
    `| --- | --- | ${kinds.map(() => '---:').join(' | ')} |`,
    ...rows,
    '',
    '- order: FastLeaderElection.totalOrderPredicate; equals: Vote.equals; quorum, weight: QuorumVerifier.containsQuorum, getWeight;',
    '  count: getVoteTracker (to 3.5 termPredicate) and checkLeader; config: QuorumPeerConfig.parseDynamicConfig (to 3.4 parseProperties).',
    '- election: the real lookForLeader, from its first line until it returns or the script ends. The script plays the manager and the queue: what',
    '  arrives, alone or together, from whom, of which state, round, epoch and format version, and which waits end with nothing. Compared: everything',
    '  sent, every connectAll, the decision, the state, the clock, the proposal. No thread, no clock.',
    '- receive: the real WorkerReceiver.run with one message in bytes, of 20 to 200 bytes, of any format, whole or cut, to a server in any state: what',
    '  is queued, what is answered, whether the thread dies.',
    '- message: FastLeaderElection.buildMsg, byte by byte.',
    '',
  ];
}

function switchesPart(lines) {
  const turned = lines.filter((one) => one.turned !== undefined);
  const names = [...new Set(turned.map((one) => one.turned))];
  const rows = releasesIn(turned).map((release) => {
    const these = turned.filter((one) => one.release === release);
    const cells = names.map((name) => these.find((one) => one.turned === name)?.differing ?? '—');
    return `| ${[release, these[0]?.profile, ...cells].join(' | ')} |`;
  });
  return [
    '## What the questions notice',
    '',
    'One switch of the profile is turned in our peer: how many of the elections and messages then have another answer than Java. Before 3.8 no',
    'configuration has an oracle to ask.',
    '',
    `| release | profile | ${names.join(' | ')} |`,
    `| --- | --- | ${names.map(() => '---:').join(' | ')} |`,
    ...rows,
    '',
  ];
}
