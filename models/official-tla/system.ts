/**
 * Our reading of ZooKeeper's official module of the election, as a system for the checker: the same variables, initial
 * state and actions, so that distinct and generated states can be compared with what TLC counts. Properties are none.
 *
 * Source: zookeeper-specifications/system-spec/zk-3.7/FastLeaderElection.tla (SpecL).
 */
import type { System } from '../../checker/system.js';
import { isChannelWithin, isServerWithin, type TlaLimits } from './constraint.js';
import { slotsOf, togetherIn } from './layout.js';
import { type ElectionMsgs, initialState, type LocalState, type Notification } from './local-state.js';
import { officialRules } from './rules.js';
import { showMessages, showServer } from './words.js';

export interface TlaBounds extends TlaLimits {
  /** How many; at least 1. */
  readonly servers: number;
}

/** Servers are told apart: there is no symmetry. */
export function officialTla({ servers: count, ...limits }: TlaBounds): System {
  const slots = slotsOf(count);
  const initial = slots.map(({ kind }, slot) => (kind === 'server' ? initialState(slot + 1, count) : []));
  return {
    name: `official TLA+ module, ${count} servers`,
    slots,
    together: togetherIn(count),
    initial: [initial],
    rules: officialRules(count),
    properties: [],
    update: (_kind, messages, message) => [...(messages as ElectionMsgs), message as Notification],
    within: (kind, value) =>
      kind === 'server' ? isServerWithin(limits, value as LocalState) : isChannelWithin(limits, value as ElectionMsgs),
    show: (kind, value) => (kind === 'server' ? showServer(value as LocalState) : showMessages(value as ElectionMsgs)),
  };
}
