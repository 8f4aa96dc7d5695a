/**
 * Thirty false statements put into the recorded logs of an ensemble, and what the first sentence of the report must name: written
 * from the logs and from ZooKeeper's sources, before any report was seen; where that was changed later, it is said.
 */

import type { AlteredLog } from './altered-log.js';

export interface SeededCause {
  readonly cause: string;
  readonly scenario: 'leader-crash' | 'three-start';
  readonly server: number;
  readonly alter: (log: AlteredLog) => void;
  readonly names: RegExp;
}

const CRASH = 'leader-crash';
const START = 'three-start';

/** What one server received is not what the other sent. */
const MESSAGES: readonly SeededCause[] = [
  {
    cause: 'server 1 received a vote for 1 from server 2, which never proposed 1',
    scenario: START,
    server: 1,
    alter: (log) => log.replace(75, 'n.leader:3', 'n.leader:1'),
    names: /server 1 received from server 2 what server 2 never sent: a vote for 1\b/,
  },
  {
    cause: 'the zxid of a vote of server 3 was altered on its way to server 2',
    scenario: CRASH,
    server: 2,
    alter: (log) => log.replace(178, 'n.zxid:0x0', 'n.zxid:0x7'),
    names: /server 2 received from server 3 what server 3 never sent.*differs in zxid/,
  },
  {
    cause: 'the round of a vote of server 1 was altered on its way to server 2',
    scenario: CRASH,
    server: 2,
    alter: (log) => log.replace(159, 'n.round:0x2', 'n.round:0x3'),
    names: /server 2 received from server 1 what server 1 never sent.*differs in round/,
  },
  {
    cause: 'the epoch of a vote of server 1 was altered on its way to server 3',
    scenario: CRASH,
    server: 3,
    alter: (log) => log.replace(232, 'n.peerEpoch:0x1', 'n.peerEpoch:0x2'),
    names: /server 3 received from server 1 what server 1 never sent.*differs in epoch/,
  },
  {
    cause: 'server 3 answered as a follower while it led',
    scenario: CRASH,
    server: 2,
    alter: (log) => log.replace(218, 'n.state:LEADING', 'n.state:FOLLOWING'),
    names: /server 2 received from server 3 what server 3 never sent.*FOLLOWING/,
  },
  {
    cause: 'a vote of server 2 is attributed to server 1, which sends that vote only later',
    scenario: START,
    server: 3,
    alter: (log) => log.replace(75, 'n.sid:2', 'n.sid:1'),
    names: /server 3 received from server 1 an older message|server 3 received from server 1.*before/,
  },
  {
    cause: 'two votes of server 1 arrive at server 2 in the wrong order',
    scenario: CRASH,
    server: 2,
    alter: (log) => log.move(81, 'n.leader:1', 82),
    names: /server 2 received from server 1 an older message/,
  },
  {
    cause: 'server 2 heard server 1 vote for 3 before it had told server 1 of 3 itself',
    scenario: START,
    server: 2,
    alter: (log) => {
      for (const line of [95, 96, 97]) log.move(line, 'n.sid:1', 74);
    },
    names: /server 2 received .* before server 1 can have sent it|server 1.*server 2.*before/,
  },
  {
    cause: 'an old vote of server 1 arrives at server 2 again, after a newer one',
    scenario: START,
    server: 2,
    alter: (log) => log.repeat(95, 'n.leader:1', 97),
    names: /server 2 received from server 1 an older message/,
  },
];

/** What all servers together must keep. */
const TOGETHER: readonly SeededCause[] = [
  {
    cause: 'servers 4 and 3 both establish epoch 1',
    scenario: CRASH,
    server: 3,
    alter: (log) => log.replace(274, '0x200000000', '0x100000000'),
    names: /(server )?[34] and (server )?[34].*epoch 0x1|epoch 0x1.*[34] and .*[34]/,
  },
  {
    cause: 'server 1, a follower of 3, establishes the epoch of 3 itself',
    scenario: START,
    server: 1,
    alter: (log) =>
      log.insert(137, 137, [
        'Peer state changed: following - broadcast',
        'Have quorum of supporters, sids: [[1, 2]]; starting up and setting last processed zxid: 0x100000000',
      ]),
    names: /server 1.*(quorum of supporters|establish).*FOLLOWING|server 1.*(does not lead|never led)/,
  },
];

