/**
 * Thread QuorumPeer (QuorumPeer.run, FastLeaderElection.lookForLeader, 3.8.0): the steps of the peer's transition function, with
 * what they read of the other threads.
 */
import { roleFor } from '../election-exit.js';
import { whyNotEnabled } from '../enabled.js';
import type { MainEvent } from '../event.js';
import type { Peer } from '../peer.js';
import type { PeerConfig } from '../peer-config.js';
import type { Transition } from '../step.js';
import { transition } from '../transition.js';
import { has, type ThreadProfile } from './profile.js';
import type { CnxManager } from './state.js';

/** haveDelivered: some send queue is empty. False if there is none at all. */
export function haveDelivered({ queueSendMap }: CnxManager): boolean {
  for (const queue of queueSendMap.values()) if (queue.length === 0) return true;
  return false;
}

/** The one step that the thread can make, or may make once its wait is over; null: the server is down. */
export function mainStep({ process }: Peer): MainEvent['type'] | null {
  if (process === null) return null;
  const { main, recvqueue } = process;
  switch (main.at) {
    case 'enter':
      return 'Begin';
    case 'poll':
      return recvqueue.length > 0 ? 'Handle' : 'TimeOut';
    case 'final':
      return recvqueue.length > 0 ? 'FinalStep' : 'Silence';
    case 'silent':
      return 'FinalEnd';
    case 'decided':
      return 'Publish';
    case 'role':
      return 'Leave';
  }
}

export interface MainContext {
  readonly config: PeerConfig;
  readonly peer: Peer;
  /** What haveDelivered says at a time-out. */
  readonly delivered: boolean;
}

/** Null: the step is not enabled. */
export function runMain(
  profile: ThreadProfile,
  { config, peer, delivered }: MainContext,
  step: MainEvent['type'],
): Transition | null {
  const event: MainEvent = step === 'TimeOut' ? { type: step, haveDelivered: delivered } : { type: step };
  if (whyNotEnabled(config, peer, event) !== null) return null;
  if (profile.defects.length === 0) return transition(config, peer, event);
  const ran = transition(config, stateInHand(profile, config, peer), event);
  return { peer: asBroken(profile, peer, ran.peer), effects: ran.effects };
}

/** The peer as a defective release would leave it after a step of this thread. */
function asBroken(profile: ThreadProfile, was: Peer, now: Peer): Peer {
  if (was.process === null || now.process === null) return now;
  const { process } = now;
  const left = was.process.main.at !== 'decided' && process.main.at === 'decided';
  if (has(profile, 'recvqueue cleared at entry, not at exit')) {
    if (was.process.main.at === 'enter' && process.main.at === 'poll')
      return { ...now, process: { ...process, recvqueue: [] } };
    if (left)
      return { ...now, process: { ...process, recvqueue: unhandled(was.process.recvqueue, was.process.main.at) } };
  }
  if (has(profile, 'state published after the vote') && left)
    return { ...now, process: { ...process, state: 'LOOKING' } };
  return now;
}

/** Handle has taken the head; an exit from the finalize wait has taken nothing. */
function unhandled<T>(queue: readonly T[], at: string): readonly T[] {
  return at === 'poll' ? queue.slice(1) : queue;
}

/** With that defect the role is known to this thread alone until the vote is published. */
function stateInHand(profile: ThreadProfile, config: PeerConfig, peer: Peer): Peer {
  const { process } = peer;
  if (process?.main.at !== 'decided' || !has(profile, 'state published after the vote')) return peer;
  return { ...peer, process: { ...process, state: roleFor(config, process.main.endVote.leader) } };
}
