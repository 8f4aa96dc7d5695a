/** A short text that is equal exactly for equal hypotheses. */
import type { CapturedReply, ElectionCall, Peer } from '../../impl/peer.js';
import type { Sid } from '../../types/ids.js';
import type { ElectionLine } from '../../types/election-line.js';
import type { Notification, Proposal, Vote } from '../../types/vote.js';
import type { Knowledge, ServerHypothesis } from './state.js';

const objectKeys = new WeakMap<object, string>();

/** Votes, maps and queues are immutable and shared between hypotheses: the text of each is made once. */
function once<T extends object>(value: T, make: (value: T) => string): string {
  const known = objectKeys.get(value);
  if (known !== undefined) return known;
  const made = make(value);
  objectKeys.set(value, made);
  return made;
}

function proposalKey(p: Proposal): string {
  return `${p.leader}.${p.zxid}.${p.epoch}`;
}

function voteKey(v: Vote): string {
  return once(v, () => `${v.leader}.${v.zxid}.${v.epoch}.${v.round}.${v.state[0]}${v.state[1]}${v.version}`);
}

function notificationKey(n: Notification): string {
  return once(n, () => `${n.from}:${n.leader}.${n.zxid}.${n.epoch}.${n.round}.${n.state[0]}${n.state[1]}${n.version}`);
}

function replyKey(reply: CapturedReply): string {
  return reply.kind + (reply.kind === 'looking' ? proposalKey(reply.vote) : voteKey(reply.vote));
}

function votesKey(votes: ReadonlyMap<Sid, Vote>): string {
  return once(votes, () =>
    [...votes]
      .map(([sid, vote]) => `${sid}=${voteKey(vote)}`)
      .sort()
      .join(','),
  );
}

/** Who agreed, as a set: the order in which they did tells nothing. */
function sidsKey(sids: readonly Sid[]): string {
  return once(sids, () => [...sids].sort().join(','));
}

function callKey(call: ElectionCall): string {
  return `${votesKey(call.recvset)}|${votesKey(call.outofelection)}|${call.notTimeoutMs}|${call.voteSet === null ? '' : sidsKey(call.voteSet)}`;
}

function lineKey(line: ElectionLine): string {
  return once(line, () =>
    JSON.stringify(line, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
  );
}

function knowledgeKey(knowledge: Knowledge<bigint>): string {
  if (knowledge.known === 'nothing') return '?';
  return `${knowledge.known === 'exactly' ? '=' : '>'}${knowledge.value}`;
}

function peerKey(peer: Peer): string {
  const { durable, process } = peer;
  const disk = `${durable.lastZxid}.${durable.currentEpoch}`;
  if (process === null) return disk;
  const { main, worker } = process;
  const queue = once(process.recvqueue, (all) => all.map(notificationKey).join(','));
  let place: string = main.at;
  if (main.at === 'poll' || main.at === 'final' || main.at === 'silent') place += callKey(main.call);
  if (main.at === 'decided') place += `${proposalKey(main.endVote)}.${main.endVote.round}`;
  let hand: string = worker.stage;
  if (worker.stage === 'replying') hand += `${worker.to}${replyKey(worker.reply)}`;
  else if (worker.stage !== 'idle') hand += notificationKey(worker.notification);
  return `${disk};${process.state};${voteKey(process.currentVote)};${process.logicalclock};${proposalKey(process.proposal)};${queue};${place};${hand};${process.needOracle}`;
}

export function hypothesisKey(state: ServerHypothesis): string {
  const common = `${state.config.voters.length};${knowledgeKey(state.disk.zxid)}${knowledgeKey(state.disk.epoch)}`;
  if (state.life === 'unknown') {
    return `unknown;${common};${state.sawLooking}${state.clockIsZero};${state.heard.map(notificationKey).join(',')}`;
  }
  const owed = state.owed.map(
    ({ line, loopback }) =>
      `${line === null ? '' : lineKey(line)}${loopback === null ? '' : notificationKey(loopback.notification)}`,
  );
  const copies = state.loopback.map((copy) => notificationKey(copy.notification) + (copy.epochMayBeHigher ? '+' : ''));
  const flags = `${state.announced}${state.voteEpochMayRise}${state.capturedEpochMayRise}${state.unsure}`;
  return [
    common,
    peerKey(state.peer),
    owed.join('/'),
    state.receiverOwed.map(lineKey).join('/'),
    copies.join('/'),
    [...state.statesSeen].sort().join(','),
    flags,
  ].join(';');
}
