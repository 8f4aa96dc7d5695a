/** Votes, lines and places of a hypothesis in the words and number formats of ZooKeeper's log. */
import type { ElectionLine } from '../../types/election-line.js';
import type { Sid } from '../../types/ids.js';
import { toHex } from '../../types/int64.js';
import type { Notification, Proposal, Vote } from '../../types/vote.js';
import type { ElectionCall, Process } from '../../impl/peer.js';
import type { PeerConfig } from '../../impl/peer-config.js';
import type { KnownLife, ServerHypothesis } from './state.js';

export function proposalWords(vote: Proposal): string {
  return `leader ${vote.leader}, epoch 0x${toHex(vote.epoch)}, zxid 0x${toHex(vote.zxid)}`;
}

export function voteWords(vote: Proposal & Pick<Vote, 'round'>): string {
  return `${proposalWords(vote)}, round 0x${toHex(vote.round)}`;
}

export function sidsWords(sids: Iterable<Sid>): string {
  return `{${[...sids].sort((a, b) => (a < b ? -1 : 1)).join(', ')}}`;
}

/** Does a group file give this server no weight? totalOrderPredicate then prefers no vote for it. */
export function weighsNothing({ membership }: PeerConfig, sid: Sid): boolean {
  const { quorumSystem } = membership.committed;
  return quorumSystem.kind === 'hierarchical' && quorumSystem.weights.get(sid) === 0n;
}

/** Where weights decide: what a quorum needs, after a semicolon. Empty where voters are merely counted. */
export function weightWords({ membership, committedVoters }: PeerConfig): string {
  const { quorumSystem } = membership.committed;
  if (quorumSystem.kind !== 'hierarchical') return '';
  const weightOf = (sid: Sid): bigint => quorumSystem.weights.get(sid) ?? (committedVoters.has(sid) ? 1n : 0n);
  const groups = new Map<bigint, Sid[]>();
  for (const [sid, group] of quorumSystem.groups) groups.set(group, [...(groups.get(group) ?? []), sid]);
  const words = [...groups]
    .filter(([, members]) => members.some((sid) => weightOf(sid) !== 0n))
    .map(([group, members]) => `group ${group}: ${members.map((sid) => `${sid} weighs ${weightOf(sid)}`).join(', ')}`);
  return `; a quorum needs more than half the weight of more than half of the groups (${words.join('; ')})`;
}

/** A line as the log would print it, shortened to what identifies it. */
export function lineWords(line: ElectionLine): string {
  switch (line.what) {
    case 'looking':
      return '"LOOKING"';
    case 'roleEntered':
      return `"${line.role}"`;
    case 'stateChanged':
      return `"Peer state changed: ${line.state.toLowerCase()}"`;
    case 'newElection':
      return `"New election. My id = ${line.myId}, proposed zxid=0x${toHex(line.zxid)}"`;
    case 'timedOut':
      return `"Notification time out: ${line.nextTimeoutMs} ms"`;
    case 'ignoredLeader':
    case 'ignoredSender':
      return `"Ignoring notification …" for leader ${line.leader} from ${line.from}`;
    case 'oracle':
      return `"Oracle indicates ${line.follow ? '' : 'not '}to follow"`;
    case 'updatingProposal':
      return `"Updating proposal: ${line.newLeader} (newleader), 0x${toHex(line.newZxid)} (newzxid), ${line.oldLeader} (oldleader), 0x${toHex(line.oldZxid)} (oldzxid)"`;
    case 'sending':
      return `"Sending Notification" of ${voteWords(line)} to ${line.recipient}`;
    case 'compared':
      return `"id: ${line.leader}, proposed id: ${line.proposedLeader}, zxid: 0x${toHex(line.zxid)}, proposed zxid: 0x${toHex(line.proposedZxid)}"`;
    case 'staleRound':
      return `"Notification election epoch is smaller than logicalclock" (0x${toHex(line.round)}, 0x${toHex(line.logicalclock)})`;
    case 'addingVote':
      return `"Adding vote: from=${line.from}, proposed leader=${line.leader}, proposed zxid=0x${toHex(line.zxid)}, proposed election epoch=0x${toHex(line.round)}"`;
    case 'observerNotification':
      return `"Notification from observer: ${line.from}"`;
    case 'ownZxidMissing':
      return '"Ignoring notification as our zxid is -1"';
    case 'senderZxidMissing':
      return `"Ignoring notification from member with -1 zxid ${line.from}"`;
    case 'learningState':
      return `"I am ${line.observer ? 'an observer' : 'a participant'}: ${line.myId}"`;
    case 'leavingElection':
      return `"About to leave FLE instance: leader=${line.leader}, zxid=0x${toHex(line.zxid)}, my id=${line.myId}, my state=${line.myState}"`;
    case 'receiving':
      return `"Receive new notification message. My id = ${line.myId}"`;
    case 'notification':
      return `"Notification: my state:${line.myState}" of ${line.notification.from} (${line.notification.state}: ${voteWords(line.notification)})`;
    case 'answering':
      return `"Sending new notification" to ${line.recipient} (leader ${line.leader}, zxid 0x${toHex(line.zxid)})`;
  }
}

