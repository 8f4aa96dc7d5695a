/** Scripts as JSON text (schema `zabcheck.script/1`): what a token carries. 64-bit numbers are decimal strings. */
import { z } from 'zod';
import { err, ok, type Result } from '../../base/result.js';
import type { InitialSituation as Setup } from '../../spec/init.js';
import type { EnsembleConfig, QuorumSystem } from '../../types/ensemble.js';
import { asConfigVersion, asPeerEpoch, asSid, asZxid } from '../../types/ids.js';
import { parseDecimalInt64 } from '../../types/int64.js';
import { parseAction, printAction } from './action-text.js';
import type { Script } from './script.js';
import { whyNoSetup } from './setups.js';

const int64 = z.string().transform((text, context) => {
  const value = parseDecimalInt64(text);
  if (value.ok) return value.value;
  context.addIssue({ code: 'custom', message: value.error });
  return z.NEVER;
});
const pairs = z.array(z.tuple([int64, int64]));
const systemSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('majority') }),
  z.strictObject({ kind: z.literal('hierarchical'), groups: pairs, weights: pairs }),
  z.strictObject({ kind: z.literal('oracle') }),
]);
const configSchema = z.strictObject({
  version: int64,
  voters: z.array(int64),
  observers: z.array(int64),
  quorums: systemSchema,
});
const scriptSchema = z.strictObject({
  schema: z.literal('zabcheck.script/1'),
  servers: z
    .array(z.strictObject({ sid: int64, zxid: int64, currentEpoch: int64, acceptedEpoch: int64 }))
    .min(1)
    .max(64),
  config: configSchema,
  laterConfigs: z.array(configSchema).max(16),
  oracle: z.boolean(),
  release: z.string().max(100).exactOptional(),
  actions: z.array(z.string()).max(1_000_000),
});

/** One line of JSON. */
export function printScript({ setup, actions }: Script): string {
  return JSON.stringify({
    schema: 'zabcheck.script/1',
    servers: setup.servers.map(({ sid, zxid, currentEpoch, acceptedEpoch }) => ({
      sid: `${sid}`,
      zxid: `${zxid}`,
      currentEpoch: `${currentEpoch}`,
      acceptedEpoch: `${acceptedEpoch}`,
    })),
    config: configJson(setup.config),
    laterConfigs: setup.laterConfigs.map(configJson),
    oracle: setup.oracle,
    ...(setup.release === undefined ? {} : { release: setup.release }),
    actions: actions.map(printAction),
  });
}

/** A configuration as the JSON of scripts and peers. */
export function configJson({ version, members, quorumSystem }: EnsembleConfig): unknown {
  const ids = (type: string): string[] => members.filter((one) => one.type === type).map(({ sid }) => `${sid}`);
  return {
    version: `${version}`,
    voters: ids('PARTICIPANT'),
    observers: ids('OBSERVER'),
    quorums: systemJson(quorumSystem),
  };
}

function systemJson(system: QuorumSystem): unknown {
  if (system.kind !== 'hierarchical') return { kind: system.kind };
  const entries = (map: ReadonlyMap<bigint, bigint>): string[][] =>
    [...map].map(([sid, value]) => [`${sid}`, `${value}`]);
  return { kind: 'hierarchical', groups: entries(system.groups), weights: entries(system.weights) };
}

/** Reads what `printScript` wrote. Error: one sentence with the place in the JSON. */
export function parseScript(text: string): Result<Script> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err('the script is not JSON');
  }
  const parsed = scriptSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return err(`the script is wrong at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unknown'}`);
  }
  const { servers, config, laterConfigs, oracle, release, actions } = parsed.data;
  const setup: Setup = {
    servers: servers.map((one) => ({
      sid: asSid(one.sid),
      zxid: asZxid(one.zxid),
      currentEpoch: asPeerEpoch(one.currentEpoch),
      acceptedEpoch: asPeerEpoch(one.acceptedEpoch),
    })),
    config: configFrom(config),
    laterConfigs: laterConfigs.map(configFrom),
    oracle,
    ...(release === undefined ? {} : { release }),
  };
  const why = whyNoSetup(setup);
  if (why !== null) return err(`the script is wrong: ${why}`);
  const list: Script['actions'][number][] = [];
  for (const line of actions) {
    const action = parseAction(line);
    if (!action.ok) return action;
    list.push(action.value);
  }
  return ok({ setup, actions: list });
}

function configFrom({ version, voters, observers, quorums }: z.infer<typeof configSchema>): EnsembleConfig {
  const member = (type: 'PARTICIPANT' | 'OBSERVER') => (sid: bigint) => ({
    sid: asSid(sid),
    type,
    addresses: [],
    clientAddress: null,
  });
  const members = [...voters.map(member('PARTICIPANT')), ...observers.map(member('OBSERVER'))];
  members.sort((a, b) => (a.sid < b.sid ? -1 : 1));
  return { version: asConfigVersion(version), members, quorumSystem: systemFrom(quorums) };
}

function systemFrom(system: z.infer<typeof systemSchema>): QuorumSystem {
  if (system.kind === 'oracle') return { kind: 'oracle', oraclePath: 'oracle' };
  if (system.kind === 'majority') return system;
  const toMap = (entries: readonly (readonly [bigint, bigint])[]): Map<ReturnType<typeof asSid>, bigint> =>
    new Map(entries.map(([sid, value]) => [asSid(sid), value]));
  return { kind: 'hierarchical', groups: toMap(system.groups), weights: toMap(system.weights) };
}
