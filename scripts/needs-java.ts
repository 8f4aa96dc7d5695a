/** Suites that need more than Node: skipped where it is missing, failing where nothing may be skipped. */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test } from 'vitest';

/** Where Debian's package `zookeeper` puts the server (by way of libzookeeper-java). */
export const ZOOKEEPER_JAR = '/usr/share/java/zookeeper.jar';

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

interface Need {
  readonly isMet: boolean;
  /** What is missing, if it is not. */
  readonly what: string;
}

function describeNeeding({ isMet, what }: Need, name: string, suite: () => void): void {
  if (isMet) {
    describe(name, suite);
  } else if (process.env['ZABCHECK_REQUIRE_ALL'] === '1') {
    describe(name, () => {
      test('has what it needs', () => {
        throw new Error(`ZABCHECK_REQUIRE_ALL=1, but this needs ${what}`);
      });
    });
  } else {
    describe.skip(`${name} [skipped: needs ${what}]`, suite);
  }
}

const zooKeeperWith = (...programs: readonly string[]): Need => ({
  isMet: programs.every(isOnPath) && existsSync(ZOOKEEPER_JAR),
  what: `${programs.join(' and ')} and Debian's zookeeper package`,
});

/** For suites that start a real server, or read its classes. */
export function describeWithZooKeeper(name: string, suite: () => void): void {
  describeNeeding(zooKeeperWith('java'), name, suite);
}

/** For suites that also compile Java against it. */
export function describeWithJavac(name: string, suite: () => void): void {
  describeNeeding(zooKeeperWith('java', 'javac'), name, suite);
}

/** For suites that look at a page as a reader does. */
export function describeWithChromium(name: string, suite: () => void): void {
  describeNeeding({ isMet: isOnPath('chromium'), what: 'chromium' }, name, suite);
}

/** For suites that run peers in Python. */
export function describeWithPython(name: string, suite: () => void): void {
  describeNeeding({ isMet: isOnPath('python3'), what: 'python3' }, name, suite);
}
