/** What this specification's actions are called elsewhere. */
import type { Action } from './action.js';

export interface Alias {
  /** Class and method at ZooKeeper 3.8.0; the part of it in words where it is more than this action. */
  readonly java: string;
  /** Actions of zookeeper-specifications/system-spec/zk-3.7/FastLeaderElection.tla; null: it has no such thing. */
  readonly tla: string | null;
  /** What differs there. */
  readonly difference: string | null;
}

const alias = (java: string, tla: string | null = null, difference: string | null = null): Alias => ({
  java,
  tla,
  difference,
});

/** One entry for every action. */
export const ALIASES: { readonly [Name in Action['name']]: Alias } = {
  Begin: alias(
    'FastLeaderElection.lookForLeader, before its loop',
    'ZabTimeout',
    'one step with the end of the role; clears recvQueue; nothing is sent to oneself',
  ),
  Receive: alias(
    'FastLeaderElection.Messenger.WorkerReceiver.run, to its sender test',
    'ReceiveNotmsg',
    'one step with all that follows; every sender is a voter',
  ),
  TestState: alias('WorkerReceiver.run, its state test', 'ReceiveNotmsg', 'one step'),
  Enqueue: alias('WorkerReceiver.run, recvqueue.offer', 'ReceiveNotmsg', 'one step'),
  CompareRound: alias('WorkerReceiver.run, electionEpoch < logicalclock', 'ReceiveNotmsg', 'one step'),
  SendReply: alias(
    'WorkerReceiver.run, sendqueue.offer',
    'ReceiveNotmsg',
    'one step (ReplyNotmsg); always with logicalClock, and one variable for proposal and published vote',
  ),
  Handle: alias(
    'FastLeaderElection.lookForLeader with a notification; receivedFollowingNotification, receivedLeadingNotification',
    'HandleNotmsg, ReceivedFollowingAndLeadingNotification',
    'own vote counted without a message; all four fields compared; a LEADING vote of the own round suffices',
  ),
  Resend: alias(
    'FastLeaderElection.lookForLeader without a notification',
    'NotmsgTimeout, HandleNotmsg of NONE',
    'only if no message is on the way; always sends',
  ),
  FinalStep: alias('FastLeaderElection.lookForLeader, finalize wait', 'WaitNewNotmsg', null),
  Silence: alias('recvqueue.poll(finalizeWait) gives null', 'WaitNewNotmsg', 'one step with the exit'),
  FinalEnd: alias(
    'FastLeaderElection.setPeerState, leaveInstance, after the finalize wait',
    'WaitNewNotmsg',
    'does not clear recvQueue',
  ),
  Publish: alias('QuorumPeer.run, setCurrentVote', null, 'the exit itself changes currentVote'),
  Leave: alias('QuorumPeer.updateServerState', 'ZabTimeout', 'one step with Begin'),
  ConfigGossip: alias('WorkerReceiver.run, processReconfig, shuttingDownLE; QuorumPeer.startLeaderElection'),
  Crash: alias('the process ends'),
  Restart: alias('QuorumPeer.start'),
  Break: alias('QuorumCnxManager.SendWorker.finish'),
  Lose: alias('CircularBlockingQueue.offer on queueSendMap'),
  Replay: alias('QuorumCnxManager.SendWorker.run, lastMessageSent'),
  Overflow: alias('CircularBlockingQueue.offer on recvQueue'),
  Activate: alias(
    'Leader.getEpochToPropose, waitForEpochAck, waitForNewLeaderAck, startZkServer; Learner.syncWithLeader',
    'LeaderAdvanceEpoch, FollowerUpdateEpoch',
    'test actions: one server each, votes stay as they are',
  ),
  Write: alias('Leader.propose', 'LeaderAdvanceZxid', 'in any LEADING state'),
  CatchUp: alias('Learner.syncWithLeader', 'FollowerUpdateZxid, FollowerUpdateEpoch', 'votes stay as they are'),
  CountFollowers: alias('QuorumOracleMaj.updateNeedOracle'),
  OracleFlip: alias('QuorumOracleMaj.askOracle reads a changed file'),
  ProposeConfig: alias('QuorumPeer.setLastSeenQuorumVerifier'),
  CommitConfig: alias('QuorumPeer.processReconfig, restartLeaderElection, updateLearnerType, updateVote'),
};
