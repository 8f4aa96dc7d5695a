/**
 * The lines that an election prints, in the wording of ZooKeeper 3.6 to 3.9 (FastLeaderElection and
 * QuorumPeer; format strings compared with the sources of 3.6.0, 3.6.4, 3.7.2, 3.8.0, 3.8.6 and 3.9.5).
 */
import { asSid as sid } from '../../types/ids.js';
import type { Role, ServerState } from '../../types/server-state.js';
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
import type { Fields, Misfit } from './template.js';

const roleEntered = (role: Role): Rule => rule([role], () => ({ what: 'roleEntered', role }), { logger: 'QuorumPeer' });

const PHASES = ['discovery', 'synchronization', 'broadcast'];
const SYNC_MODES = ['diff', 'snap', 'trunc'];
/** A map, because a log may say any word: an object would also know `constructor`. */
const STATES: ReadonlyMap<string, ServerState> = new Map([
  ['looking', 'LOOKING'],
  ['following', 'FOLLOWING'],
  ['leading', 'LEADING'],
  ['observing', 'OBSERVING'],
]);

/**
 * `role[ - phase][ - sync]` (QuorumPeer.getDetailedPeerState). Without a phase the state variable itself was
 * set; a sync mode alone is what an earlier, broken synchronization left behind.
 */
function peerStateChanged(fields: Fields): ObservedLine | Misfit {
  const text = fields.word('text');
  const [role, ...rest] = text.split(' - ');
  const state = STATES.get(role ?? '');
  if (state === undefined) return { at: 0, why: `"${text}" does not begin with a server state` };
  const phase = PHASES.includes(rest[0] ?? '') ? rest.shift() : undefined;
  const sync = SYNC_MODES.includes(rest[0] ?? '') ? rest.shift() : undefined;
  if (rest.length > 0) return { at: 0, why: `"${rest[0] ?? ''}" is neither a phase nor a way to synchronize` };
  if (phase === undefined) return { what: 'stateChanged', state };
  return { what: 'phase', state, phase, sync: sync ?? null };
}

function timedOut(fields: Fields): ObservedLine | Misfit {
  const ms = fields.int('ms');
  if (ms < 0n || ms > 0x7fff_ffffn) return { at: 0, why: `the interval ${ms} does not fit in 32 bits` };
  return { what: 'timedOut', nextTimeoutMs: Number(ms) };
}

const ignored =
  (what: 'ignoredLeader' | 'ignoredSender') =>
  (fields: Fields): ObservedLine => ({ what, leader: sid(fields.int('leader')), from: sid(fields.int('from')) });

const strict = { strict: true } as const;

/** INFO and WARN. */
const SHOWN: readonly Rule[] = [
  rule(['LOOKING'], () => ({ what: 'looking' }), { logger: 'QuorumPeer' }),
  roleEntered('FOLLOWING'),
  roleEntered('LEADING'),
  roleEntered('OBSERVING'),
  rule(['Peer state changed: {text:r}'], peerStateChanged, strict),
  rule(['New election. My id = {myId:d}, proposed zxid=0x{zxid:h}'], newElection, {
    strict: true,
    prefix: 'New election. My id =',
  }),
  rule(['Notification time out: {ms:d} ms', 'Notification time out: {ms:d}'], timedOut, strict),
  rule(
    [
      'Notification: my state:{myState:s}; n.sid:{from:d}, n.state:{state:s}, n.leader:{leader:d}, n.round:0x{round:h}, ' +
        'n.peerEpoch:0x{epoch:h}, n.zxid:0x{zxid:h}, message format version:0x{version:h}, n.config version:0x{config:h}',
    ],
    notification,
    { strict: true, prefix: 'Notification: my state:' },
  ),
  rule(
    ['Ignoring notification for non-cluster member sid {leader:d} from sid {from:d}'],
    ignored('ignoredLeader'),
    strict,
  ),
  rule(
    ['Ignoring notification for sid {leader:d} from non-quorum member sid {from:d}'],
    ignored('ignoredSender'),
    strict,
  ),
  rule(['Oracle indicates to follow'], () => ({ what: 'oracle', follow: true }), strict),
  rule(['Oracle indicates not to follow'], () => ({ what: 'oracle', follow: false }), strict),
  rule<ObservedLine>(
    ['Notification state unrec{rest:r}'],
    () => ({ at: 0, why: 'a vote arrived whose state the server itself did not know' }),
    strict,
  ),
];

