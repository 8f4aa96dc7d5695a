import { describe, expect, test } from 'vitest';
import { FLE, QP, said, WR } from './testing.js';

const MIN = -(2n ** 63n);

describe('election lines at INFO and WARN (3.6 to 3.9)', () => {
  test.each<[string, object]>([
    [`${QP}LOOKING`, { what: 'looking' }],
    [`${QP}FOLLOWING`, { what: 'roleEntered', role: 'FOLLOWING' }],
    [`${QP}LEADING`, { what: 'roleEntered', role: 'LEADING' }],
    [`${QP}OBSERVING`, { what: 'roleEntered', role: 'OBSERVING' }],
    [`${QP}Peer state changed: following`, { what: 'stateChanged', state: 'FOLLOWING' }],
    [`${QP}Peer state changed: looking - diff`, { what: 'stateChanged', state: 'LOOKING' }],
    [`${QP}Peer state changed: following - snap`, { what: 'stateChanged', state: 'FOLLOWING' }],
    [
      `${QP}Peer state changed: following - synchronization - diff`,
      { what: 'phase', state: 'FOLLOWING', phase: 'synchronization', sync: 'diff' },
    ],
    [
      `${QP}Peer state changed: observing - broadcast`,
      { what: 'phase', state: 'OBSERVING', phase: 'broadcast', sync: null },
    ],
    [`${FLE}New election. My id = 2, proposed zxid=0x100000003`, { what: 'newElection', myId: 2n, zxid: 0x100000003n }],
    [`${FLE}New election. My id = 2, proposed zxid=0x8000000000000000`, { what: 'newElection', myId: 2n, zxid: MIN }],
    [`${FLE}New election. My id = 2, proposed zxid=0xffffffffffffffff`, { what: 'newElection', myId: 2n, zxid: -1n }],
    [`${FLE}Notification time out: 400 ms`, { what: 'timedOut', nextTimeoutMs: 400 }],
    [`${FLE}Notification time out: 60000`, { what: 'timedOut', nextTimeoutMs: 60000 }],
    [
      `${FLE}Ignoring notification for non-cluster member sid 5 from sid 3`,
      { what: 'ignoredLeader', leader: 5n, from: 3n },
    ],
    [
      `${FLE}Ignoring notification for sid -9223372036854775808 from non-quorum member sid 4`,
      { what: 'ignoredSender', leader: MIN, from: 4n },
    ],
    [`${FLE}Oracle indicates to follow`, { what: 'oracle', follow: true }],
    [`${FLE}Oracle indicates not to follow`, { what: 'oracle', follow: false }],
  ])('%s', (line, expected) => {
    expect(said(line)).toEqual(expected);
  });

  test('a notification, every field', () => {
    const line =
      'Notification: my state:LOOKING; n.sid:3, n.state:FOLLOWING, n.leader:9223372036854775807, n.round:0xa, ' +
      'n.peerEpoch:0x8000000000000000, n.zxid:0xffffffffffffffff, message format version:0x2, n.config version:0x10000001f';
    expect(said(WR + line)).toEqual({
      what: 'notification',
      myState: 'LOOKING',
      notification: {
        from: 3n,
        state: 'FOLLOWING',
        leader: 2n ** 63n - 1n,
        round: 10n,
        epoch: MIN,
        zxid: -1n,
        version: 2,
        configVersion: 0x10000001fn,
      },
    });
    const negative = line.replace('version:0x2', 'version:0xffffffffffffffff');
    expect(said(WR + negative)).toMatchObject({ notification: { version: -1 } });
  });
});

describe('election lines at DEBUG', () => {
  test.each<[string, object]>([
    [
      'Updating proposal: 3 (newleader), 0x100000000 (newzxid), -1 (oldleader), 0xffffffffffffffff (oldzxid)',
      { what: 'updatingProposal', newLeader: 3n, newZxid: 2n ** 32n, oldLeader: -1n, oldZxid: -1n },
    ],
    [
      'Sending Notification: 2 (n.leader), 0x5 (n.zxid), 0x1 (n.round), 3 (recipient), 2 (myid), 0x7 (n.peerEpoch) ',
      { what: 'sending', leader: 2n, zxid: 5n, round: 1n, recipient: 3n, myId: 2n, epoch: 7n },
    ],
    [
      'Sending Notification: 2 (n.leader), 0x5 (n.zxid), 0x7 (n.peerEpoch), 0x1 (n.round), 3 (recipient), 2 (myid) ',
      { what: 'sending', leader: 2n, zxid: 5n, round: 1n, recipient: 3n, myId: 2n, epoch: 7n },
    ],
    [
      'id: 3, proposed id: 2, zxid: 0x1, proposed zxid: 0x8000000000000000',
      { what: 'compared', leader: 3n, proposedLeader: 2n, zxid: 1n, proposedZxid: MIN },
    ],
    [
      'id: 3, proposed id: 2, zxid: 0x1, proposed zxid: 0x0, epoch: 0x4, proposed epoch: 0x3',
      { what: 'compared', leader: 3n, proposedLeader: 2n, zxid: 1n, proposedZxid: 0n },
    ],
    [
      'Notification election epoch is smaller than logicalclock. n.electionEpoch = 0x1, logicalclock=0x2',
      { what: 'staleRound', round: 1n, logicalclock: 2n },
    ],
    [
      'Adding vote: from=1, proposed leader=3, proposed zxid=0x100000002, proposed election epoch=0x4',
      { what: 'addingVote', from: 1n, leader: 3n, zxid: 0x100000002n, round: 4n },
    ],
    ['Notification from observer: 4', { what: 'observerNotification', from: 4n }],
    ['Ignoring notification as our zxid is -1', { what: 'ownZxidMissing' }],
    ['Ignoring notification from member with -1 zxid 3', { what: 'senderZxidMissing', from: 3n }],
    ['I am a participant: 2', { what: 'learningState', myId: 2n, observer: false }],
    ['I am an observer: 2', { what: 'learningState', myId: 2n, observer: true }],
    [
      'About to leave FLE instance: leader=3, zxid=0x0, my id=2, my state=FOLLOWING',
      { what: 'leavingElection', leader: 3n, zxid: 0n, myId: 2n, myState: 'FOLLOWING' },
    ],
    ['Receive new notification message. My id = 2', { what: 'receiving', myId: 2n }],
    [
      'Sending new notification. My id =2 recipient=3 zxid=0xa leader=1 config version = 100000000',
      { what: 'answering', myId: 2n, recipient: 3n, zxid: 10n, leader: 1n, configVersion: 2n ** 32n },
    ],
  ])('%s', (message, expected) => {
    expect(said(FLE + message)).toEqual(expected);
  });
});
