/**
 * What a machine that follows logs must be told about an election: everything that judges. The rest of this folder
 * only keeps account of what a log has told and what is still owed to it.
 */
import type { Effect } from '../../impl/effect.js';
import type { WorkerEvent } from '../../impl/event.js';
import type { Durable, Peer } from '../../impl/peer.js';
import type { PeerConfig } from '../../impl/peer-config.js';
import type { Sid } from '../../types/ids.js';
import type { Vote } from '../../types/vote.js';

/** Steps of the main loop that are followed. `oracleSays`: the oracle's file begins with 1. */
export type LoggedMainEvent =
  | { readonly type: 'Begin' | 'FinalStep' | 'Silence' | 'FinalEnd' | 'Publish' | 'Leave' }
  | { readonly type: 'Handle'; readonly oracleSays: boolean }
  | { readonly type: 'TimeOut'; readonly haveDelivered: boolean; readonly oracleSays: boolean };

/** Steps that are followed. What the rest of Zab does to a server is not among them: later lines tell it. */
export type LoggedEvent = { readonly type: 'Restart' } | LoggedMainEvent | WorkerEvent;

export interface LoggedStep {
  readonly peer: Peer;
  /** Log lines and sends in program order; the send of a broadcast stands right after its line. */
  readonly effects: readonly Effect[];
}

/** The rules of election by which logs are judged. All are pure functions. */
export interface PeerRules {
  /** The machine's name. */
  readonly name: string;
  /** One step of one of the two threads. The caller sees to it that the event is possible where the peer is. */
  transition(config: PeerConfig, peer: Peer, event: LoggedEvent): LoggedStep;
  /** The vote that a LOOKING process publishes before any election. */
  startVote(config: PeerConfig, durable: Durable): Vote;
  /** Is this server a voter, now or in the configuration to come? Only a voter's message is printed. */
  isVoter(config: PeerConfig, sid: Sid): boolean;
  /** The senders whose vote agrees with `vote`. */
  agreeing(votes: ReadonlyMap<Sid, Vote>, vote: Vote): readonly Sid[];
  /** Are these servers a quorum of every configuration in force, without the help of an oracle? */
  isQuorum(config: PeerConfig, sids: readonly Sid[]): boolean;
}
