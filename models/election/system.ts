/** A model of an election, put together: the same rules for whatever machine stands behind the servers. */
import type { LiveQuestion } from '../../checker/live/question.js';
import type { Property, System } from '../../checker/system.js';
import { assert } from '../../base/assert.js';
import type { Message, Server } from '../../spec/state.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { asPeerEpoch } from '../../types/ids.js';
import { activationRules, type EpochEntry, type Epochs } from './activation.js';
import { type Budget, budgetOf, type ElectionBounds, isBeyond } from './bounds.js';
import { EMPTY, type Queue } from './channels.js';
import { checkedInSteps, stepCheck } from './checks.js';
import { Courses } from './courses.js';
import { configOf, establishedServers, specProfileOf } from './ensemble.js';
import { faultRules } from './fault-rules.js';
import { layoutOf, slotTowards, togetherIn } from './layout.js';
import type { Assumption } from './live-assumptions.js';
import { type LiveName, liveQuestion } from './live.js';
import type { Machine } from './machine.js';
import { type Model, NO_MORE, withMessage } from './model.js';
import { outcomeOf } from './outcomes.js';
import { mayEnd, propertiesOf } from './properties.js';
import { serverRules } from './server-rules.js';
import { type Beginning, beginningsOf } from './starts.js';
import { budgetWords, epochsWords, queueWords, serverWords } from './show.js';

export interface ElectionSystem extends System {
  readonly bounds: ElectionBounds;
  /** What the state means to those outside (outcomes.ts): by this, graphs of equal faults are compared. */
  outcome(row: readonly unknown[]): string;
  /** The slots that it looks at. */
  readonly outcomeSlots: readonly number[];
  /** What should happen in the end, and under which assumptions; `without`: those to be dropped. */
  liveQuestion(name: LiveName, without: readonly Assumption[]): LiveQuestion;
  /** Ids of the properties of spec/properties that every step is asked for; it breaks none silently. */
  readonly checkedInSteps: readonly string[];
}

export interface SystemOptions {
  /** No step is asked what it breaks: a step that breaks something ends there, and what is asked of the end must go on. */
  readonly unchecked?: boolean;
}

export function electionSystem<V>(
  bounds: ElectionBounds,
  makeMachine: (config: EnsembleConfig) => Machine<V>,
  { unchecked = false }: SystemOptions = {},
): ElectionSystem {
  const config = configOf(bounds);
  const machine = makeMachine(config);
  const courses = new Courses(machine, bounds, unchecked ? () => null : stepCheck(config, bounds));
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
    ...(bounds.leaves === 'any' && { within: (kind, value) => isInside(model, kind, value) }),
    liveQuestion: (name, without) => liveQuestion(model, config, { name, without }),
    ...(end === undefined ? {} : { mayEnd: end }),
    show: (kind, value) => shown(model, kind, value),
    outcome: (row) => outcomeOf(model, row),
    checkedInSteps: checkedInSteps(config, bounds),
    stepProperties: [...checkedInSteps(config, bounds), ...(machine.properties ?? [])],
    outcomeSlots: [...model.layout.servers, model.layout.budget],
  };
}

/** Without a budget of leaves it is the bound of rounds that keeps the model finite. */
function isInside<V>({ machine, bounds }: Model<V>, kind: string, value: unknown): boolean {
  if (kind !== 'server') return true;
  const { life } = machine.look(value as V);
  return life === null || !isBeyond(life.clk, bounds);
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
  for (const one of beginningsOf(config, bounds.start, profile)) begin(model, row, one);
  if (bounds.start !== 'cold' && bounds.start !== 'split') noteEpoch(model, row, establishedServers(config, profile));
  return row;
}

const NO_EPOCH = asPeerEpoch(0n);

function noteEpoch<V>({ layout }: Model<V>, row: unknown[], servers: readonly Server[]): void {
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
 * Restart and Begin where they come first; what is sent is on its way. If Begin breaks a property the server stands before it: the
 * first step is then the broken one.
 */
function begin<V>(model: Model<V>, row: unknown[], { server, first }: Beginning): void {
  const { courses, machine, layout, bounds } = model;
  const { sid: s } = server;
  const slot = layout.servers[layout.sids.indexOf(s)] ?? -1;
  const value = machine.from(server);
  if (first === 'nothing') {
    row[slot] = courses.canonical(value);
    return;
  }
  const restart = { action: { name: 'Restart', s }, arrival: null } as const;
  const up = first === 'begin' ? value : machine.step([value], restart)[0]?.values[0];
  assert(up !== undefined, 'a server that is down can be started');
  const [begun] = courses.from([up], { action: { name: 'Begin', s }, arrival: null });
  const begins = begun !== undefined && begun.breaks === null;
  row[slot] = begins ? begun.values[0] : up;
  for (const { to, message } of begins ? begun.sends : []) {
    const channel = slotTowards(layout, s, to);
    row[channel] = withMessage(bounds, to === s ? 'own' : 'channel', { queue: row[channel] as Queue, message });
  }
}
