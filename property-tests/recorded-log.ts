/** Reads recorded logs for tests, and judges them, whole or altered. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { implMachine } from '../models/impl-machine.js';
import { judgeLog } from '../traces/judge-log.js';
import { LogParser } from '../traces/parse/log-parser.js';
import type { Verdict } from '../traces/verdict.js';
import { asSid } from '../types/ids.js';
import { parseZooCfg } from '../types/zoo-cfg.js';

const RECORDED = new URL('../traces/recorded/3.8.0/', import.meta.url);

/** `name` is `scenario/level/server-N`. */
export function readRecorded(name: string): readonly string[] {
  return readFileSync(fileURLToPath(new URL(`${name}.log`, RECORDED)), 'utf8').split('\n');
}

/** Judges lines as the log of the server that `name` tells, with its scenario's configuration. */
export async function judgeLines(name: string, lines: readonly string[], gaps = false): Promise<Verdict> {
  const scenario = name.slice(0, name.indexOf('/'));
  const file = fileURLToPath(new URL(`${scenario}/zoo.cfg`, RECORDED));
  const config = parseZooCfg(readFileSync(file, 'utf8'), file);
  if (!config.ok) throw new Error(config.error.message);
  const sid = asSid(BigInt(name.slice(name.lastIndexOf('-') + 1)));
  const parser = new LogParser(`${name}.log`);
  const observations = lines.flatMap((line) => parser.push(line));
  const batches = (async function* () {
    yield observations;
  })();
  return judgeLog(implMachine, batches, { sid, config: config.value.ensemble, survey: null, gaps });
}
