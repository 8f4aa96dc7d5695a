/**
 * Goal: the logs of one ensemble are explained together, and its elections are told as its servers told them.
 * Method: every recorded ensemble is judged at INFO and at DEBUG; its elections must be those of truth.json, which the
 * servers were asked for (`srvr`). Clocks are shifted: nothing may change, because no order is taken from them.
 */
import { describe, expect, it } from 'vitest';
import { THOROUGH } from '../scripts/thorough.js';
import { specMachine } from '../models/spec-machine.js';
import type { EnsembleVerdict } from '../traces/ensemble/verdict.js';
import type { Sid } from '../types/ids.js';
import { truthOf } from './corpus-table.js';
import { judgeLogs, readEnsemble } from './ensemble-judging.js';
import { recordedNames, recordedScenarios } from './recorded-log.js';
import { shiftStamps } from './shift-stamps.js';

interface Term {
  readonly leader: string;
  readonly followers: readonly string[];
  readonly observers: readonly string[];
}

const union = (a: readonly string[], b: readonly string[]): readonly string[] => [...new Set([...a, ...b])].sort();

/** The pictures of truth.json; those that show the same leader one after the other are one election. */
function termsOfTruth(scenario: string): readonly Term[] {
  const terms: Term[] = [];
  for (const { leader, followers, observers } of truthOf(scenario).elections) {
    const last = terms.at(-1);
    if (last?.leader !== leader) terms.push({ leader, followers: union(followers, []), observers });
    else {
      terms[terms.length - 1] = {
        leader,
        followers: union(last.followers, followers),
        observers: union(last.observers, observers),
      };
    }
  }
  return terms;
}

/** The elections that came to an epoch. */
function termsTold({ elections }: EnsembleVerdict): readonly Term[] {
  return elections
    .filter(({ epoch }) => epoch !== null)
    .map(({ leader, parts }) => {
      const of = (role: string): readonly string[] =>
        union(
          parts.filter((part) => part.role === role).map(({ sid }) => String(sid)),
          [],
        );
      return { leader: String(leader), followers: of('FOLLOWING'), observers: of('OBSERVING') };
    });
}

function isInOrderIn(wanted: readonly Term[], told: readonly Term[]): boolean {
  let at = 0;
  for (const term of told) if (JSON.stringify(term) === JSON.stringify(wanted[at])) at += 1;
  return at === wanted.length;
}

const namesOf = (scenario: string, level: string): readonly string[] =>
  recordedNames(scenario).filter((name) => name.includes(`/${level}/`));

const HOUR_MS = 3_600_000;
/** Everything: `npm run evidence -- clocks`. */
const LEVELS = THOROUGH ? ['info', 'debug'] : ['info'];
const SHIFTS_MS = THOROUGH ? [500, -500, 3 * HOUR_MS, -26 * HOUR_MS] : [-26 * HOUR_MS];

describe.each(recordedScenarios.map((scenario, index) => ({ scenario, index })))('$scenario', ({ scenario, index }) => {
  it.each(['info', 'debug'].filter((level) => THOROUGH || level === 'info' || index % 2 === 0))(
    'at %s is accepted by both machines, with the elections that took place',
    async (level) => {
      const { logs, ensemble } = readEnsemble(namesOf(scenario, level));
      const impl = await judgeLogs(logs, ensemble);
      expect(impl.kind, impl.divergence?.reason ?? impl.notes.join('; ')).toBe('accepted');
      const [truth, told] = [termsOfTruth(scenario), termsTold(impl)];
      // Of a storm of crashes only the pictures at the beginning and at the end were waited for.
      if (scenario.endsWith('crash-storm')) expect(isInOrderIn(truth, told), JSON.stringify(told)).toBe(true);
      else expect(told).toEqual(truth);
      if (!THOROUGH && (level === 'debug' || index % 2 === 1)) return;
      const spec = await judgeLogs(logs, ensemble, { machine: specMachine });
      expect([spec.kind, spec.elections]).toEqual([impl.kind, impl.elections]);
    },
  );

  it.each(LEVELS.filter(() => THOROUGH || index % 4 === 0))('at %s does not depend on clocks', async (level) => {
    const names = namesOf(scenario, level);
    const whole = readEnsemble(names);
    const straight = await judgeLogs(whole.logs, whole.ensemble);
    for (const ms of SHIFTS_MS) {
      const shift = (sid: Sid): number => (sid % 2n === 0n ? ms : 0);
      const skewed = readEnsemble(names, (lines, sid) => shiftStamps(lines, shift(sid)));
      const verdict = await judgeLogs(skewed.logs, skewed.ensemble);
      expect([verdict.kind, termsTold(verdict)], `${ms} ms`).toEqual(['accepted', termsTold(straight)]);
    }
  });
});
