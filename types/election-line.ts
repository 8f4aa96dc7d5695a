/**
 * The log statements of ZooKeeper that tell of an election, as data. An implementation emits them, a parser
 * reads them from text; neither says what they mean. Templates: ZooKeeper 3.8.0, named beside each line.
 */
import type { ConfigVersion, PeerEpoch, Round, Sid, Zxid } from './ids.js';
import type { Role, ServerState } from './server-state.js';
import type { Notification } from './vote.js';

/** Lines of the main loop (thread QuorumPeer) at INFO and WARN. */
export type MainLine =
  /** `LOOKING` (QuorumPeer.run). */
  | { readonly what: 'looking' }
  /** `FOLLOWING`, `LEADING`, `OBSERVING` (QuorumPeer.run). */
  | { readonly what: 'roleEntered'; readonly role: Role }
  /** `Peer state changed: leading` without a phase (QuorumPeer.setPeerState). */
  | { readonly what: 'stateChanged'; readonly state: ServerState }
  /** `New election. My id = N, proposed zxid=0xH` (lookForLeader). */
  | { readonly what: 'newElection'; readonly myId: Sid; readonly zxid: Zxid }
  /** `Notification time out: N ms` (lookForLeader): N is the next interval. */
  | { readonly what: 'timedOut'; readonly nextTimeoutMs: number }
  /** `Ignoring notification for non-cluster member sid L from sid S` (lookForLeader). */
  | { readonly what: 'ignoredLeader'; readonly leader: Sid; readonly from: Sid }
  /** `Ignoring notification for sid L from non-quorum member sid S` (lookForLeader); before 3.4.13 and 3.5.4 without L: null. */
  | { readonly what: 'ignoredSender'; readonly leader: Sid | null; readonly from: Sid }
  /** `Oracle indicates to follow` / `not to follow` (receivedLeadingNotification). */
  | { readonly what: 'oracle'; readonly follow: boolean };

/** Lines of the main loop at DEBUG, logger FastLeaderElection. */
export type MainDebugLine =
  /** `Updating proposal: …` (updateProposal), printed before the change. */
  | {
      readonly what: 'updatingProposal';
      readonly newLeader: Sid;
      readonly newZxid: Zxid;
      readonly oldLeader: Sid;
      readonly oldZxid: Zxid;
    }
  /** `Sending Notification: …` (sendNotifications), one per recipient. */
  | {
      readonly what: 'sending';
      readonly leader: Sid;
      readonly zxid: Zxid;
      readonly round: Round;
      readonly epoch: PeerEpoch;
      readonly recipient: Sid;
      readonly myId: Sid;
    }
  /** `id: …, proposed id: …` (totalOrderPredicate). */
  | {
      readonly what: 'compared';
      readonly leader: Sid;
      readonly proposedLeader: Sid;
      readonly zxid: Zxid;
      readonly proposedZxid: Zxid;
    }
  /** `Notification election epoch is smaller than logicalclock…` (lookForLeader). */
  | { readonly what: 'staleRound'; readonly round: Round; readonly logicalclock: Round }
  /** `Adding vote: …` (lookForLeader). */
  | {
      readonly what: 'addingVote';
      readonly from: Sid;
      readonly leader: Sid;
      readonly zxid: Zxid;
      readonly round: Round;
    }
  /** `Notification from observer: N` (lookForLeader). */
  | { readonly what: 'observerNotification'; readonly from: Sid }
  /** `Ignoring notification as our zxid is -1` (lookForLeader). */
  | { readonly what: 'ownZxidMissing' }
  /** `Ignoring notification from member with -1 zxid N` (lookForLeader). */
  | { readonly what: 'senderZxidMissing'; readonly from: Sid }
  /** `I am a participant: N` / `I am an observer: N` (learningState). */
  | { readonly what: 'learningState'; readonly myId: Sid; readonly observer: boolean }
  /** `About to leave FLE instance: …` (leaveInstance). */
  | {
      readonly what: 'leavingElection';
      readonly leader: Sid;
      readonly zxid: Zxid;
      readonly myId: Sid;
      readonly myState: ServerState;
    };

/** Lines of thread WorkerReceiver; only the second is printed at INFO. */
export type ReceiverLine =
  /** `Receive new notification message. My id = N` (DEBUG). */
  | { readonly what: 'receiving'; readonly myId: Sid }
  /** `Notification: my state:…` (INFO). */
  | { readonly what: 'notification'; readonly myState: ServerState; readonly notification: Notification }
  /** `Sending new notification. My id =N recipient=N zxid=0xH leader=N config version = H` (DEBUG). */
  | {
      readonly what: 'answering';
      readonly myId: Sid;
      readonly recipient: Sid;
      readonly zxid: Zxid;
      readonly leader: Sid;
      readonly configVersion: ConfigVersion;
    };

