/**
 * The same lines in the wording of ZooKeeper 3.3 to 3.5 (format strings compared with the sources of 3.3.6, 3.4.0, 3.4.5, 3.4.14,
 * 3.5.0, 3.5.4 and 3.5.10). A field that a release does not print is what a message without it means: epoch 0, format version 0,
 * configuration 0.
 */
import { asSid as sid, asZxid as zxid } from '../../types/ids.js';
import type { Role } from '../../types/server-state.js';
import type { ObservedLine } from '../observation.js';
import {
  addingVote,
  answering,
  compared,
  learning,
  leavingElection,
  newElection,
  notification,
  sending,
  staleRound,
  updatingProposal,
} from './readings.js';
import { rule, type Rule } from './rules.js';

const strict = { strict: true } as const;

const NOTIFICATION = 'Notification: ';

/** From the newest to the oldest; `version` tells the format where the line does not. */
const NOTIFICATIONS = [
  // 3.5.0 to 3.5.10; a message of 3.4 carries no configuration.
  '{version:h} (message format version), {leader:d} (n.leader), 0x{zxid:h} (n.zxid), 0x{round:h} (n.round), {state:s} (n.state), {from:d} (n.sid), 0x{epoch:h} (n.peerEpoch), {myState:s} (my state){config:h} (n.config version)',
  '{version:h} (message format version), {leader:d} (n.leader), 0x{zxid:h} (n.zxid), 0x{round:h} (n.round), {state:s} (n.state), {from:d} (n.sid), 0x{epoch:h} (n.peerEpoch), {myState:s} (my state)',
  '{version:h} (message format version), {leader:d} (n.leader), 0x{zxid:h} (n.zxid), 0x{round:h} (n.round), {state:s} (n.state), {from:d} (n.sid), 0x{epoch:h} (n.peerEPoch), {myState:s} (my state){config:h} (n.config version)',
  // Builds before 3.5.0.
  '{leader:d} (n.leader), 0x{zxid:h} (n.zxid), 0x{round:h} (n.round), {state:s} (n.state), {from:d} (n.sid), 0x{epoch:h} (n.peerEPoch), {myState:s} (my state){config:h} (n.config version)',
  '{leader:d} (n.leader), 0x{zxid:h} (n.zxid), 0x{round:h} (n.round), {state:s} (n.state), {from:d} (n.sid), 0x{epoch:h} (n.peerEpoch), {myState:s} (my state){config:h} (n.config version)',
  // 3.4.6 to 3.4.14.
  '{version:h} (message format version), {leader:d} (n.leader), 0x{zxid:h} (n.zxid), 0x{round:h} (n.round), {state:s} (n.state), {from:d} (n.sid), 0x{epoch:h} (n.peerEpoch) {myState:s} (my state)',
  // 3.4.3 to 3.4.5, and 3.4.0 to 3.4.2 with decimal numbers.
  '{leader:d} (n.leader), 0x{zxid:h} (n.zxid), 0x{round:h} (n.round), {state:s} (n.state), {from:d} (n.sid), 0x{epoch:h} (n.peerEPoch), {myState:s} (my state)',
  '{leader:d} (n.leader), {zxid:d} (n.zxid), {round:d} (n.round), {state:s} (n.state), {from:d} (n.sid), {epoch:d} (n.peerEPoch), {myState:s} (my state)',
  // 3.3.2 to 3.3.6, and 3.3.0.
  '{leader:d} (n.leader), {zxid:d} (n.zxid), {round:d} (n.round), {state:s} (n.state), {from:d} (n.sid), {myState:s} (my state)',
  '{leader:d}, {zxid:d}, {round:d}, {myId:d}, {myState:s}, {state:s}, {from:d}',
].map((rest) => NOTIFICATION + rest);

const took = (role: Role): Rule =>
  rule<ObservedLine>([`${role} - LEADER ELECTION TOOK - {ms:d}`], (f) => {
    const ms = Number(f.int('ms'));
    return Number.isSafeInteger(ms) ? { what: 'electionTook', role, tookMs: ms } : { at: 0, why: 'too long' };
  });

