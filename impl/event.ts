/** Everything that can happen to a peer. Time is an event: a timer that was set fires `TimeOut` or `Silence`. */
import type { PeerEpoch, Sid, Zxid } from '../types/ids.js';
import type { Notification } from '../types/vote.js';

/** Steps of thread QuorumPeer inside and around lookForLeader. */
export type MainEvent =
  /** lookForLeader begins: clock + 1, own proposal, broadcast. */
  | { readonly type: 'Begin' }
  /** The head of recvqueue is taken in the main wait. `oracleSays`: the oracle file reads '1'. */
  | { readonly type: 'Handle'; readonly oracleSays?: boolean }
  /** recvqueue stayed empty for notTimeout. `haveDelivered`: some per-peer send queue is empty. */
  | { readonly type: 'TimeOut'; readonly haveDelivered: boolean; readonly oracleSays?: boolean }
  /** The head of recvqueue is taken in the finalize wait. */
  | { readonly type: 'FinalStep' }
  /** recvqueue stayed empty for finalizeWait: the decision is made, not yet carried out. */
  | { readonly type: 'Silence' }
  /** The exit: what was queued since the silence is wiped. */
  | { readonly type: 'FinalEnd' }
  /** setCurrentVote with the result; the role begins. */
  | { readonly type: 'Publish' }
  /** The role ends (updateServerState). `reconfigured`: reconfigFlag is set, LOOKING is skipped. */
  | { readonly type: 'Leave'; readonly reconfigured?: boolean };

/** Steps of thread WorkerReceiver for one message. */
export type WorkerEvent =
  /** Taken from recvQueue and printed (or, from a non-voter, an answer captured). */
  | { readonly type: 'Receive'; readonly notification: Notification }
  /** getPeerState decides: queue it, or answer if the sender is LOOKING. */
  | { readonly type: 'TestState' }
  | { readonly type: 'Enqueue' }
  /** Answer due? Only if the sender is LOOKING in a lower round. */
  | { readonly type: 'CompareRound' }
  | { readonly type: 'SendReply' };

/** What the rest of Zab does to the fields that an election reads. */
export type ZabEvent =
  /** Leader has a quorum connected: acceptedEpoch (getEpochToPropose). */
  | { readonly type: 'ProposeEpoch'; readonly epoch: PeerEpoch }
  /** Learner receives LEADERINFO (registerWithLeader). */
  | { readonly type: 'AcceptEpoch'; readonly epoch: PeerEpoch }
  /** Leader has a quorum of epoch acknowledgements: currentEpoch := acceptedEpoch (lead). */
  | { readonly type: 'CommitEpoch' }
  /** Learner has the leader's history and acknowledges NEWLEADER (syncWithLeader). */
  | { readonly type: 'Synchronize'; readonly zxid: Zxid; readonly epoch: PeerEpoch }
  /** Leader has a quorum of NEWLEADER acknowledgements (startZkServer): vote and zxid take the new epoch. */
  | { readonly type: 'Establish' }
  /** Learner receives UPTODATE: the vote takes the new epoch (updateElectionVote). */
  | { readonly type: 'UpToDate'; readonly epoch: PeerEpoch }
  /** A transaction is applied. */
  | { readonly type: 'Write'; readonly zxid: Zxid }
  /** A leader counts its forwarding followers (QuorumOracleMaj.updateNeedOracle). */
  | { readonly type: 'CountFollowers'; readonly none: boolean };

/** What happens to the process. */
export type LifecycleEvent =
  | { readonly type: 'Crash' }
  /** `lastZxid`: what the database holds after loading, if it is less than what was in memory. */
  | { readonly type: 'Restart'; readonly lastZxid?: Zxid }
  /** A reconfiguration replaces the FastLeaderElection object (startLeaderElection). */
  | { readonly type: 'RestartElection' }
  /** The committed configuration comes as a new verifier object (QuorumPeer.setQuorumVerifier). */
  | { readonly type: 'SetQuorumVerifier' }
  /** A reconfiguration names another leader (QuorumPeer.updateVote). */
  | { readonly type: 'UpdateVote'; readonly leader: Sid; readonly zxid: Zxid };

export type PeerEvent = MainEvent | WorkerEvent | ZabEvent | LifecycleEvent;
