/**
 * Goal: when the logs of an ensemble contradict each other or themselves, the first sentence of the report names the cause.
 * Method: thirty seeded causes; what must be named was written before any report was seen. `npm run evidence -- ensembles` shows
 * all thirty sentences.
 */
import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AlteredLog } from './altered-log.js';
import { SEEDED_CAUSES } from './ensemble-causes.js';
import { judgeLogs, readEnsemble } from './ensemble-judging.js';
import { recordedNames } from './recorded-log.js';

/** A file to which every cause and its sentence are added, as JSON lines. */
const SHOWN = process.env['ZABCHECK_CAUSES'];

describe('thirty seeded causes', () => {
  it('are thirty', () => {
    expect(SEEDED_CAUSES.length).toBe(30);
  });

  it.each(SEEDED_CAUSES)('$cause', async ({ cause, scenario, server, alter, names }) => {
    const all = recordedNames(`3.8.0/${scenario}`).filter((name) => name.includes('/info/'));
    const { logs, ensemble } = readEnsemble(all, (lines, sid) => {
      if (sid !== BigInt(server)) return lines;
      const log = new AlteredLog(lines);
      alter(log);
      return log.text;
    });
    const { kind, divergence } = await judgeLogs(logs, ensemble);
    const reason = divergence?.reason ?? '';
    if (SHOWN !== undefined)
      appendFileSync(SHOWN, `${JSON.stringify({ cause, scenario, reason, named: names.test(reason) })}\n`);
    expect(kind).toBe('diverged');
    expect(reason).toMatch(names);
  });
});
