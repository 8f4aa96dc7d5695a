/**
 * Where the official module FastLeaderElection.tla departs from the Java, as scenes: what one of the two does there in
 * some steps, and the other in no few steps. The table of docs/tla.md tells the same in words.
 *
 * Sources: zookeeper-specifications/system-spec/zk-3.7/FastLeaderElection.tla; FastLeaderElection.java and QuorumPeer.java
 * at 3.8.0, whose methods are named.
 */
import type { Said, Scene } from './departure-scene.js';
import type { Shown } from './departure-steps.js';

export interface Departure {
  readonly id: string;
  /** What the module does. */
  readonly module: string;
  /** What the Java does. */
  readonly java: string;
  /** Classes and methods at 3.8.0. */
  readonly source: string;
  readonly scene: Scene;
  /** The server that acts. */
  readonly me: number;
  /** Who alone comes to what is shown. */
  readonly only: 'module' | 'java';
  /** By which steps: actions of the module, or of the specification, which stands for the Java. */
  readonly steps: readonly string[];
  readonly shows: Partial<Shown>;
  /** The other one does not come there in so many steps; 4 if absent. */
  readonly within?: number;
  /** Of the specification's steps; strict if absent. */
  readonly grain?: 'windowed';
}

/** Parts of WorkerReceiver's work on a message that gets an answer from a server that looks. */
const LOOKING_ANSWER = ['Receive', 'TestState', 'Enqueue', 'CompareRound'] as const;

/** The proposal of `leader` to both others of server 1, as both sides tell it. */
const toOthers = (leader: number, round: number): readonly string[] =>
  [2, 3].map((to) => `${to}: LOOKING ${leader} in round ${round} (0:0, 0)`);

const LEADER_3: Said = [3, 'LEADING', 3, 1];
const FOLLOWER_OF_3: Said = [2, 'FOLLOWING', 3, 1];

