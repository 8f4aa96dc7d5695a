/** A model of an election, put together: the same rules for whatever machine stands behind the servers. */
import type { Property, System } from '../../checker/system.js';
import { assert } from '../../base/assert.js';
import type { Message, Server } from '../../spec/state.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { asPeerEpoch } from '../../types/ids.js';
import { activationRules, type EpochEntry, type Epochs } from './activation.js';
import { type Budget, budgetOf, type ElectionBounds } from './bounds.js';
import { EMPTY, type Queue } from './channels.js';
import { checkedInSteps, stepCheck } from './checks.js';
import { Courses } from './courses.js';
import { configOf, establishedServers, serversAtRest, specProfileOf } from './ensemble.js';
import { faultRules } from './fault-rules.js';
import { layoutOf, slotTowards, togetherIn } from './layout.js';
import type { Machine } from './machine.js';
import { type Model, NO_MORE, withMessage } from './model.js';
import { outcomeOf } from './outcomes.js';
import { mayEnd, propertiesOf } from './properties.js';
import { serverRules } from './server-rules.js';
import { budgetWords, epochsWords, queueWords, serverWords } from './show.js';

export interface ElectionSystem extends System {
  readonly bounds: ElectionBounds;
  /** What the state means to those outside (outcomes.ts): by this, graphs of equal faults are compared. */
  outcome(row: readonly unknown[]): string;
  /** The slots that it looks at. */
  readonly outcomeSlots: readonly number[];
  /** Ids of the properties of spec/properties that every step is asked for; it breaks none silently. */
  readonly checkedInSteps: readonly string[];
}

export function electionSystem<V>(
  bounds: ElectionBounds,
  makeMachine: (config: EnsembleConfig) => Machine<V>,
): ElectionSystem {
  const config = configOf(bounds);
  const machine = makeMachine(config);
  const courses = new Courses(machine, bounds, stepCheck(config, bounds));
  const model: Model<V> = { bounds, layout: layoutOf(config, bounds), machine, courses };
  const properties: readonly Property[] = propertiesOf(model, config);
  const end = mayEnd(model);
  return {
    name: `${machine.name}: ${bounds.servers} servers, ${bounds.grain}`,
    bounds,
    slots: model.layout.slots,
    together: togetherIn(model.layout),
    initial: [initialRow(model, config)],
    rules: [...serverRules(model), ...faultRules(model), ...activationRules(model, config)],
    properties,
    update: (kind, value, operation) => updated(model, kind, { value, operation }),
    ...(end === undefined ? {} : { mayEnd: end }),
    show: (kind, value) => shown(model, kind, value),
    outcome: (row) => outcomeOf(model, row),
    checkedInSteps: checkedInSteps(config, bounds),
    stepProperties: [...checkedInSteps(config, bounds), ...(machine.properties ?? [])],
    outcomeSlots: [...model.layout.servers, model.layout.budget],
  };
}

function updated<V>(
  { bounds }: Model<V>,
  kind: string,
  { value, operation }: { readonly value: unknown; readonly operation: unknown },
): unknown {
  if (kind === 'epochs') return [...(value as Epochs), operation as EpochEntry];
  assert(kind === 'own' || kind === 'channel', `nothing enters a slot of kind ${kind}`);
  if (operation === NO_MORE) return EMPTY;
  return withMessage(bounds, kind, { queue: value as Queue, message: operation as Message });
}

function shown<V>({ machine }: Model<V>, kind: string, value: unknown): string {
  if (kind === 'server') return serverWords(machine.look(value as V));
  if (kind === 'budget') return budgetWords(value as Budget);
  return kind === 'epochs' ? epochsWords(value as Epochs) : queueWords(value as Queue);
}

function initialRow<V>(model: Model<V>, config: EnsembleConfig): readonly unknown[] {
  const { layout, bounds } = model;
  const row = layout.slots.map(({ kind }): unknown => (kind === 'channel' || kind === 'own' ? EMPTY : null));
  row[layout.budget] = budgetOf(bounds);
  if (layout.epochs !== null) row[layout.epochs] = [];
  const profile = specProfileOf(bounds);
  if (bounds.start === 'established') begunEstablished(model, row, establishedServers(config, profile));
  else for (const server of serversAtRest(config, profile)) beginCold(model, row, server);
  return row;
}

const NO_EPOCH = asPeerEpoch(0n);

function begunEstablished<V>({ layout, machine, courses }: Model<V>, row: unknown[], servers: readonly Server[]): void {
  servers.forEach((server, i) => (row[layout.servers[i] ?? -1] = courses.canonical(machine.from(server))));
  const leader = servers.find(({ life }) => life?.st === 'LEADING');
  if (layout.epochs === null || leader === undefined) return;
  const { ce: epoch, sid } = leader;
  const entry = { epoch, leader: sid, base: NO_EPOCH };
  row[layout.epochs] = [
    { what: 'acknowledged', ...entry },
    { what: 'established', ...entry },
  ];
}

/**
 * Restart and Begin; what is sent is on its way. If Begin breaks a property the server stands before it: the first step
 * is then the broken one.
 */
function beginCold<V>(model: Model<V>, row: unknown[], server: Server): void {
  const { courses, machine, layout, bounds } = model;
  const { sid: s } = server;
  const [started] = machine.step([machine.from(server)], { action: { name: 'Restart', s }, arrival: null });
  const up = started?.values[0];
  assert(up !== undefined, 'a server that is down can be started');
  const [begun] = courses.from([up], { action: { name: 'Begin', s }, arrival: null });
  const begins = begun !== undefined && begun.breaks === null;
  row[layout.servers[layout.sids.indexOf(s)] ?? -1] = begins ? begun.values[0] : up;
  for (const { to, message } of begins ? begun.sends : []) {
    const slot = slotTowards(layout, s, to);
    row[slot] = withMessage(bounds, to === s ? 'own' : 'channel', { queue: row[slot] as Queue, message });
  }
}
