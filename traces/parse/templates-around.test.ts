/** Lines around an election, and those that look like one of them and cannot be read. */
import { describe, expect, test } from 'vitest';
import { FLE, MAIN, QP, said, WR } from './testing.js';
import { LogParser } from './log-parser.js';

describe('lines around an election', () => {
  test.each<[string, object]>([
    ['Starting quorum peer, myid=2', { what: 'processStarted', myId: 2n }],
    ['FOLLOWING - LEADER ELECTION TOOK - 214 MS', { what: 'electionTook', role: 'FOLLOWING', tookMs: 214 }],
    ['LEADING - LEADER ELECTION TOOK - 0 MS', { what: 'electionTook', role: 'LEADING', tookMs: 0 }],
    ['PeerState set to LOOKING', { what: 'setToLooking' }],
    ['Learner received NEWLEADER message', { what: 'newLeaderReceived' }],
    ['Learner received UPTODATE message', { what: 'upToDateReceived' }],
    [
      'Have quorum of supporters, sids: [[1, 3]]; starting up and setting last processed zxid: 0x200000000',
      { what: 'quorumOfSupporters', sids: [1n, 3n], zxid: 0x200000000n },
    ],
    [
      'Have quorum of supporters, sids: [[2, 3, -1],[3, 5]]; starting up and setting last processed zxid: 0x1',
      { what: 'quorumOfSupporters', sids: [2n, 3n, -1n, 5n], zxid: 1n },
    ],
    [
      'Snapshot loaded in 12 ms, highest zxid is 0x10000000f, digest is 1371985504',
      { what: 'snapshotLoaded', zxid: 0x10000000fn },
    ],
    [
      'currentEpoch not found! Creating with a reasonable default of 0. This should only happen when you are upgrading your installation',
      { what: 'epochDefault', which: 'currentEpoch', epoch: 0n },
    ],
    [
      'acceptedEpoch not found! Creating with a reasonable default of 17. This should only happen when you are upgrading your installation',
      { what: 'epochDefault', which: 'acceptedEpoch', epoch: 17n },
    ],
    ['Shutdown called. For the reason Forcing shutdown', { what: 'roleEnding', reason: 'Forcing shutdown' }],
    ['shutdown Follower', { what: 'roleEnding', reason: 'shutdown Follower' }],
    ['shutdown Observer', { what: 'roleEnding', reason: 'shutdown Observer' }],
    ['Exception when following the leader', { what: 'roleEnding', reason: 'Exception when following the leader' }],
    ['restarting leader election', { what: 'electionRestarted' }],
    ['Restarting Leader Election', { what: 'electionRestarted' }],
    ['Becoming an observer', { what: 'reconfigured', text: 'Becoming an observer' }],
    ['Becoming a voting participant', { what: 'reconfigured', text: 'Becoming a voting participant' }],
    ['Suggested leader: 3', { what: 'reconfigured', text: 'Suggested leader: 3' }],
    [
      '2 Received version: 100000004 my version: 0',
      { what: 'reconfigured', text: 'Received version: 100000004 my version: 0' },
    ],
    ['zookeeper.fastleader.minNotificationInterval = 200 ms', { what: 'intervalSetting', which: 'min', ms: 200 }],
    ['zookeeper.fastleader.maxNotificationInterval=60000', { what: 'intervalSetting', which: 'max', ms: 60000 }],
    ['zookeeper.fastleader.maxNotificationInterval = 60000 ms', { what: 'intervalSetting', which: 'max', ms: 60_000 }],
    ['zookeeper.fastleader.minNotificationInterval=200', { what: 'intervalSetting', which: 'min', ms: 200 }],
    ['WorkerReceiver is down', { what: 'messengerDown', which: 'receiver' }],
    ['WorkerSender is down', { what: 'messengerDown', which: 'sender' }],
    ['Unexpected exception', { what: 'mainLoopException', text: 'Unexpected exception' }],
    ['QuorumPeer main thread exited', { what: 'mainLoopException', text: 'QuorumPeer main thread exited' }],
  ])('%s', (message, expected) => {
    expect(said(QP + message)).toEqual(expected);
  });

  test('the class decides where the words alone do not', () => {
    expect(said(`${MAIN}o.a.z.s.NIOServerCnxn@1] - Unexpected exception`)).toBeNull();
    expect(said(`${MAIN}o.a.z.s.q.QuorumPeerMain@1] - LOOKING`)).toBeNull();
    expect(said(`${MAIN}QuorumPeerMain@151] - Starting quorum peer`)).toEqual({ what: 'processStarted', myId: null });
    expect(said(`${QP}Starting quorum peer`)).toBeNull();
  });

  test('the release is kept', () => {
    const parser = new LogParser('f');
    const line = 'Server environment:zookeeper.version=3.8.0-5a02a05eddb59aee6ac762f7ea82e92a68eb9c0f, built on 2022';
    const found = parser.push(`2026-01-02 03:04:05,678 [myid:2] - INFO  [main:o.a.z.Environment@98] - ${line}`);
    expect(found[0]?.said).toEqual({ what: 'version', text: line.slice(line.indexOf('=') + 1) });
    parser.push('x - INFO  [main:Environment@98] - Server environment:zookeeper.version=3.6.0-SNAPSHOT, built on x');
    expect(parser.counts.releases).toEqual(['3.8.0', '3.6.0-SNAPSHOT']);
  });
});

