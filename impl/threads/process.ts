/**
 * A server as all its threads together: `threadStep` lets one thread make one step. No scheduler is here: whoever calls decides which
 * thread runs and what its socket or timer brings. Pure: data in, data out.
 */
import { asSid } from '../../types/ids.js';
import type { Effect } from '../effect.js';
import type { MainEvent } from '../event.js';
import type { Peer } from '../peer.js';
import type { PeerConfig } from '../peer-config.js';
import { transition } from '../transition.js';
import { connectOne } from './connections.js';
import { type RequestEvent, requestStep } from './connection-request.js';
import type { Done, NetEffect } from './effect.js';
import { type ListenerEvent, listenerStep } from './listener.js';
import type { ThreadProfile } from './profile.js';
import { haveDelivered, runMain } from './quorum-peer.js';
import { type RecvEvent, recvWorkerStep } from './recv-worker.js';
import { type SendEvent, sendWorkerStep } from './send-worker.js';
import type { CnxManager, Messenger, ToSend } from './state.js';
import { type ReceiverEvent, runReceiver } from './worker-receiver.js';
import { type WorkerSenderEvent, workerSenderStep } from './worker-sender.js';

/** `messenger` is null exactly while the server is down. */
export interface ThreadedServer {
  readonly peer: Peer;
  readonly messenger: Messenger | null;
}

export interface ThreadedConfig {
  readonly config: PeerConfig;
  readonly profile: ThreadProfile;
}

/** One step of one thread, by the thread's name in ZooKeeper. QuorumConnectionReqThread: one request of the pool. */
export type ThreadEvent =
  | { readonly thread: 'QuorumPeer'; readonly step: MainEvent['type'] }
  | ({ readonly thread: 'WorkerReceiver' } & ReceiverEvent)
  | ({ readonly thread: 'WorkerSender' } & WorkerSenderEvent)
  | ({ readonly thread: 'Listener' } & ListenerEvent)
  | ({ readonly thread: 'QuorumConnectionReqThread' } & RequestEvent)
  | ({ readonly thread: 'SendWorker' } & SendEvent)
  | ({ readonly thread: 'RecvWorker' } & RecvEvent);

export interface ThreadResult {
  readonly server: ThreadedServer;
  readonly net: readonly NetEffect[];
  /** Timers, files and log lines of the peer, in program order; what it sends is in sendqueue already. */
  readonly effects: readonly Effect[];
}

const NO_ENTRIES: ReadonlyMap<never, never> = new Map<never, never>();
const NOTHING: readonly never[] = [];

/** The threads of a process that has just started: nothing queued, nobody connected, the port not yet bound. */
export function startMessenger(): Messenger {
  const manager: CnxManager = {
    queueSendMap: NO_ENTRIES,
    lastMessageSent: NO_ENTRIES,
    senderWorkerMap: NO_ENTRIES,
    requests: NO_ENTRIES,
    connections: NO_ENTRIES,
    listener: { at: 'bind', failures: 0 },
    observerCounter: asSid(-1n),
  };
  return { sendqueue: NOTHING, workerSender: { at: 'poll' }, recvQueue: NOTHING, manager };
}

/** A server at rest comes up. */
export function startServer({ config }: ThreadedConfig, peer: Peer): ThreadResult {
  const started = transition(config, peer, { type: 'Restart' });
  return { server: { peer: started.peer, messenger: startMessenger() }, net: NOTHING, effects: started.effects };
}

/** The process dies: what its sockets do then is the network's matter. */
export function stopServer({ peer }: ThreadedServer): ThreadedServer {
  return { peer: { durable: peer.durable, process: null }, messenger: null };
}

