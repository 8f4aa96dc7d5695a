/** Discovery and synchronisation after an election, as one step; and what they have made of epochs so far. */
import type { Outcome, Rule, Update } from '../../checker/system.js';
import { EXTENTS, type Extent } from '../../spec/action.js';
import { isQuorum } from '../../spec/quorums.js';
import { NO_HELP } from '../../spec/properties/terms.js';
import type { Server } from '../../spec/state.js';
import type { PeerEpoch, Sid } from '../../types/ids.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { type Budget, spent } from './bounds.js';
import { allows, type Model, played, ruleOf } from './model.js';

/** An epoch that a quorum has acknowledged, or that was established. */
export interface EpochEntry {
  readonly what: 'acknowledged' | 'established';
  readonly epoch: PeerEpoch;
  readonly leader: Sid;
  /** The leader's currentEpoch before. */
  readonly base: PeerEpoch;
}

/** No action reads them: they are what the properties of epochs ask for. In the order in which they came. */
export type Epochs = readonly EpochEntry[];

/** Cut off before the leader is established. */
export const PARTIAL: readonly Extent[] = ['accepted', 'committed', 'synchronized'];
/** Up to the end. */
export const FULL: readonly Extent[] = ['upToDate'];

/** One rule for each leader and set of followers that together are a quorum. */
export function activationRules<V>(model: Model<V>, config: EnsembleConfig): readonly Rule[] {
  const { partial, full } = model.bounds;
  if (partial + full === 0) return [];
  const { voters } = model.layout;
  return voters.flatMap((leader) =>
    subsets(voters.filter((sid) => sid !== leader))
      .filter((followers) => isQuorum(config, [leader, ...followers], NO_HELP))
      .map((followers) => activationRule(model, leader, followers)),
  );
}

function subsets(sids: readonly Sid[]): readonly (readonly Sid[])[] {
  return sids.reduce<readonly (readonly Sid[])[]>((sets, sid) => [...sets, ...sets.map((set) => [...set, sid])], [[]]);
}

function activationRule<V>(model: Model<V>, leader: Sid, followers: readonly Sid[]): Rule {
  const { layout, machine } = model;
  const slots = [leader, ...followers].map((sid) => layout.servers[layout.sids.indexOf(sid)] ?? -1);
  const name = `activate ${leader} with ${followers.join(',')}`;
  const step = (...values: readonly unknown[]): readonly Outcome[] => {
    const servers = values.slice(0, -1) as readonly V[];
    const budget = values.at(-1) as Budget;
    const kinds = [
      { left: spent(budget, 'partial'), extents: PARTIAL },
      { left: spent(budget, 'full'), extents: FULL },
    ];
    return kinds.flatMap(({ left, extents }) =>
      left === null
        ? []
        : extents.flatMap((extent) => activations(model, { leader, followers, extent, slots, servers, left })),
    );
  };
  // As the guard of Activate has it: what is asked of each alone.
  const leads = (value: V): boolean => {
    const { life } = machine.look(value);
    return life?.pc === 'OUT' && life.st === 'LEADING';
  };
  const follows = (value: V): boolean => {
    const { life } = machine.look(value);
    return life?.pc === 'OUT' && life.st === 'FOLLOWING' && life.cur.leader === leader;
  };
  const needs = [leads, ...followers.map(() => follows), allows('partial', 'full')];
  return ruleOf(name, [...slots, layout.budget], step, needs as readonly ((value: unknown) => boolean)[]);
}

interface Activation<V> {
  readonly leader: Sid;
  readonly followers: readonly Sid[];
  readonly extent: Extent;
  readonly slots: readonly number[];
  readonly servers: readonly V[];
  readonly left: Budget;
}

function activations<V>(model: Model<V>, of: Activation<V>): readonly Outcome[] {
  const { leader, followers, extent, slots, servers, left } = of;
  const { courses, layout, machine } = model;
  const action = { name: 'Activate', leader, followers, extent } as const;
  return courses.from(servers, { action, arrival: null }).map((course) => {
    const written = new Map<number, unknown>(slots.map((slot, i) => [slot, course.values[i]]));
    written.set(layout.budget, left);
    const outcome = played(model, { action, actor: leader, course, was: null, written });
    const [before, after] = [servers[0], course.values[0]];
    if (before === undefined || after === undefined || layout.epochs === null) return outcome;
    const entries = entriesOf(machine.look(before), machine.look(after), extent);
    return { ...outcome, updates: [...outcome.updates, ...noted(entries, layout.epochs)] };
  });
}

const noted = (entries: Epochs, slot: number): readonly Update[] => entries.map((operation) => ({ slot, operation }));

/** What an activation adds to the epochs; of the leader, before and after. */
export function entriesOf(before: Server, after: Server, extent: Extent): Epochs {
  const entry = { epoch: after.ce, leader: after.sid, base: before.ce };
  const place = EXTENTS.indexOf(extent);
  return [
    ...(place >= EXTENTS.indexOf('committed') ? [{ what: 'acknowledged', ...entry } as const] : []),
    ...(place >= EXTENTS.indexOf('established') ? [{ what: 'established', ...entry } as const] : []),
  ];
}