describe('what cannot be read says so', () => {
  const vote =
    'Notification: my state:LOOKING; n.sid:3, n.state:LOOKING, n.leader:3, n.round:0x1, n.peerEpoch:0x0, n.zxid:0x0, ' +
    'message format version:0x2, n.config version:0x0';

  test('every torn beginning of a notification is unreadable, never silent, never half a vote', () => {
    for (let length = 'Notifi'.length; length < vote.length - 1; length++) {
      expect(said(WR + vote.slice(0, length)), vote.slice(0, length)).toMatchObject({ what: 'unreadable' });
    }
  });

  test.each<[string, string, string]>([
    [vote, 'n.zxid:0x0', 'n.zxid:0x10000000000000000'],
    [vote, 'n.sid:3', 'n.sid:9223372036854775808'],
    [vote, 'n.state:LOOKING', 'n.state:SLEEPING'],
    [vote, 'my state:LOOKING', 'my state:**LOOKING**'],
    [vote, 'n.round:0x1', 'n.round:1'],
    [vote, 'version:0x2', 'version:0x100000000'],
    [vote, 'n.config version:0x0', 'n.config version:0x02026-01-02'],
    ['New election. My id = 2, proposed zxid=0x0', '0x0', '0x'],
    ['Notification time out: 400 ms', '400', 'soon'],
    ['Notification time out: 400 ms', '400', '99999999999'],
    ['Peer state changed: following', 'following', 'sleeping'],
    ['Peer state changed: following', 'following', 'following - dancing'],
    ['Adding vote: from=1, proposed leader=3, proposed zxid=0x2, proposed election epoch=0x4', 'from=1', 'from='],
    ['Notification state unrecognized: null (n.state), 3(n.sid)', 'null', 'null'],
  ])('%s with %s changed to %s', (message, part, other) => {
    const result = said(FLE + message.replace(part, other));
    expect(result).toMatchObject({ what: 'unreadable', text: message.replace(part, other) });
    expect((result as { why: string }).why).not.toBe('');
  });

  test('the reason names the field', () => {
    const why = (message: string): unknown => (said(WR + message) as { why: unknown }).why;
    expect(why(vote.replace('n.leader:3', 'n.leader:x'))).toContain(
      'the field leader is not a 64-bit decimal number: "x,',
    );
    expect(why(vote.slice(0, 60))).toContain('it ends where');
    expect(why(`${vote} more`)).toContain('after its last field stands " more"');
  });

  const heard = {
    leader: 1n,
    zxid: 5n,
    round: 1n,
    epoch: 0n,
    state: 'LOOKING',
    from: 2n,
    version: 0,
    configVersion: 0n,
  };
  const hears = (changes: object = {}): object => ({
    what: 'notification',
    myState: 'LOOKING',
    notification: { ...heard, ...changes },
  });

  test.each<[string, object | null]>([
    ['New election. My id =  1, Proposed zxid = 73014444063', { what: 'newElection', myId: 1n, zxid: 73014444063n }],
    ['New election. My id =  1, proposed zxid=0x1f', { what: 'newElection', myId: 1n, zxid: 31n }],
    ['Notification: 1, 5, 1, 3, LOOKING, LOOKING, 2', hears()],
    ['Notification: 1 (n.leader), 5 (n.zxid), 1 (n.round), LOOKING (n.state), 2 (n.sid), LOOKING (my state)', hears()],
    [
      'Notification: 1 (n.leader), 5 (n.zxid), 1 (n.round), LOOKING (n.state), 2 (n.sid), 7 (n.peerEPoch), LOOKING (my state)',
      hears({ epoch: 7n }),
    ],
    [
      'Notification: 1 (n.leader), 0x1f (n.zxid), 0x1 (n.round), LOOKING (n.state), 2 (n.sid), 0x7 (n.peerEPoch), LOOKING (my state)',
      hears({ zxid: 31n, epoch: 7n }),
    ],
    [
      'Notification: 1 (message format version), 1 (n.leader), 0x5 (n.zxid), 0x1 (n.round), LOOKING (n.state), 2 (n.sid), 0x7 (n.peerEpoch) LOOKING (my state)',
      hears({ version: 1, epoch: 7n }),
    ],
    [
      'Notification: 2 (message format version), 1 (n.leader), 0x5 (n.zxid), 0x1 (n.round), LOOKING (n.state), 2 (n.sid), 0x7 (n.peerEPoch), LOOKING (my state)1f (n.config version)',
      hears({ version: 2, epoch: 7n, configVersion: 31n }),
    ],
    [
      'Notification: 2 (message format version), 1 (n.leader), 0x5 (n.zxid), 0xffffffffffffffff (n.round), FOLLOWING (n.state), 2 (n.sid), 0x7 (n.peerEpoch), LOOKING (my state)0 (n.config version)',
      hears({ version: 2, epoch: 7n, round: -1n, state: 'FOLLOWING' }),
    ],
    ['Ignoring notification from non-cluster member 4', { what: 'ignoredSender', leader: null, from: 4n }],
    [
      'Updating proposal: 3 (newleader), 5 (newzxid), 2 (oldleader), -1 (oldzxid)',
      { what: 'updatingProposal', newLeader: 3n, newZxid: 5n, oldLeader: 2n, oldZxid: -1n },
    ],
    ['Updating proposal', null],
    [
      'Sending Notification: 2 (n.leader), 5 (n.zxid), 1 (n.round), 3 (recipient), 2 (myid), 7 (n.peerEpoch)',
      { what: 'sending', leader: 2n, zxid: 5n, round: 1n, recipient: 3n, myId: 2n, epoch: 7n },
    ],
    [
      'Sending new notification. My id =  2 recipient=3 zxid=0x10 leader=3',
      { what: 'answering', myId: 2n, recipient: 3n, zxid: 16n, leader: 3n, configVersion: 0n },
    ],
    [
      'id: 3, proposed id: 2, zxid: 10, proposed zxid: 0',
      { what: 'compared', leader: 3n, proposedLeader: 2n, zxid: 10n, proposedZxid: 0n },
    ],
    [
      'Notification epoch is smaller than logicalclock. n.epoch = 1, Logical clock2',
      { what: 'staleRound', round: 1n, logicalclock: 2n },
    ],
    [
      'Notification election epoch is smaller than logicalclock. n.electionEpoch = 1, Logical clock2',
      { what: 'staleRound', round: 1n, logicalclock: 2n },
    ],
    [
      'Adding vote: From = 1, Proposed leader = 3, Proposed zxid = 10, Proposed election epoch = 4',
      { what: 'addingVote', from: 1n, leader: 3n, zxid: 10n, round: 4n },
    ],
    [
      'Adding vote: From = 1, Proposed leader = 3, Porposed zxid = 10, Proposed epoch = 4',
      { what: 'addingVote', from: 1n, leader: 3n, zxid: 10n, round: 4n },
    ],
    ["I'm a participant: 2", { what: 'learningState', myId: 2n, observer: false }],
    ["I'm an observer: 2", { what: 'learningState', myId: 2n, observer: true }],
    [
      'About to leave FLE instance: Leader= 3, Zxid = 10, My id = 2, My state = FOLLOWING',
      { what: 'leavingElection', leader: 3n, zxid: 10n, myId: 2n, myState: 'FOLLOWING' },
    ],
    ['FOLLOWING - LEADER ELECTION TOOK - 214', { what: 'electionTook', role: 'FOLLOWING', tookMs: 214 }],
    [
      'Have quorum of supporters, sids: [ 1,2 ]; starting up and setting last processed zxid: 0x300000000',
      { what: 'quorumOfSupporters', sids: [1n, 2n], zxid: 0x300000000n },
    ],
    [
      'Have quorum of supporters, sids: [ [1, 2],[1, 2] ]; starting up and setting last processed zxid: 0x300000000',
      { what: 'quorumOfSupporters', sids: [1n, 2n], zxid: 0x300000000n },
    ],
    [
      'Have quorum of supporters; starting up and setting last processed zxid: 10',
      { what: 'quorumOfSupporters', sids: [], zxid: 10n },
    ],
  ])('wording before 3.6: %s', (message, meant) => {
    expect(said(FLE + message)).toEqual(meant);
  });

  test.each([
    'LOOKING around',
    'Notification service started',
    'Updating peers',
    'shutting down',
    'zookeeper.cnxTimeout = 200 ms',
    'Have smaller server identifier, so dropping the connection: (myId:2 --> sid:3)',
    'Backward compatibility mode (36 bits), server id: 3',
    '3 is accepting connections now, my election bind port: /127.0.0.1:3888',
    'PeerState set to LEADING',
    '',
    'N',
  ])('not an election line: %s', (message) => {
    expect(said(FLE + message)).toBeNull();
  });
});
