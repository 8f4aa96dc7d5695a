/**
 * Goal: what arrives at the election port is taken, refused or deadly as it is to ZooKeeper's own classes. Method: generated
 * initial messages and configuration texts go to one Java process; every answer must be ours. The seed is fixed.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeRng } from '../../base/rng.js';
import { describeWithJavac } from '../../scripts/needs-java.js';
import { DEBIAN_JARS, type OracleCase, OracleProcess } from './oracle-process.js';
import { makeInitialCase, makeReceivedCase } from './wire-cases.js';

const SEED = Number(process.env['ZABCHECK_ORACLE_SEED'] ?? 3800);

let oracle: OracleProcess | null = null;

/** How often each kind of answer came. Where Java's order decides, either fault is right. */
function compare(cases: readonly OracleCase[]): ReadonlyMap<string, number> {
  const answers = oracle?.ask('WireOracle', cases) ?? [];
  const shares = new Map<string, number>();
  const differing = cases.flatMap(({ question, ours: { codec: ours = '' } }, index) => {
    const java = answers[index] ?? 'nothing';
    const kind = ours.split(' ')[0] ?? '';
    shares.set(kind, (shares.get(kind) ?? 0) + 1);
    if (java === ours || kind === 'orderDecides') return [];
    const hex = question.split('\t')[1] ?? '';
    return [{ question, text: Buffer.from(hex, 'hex').toString(), java, ours }];
  });
  expect(differing.slice(0, 5), `${differing.length} of ${cases.length} differ, seed ${SEED}`).toEqual([]);
  return shares;
}

describeWithJavac("ZooKeeper's own classes agree about the election port", () => {
  beforeAll(() => {
    oracle = new OracleProcess(DEBIAN_JARS, ['WireOracle']);
  });
  afterAll(() => oracle?.close());

  it.each([
    [
      'initial messages',
      makeInitialCase,
      {
        accepted: 0.2,
        eof: 0.02,
        badProtocolVersion: 0.05,
        badLength: 0.01,
        shortAddress: 0.03,
        badAddress: 0.05,
        listenerDies: 0.008,
      },
    ],
    ['configurations', makeReceivedCase, { parsed: 0.2, configError: 0.1, receiverDies: 0.1, orderDecides: 0.01 }],
  ])(
    '%s, 5,000 cases',
    (_name, make, minimum) => {
      const rng = makeRng(SEED);
      const shares = compare(Array.from({ length: 5_000 }, () => make(rng)));
      for (const [kind, share] of Object.entries(minimum)) {
        expect((shares.get(kind) ?? 0) / 5_000, `share of "${kind}"`).toBeGreaterThan(share);
      }
      expect((shares.get('orderDecides') ?? 0) / 5_000).toBeLessThan(0.1);
    },
    15_000,
  );
});