/** Every line that an election itself prints. */
export type ElectionLine = MainLine | MainDebugLine | ReceiverLine;

/** Lines around the election that tell what a server knows or why it left a role. */
export type ContextLine =
  /** `Starting quorum peer, myid=N` (QuorumPeerMain): a new process. */
  | { readonly what: 'processStarted'; readonly myId: Sid | null }
  /** `Peer state changed: following - synchronization - diff` (setZabState, setSyncMode). */
  | { readonly what: 'phase'; readonly state: ServerState; readonly phase: string; readonly sync: string | null }
  /** `LEADING - LEADER ELECTION TOOK - 214 MS` (Leader.lead, Follower.followLeader). */
  | { readonly what: 'electionTook'; readonly role: Role; readonly tookMs: number }
  /** `PeerState set to LOOKING` (QuorumPeer.updateServerState). */
  | { readonly what: 'setToLooking' }
  /** `Learner received NEWLEADER message` (Learner.syncWithLeader). */
  | { readonly what: 'newLeaderReceived' }
  /** `Learner received UPTODATE message` (Learner.syncWithLeader). */
  | { readonly what: 'upToDateReceived' }
  /** `Have quorum of supporters, sids: [[1, 3]]; …zxid: 0xH` (Leader.startZkServer). */
  | { readonly what: 'quorumOfSupporters'; readonly sids: readonly Sid[]; readonly zxid: Zxid }
  /** `Snapshot loaded in N ms, highest zxid is 0xH, …` (ZKDatabase.loadDataBase). */
  | { readonly what: 'snapshotLoaded'; readonly zxid: Zxid }
  /** `currentEpoch not found! Creating with a reasonable default of N…` (QuorumPeer.loadDataBase). */
  | { readonly what: 'epochDefault'; readonly which: 'currentEpoch' | 'acceptedEpoch'; readonly epoch: PeerEpoch }
  /** `Shutdown called. For the reason …`, `shutdown Follower`, `Exception when following the leader`. */
  | { readonly what: 'roleEnding'; readonly reason: string }
  /** `restarting leader election`, `Restarting Leader Election`: the FastLeaderElection object is replaced. */
  | { readonly what: 'electionRestarted' }
  /** A reconfiguration changed the role or the members (`Becoming a voting participant`, `Suggested leader`, …). */
  | { readonly what: 'reconfigured'; readonly text: string }
  /** `WorkerReceiver is down`, `WorkerSender is down`. */
  | { readonly what: 'messengerDown'; readonly which: 'receiver' | 'sender' }
  /** `zookeeper.fastleader.maxNotificationInterval = 60000 ms` (FastLeaderElection, class loading). */
  | { readonly what: 'intervalSetting'; readonly which: 'min' | 'max'; readonly ms: number }
  /** `Server environment:zookeeper.version=…`. */
  | { readonly what: 'version'; readonly text: string }
  /** An exception of the main loop (`Unexpected exception`, `QuorumPeer main thread exited`). */
  | { readonly what: 'mainLoopException'; readonly text: string };

/** Every kind must be named: a record cannot forget one, as a list could. */
const kinds = <Line extends { readonly what: string }>(
  all: Readonly<Record<Line['what'], true>>,
): ReadonlySet<string> => new Set(Object.keys(all));

export const MAIN_LINES = kinds<MainLine>({
  looking: true,
  roleEntered: true,
  stateChanged: true,
  newElection: true,
  timedOut: true,
  ignoredLeader: true,
  ignoredSender: true,
  oracle: true,
});

export const MAIN_DEBUG_LINES = kinds<MainDebugLine>({
  updatingProposal: true,
  sending: true,
  compared: true,
  staleRound: true,
  addingVote: true,
  observerNotification: true,
  ownZxidMissing: true,
  senderZxidMissing: true,
  learningState: true,
  leavingElection: true,
});

export const RECEIVER_LINES = kinds<ReceiverLine>({ receiving: true, notification: true, answering: true });

export const CONTEXT_LINES = kinds<ContextLine>({
  processStarted: true,
  phase: true,
  electionTook: true,
  setToLooking: true,
  newLeaderReceived: true,
  upToDateReceived: true,
  quorumOfSupporters: true,
  snapshotLoaded: true,
  epochDefault: true,
  roleEnding: true,
  electionRestarted: true,
  reconfigured: true,
  messengerDown: true,
  version: true,
  mainLoopException: true,
  intervalSetting: true,
});

/** Does an election itself print a line of this kind? The others only tell something. */
export const isElectionKind = (what: string): boolean =>
  MAIN_LINES.has(what) || MAIN_DEBUG_LINES.has(what) || RECEIVER_LINES.has(what);

/** Only a logger at DEBUG prints a line of this kind. */
export const isDebugKind = (what: string): boolean =>
  MAIN_DEBUG_LINES.has(what) || what === 'receiving' || what === 'answering';
