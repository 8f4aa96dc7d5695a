/** Shapes of votes and messages. Fields only: which vote wins and which votes agree is judged elsewhere. */
import type { ConfigVersion, PeerEpoch, Round, Sid, Zxid } from './ids.js';
import type { ServerState } from './server-state.js';

/** What a server proposes: FastLeaderElection's proposedLeader, proposedZxid, proposedEpoch. */
export interface Proposal {
  readonly leader: Sid;
  readonly zxid: Zxid;
  readonly epoch: PeerEpoch;
}

/** org.apache.zookeeper.server.quorum.Vote: a proposal, its round, and how it was learnt. */
export interface Vote extends Proposal {
  readonly round: Round;
  readonly state: ServerState;
  /** Format version of the message that brought it; 0 where Java's constructors set 0. */
  readonly version: number;
}

/** FastLeaderElection.Notification: one message of the election port, as received. */
export interface Notification extends Vote {
  /** The id bound to the connection it came on (`n.sid`), never part of the message. */
  readonly from: Sid;
  /** Version of the sender's configuration; 0 if the message carries none. */
  readonly configVersion: ConfigVersion;
}

/** The four fields that a finished election hands over. */
export type EndVote = Proposal & { readonly round: Round };