const ending = (reason: string): Rule => rule([reason], () => ({ what: 'roleEnding', reason }));

/** INFO and WARN. */
const SHOWN: readonly Rule[] = [
  rule(['New election. My id =  {myId:d}, proposed zxid=0x{zxid:h}'], newElection, strict),
  rule(['New election. My id =  {myId:d}, Proposed zxid = {zxid:d}'], newElection, strict),
  rule(NOTIFICATIONS, notification, { strict: true, prefix: NOTIFICATION }),
  rule(
    ['Ignoring notification from non-cluster member {from:d}'],
    (f) => ({ what: 'ignoredSender', leader: null, from: sid(f.int('from')) }),
    strict,
  ),
  took('FOLLOWING'),
  took('LEADING'),
  rule(['Have quorum of supporters; starting up and setting last processed zxid: 0x{zxid:h}'], (f) => ({
    what: 'quorumOfSupporters',
    sids: [],
    zxid: zxid(f.int('zxid')),
  })),
  rule(['Have quorum of supporters; starting up and setting last processed zxid: {zxid:d}'], (f) => ({
    what: 'quorumOfSupporters',
    sids: [],
    zxid: zxid(f.int('zxid')),
  })),
  ending('shutdown called'),
  // 3.3: a better vote was taken; its fields are not printed.
  rule<ObservedLine>(['Updating proposal'], () => null),
];

/** DEBUG. */
const DEBUG: readonly Rule[] = [
  rule(
    [
      'Updating proposal: {newLeader:d} (newleader), {newZxid:d} (newzxid), {oldLeader:d} (oldleader), {oldZxid:d} (oldzxid)',
    ],
    updatingProposal,
    strict,
  ),
  rule(
    [
      'Sending Notification: {leader:d} (n.leader), {zxid:d} (n.zxid), {round:d} (n.round), {recipient:d} (recipient), ' +
        '{myId:d} (myid), {epoch:d} (n.peerEpoch)',
    ],
    sending,
    strict,
  ),
  rule(
    ['Sending new notification. My id =  {myId:d} recipient={recipient:d} zxid=0x{zxid:h} leader={leader:d}'],
    answering,
    strict,
  ),
  // Does not say what is sent.
  rule<ObservedLine>(['Sending new notification. My id = {myId:d}, Recipient = {recipient:d}'], () => null, strict),
  rule(['id: {leader:d}, proposed id: {proposedLeader:d}, zxid: {zxid:d}, proposed zxid: {proposedZxid:d}'], compared, {
    strict: true,
    logger: 'FastLeaderElection',
  }),
  rule(
    ['Notification election epoch is smaller than logicalclock. n.electionEpoch = {round:d}, Logical clock{clock:d}'],
    staleRound,
    strict,
  ),
  rule(
    ['Notification epoch is smaller than logicalclock. n.epoch = {round:d}, Logical clock{clock:d}'],
    staleRound,
    strict,
  ),
  rule(
    [
      'Adding vote: From = {from:d}, Proposed leader = {leader:d}, Proposed zxid = {zxid:d}, Proposed election epoch = {round:d}',
      'Adding vote: From = {from:d}, Proposed leader = {leader:d}, Porposed zxid = {zxid:d}, Proposed epoch = {round:d}',
    ],
    addingVote,
    strict,
  ),
  rule(["I'm a participant: {myId:d}"], learning(false), strict),
  rule(["I'm an observer: {myId:d}"], learning(true), strict),
  rule(
    ['About to leave FLE instance: Leader= {leader:d}, Zxid = {zxid:d}, My id = {myId:d}, My state = {state:s}'],
    leavingElection,
    strict,
  ),
];

/** Every line of an election, as it was worded before 3.6. */
export const OLDER_RULES: readonly Rule[] = [...SHOWN, ...DEBUG];
