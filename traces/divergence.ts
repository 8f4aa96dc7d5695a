/** Turns the refusals of all surviving hypotheses into one explanation: the most telling first. */
import type { Refusal, WrongField } from './machine.js';
import { printSaid } from './say.js';
import type { Observation } from './observation.js';
import type { Divergence } from './verdict.js';

export interface RefusedState {
  readonly state: string;
  readonly refusal: Refusal;
}

/** How many other hypotheses an explanation shows. */
const ALTERNATIVES_MAX = 5;

/** Precondition: at least one state was refused. */
export function describeDivergence(observation: Observation, refused: readonly RefusedState[]): Divergence {
  const ranked = distinct(refused).sort((a, b) => b.refusal.nearness - a.refusal.nearness);
  const [best, ...others] = ranked;
  if (best === undefined) throw new Error('internal error: a divergence needs a refusal');
  const legal = new Set(ranked.flatMap(({ refusal }) => (refusal.legal === null ? [] : [refusal.legal])));
  return {
    at: observation.at,
    line: printSaid(observation.said),
    reason: reasonOf(best.refusal, ranked),
    method: best.refusal.method,
    alternatives: [best, ...others].slice(0, ALTERNATIVES_MAX).map(({ state, refusal }) => ({
      state,
      reason: refusal.reason,
      method: refusal.method,
    })),
    legal: [...legal].slice(0, ALTERNATIVES_MAX),
    hypotheses: refused.length,
  };
}

/** If states as near find the same field wrong and expect other values, all of these. */
function reasonOf({ reason, nearness, field }: RefusedState['refusal'], ranked: readonly RefusedState[]): string {
  if (field === undefined) return reason;
  const fields = ranked.flatMap(({ refusal }) =>
    refusal.nearness === nearness && refusal.field?.says === field.says ? [refusal.field] : [],
  );
  const each = (of: (one: WrongField) => string): readonly string[] => [...new Set(fields.map(of))];
  const [values, votes] = [each(({ expected }) => expected), each(({ instead }) => instead)];
  if (values.length < 2) return reason;
  return `${field.says} where it must be ${values.join(' or ')}: the vote that it sent is ${votes.join(' or ')}`;
}

function distinct(refused: readonly RefusedState[]): RefusedState[] {
  const seen = new Set<string>();
  return refused.filter(({ refusal }) => {
    if (seen.has(refusal.reason)) return false;
    seen.add(refusal.reason);
    return true;
  });
}
