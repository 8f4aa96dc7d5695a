/**
 * How a release words the lines of an election: format strings and line numbers of the first release that has them (FastLeaderElection and
 * QuorumPeer at the tags). A release that changes neither words nor place keeps the number, whatever its own is.
 */
import { toHex } from '../../types/int64.js';
import type { ElectionLine } from '../../types/election-line.js';
import type { PeerEpoch } from '../../types/ids.js';
import { isFrom } from './release-order.js';

type Kind = ElectionLine['what'];
type Of<K extends Kind> = Extract<ElectionLine, { what: K }>;

/** What a line prints besides the line itself. */
export interface Besides {
  /** Of a comparison, since 3.8.5 and 3.9.2: of the vote and of the proposal. */
  readonly epochs?: readonly [PeerEpoch, PeerEpoch];
}

/** Oldest first: since when, line number, text; null: it is not printed. */
type Variants<K extends Kind> = readonly (readonly [
  since: string,
  line: number,
  text: ((said: Of<K>, besides: Besides) => string) | null,
])[];

const hex = (value: bigint): string => `0x${toHex(value)}`;

const NOTIFICATION: Variants<'notification'> = [
  [
    '3.4.6',
    597,
    ({ myState, notification: n }) =>
      `Notification: ${n.version.toString(16)} (message format version), ${n.leader} (n.leader), ${hex(n.zxid)} (n.zxid), ` +
      `${hex(n.round)} (n.round), ${n.state} (n.state), ${n.from} (n.sid), ${hex(n.epoch)} (n.peerEpoch) ${myState} (my state)`,
  ],
  [
    '3.5.0',
    682,
    ({ myState, notification: n }) =>
      `Notification: ${n.version.toString(16)} (message format version), ${n.leader} (n.leader), ${hex(n.zxid)} (n.zxid), ` +
      `${hex(n.round)} (n.round), ${n.state} (n.state), ${n.from} (n.sid), ${hex(n.epoch)} (n.peerEPoch), ` +
      `${myState} (my state)${toHex(n.configVersion)} (n.config version)`,
  ],
  [
    '3.6.0',
    376,
    ({ myState, notification: n }) =>
      `Notification: my state:${myState}; n.sid:${n.from}, n.state:${n.state}, n.leader:${n.leader}, n.round:${hex(n.round)}, ` +
      `n.peerEpoch:${hex(n.epoch)}, n.zxid:${hex(n.zxid)}, message format version:0x${n.version.toString(16)}, ` +
      `n.config version:${hex(n.configVersion)}`,
  ],
];

const IGNORED_LEADER: Variants<'ignoredLeader'> = [
  ['3.4.13', 982, ({ leader, from }) => `Ignoring notification for non-cluster member sid ${leader} from sid ${from}`],
];

/** Before ZOOKEEPER-2988 its leader is not named. */
const IGNORED_SENDER: Variants<'ignoredSender'> = [
  [
    '3.4.6',
    985,
    ({ leader, from }) =>
      leader === null
        ? `Ignoring notification from non-cluster member ${from}`
        : `Ignoring notification for sid ${leader} from non-quorum member sid ${from}`,
  ],
];

const SENDING: Variants<'sending'> = [
  [
    '3.4.6',
    584,
    (s) =>
      `Sending Notification: ${s.leader} (n.leader), ${hex(s.zxid)} (n.zxid), ${hex(s.round)} (n.round), ${s.recipient} (recipient), ` +
      `${s.myId} (myid), ${hex(s.epoch)} (n.peerEpoch)`,
  ],
  [
    '3.6.0',
    689,
    (s) =>
      `Sending Notification: ${s.leader} (n.leader), ${hex(s.zxid)} (n.zxid), ${hex(s.round)} (n.round), ${s.recipient} (recipient), ` +
      `${s.myId} (myid), ${hex(s.epoch)} (n.peerEpoch) `,
  ],
  [
    '3.8.5',
    705,
    (s) =>
      `Sending Notification: ${s.leader} (n.leader), ${hex(s.zxid)} (n.zxid), ${hex(s.epoch)} (n.peerEpoch), ${hex(s.round)} (n.round), ` +
      `${s.recipient} (recipient), ${s.myId} (myid) `,
  ],
];

const triples = (s: Of<'compared'>): string =>
  `id: ${s.leader}, proposed id: ${s.proposedLeader}, zxid: ${hex(s.zxid)}, proposed zxid: ${hex(s.proposedZxid)}`;

const COMPARED: Variants<'compared'> = [
  ['3.4.6', 607, triples],
  [
    '3.8.5',
    725,
    (s, { epochs }) =>
      epochs === undefined ? triples(s) : `${triples(s)}, epoch: ${hex(epochs[0])}, proposed epoch: ${hex(epochs[1])}`,
  ],
];

