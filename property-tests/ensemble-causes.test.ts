/**
 * Goal: when the logs of an ensemble contradict each other or themselves, the first sentence of the report names the cause.
 * Method: thirty seeded causes; what must be named was written before any report was seen. `npm run evidence -- ensembles` shows
 * all thirty sentences.
 */
import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SEEDED_CAUSES } from './ensemble-causes.js';
import { judgeLogs, readCause } from './ensemble-judging.js';

/** A file to which every cause and its sentence are added, as JSON lines. */
const SHOWN = process.env['ZABCHECK_CAUSES'];

describe('thirty seeded causes', () => {
  it('are thirty', () => {
    expect(SEEDED_CAUSES.length).toBe(30);
  });

  it.each(SEEDED_CAUSES)('$cause', async (one) => {
    const { cause, scenario, names } = one;
    const { logs, ensemble } = readCause(one);
    const { kind, divergence } = await judgeLogs(logs, ensemble);
    const reason = divergence?.reason ?? '';
    if (SHOWN !== undefined)
      appendFileSync(SHOWN, `${JSON.stringify({ cause, scenario, reason, named: names.test(reason) })}\n`);
    expect(kind).toBe('diverged');
    expect(reason).toMatch(names);
  });
});
