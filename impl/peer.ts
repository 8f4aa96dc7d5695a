/**
 * The state of one server, as far as an election reads or writes it (ZooKeeper 3.8.0).
 * Everything is immutable data; where the server is in its program decides which fields exist.
 */
import type { PeerEpoch, Round, Sid, Zxid } from '../types/ids.js';
import type { ServerState } from '../types/server-state.js';
import type { EndVote, Notification, Proposal, Vote } from '../types/vote.js';

/** What survives a crash. */
export interface Durable {
  /** lastProcessedZxid of the database; −1: no database, and not allowed to vote. */
  readonly lastZxid: Zxid;
  /** File currentEpoch. */
  readonly currentEpoch: PeerEpoch;
  /** File acceptedEpoch; never appears on the election port. */
  readonly acceptedEpoch: PeerEpoch;
}

/** The locals of one lookForLeader call. */
export interface ElectionCall {
  /** Votes of the current round, by sender. Guarantee: every entry's round is the logical clock. */
  readonly recvset: ReadonlyMap<Sid, Vote>;
  /** Votes of FOLLOWING and LEADING servers, any round; never cleared inside a call. */
  readonly outofelection: ReadonlyMap<Sid, Vote>;
  /** Next wait for a notification, milliseconds. */
  readonly notTimeoutMs: number;
  /** Servers whose votes agreed with ours when last counted in the LOOKING case; null before. */
  readonly voteSet: readonly Sid[] | null;
}

/** Where thread QuorumPeer is. */
export type MainLoop =
  /** State is LOOKING, lookForLeader has not begun (window W2). */
  | { readonly at: 'enter' }
  /** Waits for a notification, up to `call.notTimeoutMs`. */
  | { readonly at: 'poll'; readonly call: ElectionCall }
  /** A quorum agrees; waits for finalizeWait of silence. */
  | { readonly at: 'final'; readonly call: ElectionCall }
  /** The finalize wait found nothing; the exit is due. */
  | { readonly at: 'silent'; readonly call: ElectionCall }
  /** lookForLeader has set the state and returned; currentVote is not yet replaced (window W1). */
  | { readonly at: 'decided'; readonly endVote: EndVote }
  /** In a role: Leader, Follower or Observer. */
  | { readonly at: 'role' };

/** Where thread WorkerReceiver is with the message in its hands. */
export type Worker =
  | { readonly stage: 'idle' }
  /** The Notification line is printed; the state is not yet tested. */
  | { readonly stage: 'printed'; readonly notification: Notification }
  /** The state was LOOKING; the message is about to enter recvqueue. */
  | { readonly stage: 'tested'; readonly notification: Notification }
  /** In recvqueue; its round is about to be compared with the logical clock. */
  | { readonly stage: 'enqueued'; readonly notification: Notification }
  /** A vote is captured for an answer; clock and state will be read when it is sent. */
  | { readonly stage: 'replying'; readonly to: Sid; readonly reply: CapturedReply };

/** What an answer was composed from. The round of `decided` is the captured vote's, else the clock at sending. */
export type CapturedReply =
  | { readonly kind: 'nonVoter'; readonly vote: Vote }
  | { readonly kind: 'looking'; readonly vote: Proposal }
  | { readonly kind: 'decided'; readonly vote: Vote };

/** What a crash loses. */
export interface Process {
  /** QuorumPeer.state. */
  readonly state: ServerState;
  /** QuorumPeer.currentVote: the published result of the last election; not reset by LOOKING. */
  readonly currentVote: Vote;
  /** QuorumPeer.bcVote, 3.4 alone: currentVote before its epoch was refreshed; null or absent: it was not. */
  readonly bcVote?: Vote | null;
  /** FastLeaderElection.logicalclock. */
  readonly logicalclock: Round;
  /** proposedLeader, proposedZxid, proposedEpoch; untouched when the server joins others. */
  readonly proposal: Proposal;
  /** FastLeaderElection.recvqueue, head first. Cleared at every exit, not at entry. */
  readonly recvqueue: readonly Notification[];
  /** QuorumOracleMaj.needOracle: true until a leader has counted followers. */
  readonly needOracle: boolean;
  readonly main: MainLoop;
  readonly worker: Worker;
}

/** A server: what is on its disk, and the process that runs on it, if any. */
export interface Peer {
  readonly durable: Durable;
  readonly process: Process | null;
}

/** A peer that is down and has this on disk; `Restart` brings it up. */
export function peerAtRest(durable: Durable): Peer {
  return { durable, process: null };
}
