/** Thread WorkerSender (FastLeaderElection.Messenger.WorkerSender, QuorumCnxManager.toSend, 3.8.0). */
import type { Sid } from '../../types/ids.js';
import { offered, withEntry } from './collections.js';
import { connectOne } from './connections.js';
import type { ThreadProfile } from './profile.js';
import type { Message, Messenger } from './state.js';

export type WorkerSenderEvent =
  /** WS1: the head of sendqueue is taken. */
  | { readonly step: 'Take' }
  /** WS2, WS3: built and handed over: to the own recvQueue, or to the peer's send queue, and the peer is dialled. */
  | { readonly step: 'HandOver' };

export interface SenderContext {
  readonly sid: Sid;
  readonly profile: ThreadProfile;
  /** Does a configuration know the peer's address? */
  readonly known: (peer: Sid) => boolean;
}

/** Null: the event is not enabled. */
export function workerSenderStep(
  context: SenderContext,
  messenger: Messenger,
  event: WorkerSenderEvent,
): Messenger | null {
  const { workerSender, sendqueue } = messenger;
  if (event.step === 'Take') {
    const [toSend, ...rest] = sendqueue;
    if (workerSender.at !== 'poll' || toSend === undefined) return null;
    return { ...messenger, sendqueue: rest, workerSender: { at: 'taken', toSend } };
  }
  if (workerSender.at !== 'taken') return null;
  const { to, message } = workerSender.toSend;
  const free: Messenger = { ...messenger, workerSender: { at: 'poll' } };
  if (to === context.sid)
    return { ...free, recvQueue: looped(messenger.recvQueue, { from: to, frame: message }, context.profile) };
  const { manager } = messenger;
  const waiting = offered(manager.queueSendMap.get(to) ?? [], message, context.profile.sendCapacity).queue;
  const queued = { ...manager, queueSendMap: withEntry(manager.queueSendMap, to, waiting) };
  return { ...free, manager: connectOne(queued, to, context.known(to)) };
}

/** WS3: an own copy passes no connection; it is lost only if recvQueue overflows. */
export function looped(recvQueue: readonly Message[], message: Message, profile: ThreadProfile): readonly Message[] {
  return offered(recvQueue, message, profile.recvCapacity).queue;
}
