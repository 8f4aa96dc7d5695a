/** Is what a peer shows what the specification allows? The abstraction from a peer's view to the variables of a server. */
import type { Send } from '../../spec/action.js';
import type { Message, Server } from '../../spec/state.js';
import type { Sid } from '../../types/ids.js';
import type { Notification, Proposal, Vote } from '../../types/vote.js';
import type { PeerView, Sent } from './peer.js';

/** Null if the view is the server's; else the first field that differs, found and allowed. */
export function firstDifference(server: Server, view: PeerView): string | null {
  const { life } = server;
  if (life === null) return 'a view of a server that is down';
  if (view.state !== life.st) return differs('state', view.state, life.st);
  if (view.round !== life.clk) return differs('round', view.round, life.clk);
  if (!sameProposal(view.proposal, life.prop)) return differs('proposal', proposal(view.proposal), proposal(life.prop));
  if (view.vote.round !== life.cur.round || !sameProposal(view.vote, life.cur)) {
    return differs('published vote', voteText(view.vote), voteText(life.cur));
  }
  if (view.zxid !== server.zx) return differs('zxid', hex(view.zxid), hex(server.zx));
  if (view.currentEpoch !== server.ce) return differs('currentEpoch', view.currentEpoch, server.ce);
  if (view.acceptedEpoch !== server.ae) return differs('acceptedEpoch', view.acceptedEpoch, server.ae);
  return optionalDifference(life, view);
}

function optionalDifference(life: NonNullable<Server['life']>, view: PeerView): string | null {
  if (view.place !== undefined && view.place !== life.pc) return differs('place', view.place, life.pc);
  if (view.queue !== undefined && view.queue !== life.nq && !sameQueue(view.queue, life.nq)) {
    return differs('recvqueue', view.queue.map(notice).join(' '), life.nq.map(notice).join(' '));
  }
  if (view.recvset !== undefined && !sameVotes(view.recvset, life.recvset)) {
    return differs('recvset', votes(view.recvset), votes(life.recvset));
  }
  if (view.outofelection !== undefined && !sameVotes(view.outofelection, life.ooe)) {
    return differs('outofelection', votes(view.outofelection), votes(life.ooe));
  }
  return null;
}

/** Null if the same messages went to the same servers in the same order. */
export function sendDifference(found: readonly Sent[], allowed: readonly Send[]): string | null {
  const same = found.length === allowed.length && found.every((one, index) => sameSend(one, allowed[index]));
  return same ? null : differs('messages sent', found.map(sendText).join('; '), allowed.map(sendText).join('; '));
}

function sameSend(a: Sent, b: Send | undefined): boolean {
  return b !== undefined && a.to === b.to && sameMessage(a.message, b.message);
}

function sameMessage(a: Message, b: Message): boolean {
  return a.configVersion === b.configVersion && sameVote(a, b);
}

function sameProposal(a: Proposal, b: Proposal): boolean {
  return a === b || (a.leader === b.leader && a.zxid === b.zxid && a.epoch === b.epoch);
}

function sameVote(a: Vote, b: Vote): boolean {
  return a === b || (sameProposal(a, b) && a.round === b.round && a.state === b.state && a.version === b.version);
}

function sameQueue(a: readonly Notification[], b: readonly Notification[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((n, index) => {
    const other = b[index];
    return n === other || (other !== undefined && n.from === other.from && sameMessage(n, other));
  });
}

function sameVotes(a: ReadonlyMap<Sid, Vote>, b: ReadonlyMap<Sid, Vote>): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [sid, vote] of a) {
    const other = b.get(sid);
    if (other === undefined || !sameVote(vote, other)) return false;
  }
  return true;
}

function differs(field: string, found: unknown, allowed: unknown): string {
  return `${field}: ${String(found) || 'nothing'} where the specification has ${String(allowed) || 'nothing'}`;
}

const hex = (value: bigint): string => `0x${BigInt.asUintN(64, value).toString(16)}`;
const proposal = (p: Proposal): string => `(${p.leader}, zxid ${hex(p.zxid)}, epoch ${p.epoch})`;
const voteText = (v: Proposal & { readonly round: bigint }): string =>
  `(${v.leader}, zxid ${hex(v.zxid)}, epoch ${v.epoch}, round ${v.round})`;
const notice = (n: Notification): string => `${n.from}:${n.state}${voteText(n)}`;
const votes = (map: ReadonlyMap<Sid, Vote>): string =>
  [...map].map(([sid, vote]) => `${sid}:${vote.state}${voteText(vote)}v${vote.version}`).join(' ');
const sendText = ({ to, message }: Sent): string =>
  `to ${to} ${message.state}${voteText(message)} config ${message.configVersion}`;