/** DEBUG. */
const DEBUG: readonly Rule[] = [
  rule(
    [
      'Updating proposal: {newLeader:d} (newleader), 0x{newZxid:h} (newzxid), {oldLeader:d} (oldleader), 0x{oldZxid:h} (oldzxid)',
    ],
    updatingProposal,
    { strict: true },
  ),
  rule(
    [
      'Sending Notification: {leader:d} (n.leader), 0x{zxid:h} (n.zxid), 0x{round:h} (n.round), {recipient:d} (recipient), ' +
        '{myId:d} (myid), 0x{epoch:h} (n.peerEpoch)',
      'Sending Notification: {leader:d} (n.leader), 0x{zxid:h} (n.zxid), 0x{epoch:h} (n.peerEpoch), 0x{round:h} (n.round), ' +
        '{recipient:d} (recipient), {myId:d} (myid)',
    ],
    sending,
    { strict: true },
  ),
  rule(
    [
      'id: {leader:d}, proposed id: {proposedLeader:d}, zxid: 0x{zxid:h}, proposed zxid: 0x{proposedZxid:h}',
      'id: {leader:d}, proposed id: {proposedLeader:d}, zxid: 0x{zxid:h}, proposed zxid: 0x{proposedZxid:h}, ' +
        'epoch: 0x{epoch:h}, proposed epoch: 0x{proposedEpoch:h}',
    ],
    compared,
    { strict: true, logger: 'FastLeaderElection' },
  ),
  rule(
    [
      'Notification election epoch is smaller than logicalclock. n.electionEpoch = 0x{round:h}, logicalclock=0x{clock:h}',
    ],
    staleRound,
    { strict: true, prefix: 'Notification election epoch is smaller' },
  ),
  rule(
    [
      'Adding vote: from={from:d}, proposed leader={leader:d}, proposed zxid=0x{zxid:h}, proposed election epoch=0x{round:h}',
    ],
    addingVote,
    { strict: true, prefix: 'Adding vote: ' },
  ),
  rule(
    ['Notification from observer: {from:d}'],
    (f) => ({ what: 'observerNotification', from: sid(f.int('from')) }),
    strict,
  ),
  rule(['Ignoring notification as our zxid is -1'], () => ({ what: 'ownZxidMissing' }), strict),
  rule(
    ['Ignoring notification from member with -1 zxid {from:d}'],
    (f) => ({ what: 'senderZxidMissing', from: sid(f.int('from')) }),
    strict,
  ),
  rule(['I am a participant: {myId:d}'], learning(false), strict),
  rule(['I am an observer: {myId:d}'], learning(true), strict),
  rule(
    ['About to leave FLE instance: leader={leader:d}, zxid=0x{zxid:h}, my id={myId:d}, my state={state:s}'],
    leavingElection,
    { strict: true, prefix: 'About to leave FLE instance: ' },
  ),
  rule(
    ['Receive new notification message. My id = {myId:d}'],
    (f) => ({ what: 'receiving', myId: sid(f.int('myId')) }),
    strict,
  ),
  rule(
    [
      'Sending new notification. My id ={myId:d} recipient={recipient:d} zxid=0x{zxid:h} leader={leader:d} config version = {config:h}',
    ],
    answering,
    {
      strict: true,
      prefix: 'Sending new notification. My id =',
    },
  ),
];

/** Every line of an election. */
export const ELECTION_RULES: readonly Rule[] = [...SHOWN, ...DEBUG];
