/** Threads QuorumPeer and WorkerReceiver: steps of the peer, each held against the specification's action of that name. */
import type { Broken, Outcome, Rule } from '../../../checker/system.js';
import type { Effect } from '../../../impl/effect.js';
import type { Peer } from '../../../impl/peer.js';
import { connectAll, type ThreadEvent } from '../../../impl/threads/process.js';
import { haveDelivered, mainStep, runMain } from '../../../impl/threads/quorum-peer.js';
import type { CnxManager, Message, ToSend } from '../../../impl/threads/state.js';
import { receiverStep, runReceiver } from '../../../impl/threads/worker-receiver.js';
import type { CaseName } from '../../../spec/action.js';
import type { Sid } from '../../../types/ids.js';
import type { ThreadBudget, TornRead } from '../bounds.js';
import { allowedCase } from '../refinement.js';
import { withoutSilentSteps } from './merge.js';
import { type Inbox, type Operation, type ServerSlots, spentOf, type ThreadModel } from './slots.js';

type ElectionEvent = Extract<ThreadEvent, { thread: 'QuorumPeer' | 'WorkerReceiver' }>;

export function electionRules(model: ThreadModel): readonly Rule[] {
  const atomic = model.bounds.receiver === 'atomic';
  return model.servers.flatMap((server) => [
    mainRule(model, server),
    waitRule(model, server),
    receiveRule(model, server),
    ...(atomic ? [] : [workerRule(model, server)]),
  ]);
}

/** What no budget bounds. */
const FREE: ReadonlySet<string> = new Set(['Begin', 'Handle', 'FinalStep', 'Silence', 'FinalEnd', 'Publish']);

function mainRule(model: ThreadModel, server: ServerSlots): Rule {
  return {
    name: `QuorumPeer of ${server.sid}`,
    reads: [server.peer],
    step: ([value]) => {
      const peer = value as Peer;
      const step = mainStep(peer);
      if (step === null || !FREE.has(step) || (step === 'Begin' && !mayBegin(model, peer))) return [];
      return main(model, server, { peer, step, manager: null, writes: (after) => [after] });
    },
  };
}

function mayBegin({ bounds }: ThreadModel, { process }: Peer): boolean {
  return process !== null && process.logicalclock < BigInt(bounds.rounds);
}

/** TimeOut, which reads the send queues, and Leave: as often as the budget has it. */
function waitRule(model: ThreadModel, server: ServerSlots): Rule {
  return {
    name: `waits of ${server.sid}`,
    reads: [server.peer, server.manager, model.budget],
    step: ([value, connections, left]) => {
      const peer = value as Peer;
      const step = mainStep(peer);
      const budget =
        step === 'TimeOut' || step === 'Leave'
          ? spentOf(left as ThreadBudget, step === 'Leave' ? 'leaves' : 'timeouts')
          : null;
      const manager = connections as CnxManager | null;
      if (step === null || budget === null || manager === null) return [];
      return main(model, server, { peer, step, manager, writes: (after, now) => [after, now, budget] });
    },
  };
}

interface MainDone {
  readonly peer: Peer;
  readonly step: NonNullable<ReturnType<typeof mainStep>>;
  readonly manager: CnxManager | null;
  readonly writes: (peer: Peer, manager: CnxManager | null) => readonly unknown[];
}

function main(model: ThreadModel, server: ServerSlots, { peer, step, manager, writes }: MainDone): readonly Outcome[] {
  const context = model.configs[server.at];
  if (context === undefined) return [];
  const delivered = manager === null || haveDelivered(manager);
  const ran = runMain(context.profile, { config: context.config, peer, delivered }, step);
  if (ran === null) return [];
  const dials = manager !== null && ran.effects.some(({ type }) => type === 'connectAll');
  const now = dials ? connectAll(manager, context.config) : manager;
  const event: ElectionEvent = { thread: 'QuorumPeer', step };
  return [
    outcome(model, server, {
      event,
      was: peer,
      now: ran.peer,
      effects: ran.effects,
      writes: writes(ran.peer, now),
      message: null,
      delivered,
    }),
  ];
}

function receiveRule(model: ThreadModel, server: ServerSlots): Rule {
  return {
    name: `WorkerReceiver of ${server.sid} receives`,
    reads: [server.peer, server.inbox],
    step: ([value, queue]) => {
      const first = received(model, server, value as Peer, queue as Inbox);
      return model.bounds.receiver === 'atomic' ? first.map((outcome) => wholly(model, server, outcome)) : first;
    },
  };
}

function workerRule(model: ThreadModel, server: ServerSlots): Rule {
  return {
    name: `WorkerReceiver of ${server.sid}`,
    reads: [server.peer],
    step: ([value]) => received(model, server, value as Peer, null),
  };
}

