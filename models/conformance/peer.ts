/**
 * What a peer must offer to be tested. `impl` is one; `zabcheck fuzz --subject FILE` takes any other: a module whose
 * default export is a `Subject`.
 */
import type { Membership } from '../../types/ensemble.js';
import type { PeerEpoch, Round, Sid, Zxid } from '../../types/ids.js';
import type { LearnerType, ServerState } from '../../types/server-state.js';
import type { ConfigVersion } from '../../types/ids.js';
import type { Notification, Proposal, Vote } from '../../types/vote.js';

/** Who the peer is. All of it may change by a reconfiguration, except the id. */
export interface PeerSettings {
  readonly sid: Sid;
  readonly learnerType: LearnerType;
  readonly membership: Membership;
  /** The release whose election it is to do; absent: 3.8. It never changes. */
  readonly release?: string;
}

/** What it finds on disk when it starts. */
export interface PeerDisk {
  readonly zxid: Zxid;
  readonly currentEpoch: PeerEpoch;
  readonly acceptedEpoch: PeerEpoch;
}

/** What happens to a running peer. Names are those of the specification's actions and of Zab's messages. */
export type PeerInput =
  /** lookForLeader begins. */
  | { readonly type: 'Begin' }
  /** WorkerReceiver takes a message; the four steps after it follow, other steps may come between. */
  | { readonly type: 'Receive'; readonly notification: Notification }
  | { readonly type: 'TestState' }
  | { readonly type: 'Enqueue' }
  | { readonly type: 'CompareRound' }
  | { readonly type: 'SendReply' }
  /** The head of recvqueue is taken in the main wait. */
  | { readonly type: 'Handle'; readonly oracleSays: boolean }
  /** The main wait found nothing; `haveDelivered`: send again, else only reconnect. */
  | { readonly type: 'TimeOut'; readonly haveDelivered: boolean; readonly oracleSays: boolean }
  /** The head of recvqueue is taken in the finalize wait. */
  | { readonly type: 'FinalStep' }
  /** The finalize wait found nothing. */
  | { readonly type: 'Silence' }
  /** The exit after it. */
  | { readonly type: 'FinalEnd' }
  /** The result becomes the published vote; the role begins. */
  | { readonly type: 'Publish' }
  /** The role ends; `reconfigured`: LOOKING is skipped. */
  | { readonly type: 'Leave'; readonly reconfigured: boolean }
  /** A leader chooses, or a learner accepts, an epoch: acceptedEpoch. */
  | { readonly type: 'ProposeEpoch'; readonly epoch: PeerEpoch }
  | { readonly type: 'AcceptEpoch'; readonly epoch: PeerEpoch }
  /** A leader has its quorum of epoch acknowledgements: currentEpoch := acceptedEpoch. */
  | { readonly type: 'CommitEpoch' }
  /** A learner has the leader's history: lastProcessedZxid and currentEpoch. */
  | { readonly type: 'Synchronize'; readonly zxid: Zxid; readonly epoch: PeerEpoch }
  /** A leader has its quorum of NEWLEADER acknowledgements: vote takes the epoch, zxid becomes (epoch, 0). */
  | { readonly type: 'Establish' }
  /** A learner receives UPTODATE: the published vote takes the epoch. */
  | { readonly type: 'UpToDate'; readonly epoch: PeerEpoch }
  | { readonly type: 'Write'; readonly zxid: Zxid }
  /** A leader counts its forwarding followers (oracle quorums). */
  | { readonly type: 'CountFollowers'; readonly none: boolean }
  /** setQuorumVerifier: members have changed. A committed configuration comes as a new verifier object. */
  | { readonly type: 'Configure'; readonly settings: PeerSettings }
  /** startLeaderElection on a running server: the election object is replaced. */
  | { readonly type: 'RestartElection' }
  /** A reconfiguration names another leader: the published vote is replaced. */
  | { readonly type: 'UpdateVote'; readonly leader: Sid; readonly zxid: Zxid };

/** A message as the peer sends it; `version` is the format, 2 for current releases. */
export type SentMessage = Vote & { readonly configVersion: ConfigVersion };

export interface Sent {
  readonly to: Sid;
  readonly message: SentMessage;
}

/** Where the main loop is: the places of the specification (`ProgramCounter`). */
export type Place = 'ENTER' | 'POLL' | 'FINAL' | 'SILENT' | 'DECIDED' | 'OUT';

/** What a peer shows after each event. What is left out is not compared, and may fail later instead of now. */
export interface PeerView {
  readonly state: ServerState;
  readonly round: Round;
  readonly proposal: Proposal;
  /** currentVote: leader, zxid, round and epoch are compared. */
  readonly vote: Proposal & { readonly round: Round };
  readonly zxid: Zxid;
  readonly currentEpoch: PeerEpoch;
  readonly acceptedEpoch: PeerEpoch;
  readonly place?: Place;
  /** recvqueue, head first. */
  readonly queue?: readonly Notification[];
  readonly recvset?: ReadonlyMap<Sid, Vote>;
  readonly outofelection?: ReadonlyMap<Sid, Vote>;
}

/** One running process. It may keep state; it must not depend on time, chance or other peers. */
export interface Peer {
  /** Takes what happens; returns what it sends, in order, a copy to itself included. */
  take(input: PeerInput): readonly Sent[];
  view(): PeerView;
}

/** An implementation under test. */
export interface Subject {
  readonly name: string;
  /** A process starts: state LOOKING, election not begun. */
  boot(settings: PeerSettings, disk: PeerDisk): Peer;
}
