/** What a step asks the world to do, in program order. Nothing of it has happened yet. */
import type { ElectionLine } from '../types/election-line.js';
import type { ConfigVersion, PeerEpoch, Sid } from '../types/ids.js';
import type { Vote } from '../types/vote.js';

/** A notification on its way out: the receiver adds the connection's sender id. */
export type Outgoing = Vote & { readonly configVersion: ConfigVersion };

export type Effect =
  /** Put on sendqueue for `to`; `to` may be this server itself: the copy comes back through Receive. */
  | { readonly type: 'send'; readonly to: Sid; readonly message: Outgoing }
  /** QuorumCnxManager.connectAll: try every known peer, send nothing. */
  | { readonly type: 'connectAll' }
  /** Replaces the running timer. `notification` fires TimeOut, `finalize` fires Silence. Milliseconds. */
  | { readonly type: 'setTimer'; readonly timer: 'notification' | 'finalize'; readonly ms: number }
  /** Write the file durably before going on. */
  | { readonly type: 'writeEpoch'; readonly file: 'currentEpoch' | 'acceptedEpoch'; readonly epoch: PeerEpoch }
  /** A log statement of ZooKeeper. */
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warn'; readonly line: ElectionLine }
  /** An unchecked exception left lookForLeader (`Unexpected exception` in QuorumPeer.run). */
  | { readonly type: 'exception'; readonly why: string };

export function info(line: ElectionLine): Effect {
  return { type: 'log', level: 'info', line };
}

export function warn(line: ElectionLine): Effect {
  return { type: 'log', level: 'warn', line };
}

export function debug(line: ElectionLine): Effect {
  return { type: 'log', level: 'debug', line };
}