/** What a server heard does not allow what it did. */
const DECISIONS: readonly SeededCause[] = [
  {
    cause: 'server 3 leads although nobody but itself voted for it',
    scenario: START,
    server: 3,
    alter: (log) => {
      log.remove(76, 'n.leader:3');
      log.remove(98, 'n.leader:3');
      log.remove(101, 'n.leader:3');
    },
    names: /server 3: LEADING without a quorum/,
  },
  {
    cause: 'server 1 votes for 3 without having heard of 3',
    scenario: START,
    server: 1,
    alter: (log) => {
      log.remove(75, 'n.leader:3');
      log.remove(76, 'n.leader:3');
    },
    names: /server 1: its own notification says n\.leader:3/,
  },
  {
    cause: 'server 3 follows although it is the leader of the quorum’s vote',
    scenario: START,
    server: 3,
    alter: (log) => {
      log.replace(103, 'leading', 'following');
      log.replace(104, 'LEADING', 'FOLLOWING');
    },
    names: /server 3: .*FOLLOWING.*LEADING|server 3: .*LEADING.*FOLLOWING/,
  },
  {
    cause: 'server 4 leads before a third server voted for it',
    scenario: CRASH,
    server: 4,
    alter: (log) => {
      log.move(89, 'leading', 84);
      log.move(90, 'LEADING', 84);
    },
    names: /server 4: LEADING without a quorum/,
  },
  {
    cause: 'server 2 votes for 1 although it had heard of 3',
    scenario: CRASH,
    server: 2,
    alter: (log) => log.replace(201, 'n.leader:3', 'n.leader:1'),
    // Two votes were possible, 2 (again) and 3. What must be named was `3` at first; the sentence names both.
    names: /server 2: its own notification says n\.leader:1 where it must be (2 or )?3/,
  },
  {
    cause: 'server 3 skips a round',
    scenario: CRASH,
    server: 3,
    alter: (log) => log.replace(215, 'n.round:0x2', 'n.round:0x3'),
    names: /server 3: its own notification says n\.round:0x3 where it must be 0x2/,
  },
  {
    cause: 'server 4 forgets its epoch when it restarts',
    scenario: CRASH,
    server: 4,
    alter: (log) => {
      log.replace(212, 'n.peerEpoch:0x1', 'n.peerEpoch:0x0');
      log.replace(220, 'n.peerEpoch:0x1', 'n.peerEpoch:0x0');
    },
    names: /server [23] received from server 4 .*epoch 0x1|server 4.*epoch/,
  },
  {
    cause: 'server 1 votes once more when it already follows',
    scenario: START,
    server: 1,
    alter: (log) => log.insert(137, 81, ['my state:LOOKING', 'my state:FOLLOWING']),
    names: /server 1: .*own (vote|notification|copy)/,
  },
];

/** Lines that one thread prints in another order, or not at all. */
const LINES: readonly SeededCause[] = [
  {
    cause: 'server 1 looks for a leader without a new election',
    scenario: START,
    server: 1,
    alter: (log) => log.remove(78, 'New election'),
    names: /server 1: .*"?New election"?/,
  },
  {
    cause: 'server 2 begins its second election twice',
    scenario: CRASH,
    server: 2,
    alter: (log) => log.repeat(184, 'New election'),
    names: /server 2: .*"?New election"?/,
  },
  {
    cause: 'server 3 elects again without LOOKING',
    scenario: CRASH,
    server: 3,
    alter: (log) => log.remove(213, 'LOOKING'),
    names: /server 3: .*LOOKING/,
  },
  {
    cause: 'server 4 proposes another zxid than it loaded',
    scenario: CRASH,
    server: 4,
    alter: (log) => log.replace(211, 'proposed zxid=0x0', 'proposed zxid=0x5'),
    names: /server 4: .*zxid.*0x5.*0x0|server 4: .*0x0.*0x5/,
  },
  {
    cause: 'server 2 waits twice as long as the ladder says',
    scenario: CRASH,
    server: 2,
    alter: (log) => log.replace(216, '400 ms', '800 ms'),
    names: /server 2: .*800.*400|server 2: .*400.*800/,
  },
  {
    cause: 'server 2 waits as long a second time',
    scenario: CRASH,
    server: 2,
    alter: (log) => log.repeat(216, '400 ms'),
    names: /server 2: .*400.*800|server 2: .*800.*400/,
  },
  {
    cause: 'server 2 prints that it leads while it follows',
    scenario: CRASH,
    server: 2,
    alter: (log) => log.replace(252, 'my state:FOLLOWING', 'my state:LEADING'),
    names: /server 2: my state:LEADING.*FOLLOWING/,
  },
  {
    cause: 'server 2 prints a vote of server 7, which is no voter',
    scenario: START,
    server: 2,
    alter: (log) => log.replace(95, 'n.sid:1', 'n.sid:7'),
    names: /server 2: .*from 7.*no voter/,
  },
  {
    cause: 'server 2 begins to follow twice',
    scenario: START,
    server: 2,
    alter: (log) => log.repeat(100, 'FOLLOWING'),
    names: /server 2: .*FOLLOWING/,
  },
  {
    cause: 'server 1 complains of a leader outside the ensemble, but 3 is a member',
    scenario: START,
    server: 1,
    alter: (log) =>
      log.insert(78, 78, [
        'New election. My id = 1, proposed zxid=0x0',
        'Ignoring notification for non-cluster member sid 3 from sid 2',
      ]),
    names: /server 1: .*(Ignoring notification|non-cluster).*3/,
  },
  {
    cause: 'server 4 asks an oracle that its configuration does not have, and is told to follow',
    scenario: CRASH,
    server: 4,
    alter: (log) => log.replace(219, 'not to follow', 'to follow'),
    names: /server 4: .*[Oo]racle/,
  },
];

export const SEEDED_CAUSES: readonly SeededCause[] = [...MESSAGES, ...TOGETHER, ...DECISIONS, ...LINES];
