/**
 * Goal: the judge of ensembles accepts nothing that is impossible, and rejects nothing that took place.
 * Method: small ensembles of real peers write logs; one statement is made false; a search through every schedule, which shares
 * nothing with the judge, says whether that can still be true. `npm run evidence -- ensembles` does the same five thousand times.
 */
import { describe, expect, it } from 'vitest';
import { makeRng } from '../base/rng.js';
import { canPrint } from '../models/brute-force.js';
import { implMachine } from '../models/impl-machine.js';
import { corrupt, CORRUPTIONS } from '../models/simulated-log/corrupt.js';
import { generateEnsemble } from '../models/simulated-log/ensemble.js';
import { specMachine } from '../models/spec-machine.js';
import { judgeLogs } from './ensemble-judging.js';

const SEEDS = Array.from({ length: 24 }, (_, index) => index + 1);
const STEPS = 60;
const STATES_MAX = 2000;

describe('what every schedule of real peers says of small ensembles', () => {
  const found = SEEDS.flatMap((seed) => {
    const generated = generateEnsemble(seed, { steps: STEPS, small: true });
    const { ensemble, durable } = generated;
    const ask = (logs: typeof generated.logs): string => canPrint({ ensemble, durable, logs, statesMax: STATES_MAX });
    const changed = CORRUPTIONS.flatMap((kind, index) => {
      const one = corrupt(generated.logs, kind, makeRng(seed * 31 + index));
      return one === null ? [] : [{ seed, ensemble, kind, logs: one.logs, possible: ask(one.logs) }];
    });
    return [{ seed, ensemble, kind: 'nothing', logs: generated.logs, possible: ask(generated.logs) }, ...changed];
  });

  it('the logs that were written are possible', () => {
    expect(found.filter(({ kind }) => kind === 'nothing').map(({ possible }) => possible)).toEqual(
      SEEDS.map(() => 'possible'),
    );
  });

  it('enough false statements are proven false', () => {
    const proven = found.filter(({ possible }) => possible === 'impossible');
    expect(new Set(proven.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(8);
    expect(proven.length).toBeGreaterThan(100);
  });

  it.each([implMachine, specMachine])('and none of them is accepted by $name', async (machine) => {
    for (const { seed, kind, ensemble, logs, possible } of found) {
      if (kind !== 'nothing' && possible !== 'impossible') continue;
      const verdict = await judgeLogs(logs, ensemble, { machine });
      expect(verdict.kind, `seed ${seed}: ${kind}`).toBe(kind === 'nothing' ? 'accepted' : 'diverged');
    }
  });
});

describe('legal ensembles', () => {
  it('of three to five servers are accepted', async () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const { logs, ensemble } = generateEnsemble(seed, { steps: 1500 });
      const { kind, divergence, notes } = await judgeLogs(logs, ensemble);
      expect([seed, kind, divergence?.reason ?? notes]).toEqual([seed, 'accepted', []]);
    }
  });
});