const ANSWERING: Variants<'answering'> = [
  [
    '3.4.6',
    371,
    (s) =>
      `Sending new notification. My id =  ${s.myId} recipient=${s.recipient} zxid=${hex(s.zxid)} leader=${s.leader}`,
  ],
  [
    '3.5.0',
    441,
    (s) =>
      `Sending new notification. My id =${s.myId} recipient=${s.recipient} zxid=${hex(s.zxid)} leader=${s.leader} ` +
      `config version = ${toHex(s.configVersion)}`,
  ],
];

const roleOf = ({ observer }: Of<'learningState'>): string => (observer ? 'an observer' : 'a participant');

const WORDING: { readonly [K in Kind]: Variants<K> } = {
  looking: [
    ['3.4.6', 714, () => 'LOOKING'],
    ['3.6.0', 1375, () => 'LOOKING'],
  ],
  roleEntered: [
    ['3.4.6', 784, ({ role }) => role],
    ['3.6.0', 1457, ({ role }) => role],
  ],
  // 3.5.10 has the words, too, for how far a learner has come; not for the state itself.
  stateChanged: [
    ['3.4.6', 0, null],
    ['3.6.0', 857, ({ state }) => `Peer state changed: ${state.toLowerCase()}`],
  ],
  newElection: [
    ['3.4.6', 815, (s) => `New election. My id =  ${s.myId}, proposed zxid=${hex(s.zxid)}`],
    ['3.6.0', 931, (s) => `New election. My id = ${s.myId}, proposed zxid=${hex(s.zxid)}`],
  ],
  timedOut: [
    ['3.4.6', 849, (s) => `Notification time out: ${s.nextTimeoutMs}`],
    ['3.8.0', 996, (s) => `Notification time out: ${s.nextTimeoutMs} ms`],
  ],
  notification: NOTIFICATION,
  ignoredLeader: IGNORED_LEADER,
  ignoredSender: IGNORED_SENDER,
  oracle: [['3.8.0', 1205, ({ follow }) => `Oracle indicates ${follow ? 'to follow' : 'not to follow'}`]],
  updatingProposal: [
    [
      '3.4.6',
      714,
      (s) =>
        `Updating proposal: ${s.newLeader} (newleader), ${hex(s.newZxid)} (newzxid), ${s.oldLeader} (oldleader), ${hex(s.oldZxid)} (oldzxid)`,
    ],
  ],
  sending: SENDING,
  compared: COMPARED,
  staleRound: [
    [
      '3.4.6',
      871,
      (s) =>
        `Notification election epoch is smaller than logicalclock. n.electionEpoch = ${hex(s.round)}, logicalclock=${hex(s.logicalclock)}`,
    ],
  ],
  addingVote: [
    [
      '3.4.6',
      883,
      (s) =>
        `Adding vote: from=${s.from}, proposed leader=${s.leader}, proposed zxid=${hex(s.zxid)}, proposed election epoch=${hex(s.round)}`,
    ],
  ],
  observerNotification: [['3.4.6', 923, ({ from }) => `Notification from observer: ${from}`]],
  ownZxidMissing: [['3.6.0', 989, () => 'Ignoring notification as our zxid is -1']],
  senderZxidMissing: [['3.6.0', 993, ({ from }) => `Ignoring notification from member with -1 zxid ${from}`]],
  learningState: [
    ['3.4.6', 736, (s) => `I'm ${roleOf(s)}: ${s.myId}`],
    ['3.6.0', 841, (s) => `I am ${roleOf(s)}: ${s.myId}`],
  ],
  leavingElection: [
    [
      '3.4.6',
      546,
      (s) =>
        `About to leave FLE instance: leader=${s.leader}, zxid=${hex(s.zxid)}, my id=${s.myId}, my state=${s.myState}`,
    ],
  ],
  receiving: [['3.4.6', 274, ({ myId }) => `Receive new notification message. My id = ${myId}`]],
  answering: ANSWERING,
};

export function isElectionLine(said: { readonly what: string }): said is ElectionLine {
  return Object.hasOwn(WORDING, said.what);
}

/** The words and the place in the source; null: such a release prints nothing there. */
export function worded(
  said: ElectionLine,
  release: string,
  besides: Besides,
): { readonly text: string; readonly line: number } | null {
  // Each kind has variants of its own line: the record above is checked for that.
  const variants = WORDING[said.what] as Variants<Kind>;
  const found = variants.findLast(([since]) => isFrom(release, since));
  if (found === undefined) return null;
  const [, line, text] = found;
  return text === null ? null : { text: text(said, besides), line };
}
