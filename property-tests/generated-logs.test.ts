/**
 * Goal: what `zabcheck generate` writes is what a server would print, and its elections are told as they took place.
 * Method: every line is printed and read back; ensembles at random are judged, and their established leaders compared with the
 * simulator's own record, which the judge never sees.
 */
import { describe, expect, it } from 'vitest';
import { generateEnsemble } from '../models/simulated-log/ensemble.js';
import { printLogLine } from '../models/simulated-log/print.js';
import { LogParser } from '../traces/parse/log-parser.js';
import { judgeLogs } from './ensemble-judging.js';

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);
const STAMP = '2026-01-01 00:00:00,000';

describe('a generated log', () => {
  it.each([true, false])('is read back as it was meant (DEBUG: %s)', (debug) => {
    const kinds = new Set<string>();
    for (const seed of SEEDS) {
      for (const [sid, log] of generateEnsemble(seed, { steps: 4000, debug }).logs) {
        const parser = new LogParser(`server-${sid}.log`);
        for (const observation of log) {
          const read = parser.push(printLogLine(observation, sid, { stamp: STAMP, release: '3.8.0' }));
          expect(read).toEqual([{ ...observation, at: { ...observation.at, time: STAMP } }]);
          kinds.add(observation.said.what);
        }
      }
    }
    expect(kinds.size).toBeGreaterThanOrEqual(debug ? 18 : 11);
  });

  it('of an ensemble tells the leaders that were established', async () => {
    let established = 0;
    for (const seed of SEEDS) {
      const generated = generateEnsemble(seed, { steps: 6000 });
      const verdict = await judgeLogs(generated.logs, generated.ensemble);
      expect([seed, verdict.kind]).toEqual([seed, 'accepted']);
      const told = verdict.elections
        .filter(({ epoch }) => epoch !== null)
        .map(({ leader, epoch, round, supporters }) => [leader, epoch, round, [...supporters].sort()]);
      const truth = generated.established.map(({ leader, epoch, round, supporters }) => [
        leader,
        epoch,
        round,
        [...supporters].sort(),
      ]);
      expect(told, `seed ${seed}`).toEqual(truth);
      established += truth.length;
    }
    expect(established).toBeGreaterThan(12);
  });
});
