/**
 * Goal: when the logs of an ensemble contradict each other or themselves, the first sentence of the report names the cause.
 * Method: thirty seeded causes; what must be named was written before. `npm run evidence -- ensembles` shows all thirty.
 */
import { describe, expect, it } from 'vitest';
import { AlteredLog, SEEDED_CAUSES } from './ensemble-causes.js';
import { judgeLogs, readEnsemble } from './ensemble-judging.js';
import { recordedNames } from './recorded-log.js';

describe('thirty seeded causes', () => {
  it('are thirty', () => {
    expect(SEEDED_CAUSES.length).toBe(30);
  });

  it.each(SEEDED_CAUSES)('$cause', async ({ scenario, server, alter, names }) => {
    const all = recordedNames(`3.8.0/${scenario}`).filter((name) => name.includes('/info/'));
    const { logs, ensemble } = readEnsemble(all, (lines, sid) => {
      if (sid !== BigInt(server)) return lines;
      const log = new AlteredLog(lines);
      alter(log);
      return log.text;
    });
    const verdict = await judgeLogs(logs, ensemble);
    const reason = verdict.divergence?.reason ?? verdict.notes.join('; ');
    console.log(`CAUSE ${verdict.kind} ${names.test(reason) ? 'named' : 'NOT NAMED'}: ${reason}`);
    expect(verdict.kind, reason).toBe('diverged');
    expect(reason).toMatch(names);
  });
});
