/** Observations of a simulated server as ZooKeeper 3.8.0 prints them: format strings and line numbers of that release. */
import { toHex } from '../../types/int64.js';
import type { Observation, ObservedLine } from '../../traces/observation.js';
import type { Sid } from '../../types/ids.js';

interface Printed {
  readonly level: 'INFO' | 'WARN' | 'DEBUG';
  readonly thread: 'main' | 'peer' | 'receiver';
  /** Class and line. */
  readonly logger: string;
  readonly message: string;
}

const hex = (value: bigint): string => `0x${toHex(value)}`;

const peer = (logger: string, message: string, level: Printed['level'] = 'INFO'): Printed => ({
  level,
  thread: 'peer',
  logger,
  message,
});

const fle = (line: number, message: string, level: Printed['level'] = 'DEBUG'): Printed =>
  peer(`FastLeaderElection@${line}`, message, level);

const receiver = (line: number, message: string, level: Printed['level'] = 'DEBUG'): Printed => ({
  level,
  thread: 'receiver',
  logger: `FastLeaderElection${line < 700 ? '$Messenger$WorkerReceiver' : ''}@${line}`,
  message,
});

const main = (logger: string, message: string): Printed => ({ level: 'INFO', thread: 'main', logger, message });

const EPOCH_WORDS = 'This should only happen when you are upgrading your installation';

/** The line, without a line break. `stamp`: by that server's clock. Throws for lines that no simulation writes. */
export function printLogLine({ said }: Observation, sid: Sid, stamp: string): string {
  const { level, thread, logger, message } = messageOf(said);
  const name = {
    main: 'main',
    peer: `QuorumPeer[myid=${sid}](plain=127.0.0.1:2181)(secure=disabled)`,
    receiver: `WorkerReceiver[myid=${sid}]`,
  }[thread];
  return `${stamp} [myid:${sid}] - ${level.padEnd(5)} [${name}:${logger}] - ${message}`;
}

function messageOf(said: ObservedLine): Printed {
  return electionMessage(said) ?? debugMessage(said) ?? contextMessage(said);
}

function electionMessage(said: ObservedLine): Printed | null {
  switch (said.what) {
    case 'looking':
      return peer('QuorumPeer@1438', 'LOOKING');
    case 'roleEntered':
      return peer('QuorumPeer@1537', said.role);
    case 'stateChanged':
      return peer('QuorumPeer@868', `Peer state changed: ${said.state.toLowerCase()}`);
    case 'newElection':
      return fle(946, `New election. My id = ${said.myId}, proposed zxid=${hex(said.zxid)}`, 'INFO');
    case 'timedOut':
      return fle(974, `Notification time out: ${said.nextTimeoutMs} ms`, 'INFO');
    case 'notification': {
      const { from, state, leader, round, epoch, zxid, version, configVersion } = said.notification;
      return receiver(
        391,
        `Notification: my state:${said.myState}; n.sid:${from}, n.state:${state}, n.leader:${leader}, n.round:${hex(round)}, ` +
          `n.peerEpoch:${hex(epoch)}, n.zxid:${hex(zxid)}, message format version:0x${version.toString(16)}, ` +
          `n.config version:${hex(configVersion)}`,
        'INFO',
      );
    }
    case 'ignoredLeader':
      return fle(984, `Ignoring notification for non-cluster member sid ${said.leader} from sid ${said.from}`, 'WARN');
    case 'ignoredSender':
      return fle(986, `Ignoring notification for sid ${said.leader} from non-quorum member sid ${said.from}`, 'WARN');
    case 'oracle':
      return fle(901, `Oracle indicates ${said.follow ? 'to follow' : 'not to follow'}`, 'INFO');
    default:
      return null;
  }
}

function debugMessage(said: ObservedLine): Printed | null {
  switch (said.what) {
    case 'updatingProposal':
      return fle(
        788,
        `Updating proposal: ${said.newLeader} (newleader), ${hex(said.newZxid)} (newzxid), ${said.oldLeader} (oldleader), ${hex(said.oldZxid)} (oldzxid)`,
      );
    case 'sending':
      return fle(
        675,
        `Sending Notification: ${said.leader} (n.leader), ${hex(said.zxid)} (n.zxid), ${hex(said.round)} (n.round), ` +
          `${said.recipient} (recipient), ${said.myId} (myid), ${hex(said.epoch)} (n.peerEpoch)`,
      );
    case 'compared':
      return fle(
        690,
        `id: ${said.leader}, proposed id: ${said.proposedLeader}, zxid: ${hex(said.zxid)}, proposed zxid: ${hex(said.proposedZxid)}`,
      );
    case 'staleRound':
      return fle(
        1001,
        `Notification election epoch is smaller than logicalclock. n.electionEpoch = ${hex(said.round)}, logicalclock=${hex(said.logicalclock)}`,
      );
    case 'addingVote':
      return fle(
        1020,
        `Adding vote: from=${said.from}, proposed leader=${said.leader}, proposed zxid=${hex(said.zxid)}, proposed election epoch=${hex(said.round)}`,
      );
    case 'observerNotification':
      return fle(1051, `Notification from observer: ${said.from}`);
    case 'learningState':
      return fle(810, `I am ${said.observer ? 'an observer' : 'a participant'}: ${said.myId}`);
    case 'leavingElection':
      return fle(
        660,
        `About to leave FLE instance: leader=${said.leader}, zxid=${hex(said.zxid)}, my id=${said.myId}, my state=${said.myState}`,
      );
    case 'receiving':
      return receiver(311, `Receive new notification message. My id = ${said.myId}`);
    case 'answering':
      return receiver(
        441,
        `Sending new notification. My id =${said.myId} recipient=${said.recipient} zxid=${hex(said.zxid)} leader=${said.leader} ` +
          `config version = ${toHex(said.configVersion)}`,
      );
    default:
      return null;
  }
}

function contextMessage(said: ObservedLine): Printed {
  switch (said.what) {
    case 'processStarted':
      return main('QuorumPeerMain@152', `Starting quorum peer, myid=${said.myId ?? ''}`);
    case 'snapshotLoaded':
      return main('ZKDatabase@289', `Snapshot loaded in 4 ms, highest zxid is ${hex(said.zxid)}, digest is 1371985504`);
    case 'epochDefault':
      return main(
        'QuorumPeer@1158',
        `${said.which} not found! Creating with a reasonable default of ${said.epoch}. ${EPOCH_WORDS}`,
      );
    case 'phase':
      return peer('QuorumPeer@918', `Peer state changed: ${said.state.toLowerCase()} - ${said.phase}`);
    case 'newLeaderReceived':
      return peer('Learner@760', 'Learner received NEWLEADER message');
    case 'upToDateReceived':
      return peer('Learner@737', 'Learner received UPTODATE message');
    case 'quorumOfSupporters':
      return peer(
        'Leader@1563',
        `Have quorum of supporters, sids: [[${said.sids.join(', ')}]]; starting up and setting last processed zxid: ${hex(said.zxid)}`,
      );
    default:
      throw new Error(`internal error: no simulated server prints ${said.what}`);
  }
}
