/** Random questions about random systems, to compare the two ways of answering them. Equal seeds, equal questions. */
import type { Rng } from '../../base/rng.js';
import { encode } from '../encode.js';
import { hash } from '../random-system.js';
import type { System } from '../system.js';
import type { FairSteps, LiveProperty, LiveQuestion, Predicate, Restriction } from './question.js';

/** The same states and steps, and nothing that could end the exploration early. */
export function withoutClaims({ mayEnd: _end, ...system }: System): System {
  const rules = system.rules.map((rule) => ({
    ...rule,
    step: (values: readonly unknown[]) =>
      rule.step(values).map(({ label, writes, updates }) => ({ label, writes, updates })),
  }));
  return { ...system, rules, properties: [] };
}

const KINDS = ['eventually', 'leads to', 'again and again', 'in the end'] as const;

export function randomQuestion(rng: Rng): LiveQuestion {
  const salt = `${rng.below(2 ** 32)}`;
  const kind = KINDS[rng.below(KINDS.length)] ?? 'eventually';
  const goal = randomPredicate(rng, `${salt} goal`, [0.2, 0.5, 0.8]);
  const property: LiveProperty = {
    name: 'L',
    sentence: 'what should happen does not',
    kind,
    goal,
    ...(kind === 'leads to' && { from: randomPredicate(rng, `${salt} from`, [0.1, 0.5]) }),
  };
  const some = Array.from({ length: rng.below(5) }, (_, place): FairSteps => ({
    name: `fair ${place}`,
    kind: rng.chance(0.5) ? 'weak' : 'strong',
    has: randomSteps(rng, `${salt} ${place}`),
  }));
  // Without it standing still is nearly always fair.
  const goesOn: FairSteps = { name: 'goes on', kind: 'weak', has: () => true };
  const fairness = rng.chance(0.8) ? [...some, goesOn] : some;
  const restrictions = Array.from({ length: rng.chance(0.3) ? 1 + rng.below(2) : 0 }, (_, place): Restriction => ({
    name: `restriction ${place}`,
    sentence: 'not everywhere',
    has: randomSteps(rng, `${salt} restricted ${place}`),
    when: randomPredicate(rng, `${salt} when ${place}`, [0.5, 0.9]),
  }));
  return { property, fairness, restrictions };
}

/** By actor, by action, or any third of the texts. */
function randomSteps(rng: Rng, salt: string): FairSteps['has'] {
  const which = rng.below(3);
  if (which === 0) {
    const actor = `actor ${rng.below(3)}`;
    return (label) => label.actor === actor;
  }
  if (which === 1) {
    const action = `action ${rng.below(4)}`;
    return (label) => label.action === action;
  }
  return ({ text }) => hash(`${salt} ${text}`) % 3 === 0;
}

function randomPredicate(rng: Rng, salt: string, shares: readonly number[]): Predicate {
  const share = shares[rng.below(shares.length)] ?? 0.5;
  return {
    project: (value, slot) => `${hash(`${salt} ${slot} ${encode(value)}`) % 5}`,
    holds: (seen) => hash(`${salt} ${seen.join()}`) % 1000 < share * 1000,
  };
}
