/** An ensemble at the thread grain as a system for the checker. */
import type { System, Value } from '../../../checker/system.js';
import { type Peer, peerAtRest } from '../../../impl/peer.js';
import { makePeerConfig } from '../../../impl/peer-config.js';
import { offered, withEntry } from '../../../impl/threads/collections.js';
import { startMessenger, type ThreadedConfig } from '../../../impl/threads/process.js';
import { NO_DEFECTS, withDefect } from '../../../impl/threads/profile.js';
import { transition } from '../../../impl/transition.js';
import { asPeerEpoch, asRound, asZxid } from '../../../types/ids.js';
import { DEFAULT_BOUNDS } from '../../election/bounds.js';
import { configOf } from '../../election/ensemble.js';
import { type ThreadBounds, type ThreadBudget, TORN_READS } from '../bounds.js';
import { applied, died, emptyPair, type PairNet } from '../network.js';
import { claimsOf } from './claims.js';
import { connectionRules } from './connection-rules.js';
import { electionRules } from './election-rules.js';
import { shown } from './show.js';
import { modelOf, type Operation, type Outbox, type Past, settledOutbox, type ThreadModel } from './slots.js';
import { worldRules } from './world-rules.js';

export function threadSystem(bounds: ThreadBounds): System {
  const model = modelOf(bounds, configsOf(bounds));
  return {
    name: `threads: ${bounds.servers} servers`,
    slots: model.slots,
    initial: [initialRow(model)],
    rules: [...electionRules(model), ...connectionRules(model), ...worldRules(model)],
    properties: claimsOf(model),
    stepProperties: ['refinement', 'send queue', ...TORN_READS],
    update: (_kind, value, operation) => updated(bounds, value, operation as Operation),
    show: shown,
  };
}

function configsOf(bounds: ThreadBounds): readonly ThreadedConfig[] {
  const committed = configOf({ ...DEFAULT_BOUNDS, servers: bounds.servers });
  const profile = bounds.bug === null ? NO_DEFECTS : withDefect(bounds.bug);
  return committed.members.map(({ sid }) => ({
    config: makePeerConfig({ sid, membership: { committed, lastSeen: null } }),
    profile,
  }));
}

/** All processes have just started. */
function initialRow(model: ThreadModel): readonly Value[] {
  const row: Value[] = model.slots.map(() => null);
  for (const server of model.servers) {
    const { sendqueue, workerSender, recvQueue, manager } = startMessenger();
    row[server.peer] = startPeer(model, server.at);
    row[server.outbox] = { sendqueue, workerSender } satisfies Outbox;
    row[server.inbox] = recvQueue;
    row[server.manager] = model.bounds.start === 'bound' ? { ...manager, listener: { at: 'accept' } } : manager;
    row[server.past] = { heard: new Map(), strays: new Map(), late: [] } satisfies Past;
  }
  model.pairs.forEach(({ slot }, index) => (row[slot] = pairAtStart(model, index)));
  const { crashes, machines, cuts, leaves, timeouts } = model.bounds;
  row[model.budget] = { crashes, machines, cuts, leaves, timeouts } satisfies ThreadBudget;
  return row;
}

function pairAtStart({ bounds, pairs, servers }: ThreadModel, index: number): PairNet {
  const pair = pairs[index];
  const bound = servers.filter(({ at }) => at === pair?.i || at === pair?.j).map(({ sid }) => sid);
  return { ...emptyPair(index), listening: bounds.start === 'bound' ? bound : [] };
}

function startPeer({ configs, bounds }: ThreadModel, at: number): Peer {
  const config = configs[at]?.config;
  if (config === undefined) throw new Error(`internal error: no server number ${at}`);
  const atRest = peerAtRest({ lastZxid: asZxid(0n), currentEpoch: asPeerEpoch(0n), acceptedEpoch: asPeerEpoch(0n) });
  const { peer } = transition(config, atRest, { type: 'Restart' });
  const clock = bounds.clocks[at] ?? 0;
  return peer.process === null || clock === 0
    ? peer
    : { ...peer, process: { ...peer.process, logicalclock: asRound(BigInt(clock)) } };
}

function updated(bounds: ThreadBounds, value: Value, operation: Operation): Value {
  switch (operation.kind) {
    case 'send': {
      const outbox = value as Outbox;
      return outbox === null
        ? null
        : settledOutbox(bounds, { ...outbox, sendqueue: [...outbox.sendqueue, ...operation.sends] });
    }
    case 'append':
      return offered(value as readonly Value[], operation.message as Value, operation.capacity).queue;
    case 'heard': {
      const past = value as Past;
      return { ...past, heard: withEntry(past.heard, operation.from, operation.frame) };
    }
    case 'stray': {
      const past = value as Past;
      return { ...past, strays: withEntry(past.strays, operation.from, operation.frame) };
    }
    case 'late': {
      const past = value as Past;
      const others = past.late.filter((sid) => sid !== operation.peer);
      return { ...past, late: operation.late ? [...others, operation.peer].sort((a, b) => (a < b ? -1 : 1)) : others };
    }
    case 'set':
      return operation.value;
    case 'asked':
      return applied(value as PairNet, operation.sid, operation.effect);
    case 'died':
      return died(value as PairNet, operation.sid, operation.silently);
  }
}
