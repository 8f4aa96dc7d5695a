/** Real logs that were once judged wrongly, by the sentence of docs/divergences.md that tells of them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { implMachine } from '../models/impl-machine.js';
import { specMachine } from '../models/spec-machine.js';
import { judgeLog } from '../traces/judge-log.js';
import { LogParser } from '../traces/parse/log-parser.js';
import { asSid } from '../types/ids.js';
import { parseZooCfg } from '../types/zoo-cfg.js';

const HERE = fileURLToPath(new URL('./regressions/', import.meta.url));

test.each([
  [implMachine.name, implMachine],
  [specMachine.name, specMachine],
])('%s: WorkerReceiver tests the state between "I am a participant" and the change of state', async (_, machine) => {
  const config = parseZooCfg(readFileSync(`${HERE}tested-before-the-role.zoo.cfg`, 'utf8'), 'zoo.cfg');
  if (!config.ok) throw new Error(config.error.message);
  const text = gunzipSync(readFileSync(`${HERE}tested-before-the-role.server-2.log.gz`)).toString('utf8');
  const parser = new LogParser('server-2.log');
  const observations = text.split('\n').flatMap((line) => parser.push(line));
  const batches = (async function* () {
    yield observations;
  })();
  const hints = { sid: asSid(2n), config: config.value.ensemble, survey: null, gaps: false };
  const verdict = await judgeLog(machine as typeof implMachine, batches, hints);
  expect(verdict.divergence).toBeNull();
  expect(verdict.kind).toBe('accepted');
  expect(verdict.elections).toMatchObject([{ leader: 4n }, { leader: 3n }]);
});
