/**
 * Goal: under its profile our peer, and our specification, do what the classes of that release do. Method: generated questions go
 * to them: what a predicate says, how a whole election under a script ends and what it sends, what a server in any state makes of
 * a message in bytes. And every switch of a profile matters: turned in our peer alone, some answer is another.
 * By default Debian's 3.8.0 is asked; with ZABCHECK_RELEASES=FOLDER each FOLDER/RELEASE/lib, and more of it
 * (`npm run evidence -- oracle-releases FOLDER`); ZABCHECK_ORACLE_TABLE names a file for the counts.
 */
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeRng, type Rng } from '../../base/rng.js';
import type { ReleaseProfile } from '../../impl/release-profile.js';
import { describeWithJavac } from '../../scripts/needs-java.js';
import { makeCase } from './cases.js';
import { makeConfigCase } from './config-cases.js';
import { makeElectionCase, makeMessageCase, makeReceiveCase } from './exchange-cases.js';
import { compared, DEBIAN_JARS, type OracleCase, OracleProcess } from './oracle-process.js';
import { type OracleRelease, oracleRelease } from './oracle-release.js';

const FOLDER = process.env['ZABCHECK_RELEASES'];
const TABLE = process.env['ZABCHECK_ORACLE_TABLE'];
const SEED = Number(process.env['ZABCHECK_ORACLE_SEED'] ?? 3800);

type Maker = (rng: Rng, on: OracleRelease) => OracleCase;

interface Kind {
  readonly kind: string;
  readonly main: 'Oracle' | 'ExchangeOracle';
  readonly make: Maker;
  readonly count: number;
}

const EXCHANGES: readonly Kind[] = [
  { kind: 'election', main: 'ExchangeOracle', make: makeElectionCase, count: FOLDER === undefined ? 500 : 5000 },
  { kind: 'receive', main: 'ExchangeOracle', make: makeReceiveCase, count: FOLDER === undefined ? 500 : 5000 },
  { kind: 'message', main: 'ExchangeOracle', make: makeMessageCase, count: FOLDER === undefined ? 100 : 500 },
];

/** What oracle.test.ts asks of 3.8.0. */
const PREDICATES: readonly Kind[] = [
  ...(['order', 'equals', 'quorum', 'weight', 'count'] as const).map((kind): Kind => {
    const make: Maker = (rng, on) => makeCase(kind, rng, on);
    return { kind, main: 'Oracle', make, count: kind === 'weight' ? 1000 : 5000 };
  }),
  { kind: 'config', main: 'Oracle', make: makeConfigCase, count: 2000 },
];

/** Without what binds slf4j to a log: it would write where answers are written, or slowly. */
function jarsOf(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.jar'));
  const silent = names.filter((name) => !/^(slf4j-(log4j|reload4j|simple)|logback)/.test(name));
  return [...silent.map((name) => join(folder, name)), '/usr/share/java/slf4j-nop.jar'];
}

const RELEASES: readonly (readonly [release: string, jars: readonly string[]])[] =
  FOLDER === undefined
    ? [['3.8.0', DEBIAN_JARS]]
    : readdirSync(FOLDER, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
        .map(({ name }) => [name, jarsOf(join(FOLDER, name, 'lib'))]);

const SWITCHES = {
  hasOracle: (p) => ({ ...p, hasOracle: !p.hasOracle }),
  joinsWithinRound: (p) => ({ ...p, joinsWithinRound: !p.joinsWithinRound }),
  votesKeepRound: (p) => ({ ...p, votesKeepRound: !p.votesKeepRound }),
  refusesMissingZxid: (p) => ({ ...p, refusesMissingZxid: !p.refusesMissingZxid }),
  oldVoteForOldFormat: (p) => ({ ...p, oldVoteForOldFormat: !p.oldVoteForOldFormat }),
  leaderMustVote: (p) => ({ ...p, leaderMustVote: !p.leaderMustVote }),
  messageVersion: (p) => ({ ...p, messageVersion: 3 - p.messageVersion }),
} as const satisfies Record<string, (profile: ReleaseProfile) => ReleaseProfile>;

function suite(release: string, jars: readonly string[]): void {
  const on = oracleRelease(release);
  const kinds = FOLDER === undefined ? EXCHANGES : [...PREDICATES, ...EXCHANGES];
  const answers = new Map<string, readonly string[]>();
  let oracle: OracleProcess | null = null;
  beforeAll(() => {
    oracle = new OracleProcess(jars);
  }, 60_000);
  afterAll(() => oracle?.close());

  const questions = ({ make, count }: Kind, as: OracleRelease): readonly OracleCase[] => {
    const rng = makeRng(SEED);
    return Array.from({ length: count }, () => make(rng, as));
  };
  const record = (line: object): void => {
    if (TABLE !== undefined) appendFileSync(TABLE, `${JSON.stringify({ release, profile: on.impl.name, ...line })}\n`);
  };

  it.each(kinds)(
    '$kind, $count cases',
    (kind) => {
      const cases = questions(kind, on);
      const settings = kind.kind === 'config' ? ['-Dzookeeper.multiAddress.enabled=true'] : [];
      const told = oracle?.ask(kind.main, cases, settings) ?? [];
      answers.set(kind.kind, told);
      const differing = cases.filter(({ ours }, index) =>
        Object.values(ours).some((one) => one !== told[index]),
      ).length;
      record({ kind: kind.kind, count: kind.count, differing });
      const shares = compared(cases, told, `seed ${SEED}`);
      expect(shares.size).toBeGreaterThan(1);
    },
    120_000,
  );

  it.each(Object.entries(SWITCHES))(
    '%s, turned in our peer, gives other answers',
    (name, turned) => {
      const otherwise = { ...on, impl: turned(on.impl) };
      const differing = EXCHANGES.reduce((sum, kind) => {
        const told = answers.get(kind.kind) ?? [];
        return sum + questions(kind, otherwise).filter(({ ours }, index) => ours['impl'] !== told[index]).length;
      }, 0);
      record({ turned: name, differing });
      // Without an oracle in the configuration nobody asks one.
      if (name === 'hasOracle' && !on.oracles) expect(differing).toBe(0);
      else expect(differing).toBeGreaterThan(0);
    },
    60_000,
  );
}

for (const [release, jars] of RELEASES) {
  describeWithJavac(`ZooKeeper's own classes agree, ${release}`, () => suite(release, jars));
}
