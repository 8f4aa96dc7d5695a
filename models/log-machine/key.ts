/** A short text that is equal exactly for equal hypotheses. */
import type { PeerConfig } from '../../impl/peer-config.js';
import type { CapturedReply, Durable, ElectionCall, Peer } from '../../impl/peer.js';
import type { Sid } from '../../types/ids.js';
import { SERVER_STATES } from '../../types/server-state.js';
import type { ElectionLine } from '../../types/election-line.js';
import type { Notification, Proposal, Vote } from '../../types/vote.js';
import type { DiskKnowledge, KnownLife, Knowledge, Owed, OwnCopy, ServerHypothesis } from './state.js';

/** Texts of values that were met lately. A plain map that is thrown away costs the collector less than a WeakMap. */
let lately = new Map<object, string>();
const LATELY_MAX = 1000;

/** Votes, maps and queues are immutable and shared between hypotheses: the text of each need not be made each time. */
function once<T extends object>(value: T, make: (value: T) => string): string {
  const known = lately.get(value);
  if (known !== undefined) return known;
  if (lately.size >= LATELY_MAX) lately = new Map();
  const made = make(value);
  lately.set(value, made);
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

function diskKey(disk: DiskKnowledge): string {
  return once(disk, ({ zxid, epoch }) => knowledgeKey(zxid) + knowledgeKey(epoch));
}

function durableKey(durable: Durable): string {
  return once(durable, ({ lastZxid, currentEpoch }) => `${lastZxid}.${currentEpoch}`);
}

function peerKey(peer: Peer): string {
  const { durable, process } = peer;
  const disk = durableKey(durable);
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

function owedKey({ line, loopback, sent }: Owed): string {
  const copy = loopback === null ? '' : notificationKey(loopback.notification);
  const goes = sent === null ? '' : `>${sent.to}`;
  return `${line === null ? '' : lineKey(line)}${copy}${goes}/`;
}

function copyKey({ notification, epochMayBeHigher, anyVote }: OwnCopy): string {
  return `${notificationKey(notification)}${epochMayBeHigher ? '+' : ''}${anyVote === true ? '?' : ''}/`;
}

/** In one fixed order: which states were seen is a set. */
function seenKey(states: KnownLife['statesSeen']): string {
  let key = '';
  for (const state of SERVER_STATES) if (states.includes(state)) key += state.slice(0, 2);
  return key;
}

function configKey(config: PeerConfig): string {
  return once(config, ({ learnerType, voters }) => `${learnerType[0]}${voters.join(' ')}`);
}

const ANNOUNCED = ['none', 'foreign', 'any', 'unseen'] as const;

export function hypothesisKey(state: ServerHypothesis): string {
  let key = `${configKey(state.config)};${diskKey(state.disk)};`;
  if (state.life === 'unknown') {
    const { sawLooking, clockIsZero, carriedUnseen, lateUnseen, exited } = state;
    key += `unknown;${sawLooking}${clockIsZero}${carriedUnseen}${lateUnseen}${exited}${seenKey(state.statesSeen)}${state.inHandSince};`;
    for (const n of [state.carried, state.late, state.inHand]) key += `${n === null ? '' : notificationKey(n)};`;
    for (const n of state.heard) key += `${notificationKey(n)},`;
    return key;
  }
  key += `${peerKey(state.peer)};`;
  for (const owed of state.owed) key += owedKey(owed);
  key += ';';
  for (const line of state.receiverOwed) key += `${lineKey(line)}/`;
  key += ';';
  for (const copy of state.loopback) key += copyKey(copy);
  const { announced, voteEpochMayRise, capturedEpochMayRise, unsure } = state;
  const flags =
    ANNOUNCED.indexOf(announced) +
    32 * Number(voteEpochMayRise) +
    4 * Number(capturedEpochMayRise) +
    8 * Number(unsure) +
    16 * Number(state.neverPublished) +
    64 * Number(state.voteUnseen) +
    128 * Number(state.staleUnseen) +
    256 * Number(state.capturedUnseen);
  const before = state.proposalBefore === null ? '' : proposalKey(state.proposalBefore);
  return `${key};${seenKey(state.statesSeen)};${flags};${before}`;
}