/** `inbox` null: the steps after Receive, which do not read it. */
function received(model: ThreadModel, server: ServerSlots, peer: Peer, inbox: Inbox | null): readonly Outcome[] {
  const config = model.configs[server.at]?.config;
  const step = receiverStep(peer, inbox ?? []);
  if (config === undefined || step === null || (step === 'Receive') !== (inbox !== null)) return [];
  const ran = runReceiver(config, { peer, recvQueue: inbox ?? [] }, { step });
  if (ran === null) return [];
  const event: ElectionEvent = { thread: 'WorkerReceiver', step };
  const writes = inbox === null ? [ran.peer] : [ran.peer, ran.recvQueue];
  return [
    outcome(model, server, {
      event,
      was: peer,
      now: ran.peer,
      effects: ran.effects,
      writes,
      message: inbox?.[0] ?? null,
      delivered: true,
    }),
  ];
}

/** The steps after Receive, at once. */
function wholly(model: ThreadModel, server: ServerSlots, outcome: Outcome): Outcome {
  const [peer, inbox] = outcome.writes;
  const [next] = received(model, server, peer as Peer, null);
  if (next === undefined || outcome.breaks !== undefined) return outcome;
  const joined: Outcome = {
    ...next,
    label: outcome.label,
    writes: [next.writes[0], inbox],
    updates: [...outcome.updates, ...next.updates],
  };
  return wholly(model, server, joined);
}

interface Stepped {
  readonly event: ElectionEvent;
  readonly was: Peer;
  readonly now: Peer;
  readonly effects: readonly Effect[];
  readonly writes: readonly unknown[];
  readonly message: Message | null;
  readonly delivered: boolean;
}

function outcome(model: ThreadModel, server: ServerSlots, stepped: Stepped): Outcome {
  const { event, was, now, effects, writes, message, delivered } = stepped;
  const sends: ToSend[] = effects.flatMap((effect) =>
    effect.type === 'send' ? [{ to: effect.to, message: effect.message }] : [],
  );
  const operation: Operation = { kind: 'send', sends };
  const actor = `${server.sid} ${event.thread}`;
  const from = message === null ? '' : ` from ${message.from}`;
  const text = `${event.thread}.${event.step} ${server.sid}${from}`;
  const config = model.configs[server.at]?.config;
  const found =
    config === undefined
      ? { why: 'no such server' }
      : allowedCase(config, { was, now, event, message, delivered, sent: sends });
  const breaks = broken(model, { me: server.sid, stepped }, found);
  return {
    label: { text, action: `${event.thread}.${event.step}`, actor, fault: event.step === 'Leave' },
    writes: settledWrites(model, server, writes),
    updates: sends.length === 0 ? [] : [{ slot: server.outbox, operation }],
    ...(breaks === null ? {} : { breaks }),
  };
}

/** The peer is always the first that is written. */
function settledWrites(
  { bounds, configs }: ThreadModel,
  { at }: ServerSlots,
  [value, ...rest]: readonly unknown[],
): readonly unknown[] {
  const context = configs[at];
  const peer = value as Peer;
  const settled = bounds.reduce === 'none' || context === undefined ? peer : withoutSilentSteps(context, peer);
  return [withoutCount(settled), ...rest];
}

/** Who agreed when votes were last counted: read with an oracle alone, and there is none. Its order would depend on arrivals. */
function withoutCount(peer: Peer): Peer {
  const { process } = peer;
  if (process === null || !('call' in process.main) || process.main.call.voteSet === null) return peer;
  const { main } = process;
  return { ...peer, process: { ...process, main: { ...main, call: { ...main.call, voteSet: null } } } };
}

function broken(
  { bounds }: ThreadModel,
  { me, stepped }: { readonly me: Sid; readonly stepped: Stepped },
  found: { readonly cases: readonly CaseName[] } | { readonly why: string },
): Broken | null {
  if (!('cases' in found)) return { property: 'refinement', why: found.why };
  const { torn } = bounds;
  if (torn === null) return null;
  return isTorn(torn, stepped, found.cases, me) ? { property: torn, why: TOLD[torn] } : null;
}

function isTorn(torn: TornRead, { event, was }: Stepped, cases: readonly string[], me: Sid): boolean {
  if (torn !== 'TR-G') return cases.includes(torn);
  const { process } = was;
  if (event.step !== 'CompareRound' || process?.worker.stage !== 'enqueued' || process.state === 'LOOKING')
    return false;
  const { state, from } = process.worker.notification;
  return state === 'LOOKING' && from !== me && cases.includes('silent');
}

const TOLD: Readonly<Record<TornRead, string>> = {
  'TR-A': 'an answer joins a proposal with the round of another',
  'TR-B': 'an answer speaks for an election that has not begun',
  'TR-C': 'an answer joins the new role with the vote of before',
  'TR-D': 'an answer joins the new role with the own proposal',
  'TR-E': 'an answer joins LOOKING with the vote of the role that ended',
  'TR-F': 'a notification enters recvqueue after the exit has cleared it',
  'TR-G': 'a LOOKING sender gets no answer from a server that has just decided',
};
