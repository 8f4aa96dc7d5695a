/** The Java process that answers for ZooKeeper's own classes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { ZOOKEEPER_JAR } from '../../scripts/needs-java.js';

/** A question and what we answer, by whom of us; all must say what Java says. */
export interface OracleCase {
  readonly question: string;
  readonly ours: Readonly<Record<string, string>>;
}

export const DEBIAN_JARS: readonly string[] = [
  ZOOKEEPER_JAR,
  '/usr/share/java/slf4j-nop.jar',
  '/usr/share/java/commons-io.jar',
];

const SOURCES = ['Reach', 'Quiet', 'Oracle', 'ExchangeOracle'];

/** Compiled in a folder of its own. Throws if it does not compile: the jars are not what they should be. */
export class OracleProcess {
  readonly #jars: readonly string[];
  readonly #classes = mkdtempSync(join(tmpdir(), 'zabcheck-oracle-'));

  constructor(jars: readonly string[] = DEBIAN_JARS, sources = SOURCES) {
    this.#jars = jars;
    const files = sources.map((name) => fileURLToPath(new URL(`${name}.java`, import.meta.url)));
    const args = ['-nowarn', '-cp', jars.join(delimiter), '-d', this.#classes, ...files];
    const run = spawnSync('javac', args, { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`the oracle does not compile: ${run.stderr}`);
  }

  /** An answer for each question, in their order. */
  ask(main: string, cases: readonly OracleCase[], settings: readonly string[] = []): readonly string[] {
    const path = [this.#classes, ...this.#jars].join(delimiter);
    const args = ['-cp', path, ...settings, `org.apache.zookeeper.server.quorum.${main}`];
    const input = `${cases.map(({ question }) => question).join('\n')}\n`;
    const run = spawnSync('java', args, { input, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 120_000 });
    if (run.status !== 0) throw new Error(`the oracle failed: ${run.stderr.slice(-2000)}`);
    const answers = run.stdout.replace(/\n$/, '').split('\n');
    expect(answers).toHaveLength(cases.length);
    return answers;
  }

  close(): void {
    rmSync(this.#classes, { recursive: true, force: true });
  }
}

/** Compares all, and tells how often each answer came: a comparison of equal answers only would show nothing. */
export function compared(
  cases: readonly OracleCase[],
  answers: readonly string[],
  what: string,
): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  const differing = cases.flatMap(({ question, ours }, index) => {
    const java = answers[index] ?? 'nothing';
    shares.set(java, (shares.get(java) ?? 0) + 1);
    return Object.values(ours).every((one) => one === java) ? [] : [{ question, java, ...ours }];
  });
  expect(differing.slice(0, 5), `${differing.length} of ${cases.length} differ, ${what}`).toEqual([]);
  return shares;
}
