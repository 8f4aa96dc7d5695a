/** Finds Java and ZooKeeper on this machine. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../usage-error.js';

const DEBIAN_JARS = ['zookeeper.jar', 'slf4j-log4j12.jar', 'log4j-1.2.jar'].map((name) => `/usr/share/java/${name}`);

export interface Runtime {
  /** Major version of the Java on the PATH. */
  readonly java: string;
  readonly classPath: readonly string[];
}

const JAVA_MIN = 11;

/** Throws UsageError: one sentence that says what is missing and how to get it. */
export function findRuntime(distribution: string | null): Runtime {
  const asked = spawnSync('java', ['-version'], { encoding: 'utf8' });
  if (asked.error !== undefined || asked.status !== 0) {
    throw new UsageError(`record needs Java ${JAVA_MIN} or newer, and there is no working \`java\` on the PATH.`);
  }
  const java = javaMajor(asked.stderr);
  if (java !== null && java < JAVA_MIN) {
    throw new UsageError(`record needs Java ${JAVA_MIN} or newer, and the \`java\` on the PATH is ${java}.`);
  }
  const classPath = distribution === null ? debianClassPath() : distributionClassPath(distribution);
  return { java: java === null ? 'unknown' : String(java), classPath };
}

/** The release in what `java -version` prints: 17 of "17.0.15", 8 of "1.8.0_402"; null if there is none. */
export function javaMajor(text: string): number | null {
  const major = /version "(?:1\.)?(\d+)/.exec(text)?.[1];
  return major === undefined ? null : Number(major);
}

function debianClassPath(): readonly string[] {
  const missing = DEBIAN_JARS.find((jar) => !existsSync(jar));
  if (missing === undefined) return DEBIAN_JARS;
  throw new UsageError(
    `record needs ZooKeeper: ${missing} does not exist; install Debian's package zookeeper, or name an unpacked ` +
      'distribution with --zookeeper FOLDER.',
  );
}

function distributionClassPath(folder: string): readonly string[] {
  // Absolute: every server runs in a folder of its own.
  const lib = resolve(folder, 'lib');
  const jars = existsSync(lib) ? readdirSync(lib).filter((name) => name.endsWith('.jar')) : [];
  if (jars.some((name) => /^zookeeper-\d/.test(name))) return jars.map((name) => join(lib, name));
  throw new UsageError(`--zookeeper ${folder}: there is no lib/zookeeper-*.jar in it.`);
}
