/** Reads recorded logs for tests, and judges them, whole or altered. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { implMachine } from '../models/impl-machine.js';
import { judgeLog } from '../traces/judge-log.js';
import { LogParser } from '../traces/parse/log-parser.js';
import type { Verdict } from '../traces/verdict.js';
import type { EnsembleConfig } from '../types/ensemble.js';
import { asSid } from '../types/ids.js';
import { parseZooCfg } from '../types/zoo-cfg.js';

const RECORDED = fileURLToPath(new URL('../traces/recorded/', import.meta.url));

/** Every recorded scenario: `release/scenario`. */
export const recordedScenarios: readonly string[] = readdirSync(RECORDED, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(`${RECORDED}${name}`).map((scenario) => `${name}/${scenario}`))
  .sort();

/** The logs of a scenario: `release/scenario/level/server-N`. */
export function recordedNames(scenario: string): readonly string[] {
  return ['info', 'debug'].flatMap((level) =>
    readdirSync(`${RECORDED}${scenario}/${level}`)
      .map((file) => `${scenario}/${level}/${file.slice(0, file.indexOf('.'))}`)
      .sort(),
  );
}

/** The lines of a log. */
export function readRecorded(name: string): readonly string[] {
  const plain = `${RECORDED}${name}.log`;
  const text = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(`${plain}.gz`));
  return text.toString('utf8').split('\n');
}

/** A file of a scenario, as text. */
export function readOfScenario(scenario: string, file: 'zoo.cfg' | 'truth.json'): string {
  return readFileSync(`${RECORDED}${scenario}/${file}`, 'utf8');
}

/** What its `zoo.cfg` says of the ensemble. */
export function configOf(name: string): EnsembleConfig {
  const scenario = name.split('/').slice(0, 2).join('/');
  const config = parseZooCfg(readOfScenario(scenario, 'zoo.cfg'), `${scenario}/zoo.cfg`);
  if (!config.ok) throw new Error(config.error.message);
  return config.value.ensemble;
}

/** Judges lines as the log of the server that `name` tells, with its scenario's configuration. */
export async function judgeLines(
  name: string,
  lines: readonly string[],
  { gaps = false, machine = implMachine } = {},
): Promise<Verdict> {
  const sid = asSid(BigInt(name.slice(name.lastIndexOf('-') + 1)));
  const parser = new LogParser(`${name}.log`);
  const observations = lines.flatMap((line) => parser.push(line));
  const batches = (async function* () {
    yield observations;
  })();
  return judgeLog(machine, batches, { sid, config: configOf(name), survey: null, gaps });
}
