/** The models by name: what a command line, a token or a worker thread needs to build one for itself. */
import type { LiveQuestion } from '../checker/live/question.js';
import type { System } from '../checker/system.js';
import { err, ok, type Result } from '../base/result.js';
import { type ElectionBounds, parseBounds } from './election/bounds.js';
import { implSystem } from './election/impl-system.js';
import type { LiveChoice } from './election/live.js';
import { lockstepSystem } from './election/lockstep-system.js';
import { specSystem } from './election/spec-system.js';
import { officialTla, type TlaBounds } from './official-tla/system.js';
import { parseThreadBounds, type ThreadBounds } from './threads/bounds.js';
import { threadSystem } from './threads/model/system.js';

/** A model and its bounds: plain data, so that it passes to other threads and into tokens. */
export interface ModelChoice {
  readonly model: ModelName;
  readonly bounds: ElectionBounds | TlaBounds | ThreadBounds;
  /** Names of the properties to look at; null: all. */
  readonly properties: readonly string[] | null;
}

const ELECTIONS = { spec: specSystem, impl: implSystem, lockstep: lockstepSystem } as const;

export type ModelName = keyof typeof ELECTIONS | 'threads' | 'official-tla';

export const MODEL_SENTENCES: Readonly<Record<ModelName, string>> = {
  spec: 'the specification',
  impl: 'ensembles of the real peer',
  lockstep: 'ensembles of the real peer, each step held against the specification (refinement)',
  threads: 'ensembles at the grain of their threads, each step held against the specification',
  'official-tla': "our reading of ZooKeeper's FastLeaderElection.tla, to compare counts with TLC",
};

export function isModelName(name: string): name is ModelName {
  return Object.hasOwn(MODEL_SENTENCES, name);
}

const TLA_NAMES = ['servers', 'C', 'E', 'I', 'Q', 'V'] as const;

/** Texts as on a command line; what is absent has its default. */
export function parseChoice(
  model: ModelName,
  options: Readonly<Record<string, string | undefined>>,
  properties: readonly string[] | null,
): Result<ModelChoice> {
  const given = Object.entries(options).filter(([, text]) => text !== undefined);
  if (model === 'threads') {
    const bounds = parseThreadBounds(options);
    return bounds.ok ? ok({ model, bounds: bounds.value, properties }) : bounds;
  }
  if (model !== 'official-tla') {
    const wrong = given.find(([name]) => name !== 'servers' && TLA_NAMES.some((one) => one === name));
    if (wrong !== undefined) return err(`${wrong[0]} is a bound of official-tla, not of ${model}`);
    const bounds = parseBounds(options);
    return bounds.ok ? ok({ model, bounds: bounds.value, properties }) : bounds;
  }
  const bounds: Record<string, number> = { servers: 3, C: 0, E: 0, I: 0, Q: 1, V: 1 };
  for (const [name, text = ''] of given) {
    if (!TLA_NAMES.some((one) => one === name))
      return err(`${name} is no bound of official-tla; it has ${TLA_NAMES.join(', ')}`);
    if (!/^\d{1,2}$/.test(text)) return err(`${name} is a number from 0 to 99, not "${text}"`);
    bounds[name] = Number(text);
  }
  if ((bounds['servers'] ?? 0) < 1 || (bounds['servers'] ?? 0) > 5) return err('servers is a number from 1 to 5');
  return ok({ model, bounds: bounds as unknown as TlaBounds, properties });
}

export interface LiveModel {
  readonly system: System;
  readonly question: LiveQuestion;
}

/** A model that claims nothing of single states, and what is asked of its end; null: it knows no such questions. */
export function liveModelOf({ model, bounds }: ModelChoice, { name, without }: LiveChoice): LiveModel | null {
  if (model === 'official-tla' || model === 'threads') return null;
  const system = ELECTIONS[model](bounds as ElectionBounds, { unchecked: true });
  return { system: { ...system, properties: [] }, question: system.liveQuestion(name, without) };
}

/** Throws if the properties are not the model's. */
export function systemOf({ model, bounds, properties }: ModelChoice): System {
  const system = builtOf(model, bounds);
  return properties === null ? system : lookingAt(system, properties);
}

function builtOf(model: ModelName, bounds: ModelChoice['bounds']): System {
  if (model === 'official-tla') return officialTla(bounds as TlaBounds);
  return model === 'threads' ? threadSystem(bounds as ThreadBounds) : ELECTIONS[model](bounds as ElectionBounds);
}

/** The same system with no other properties than these. */
function lookingAt(system: System, names: readonly string[]): System {
  const { mayEnd, ...rest } = system;
  return {
    ...rest,
    ...(mayEnd !== undefined && names.includes('deadlock') ? { mayEnd } : {}),
    properties: system.properties.filter(({ name }) => names.includes(name)),
    rules: system.rules.map((rule) => ({
      ...rule,
      step: (values) =>
        rule.step(values).map((outcome) => {
          if (outcome.breaks === undefined || names.includes(outcome.breaks.property)) return outcome;
          const { label, writes, updates } = outcome;
          return { label, writes, updates };
        }),
    })),
  };
}
