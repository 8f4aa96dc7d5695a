/** WorkerSender, Listener, connection requests, SendWorker and RecvWorker, with the network of a pair. */
import type { Broken, Outcome, Rule, Update } from '../../../checker/system.js';
import { connectionStep, senderContext, type ThreadedConfig } from '../../../impl/threads/process.js';
import { recvWorkerStep } from '../../../impl/threads/recv-worker.js';
import type { CnxManager, Frame, Message, Messenger } from '../../../impl/threads/state.js';
import { workerSenderStep } from '../../../impl/threads/worker-sender.js';
import type { Done, NetEffect } from '../../../impl/threads/effect.js';
import type { Sid } from '../../../types/ids.js';
import { channelOf } from '../abstraction.js';
import { channelStep, type Deed } from '../channel-steps.js';
import { listenerMoves, type Move, recvMoves, requestMoves, sendMoves, type Side, type SocketEvent } from '../moves.js';
import { applied, type PairNet } from '../network.js';
import {
  type Operation,
  type Outbox,
  type PairSlot,
  type ServerSlots,
  settledOutbox,
  type ThreadModel,
} from './slots.js';
import { acceptsOnlyToRead, withoutDeadWorkers } from './merge.js';

export function connectionRules(model: ThreadModel): readonly Rule[] {
  const { servers, pairs } = model;
  return [
    ...servers.map((server) => senderRule(model, server)),
    ...pairs.flatMap((pair) => [pair.i, pair.j].map((at) => socketRule(model, pair, at))),
  ];
}

const IDLE: readonly Message[] = [];

function senderRule(model: ThreadModel, server: ServerSlots): Rule {
  return {
    name: `WorkerSender of ${server.sid}`,
    reads: [server.outbox, server.manager],
    needs: (value, place) => place === 1 || hasWork(value as Outbox),
    step: ([out, connections]) => {
      const outbox = out as Outbox;
      const manager = connections as CnxManager | null;
      const context = model.configs[server.at];
      if (outbox === null || manager === null || context === undefined) return [];
      const step = outbox.workerSender.at === 'taken' ? 'HandOver' : 'Take';
      const before: Messenger = { ...outbox, recvQueue: IDLE, manager };
      const after = workerSenderStep(senderContext(context), before, { step });
      return after === null ? [] : [sentOutcome(model, server, { step, before, after })];
    },
  };
}

function hasWork(outbox: Outbox): boolean {
  return outbox !== null && (outbox.sendqueue.length > 0 || outbox.workerSender.at === 'taken');
}

function sentOutcome(
  model: ThreadModel,
  server: ServerSlots,
  { step, before, after }: { readonly step: string; readonly before: Messenger; readonly after: Messenger },
): Outcome {
  const { sendqueue, workerSender, manager, recvQueue } = after;
  const [own] = recvQueue;
  const to = before.workerSender.at === 'taken' ? before.workerSender.toSend.to : null;
  const capacity = model.configs[server.at]?.profile.recvCapacity ?? 0;
  const updates = own === undefined ? [] : [update(server.inbox, { kind: 'append', message: own, capacity })];
  const breaks = to === null || to === server.sid ? null : judgedOffer(server.sid, to, { before, after });
  return {
    label: label(server.sid, {
      thread: 'WorkerSender',
      step,
      about: to === null ? '' : ` to ${to}`,
      actor: 'WorkerSender',
    }),
    writes: [settledOutbox(model.bounds, { sendqueue, workerSender }), manager],
    updates,
    ...(breaks === null ? {} : { breaks }),
  };
}

function judgedOffer(
  from: Sid,
  to: Sid,
  { before, after }: { readonly before: Messenger; readonly after: Messenger },
): Broken | null {
  const frames = ({ manager, workerSender }: Messenger): readonly Frame[] => [
    ...(manager.queueSendMap.get(to) ?? []),
    ...(workerSender.at === 'taken' ? [workerSender.toSend.message] : []),
  ];
  const now = frames(after);
  if (now.length > 1)
    return { property: 'send queue', why: `${now.length} messages of server ${from} wait for server ${to}` };
  return asBroken(
    channelStep(frames(before), now, { deed: 'offers', last: null, waiting: false }),
    'WorkerSender.HandOver',
  );
}

