/**
 * Goal: what our peer decides is what ZooKeeper's own classes decide. Method: generated questions go to one Java
 * process that asks the installed jar; every answer must be ours. The seed is fixed, so a failure is repeatable.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeRng } from '../../base/rng.js';
import { describeWithJavac, ZOOKEEPER_JAR } from '../../scripts/needs-java.js';
import { manyOf } from '../../scripts/thorough.js';
import { type CaseKind, makeCase, type OracleCase } from './cases.js';
import { makeConfigCase } from './config-cases.js';

const SOURCE = fileURLToPath(new URL('Oracle.java', import.meta.url));
const CLASS_PATH = [ZOOKEEPER_JAR, '/usr/share/java/slf4j-nop.jar'];
const SEED = Number(process.env['ZABCHECK_ORACLE_SEED'] ?? 3800);

let classes = '';

function ask(cases: readonly OracleCase[]): readonly string[] {
  const path = [classes, ...CLASS_PATH].join(delimiter);
  const args = ['-cp', path, '-Dzookeeper.multiAddress.enabled=true', 'org.apache.zookeeper.server.quorum.Oracle'];
  const input = cases.map(({ question }) => question).join('\n');
  const run = spawnSync('java', args, { input, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 120_000 });
  if (run.status !== 0) throw new Error(`the oracle failed: ${run.stderr}`);
  return run.stdout.trimEnd().split('\n');
}

/** Compares all, and tells how often each answer came: a comparison of equal answers only would show nothing. */
function compare(cases: readonly OracleCase[]): ReadonlyMap<string, number> {
  const answers = ask(cases);
  expect(answers).toHaveLength(cases.length);
  const shares = new Map<string, number>();
  const differing = cases.flatMap(({ question, ours }, index) => {
    const answer = answers[index] ?? 'nothing';
    shares.set(answer, (shares.get(answer) ?? 0) + 1);
    return answer === ours ? [] : [{ question, java: answer, ours }];
  });
  expect(differing.slice(0, 5), `${differing.length} of ${cases.length} differ, seed ${SEED}`).toEqual([]);
  return shares;
}

describeWithJavac("ZooKeeper's own classes agree", () => {
  beforeAll(() => {
    classes = mkdtempSync(join(tmpdir(), 'zabcheck-oracle-'));
    const run = spawnSync('javac', ['-cp', CLASS_PATH.join(delimiter), '-d', classes, SOURCE], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`Oracle.java does not compile: ${run.stderr}`);
  });
  afterAll(() => rmSync(classes, { recursive: true, force: true }));

  it.each<[CaseKind, number, readonly (readonly [string, number])[]]>([
    [
      'order',
      manyOf(30_000),
      [
        ['true', 0.1],
        ['false', 0.3],
        ['throws', 0.05],
      ],
    ],
    [
      'equals',
      manyOf(40_000),
      [
        ['true', 0.1],
        ['false', 0.3],
      ],
    ],
    [
      'quorum',
      manyOf(20_000),
      [
        ['true', 0.2],
        ['false', 0.2],
      ],
    ],
    [
      'weight',
      3_000,
      [
        ['0', 0.05],
        ['1', 0.2],
        ['throws', 0.05],
      ],
    ],
    [
      'count',
      manyOf(20_000),
      [
        ['true true', 0.01],
        ['true false', 0.01],
        ['false true', 0.05],
        ['false false', 0.2],
      ],
    ],
  ])(
    '%s, %d cases',
    (kind, count, minimum) => {
      const rng = makeRng(SEED);
      const shares = compare(Array.from({ length: count }, () => makeCase(kind, rng)));
      for (const [answer, share] of minimum) {
        expect((shares.get(answer) ?? 0) / count, `share of "${answer}"`).toBeGreaterThan(share);
      }
    },
    120_000,
  );

  it('configurations, 6000 cases', () => {
    const rng = makeRng(SEED);
    const shares = compare(Array.from({ length: 6000 }, () => makeConfigCase(rng)));
    const refused = shares.get('throws') ?? 0;
    expect(refused).toBeGreaterThan(1000);
    expect(refused).toBeLessThan(5000);
  }, 120_000);
});
