/**
 * Thread WorkerReceiver (FastLeaderElection.Messenger.WorkerReceiver, 3.8.0): its steps are those of the peer's transition
 * function, fed from recvQueue. Between any two of them other threads run, so its reads may be torn: nothing here treats that
 * as a special case.
 */
import { whyNotEnabled } from '../enabled.js';
import type { Effect } from '../effect.js';
import type { WorkerEvent } from '../event.js';
import type { Peer } from '../peer.js';
import type { PeerConfig } from '../peer-config.js';
import { transition } from '../transition.js';
import type { Frame, Message } from './state.js';

export interface ReceiverEvent {
  /** Receive: WR1 to WR5, the head of recvQueue is taken and read; TestState: WR6, WR9; Enqueue: WR7; CompareRound, SendReply: WR8, WR10. */
  readonly step: WorkerEvent['type'];
}

export interface ReceiverContext {
  readonly peer: Peer;
  readonly recvQueue: readonly Message[];
}

const NEXT = { printed: 'TestState', tested: 'Enqueue', enqueued: 'CompareRound', replying: 'SendReply' } as const;

/** The one step that the thread can make; null: it waits for recvQueue. */
export function receiverStep({ process }: Peer, recvQueue: readonly Message[]): ReceiverEvent['step'] | null {
  if (process === null) return null;
  const { stage } = process.worker;
  if (stage !== 'idle') return NEXT[stage];
  return recvQueue.length > 0 ? 'Receive' : null;
}

/** Null: the step is not enabled. A malformed frame is taken and skipped (WR2). */
export function runReceiver(
  config: PeerConfig,
  { peer, recvQueue }: ReceiverContext,
  { step }: ReceiverEvent,
): (ReceiverContext & { readonly effects: readonly Effect[] }) | null {
  if (receiverStep(peer, recvQueue) !== step) return null;
  if (step !== 'Receive') return { ...transition(config, peer, { type: step }), recvQueue };
  const [message, ...rest] = recvQueue;
  if (message === undefined) return null;
  if (isMalformed(message.frame)) return { peer, recvQueue: rest, effects: [] };
  const event: WorkerEvent = { type: 'Receive', notification: { ...message.frame, from: message.from } };
  return whyNotEnabled(config, peer, event) === null ? { ...transition(config, peer, event), recvQueue: rest } : null;
}

export function isMalformed(frame: Frame): frame is Extract<Frame, { malformed: string }> {
  return 'malformed' in frame;
}
