/**
 * Goal: what our peer decides is what ZooKeeper's own classes decide. Method: generated questions go to one Java
 * process that asks the installed jar; every answer must be ours. The seed is fixed, so a failure is repeatable.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeRng } from '../../base/rng.js';
import { describeWithJavac } from '../../scripts/needs-java.js';
import { manyOf } from '../../scripts/thorough.js';
import { type CaseKind, makeCase } from './cases.js';
import { makeConfigCase } from './config-cases.js';
import { compared, type OracleCase, OracleProcess } from './oracle-process.js';
import { oracleRelease } from './oracle-release.js';

const SEED = Number(process.env['ZABCHECK_ORACLE_SEED'] ?? 3800);
const ON = oracleRelease('3.8.0');
const SETTINGS = ['-Dzookeeper.multiAddress.enabled=true'];

let oracle: OracleProcess | null = null;

function compare(cases: readonly OracleCase[]): ReadonlyMap<string, number> {
  return compared(cases, oracle?.ask('Oracle', cases, SETTINGS) ?? [], `seed ${SEED}`);
}

describeWithJavac("ZooKeeper's own classes agree", () => {
  beforeAll(() => {
    oracle = new OracleProcess();
  });
  afterAll(() => oracle?.close());

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
      const shares = compare(Array.from({ length: count }, () => makeCase(kind, rng, ON)));
      for (const [answer, share] of minimum) {
        expect((shares.get(answer) ?? 0) / count, `share of "${answer}"`).toBeGreaterThan(share);
      }
    },
    120_000,
  );

  it('configurations, 6000 cases', () => {
    const rng = makeRng(SEED);
    const shares = compare(Array.from({ length: 6000 }, () => makeConfigCase(rng, ON)));
    const refused = shares.get('throws') ?? 0;
    expect(refused).toBeGreaterThan(1000);
    expect(refused).toBeLessThan(5000);
  }, 120_000);
});
