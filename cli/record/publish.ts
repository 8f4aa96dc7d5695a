/** Writes a finished recording: cleaned logs, the common configuration, and the truth. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { UsageError } from '../usage-error.js';
import { cleanLog, hostNamesIn } from './clean-log.js';
import type { Ensemble } from './ensemble.js';
import type { Runtime } from './java.js';
import type { Scenario } from './scenario.js';

/** One picture of the ensemble, as its servers themselves report it. */
export interface ElectionTruth {
  readonly after: string;
  readonly leader: string;
  readonly followers: readonly string[];
  readonly observers: readonly string[];
}

/** What was done and seen. */
export interface Recording {
  readonly scenario: Scenario;
  readonly runtime: Runtime;
  readonly ensemble: Ensemble;
  /** Where the servers ran. */
  readonly folder: string;
  readonly truth: readonly ElectionTruth[];
  readonly done: readonly string[];
  /** The folder for it, told by the release that the servers say they are. */
  readonly place: (release: string) => string;
  /** The DEBUG logs as gzip files. */
  readonly gzipDebug: boolean;
}

interface RawLog {
  /** Below the recording's folder. */
  readonly level: 'info' | 'debug';
  readonly name: string;
  readonly text: string;
}

/** Throws UsageError if a server wrote no log, or if `out` cannot be written. */
export function publish(recording: Recording): void {
  const logs = readLogs(recording.ensemble);
  const hostNames = [hostname(), ...logs.flatMap(({ text }) => hostNamesIn(text))];
  const release =
    logs.map(({ text }) => /zookeeper\.version=([\d.]+)/.exec(text)?.[1]).find((found) => found) ?? 'unknown';
  const { folder } = recording;
  const out = recording.place(release);
  try {
    for (const { level, name, text } of logs) {
      mkdirSync(join(out, level), { recursive: true });
      const cleaned = cleanLog(text, { folder, hostNames });
      if (level === 'debug' && recording.gzipDebug) {
        writeFileSync(join(out, level, `${name}.gz`), gzipSync(cleaned, { level: 9 }));
      } else writeFileSync(join(out, level, name), cleaned);
    }
    writeFileSync(join(out, 'zoo.cfg'), recording.ensemble.common);
    writeFileSync(join(out, 'truth.json'), `${JSON.stringify(truthOf(recording, release), null, 2)}\n`);
  } catch (error) {
    throw error instanceof Error ? new UsageError(`--out ${out}: ${error.message}.`) : error;
  }
}

function readLogs(ensemble: Ensemble): readonly RawLog[] {
  return (['info', 'debug'] as const).flatMap((level) =>
    [...ensemble.ports.keys()].map((sid) => {
      const file = ensemble.logFile(sid, level);
      if (existsSync(file)) return { level, name: `server-${sid}.log`, text: readFileSync(file, 'utf8') };
      throw new UsageError(`Server${sid} wrote no log: there is neither log4j nor logback among its jars.`);
    }),
  );
}

function truthOf({ scenario, runtime, ensemble, truth, done }: Recording, release: string): object {
  return {
    schema: 'zabcheck.truth/1',
    scenario: scenario.name,
    sentence: scenario.sentence,
    ...(scenario.seed === undefined ? {} : { seed: scenario.seed }),
    zookeeper: release,
    java: runtime.java,
    recordedOn: new Date().toISOString().slice(0, 10),
    servers: [...ensemble.ports.keys()].map((sid) => ({
      sid: String(sid),
      type: scenario.observers.includes(sid) ? 'observer' : 'participant',
    })),
    script: done,
    elections: truth,
  };
}
