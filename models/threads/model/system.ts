/** An ensemble at the thread grain as a system for the checker. */
import type { System, Value } from '../../../checker/system.js';
import { makePeerConfig } from '../../../impl/peer-config.js';
import { offered, withEntry } from '../../../impl/threads/collections.js';
import type { ThreadedConfig } from '../../../impl/threads/process.js';
import { NO_DEFECTS, withDefect } from '../../../impl/threads/profile.js';
import { DEFAULT_BOUNDS } from '../../election/bounds.js';
import { configOf } from '../../election/ensemble.js';
import { type ThreadBounds, TORN_READS } from '../bounds.js';
import { applied, died, type PairNet } from '../network.js';
import { claimsOf } from './claims.js';
import { connectionRules } from './connection-rules.js';
import { electionRules } from './election-rules.js';
import { initialRow } from './start.js';
import { shown } from './show.js';
import { modelOf, type Operation, type Outbox, type Past, settledOutbox } from './slots.js';
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
