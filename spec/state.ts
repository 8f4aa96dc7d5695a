/**
 * The variables of the specification: servers, and a channel for every ordered pair of them, a server and itself
 * included. Plain immutable data; names in brackets are those of ZooKeeper 3.8.0.
 */
import type { EnsembleConfig, Membership } from '../types/ensemble.js';
import type { ConfigVersion, PeerEpoch, Round, Sid, Zxid } from '../types/ids.js';
import type { LearnerType, ServerState } from '../types/server-state.js';
import type { Profile } from './profile.js';
import type { EndVote, Notification, Proposal, Vote } from '../types/vote.js';

/**
 * Where thread QuorumPeer is.
 * ENTER: LOOKING, lookForLeader not yet begun. POLL: its main wait. FINAL: the finalize wait. SILENT: the finalize
 * wait has found nothing, the exit is due. DECIDED: state set, currentVote not yet replaced. OUT: in a role.
 */
export type ProgramCounter = 'ENTER' | 'POLL' | 'FINAL' | 'SILENT' | 'DECIDED' | 'OUT';

/** What an answer is composed from, captured before it is sent. */
export type Captured =
  /** The published vote, for a sender that is no voter; the clock is read at sending. */
  | { readonly kind: 'nonVoter'; readonly vote: Vote }
  /** The proposal, for a LOOKING sender of a lower round; the clock is read at sending. */
  | { readonly kind: 'looking'; readonly proposal: Proposal }
  /** The published vote with its own round, for a LOOKING sender when this server is not LOOKING. */
  | { readonly kind: 'decided'; readonly vote: Vote };

/** Where thread WorkerReceiver is with the message in its hands. */
export type Worker =
  | { readonly stage: 'IDLE' }
  /** Taken; the state is not yet tested. */
  | { readonly stage: 'TAKEN'; readonly n: Notification }
  /** The state was LOOKING; the message is about to enter recvqueue. */
  | { readonly stage: 'TESTED'; readonly n: Notification }
  /** In recvqueue; its round is about to be compared with the clock. */
  | { readonly stage: 'QUEUED'; readonly n: Notification }
  /** The answer is about to be sent, with the state read then. */
  | { readonly stage: 'REPLY'; readonly to: Sid; readonly captured: Captured };

/** What a crash loses. */
export interface Life {
  /** [QuorumPeer.state] */
  readonly st: ServerState;
  readonly pc: ProgramCounter;
  /** [logicalclock] */
  readonly clk: Round;
  /** [proposedLeader, proposedZxid, proposedEpoch] */
  readonly prop: Proposal;
  /** [QuorumPeer.currentVote] */
  readonly cur: Vote;
  /** In 3.4, what `cur` was before it took the epoch [bcVote]; null or absent: nothing is kept. */
  readonly old?: Vote | null;
  /** The decision on its way to `cur`; present exactly at DECIDED. */
  readonly end: EndVote | null;
  /** [recvset]: votes by sender, of round `clk`; empty outside POLL, FINAL, SILENT. */
  readonly recvset: ReadonlyMap<Sid, Vote>;
  /** [outofelection]: votes of decided servers, any round; empty outside POLL, FINAL, SILENT. */
  readonly ooe: ReadonlyMap<Sid, Vote>;
  /** [recvqueue], head first. */
  readonly nq: readonly Notification[];
  /** [voteSet]: who agreed when the LOOKING case last counted, ascending; null before, and outside an election. */
  readonly counted: readonly Sid[] | null;
  /** [QuorumOracleMaj.needOracle] */
  readonly needOracle: boolean;
  /** [reconfigFlag]: the next end of a role skips LOOKING. */
  readonly reconfigFlag: boolean;
  readonly worker: Worker;
  /** How far this leadership has come in Zab: nothing, an epoch chosen, established. Always 'none' if not LEADING. */
  readonly leadership: 'none' | 'chosen' | 'established';
}

export interface Server {
  readonly sid: Sid;
  readonly learnerType: LearnerType;
  /** Survives a crash. */
  readonly membership: Membership;
  /** lastProcessedZxid in memory. */
  readonly zx: Zxid;
  /** What the database would load after a restart: an established leader's (epoch, 0) is in memory only. */
  readonly logged: Zxid;
  /** File currentEpoch. */
  readonly ce: PeerEpoch;
  /** File acceptedEpoch. */
  readonly ae: PeerEpoch;
  /** null: the server is down. */
  readonly life: Life | null;
  /** Of a release before 3.8; absent: 3.8 or 3.9. */
  readonly profile?: Profile;
}

/** A message of the election port, without its sender: the channel knows that. */
export type Message = Vote & { readonly configVersion: ConfigVersion };

/** One ordered pair. */
export interface Channel {
  /** On the way, oldest first: everything between sendqueue of the sender and WorkerReceiver of the receiver. */
  readonly queue: readonly Message[];
  /** [lastMessageSent]: the newest message that the sender's process ever offered; null: none, or a new process. */
  readonly newest: Message | null;
}

export interface State {
  readonly servers: ReadonlyMap<Sid, Server>;
  /** channels.get(from).get(to); a pair without entry has an empty channel. */
  readonly channels: ReadonlyMap<Sid, ReadonlyMap<Sid, Channel>>;
  /** What the oracle file says. */
  readonly oracle: boolean;
  /** Every configuration that exists or may be proposed, by version: messages carry the version only. */
  readonly configs: ReadonlyMap<ConfigVersion, EnsembleConfig>;
}