function asBroken(found: ReturnType<typeof channelStep>, step: string): Broken | null {
  return typeof found === 'string' ? null : { property: 'refinement', why: `${step}: ${found.why}` };
}

interface Sockets {
  readonly me: ServerSlots;
  readonly other: ServerSlots;
  readonly pair: PairSlot;
  readonly context: ThreadedConfig;
}

/** Everything that the threads of server number `at` do with the other server of the pair. */
function socketRule(model: ThreadModel, pair: PairSlot, at: number): Rule {
  const me = model.servers[at];
  const other = model.servers[at === pair.i ? pair.j : pair.i];
  const context = model.configs[at];
  if (me === undefined || other === undefined || context === undefined)
    throw new Error('internal error: a pair of no servers');
  const sockets: Sockets = { me, other, pair, context };
  return {
    name: `connections of ${me.sid} with ${other.sid}`,
    reads: [me.manager, pair.slot],
    needs: (value, place) => place === 1 || value !== null,
    step: ([connections, network]) => {
      const manager = connections as CnxManager | null;
      if (manager === null) return [];
      const net = network as PairNet;
      const moves = movesOf(sockets, manager, net);
      const taken = model.bounds.reduce === 'none' ? moves : acceptsOnlyToRead(me.sid, moves);
      return taken.flatMap((move) => moved(model, sockets, { move, manager, net }));
    },
  };
}

function movesOf({ me, other, context }: Sockets, manager: CnxManager, net: PairNet): readonly Move[] {
  const side: Side = { me: me.sid, manager, profile: context.profile };
  const ofPair = [...manager.connections].filter(([, { peer }]) => peer === other.sid).map(([socket]) => socket);
  const binds = manager.listener.at !== 'bind' || other.at === (me.at === 0 ? 1 : 0);
  return [
    ...(binds ? listenerMoves(side, other.sid, net) : []),
    ...requestMoves(side, other.sid, net),
    ...ofPair.flatMap((socket) => [...sendMoves(side, socket, net), ...recvMoves(side, socket, net)]),
  ];
}

interface Moving {
  readonly move: Move;
  readonly manager: CnxManager;
  readonly net: PairNet;
}

function moved(model: ThreadModel, sockets: Sockets, { move, manager, net }: Moving): readonly Outcome[] {
  const { me, other, pair, context } = sockets;
  const ran = stepped(context, manager, move.event);
  if (ran === null) return [];
  let after = move.net;
  const updates: Update[] = pastUpdates(sockets, manager, move.event);
  for (const effect of ran.effects) {
    after = applied(after, me.sid, effect);
    if (effect.type === 'listen' || effect.type === 'deaf') updates.push(...elsewhere(model, me, { pair, effect }));
  }
  for (const message of ran.appended)
    updates.push(update(me.inbox, { kind: 'append', message, capacity: context.profile.recvCapacity }));
  const breaks = judged(sockets, move.event, {
    before: { manager, net, appended: IDLE },
    after: { manager: ran.next, net: after, appended: ran.appended },
  });
  const { thread, step } = move.event;
  const settled =
    model.bounds.reduce === 'none' ? { manager: ran.next, net: after } : withoutDeadWorkers(me.sid, ran.next, after);
  const own = thread === 'SendWorker' || thread === 'RecvWorker' ? `${thread}:${other.sid}` : thread;
  const failed = 'ok' in move.event && !move.event.ok ? ' fails' : '';
  return [
    {
      label: label(me.sid, {
        thread,
        step,
        about: ` with ${other.sid}${failed}${aboutSocket(move.event)}`,
        actor: own,
      }),
      writes: [settled.manager, settled.net],
      updates,
      ...(breaks === null ? {} : { breaks }),
    },
  ];
}

function aboutSocket(event: SocketEvent): string {
  return 'socket' in event && event.socket !== null ? ` (socket ${event.socket})` : '';
}

