/** Real logs that were once judged wrongly, by the sentence of docs/divergences.md that tells of them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { implMachine } from '../models/impl-machine.js';
import { specMachine } from '../models/spec-machine.js';
import { judgeLog } from '../traces/judge-log.js';
import { LogParser } from '../traces/parse/log-parser.js';
import { asSid } from '../types/ids.js';
import { parseZooCfg } from '../types/zoo-cfg.js';

const HERE = fileURLToPath(new URL('./regressions/', import.meta.url));

/** Name of the case, its log, and the leaders of its elections. */
const CASES = [
  ['tested-before-the-role', 'server-2', [4n, 3n]],
  ['answered-between', 'info.server-5', [5n, 4n]],
  ['answered-between', 'debug.server-5', [5n, 4n]],
] as const;

describe.each([
  ['impl', implMachine],
  ['spec', specMachine],
])('%s', (_, machine) => {
  test.each(CASES)('%s, %s', async (name, log, leaders) => {
    const config = parseZooCfg(readFileSync(`${HERE}${name}.zoo.cfg`, 'utf8'), 'zoo.cfg');
    if (!config.ok) throw new Error(config.error.message);
    const text = gunzipSync(readFileSync(`${HERE}${name}.${log}.log.gz`)).toString('utf8');
    const parser = new LogParser(log);
    const observations = text.split('\n').flatMap((line) => parser.push(line));
    const batches = (async function* () {
      yield observations;
    })();
    const sid = asSid(BigInt(log.slice(log.lastIndexOf('-') + 1)));
    const hints = { sid, config: config.value.ensemble, survey: null, gaps: false };
    const verdict = await judgeLog(machine as typeof implMachine, batches, hints);
    expect(verdict.divergence).toBeNull();
    expect(verdict.kind).toBe('accepted');
    expect(verdict.elections.map(({ leader }) => leader)).toEqual(leaders);
  });
});