/** Null: the thread cannot make this step now. */
export function threadStep(context: ThreadedConfig, server: ThreadedServer, event: ThreadEvent): ThreadResult | null {
  const { messenger } = server;
  if (messenger === null) return null;
  switch (event.thread) {
    case 'QuorumPeer':
    case 'WorkerReceiver':
      return electionStep(context, { peer: server.peer, messenger }, event);
    case 'WorkerSender': {
      const next = workerSenderStep(senderContext(context), messenger, event);
      return next === null ? null : { server: { peer: server.peer, messenger: next }, net: NOTHING, effects: NOTHING };
    }
    case 'RecvWorker': {
      const { manager, recvQueue } = messenger;
      const read = recvWorkerStep(context.profile, { manager, recvQueue }, event);
      if (read === null) return null;
      return {
        server: { peer: server.peer, messenger: { ...messenger, ...read.next } },
        net: read.effects,
        effects: NOTHING,
      };
    }
    default:
      return managed(server, messenger, connectionStep(context, messenger.manager, event));
  }
}

type ConnectionEvent = Extract<ThreadEvent, { thread: 'Listener' | 'QuorumConnectionReqThread' | 'SendWorker' }>;

/** A step that concerns the manager alone. */
export function connectionStep(
  { config, profile }: ThreadedConfig,
  manager: CnxManager,
  event: ConnectionEvent,
): Done<CnxManager> | null {
  switch (event.thread) {
    case 'Listener':
      return listenerStep({ sid: config.sid, profile }, manager, event);
    case 'QuorumConnectionReqThread':
      return requestStep({ sid: config.sid, profile }, manager, event);
    case 'SendWorker':
      return sendWorkerStep(profile, manager, event);
  }
}

function managed(server: ThreadedServer, messenger: Messenger, moved: Done<CnxManager> | null): ThreadResult | null {
  if (moved === null) return null;
  return {
    server: { peer: server.peer, messenger: { ...messenger, manager: moved.next } },
    net: moved.effects,
    effects: NOTHING,
  };
}

/** What WorkerSender needs to know: every member of a configuration has an address. */
export function senderContext({ config, profile }: ThreadedConfig): Parameters<typeof workerSenderStep>[0] {
  return { sid: config.sid, profile, known: (sid) => isMember(config, sid) };
}

function isMember({ membership }: PeerConfig, sid: bigint): boolean {
  const { committed, lastSeen } = membership;
  return (
    committed.members.some((member) => member.sid === sid) ||
    (lastSeen?.members.some((member) => member.sid === sid) ?? false)
  );
}

interface Running {
  readonly peer: Peer;
  readonly messenger: Messenger;
}

function electionStep(
  { config, profile }: ThreadedConfig,
  { peer, messenger }: Running,
  event: Extract<ThreadEvent, { thread: 'QuorumPeer' | 'WorkerReceiver' }>,
): ThreadResult | null {
  if (event.thread === 'QuorumPeer') {
    const ran = runMain(profile, { config, peer, delivered: haveDelivered(messenger.manager) }, event.step);
    return ran === null ? null : queued(ran, messenger, config);
  }
  const received = runReceiver(config, { peer, recvQueue: messenger.recvQueue }, event);
  if (received === null) return null;
  const { recvQueue } = received;
  return queued(received, recvQueue === messenger.recvQueue ? messenger : { ...messenger, recvQueue }, config);
}

/** What the peer sends enters sendqueue; connectAll dials every peer that has a send queue. */
function queued(
  { peer, effects }: { readonly peer: Peer; readonly effects: readonly Effect[] },
  messenger: Messenger,
  config: PeerConfig,
): ThreadResult {
  const sent: ToSend[] = [];
  let dials = false;
  for (const effect of effects) {
    if (effect.type === 'send') sent.push({ to: effect.to, message: effect.message });
    else if (effect.type === 'connectAll') dials = true;
  }
  if (sent.length === 0 && !dials) return { server: { peer, messenger }, net: NOTHING, effects };
  const sendqueue = [...messenger.sendqueue, ...sent];
  const manager = dials ? connectAll(messenger.manager, config) : messenger.manager;
  return { server: { peer, messenger: { ...messenger, sendqueue, manager } }, net: NOTHING, effects };
}

/** QuorumCnxManager.connectAll. */
export function connectAll(manager: CnxManager, config: PeerConfig): CnxManager {
  let now = manager;
  for (const peer of manager.queueSendMap.keys()) now = connectOne(now, peer, isMember(config, peer));
  return now;
}