export const DEPARTURES: readonly Departure[] = [
  {
    id: 'first-round',
    module: 'Init has logicalClock 0 and nothing sent; after a time-out the first votes go out in round 0.',
    java: 'The clock is incremented before the first votes go out: they are of round 1.',
    source: 'FastLeaderElection.lookForLeader',
    scene: { peers: { 1: { doing: 'rest' }, 2: { doing: 'rest' }, 3: { doing: 'rest' } } },
    me: 1,
    only: 'module',
    steps: ['NotmsgTimeout', 'HandleNotmsg'],
    shows: { sends: toOthers(1, 0) },
  },
  {
    id: 'own-vote-counts-unheard',
    module: 'HasQuorums(i, i, ...) counts the own vote without a message: with one supporter of three the wait begins.',
    java: 'The own vote counts when its copy has come through recvQueue and recvqueue.',
    source: 'QuorumCnxManager.toSend; FastLeaderElection.lookForLeader, getVoteTracker',
    scene: { peers: { 3: { queue: [[1, 'LOOKING', 3, 1]] } } },
    me: 3,
    only: 'module',
    steps: ['HandleNotmsg'],
    shows: { waiting: true, sends: [] },
  },
  {
    id: 'own-vote-among-reports',
    module: 'The own vote never stands in receiveVotes, so it does not count beside reports.',
    java: 'It stands in recvset, and agrees with a report that equals it in all fields.',
    source: 'FastLeaderElection.receivedFollowingNotification, getVoteTracker; Vote.equals',
    scene: { peers: { 3: { recvset: [[3, 'LOOKING', 3, 1]], queue: [[1, 'FOLLOWING', 3, 1]] } } },
    me: 3,
    only: 'java',
    steps: ['Handle'],
    shows: { state: 'LEADING' },
  },
  {
    id: 'no-second-count',
    module: 'A vote put back may leave a quorum uncounted; a time-out sends, and counts nothing.',
    java: 'The own copy of what a time-out sends is counted, and with it the others.',
    source: 'FastLeaderElection.lookForLeader, sendNotifications',
    scene: {
      peers: {
        1: {
          for: 3,
          recvset: [
            [1, 'LOOKING', 3, 1],
            [3, 'LOOKING', 3, 1],
          ],
        },
      },
    },
    me: 1,
    only: 'java',
    steps: ['Resend', 'Receive', 'Handle'],
    shows: { waiting: true },
    within: 6,
  },
  {
    id: 'zxid-must-agree',
    module: 'VoteEqual compares leader, zxid, epoch and round, of reports too.',
    java: 'Of two reports only leader and epoch must agree.',
    source: 'Vote.equals',
    scene: {
      peers: {
        1: {
          round: 2,
          outOfElection: [[2, 'FOLLOWING', 3, 1, [0, 0], 1]],
          queue: [[3, 'LEADING', 3, 1, [1, 0], 1]],
        },
      },
    },
    me: 1,
    only: 'java',
    steps: ['Handle'],
    shows: { state: 'FOLLOWING', leader: 3 },
  },
  {
    id: 'older-report-refused',
    module: 'Put keeps the report of a higher round: that server 2 was LEADING is remembered though it says otherwise.',
    java: 'A later message replaces the earlier one whatever its round.',
    source: 'FastLeaderElection.receivedFollowingNotification (HashMap.put)',
    scene: {
      peers: {
        1: {
          round: 3,
          outOfElection: [[2, 'LEADING', 2, 2]],
          queue: [FOLLOWER_OF_3, [3, 'FOLLOWING', 2, 2]],
        },
      },
    },
    me: 1,
    only: 'module',
    steps: ['HandleNotmsg', 'HandleNotmsg'],
    shows: { state: 'FOLLOWING', leader: 2 },
  },
  {
    id: 'one-leading-vote-suffices',
    module: 'One LEADING notification of the own round is followed, without a quorum (leaveOk3).',
    java: 'Only an oracle that is needed lets it; with majorities it must stand for a quorum.',
    source: 'FastLeaderElection.receivedLeadingNotification; ZOOKEEPER-975',
    scene: { peers: { 1: { queue: [LEADER_3] } } },
    me: 1,
    only: 'module',
    steps: ['HandleNotmsg'],
    shows: { state: 'FOLLOWING' },
  },
  {
    id: 'proposal-survives-join',
    module: 'currentVote is proposal and published vote in one; joining overwrites it.',
    java: 'A join leaves the proposal as it was: between the end of the role and the next election it answers with it.',
    source: 'FastLeaderElection.receivedFollowingNotification, getVote; WorkerReceiver.run',
    scene: {
      peers: { 1: { doing: 'FOLLOWING', round: 2, for: 3, proposed: 1 } },
      way: [[1, [2, 'LOOKING', 2, 1]]],
    },
    me: 1,
    only: 'java',
    steps: ['Leave', ...LOOKING_ANSWER, 'SendReply'],
    shows: { sends: ['2: LOOKING 1 in round 2 (0:0, 0)'] },
    grain: 'windowed',
  },
  {
    id: 'state-before-vote',
    module: 'The exit changes state and vote in one step; an answer has the round of logicalClock.',
    java: 'The state is set first, the vote published later; an answer between has the old vote, with its round.',
    source: 'FastLeaderElection.setPeerState; QuorumPeer.run, setCurrentVote; WorkerReceiver.run',
    scene: { peers: { 1: { for: 3, waiting: true } }, way: [[1, [2, 'LOOKING', 2, 1]]] },
    me: 1,
    only: 'java',
    steps: ['Silence', 'FinalEnd', 'Receive', 'TestState', 'SendReply'],
    shows: { sends: ['2: FOLLOWING 1 in round -1 (0:0, 0)'] },
    grain: 'windowed',
  },
  {
    id: 'torn-answer',
    module: 'ReceiveNotmsg reads, queues and answers in one step.',
    java: 'The proposal is read first and the clock later: together they may never have been true.',
    source: 'FastLeaderElection.Messenger.WorkerReceiver.run, getVote',
    scene: {
      peers: { 1: { round: 2, queue: [[3, 'LOOKING', 3, 3]] } },
      way: [[1, [2, 'LOOKING', 2, 1]]],
    },
    me: 1,
    only: 'java',
    steps: [...LOOKING_ANSWER, 'Handle', 'SendReply'],
    shows: { sends: ['2: LOOKING 1 in round 3 (0:0, 0)', ...toOthers(3, 3)].sort() },
    grain: 'windowed',
  },
  {
    id: 'role-ends-at-once',
    module: 'ZabTimeout ends the role, raises the clock and sends, in one step.',
    java: 'The state is LOOKING before lookForLeader has raised the clock.',
    source: 'QuorumPeer.run, updateServerState; FastLeaderElection.lookForLeader',
    scene: { peers: { 1: { doing: 'FOLLOWING', for: 3 } } },
    me: 1,
    only: 'java',
    steps: ['Leave'],
    shows: { state: 'LOOKING', round: 1 },
    grain: 'windowed',
  },
  {
    id: 'queue-cleared-at-begin',
    module: 'ZabTimeout clears recvQueue; what came before the new round is not there.',
    java: 'recvqueue is cleared at an exit alone: what came after the end of the role waits, and got no answer.',
    source: 'FastLeaderElection.leaveInstance, lookForLeader',
    scene: { peers: { 1: { doing: 'FOLLOWING', for: 3 } }, way: [[1, [2, 'LOOKING', 2, 1]]] },
    me: 1,
    only: 'java',
    steps: ['Leave', ...LOOKING_ANSWER, 'Begin'],
    shows: { state: 'LOOKING', round: 2, queue: 1, sends: toOthers(1, 2) },
    grain: 'windowed',
  },
];