/** Where the server is, in one sentence without a full stop. */
export function describeHypothesis(state: ServerHypothesis): string {
  if (state.life === 'unknown') return 'an election whose beginning is not in the log';
  const { process } = state.peer;
  if (process === null) return 'down';
  const owed = state.owed.flatMap(({ line }) => (line === null ? [] : [lineWords(line)]));
  const next = owed[0] === undefined ? '' : `; its next line is ${owed[0]}`;
  return `${placeWords(state, process)}${unreadWords(process)}${next}`;
}

function placeWords(state: KnownLife, process: Process): string {
  const { main } = process;
  const round = `round 0x${toHex(process.logicalclock)}`;
  switch (main.at) {
    case 'enter':
      return 'LOOKING, the election not yet begun';
    case 'poll':
      return `electing in ${round}, proposing ${proposalWords(process.proposal)}; ${countWords(state, process, main.call)}`;
    case 'final':
      return `waiting for 200 ms of silence in ${round} to decide for ${proposalWords(process.proposal)}`;
    case 'silent':
      return `about to decide in ${round} for ${proposalWords(process.proposal)}`;
    case 'decided':
      return `decided: ${process.state} with ${voteWords(main.endVote)}`;
    case 'role':
      return `${process.state} under leader ${process.currentVote.leader} (round 0x${toHex(process.currentVote.round)})`;
  }
}

function countWords(state: KnownLife, process: Process, call: ElectionCall): string {
  const own: Vote = { ...process.proposal, round: process.logicalclock, state: 'LOOKING', version: 0 };
  const agreeing = state.rules.agreeing(call.recvset, own);
  const quorum = state.rules.isQuorum(state.config, agreeing);
  return `${sidsWords(agreeing)} of voters ${sidsWords(state.config.voters)} agree${quorum ? ', a quorum' : ', no quorum'}`;
}

function unreadWords(process: Process): string {
  const { recvqueue, worker } = process;
  const inHand = worker.stage === 'printed' || worker.stage === 'tested' ? 1 : 0;
  const unread = recvqueue.length + inHand;
  return unread === 0 ? '' : `; ${unread} ${unread === 1 ? 'notification' : 'notifications'} unread`;
}

/** The fields in which two messages differ, "name=found where expected", most telling first. */
export function notificationDifferences(found: Notification, expected: Notification): readonly string[] {
  const hex = (value: bigint): string => `0x${toHex(value)}`;
  const fields: readonly (readonly [string, string, string])[] = [
    ['n.state', found.state, expected.state],
    ['n.leader', String(found.leader), String(expected.leader)],
    ['n.round', hex(found.round), hex(expected.round)],
    ['n.peerEpoch', hex(found.epoch), hex(expected.epoch)],
    ['n.zxid', hex(found.zxid), hex(expected.zxid)],
    ['message format version', hex(BigInt(found.version)), hex(BigInt(expected.version))],
  ];
  return fields.filter(([, a, b]) => a !== b).map(([name, a, b]) => `${name}:${a} where it must be ${b}`);
}
