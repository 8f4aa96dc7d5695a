/** What the world does: processes and machines die and come back, connections break and are found broken. */
import type { Outcome, Rule } from '../../../checker/system.js';
import type { Peer } from '../../../impl/peer.js';
import { startMessenger } from '../../../impl/threads/process.js';
import { transition } from '../../../impl/transition.js';
import type { ThreadBudget } from '../bounds.js';
import { cut, type PairNet, tell, untold } from '../network.js';
import { type Operation, type PairSlot, type ServerSlots, spentOf, type ThreadModel } from './slots.js';

export function worldRules(model: ThreadModel): readonly Rule[] {
  const { bounds, servers, pairs } = model;
  return [
    ...(bounds.crashes + bounds.machines > 0
      ? servers.flatMap((server) => [crashRule(model, server), restartRule(model, server)])
      : []),
    ...(bounds.cuts > 0 ? pairs.map((pair) => cutRule(model, pair)) : []),
    ...(bounds.cuts + bounds.machines > 0 ? pairs.map((pair) => tellRule(pair)) : []),
  ];
}

/** All of a process at once: its slots are emptied, its sockets left to the network. */
function crashRule(model: ThreadModel, server: ServerSlots): Rule {
  return {
    name: `crash of ${server.sid}`,
    reads: [server.peer, model.budget],
    step: ([value, left]) => {
      const peer = value as Peer;
      if (peer.process === null) return [];
      return (['crashes', 'machines'] as const).flatMap((name) => {
        const budget = spentOf(left as ThreadBudget, name);
        return budget === null ? [] : [crashed(model, server, { peer, budget, silently: name === 'machines' })];
      });
    },
  };
}

function crashed(
  model: ThreadModel,
  server: ServerSlots,
  { peer, budget, silently }: { readonly peer: Peer; readonly budget: ThreadBudget; readonly silently: boolean },
): Outcome {
  const nets = model.pairs.filter(({ i, j }) => i === server.at || j === server.at);
  const emptied: readonly (readonly [number, unknown])[] = [
    [server.outbox, null],
    [server.inbox, []],
    [server.manager, null],
    [server.past, { heard: new Map(), strays: new Map(), late: [] }],
  ];
  const set = (slot: number, operation: Operation): { slot: number; operation: Operation } => ({ slot, operation });
  return {
    label: worldLabel(silently ? `Machine of ${server.sid} dies` : `Process ${server.sid} dies`, 'Crash'),
    writes: [{ durable: peer.durable, process: null }, budget],
    updates: [
      ...emptied.map(([slot, value]) => set(slot, { kind: 'set', value })),
      ...nets.map(({ slot }) => set(slot, { kind: 'died', sid: server.sid, silently })),
    ],
  };
}

function restartRule(model: ThreadModel, server: ServerSlots): Rule {
  return {
    name: `restart of ${server.sid}`,
    reads: [server.peer],
    step: ([value]) => {
      const peer = value as Peer;
      const config = model.configs[server.at]?.config;
      if (peer.process !== null || config === undefined) return [];
      const { manager, sendqueue, workerSender } = startMessenger();
      const set = (slot: number, now: unknown): { slot: number; operation: Operation } => ({
        slot,
        operation: { kind: 'set', value: now },
      });
      return [
        {
          label: { text: `Restart ${server.sid}`, action: 'Restart', actor: `${server.sid} main`, fault: false },
          writes: [transition(config, peer, { type: 'Restart' }).peer],
          updates: [set(server.outbox, { sendqueue, workerSender }), set(server.manager, manager)],
        },
      ];
    },
  };
}

function cutRule(model: ThreadModel, { i, j, slot }: PairSlot): Rule {
  return {
    name: `cuts of ${i}-${j}`,
    reads: [slot, model.budget],
    step: ([value, left]) => {
      const net = value as PairNet;
      const budget = spentOf(left as ThreadBudget, 'cuts');
      if (budget === null) return [];
      return net.links
        .filter(({ broken }) => !broken)
        .map(({ socket }) => ({
          label: worldLabel(`Socket ${socket} breaks`, 'Cut'),
          writes: [cut(net, socket), budget],
          updates: [],
        }));
    },
  };
}

function tellRule({ i, j, slot }: PairSlot): Rule {
  return {
    name: `news of ${i}-${j}`,
    reads: [slot],
    step: ([value]) => {
      const net = value as PairNet;
      return untold(net).map(({ at, socket }) => ({
        label: { ...worldLabel(`Server ${at} hears that socket ${socket} is dead`, 'Tell'), fault: false },
        writes: [tell(net, at, socket)],
        updates: [],
      }));
    },
  };
}

function worldLabel(text: string, action: string): Outcome['label'] {
  return { text, action, actor: 'world', fault: true };
}