function stepped(
  context: ThreadedConfig,
  manager: CnxManager,
  event: SocketEvent,
): (Done<CnxManager> & { readonly appended: readonly Message[] }) | null {
  if (event.thread === 'RecvWorker') {
    const ran = recvWorkerStep(context.profile, { manager, recvQueue: IDLE }, event);
    return ran === null ? null : { next: ran.next.manager, effects: ran.effects, appended: ran.next.recvQueue };
  }
  const ran = connectionStep(context, manager, event);
  return ran === null ? null : { ...ran, appended: IDLE };
}

/** A port is bound, or closed, for all pairs at once. */
function elsewhere(
  { pairs }: ThreadModel,
  me: ServerSlots,
  { pair, effect }: { readonly pair: PairSlot; readonly effect: NetEffect },
): readonly Update[] {
  return pairs
    .filter((each) => each !== pair && (each.i === me.at || each.j === me.at))
    .map(({ slot }) => update(slot, { kind: 'asked', sid: me.sid, effect }));
}

/** What properties will ask of this step later. */
function pastUpdates({ me, other }: Sockets, manager: CnxManager, event: SocketEvent): Update[] {
  if (event.thread !== 'SendWorker' && event.thread !== 'RecvWorker') return [];
  const connection = manager.connections.get(event.socket);
  if (event.step === 'Append' && connection?.recv.at === 'append')
    return [
      update(me.past, { kind: connection.running ? 'heard' : 'stray', from: other.sid, frame: connection.recv.frame }),
    ];
  const inUse = manager.senderWorkerMap.get(other.sid);
  if (event.step === 'Start' && inUse === event.socket)
    return [update(me.past, { kind: 'late', peer: other.sid, late: false })];
  if (event.step !== 'Note') return [];
  const late = inUse !== undefined && inUse !== event.socket && manager.connections.get(inUse)?.send.at !== 'start';
  return [update(me.past, { kind: 'late', peer: other.sid, late })];
}

interface View {
  readonly manager: CnxManager;
  readonly net: PairNet;
  readonly appended: readonly Message[];
}

const DEEDS: Readonly<Record<string, Deed>> = {
  Append: 'appends',
  Start: 'starts',
  Write: 'writes',
  Poll: 'moves',
  Note: 'moves',
};

/** Both channels of the pair, as far as this server and the network hold them. */
function judged(
  { me, other }: Sockets,
  event: SocketEvent,
  { before, after }: { readonly before: View; readonly after: View },
): Broken | null {
  const messenger = ({ manager, appended }: View): Messenger => ({
    sendqueue: [],
    workerSender: { at: 'poll' },
    recvQueue: appended,
    manager,
  });
  const out = (view: View): Frame[] =>
    channelOf({ from: me.sid, to: other.sid, sender: messenger(view), receiver: null, net: view.net });
  const into = (view: View): Frame[] =>
    channelOf({ from: other.sid, to: me.sid, sender: null, receiver: messenger(view), net: view.net });
  const deed = DEEDS[event.step] ?? 'ends';
  const waiting = (before.manager.queueSendMap.get(other.sid)?.length ?? 0) > 0;
  const last = before.manager.lastMessageSent.get(other.sid) ?? null;
  const name = `${event.thread}.${event.step}`;
  return (
    asBroken(channelStep(out(before), out(after), { deed, last, waiting }), name) ??
    asBroken(
      channelStep(into(before), into(after), {
        deed: event.step === 'Append' ? 'appends' : deed,
        last: null,
        waiting: false,
      }),
      name,
    )
  );
}

function update(slot: number, operation: Operation): Update {
  return { slot, operation };
}

function label(
  sid: Sid,
  {
    thread,
    step,
    about,
    actor,
  }: { readonly thread: string; readonly step: string; readonly about: string; readonly actor: string },
): Outcome['label'] {
  return {
    text: `${thread}.${step} ${sid}${about}`,
    action: `${thread}.${step}`,
    actor: `${sid} ${actor}`,
    fault: false,
  };
}
