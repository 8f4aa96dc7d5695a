/** Votes, messages and changes of servers in a few words. */
import type { Send } from '../../spec/action.js';
import type { Life, Message, Server } from '../../spec/state.js';
import type { Sid } from '../../types/ids.js';
import { LONG_MIN, toHex } from '../../types/int64.js';
import type { Proposal } from '../../types/vote.js';

const id = (value: bigint): string => (value === LONG_MIN ? 'MIN' : `${value}`);
const hex = (value: bigint): string => (value === LONG_MIN ? 'MIN' : `0x${toHex(value)}`);

/** `3 (zxid 0x0, epoch 0)` */
export function proposalWords({ leader, zxid, epoch }: Proposal): string {
  return `${id(leader)} (zxid ${hex(zxid)}, epoch ${id(epoch)})`;
}

/** `LOOKING vote for 3 (zxid 0x0, epoch 0), round 1` */
export function messageWords(message: Message): string {
  return `${message.state} vote for ${proposalWords(message)}, round ${message.round}`;
}

/** `L(3,0x0,r1,e0)`: short enough for an arrow. */
export function messageLabel({ state, leader, zxid, round, epoch }: Message): string {
  const letter = state === 'LEADING' ? 'D' : state.charAt(0);
  return `${letter}(${id(leader)}, ${hex(zxid)}, r${round}, e${id(epoch)})`;
}

/** Equal messages are told once, with all their receivers. */
export function sendsWords(sends: readonly Send[]): string {
  const receivers = new Map<string, Sid[]>();
  for (const { to, message } of sends) {
    const words = messageWords(message);
    const known = receivers.get(words);
    if (known === undefined) receivers.set(words, [to]);
    else known.push(to);
  }
  return [...receivers].map(([words, to]) => `sends ${words} to ${to.join(', ')}`).join('; ');
}

/** What changed on a server that a reader of the protocol cares about; empty if nothing. */
export function changeWords(before: Server, after: Server): readonly string[] {
  const words: string[] = [];
  const a = before.life;
  const b = after.life;
  if (a === null || b === null) {
    if (a === b) return words;
    return [b === null ? 'goes down' : `comes up (zxid ${hex(after.zx)}, currentEpoch ${after.ce})`];
  }
  if (a.st !== b.st) words.push(`becomes ${b.st}`);
  if (a.clk !== b.clk) words.push(`round ${a.clk} → ${b.clk}`);
  if (proposalWords(a.prop) !== proposalWords(b.prop)) words.push(`proposes ${proposalWords(b.prop)}`);
  if (voteWords(a) !== voteWords(b)) words.push(`publishes ${voteWords(b)}`);
  if (a.pc !== b.pc) words.push(PLACES[b.pc]);
  if (before.zx !== after.zx) words.push(`zxid ${hex(before.zx)} → ${hex(after.zx)}`);
  if (before.ce !== after.ce) words.push(`currentEpoch ${before.ce} → ${after.ce}`);
  if (before.ae !== after.ae) words.push(`acceptedEpoch ${before.ae} → ${after.ae}`);
  if (before.membership.committed !== after.membership.committed) {
    words.push(`configuration version ${after.membership.committed.version}`);
  }
  return words;
}

function voteWords({ cur }: Life): string {
  return `${proposalWords(cur)}, round ${cur.round}`;
}

const PLACES = {
  ENTER: 'is about to begin an election',
  POLL: 'waits for votes',
  FINAL: 'a quorum agrees: waits for silence',
  SILENT: 'has waited long enough',
  DECIDED: 'has decided',
  OUT: 'begins its role',
} as const satisfies Record<Life['pc'], string>;
