/** Words that the properties share. Stated here once more, from the definitions, rather than taken from the actions. */
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { PeerEpoch, Sid, Zxid } from '../../types/ids.js';
import { LONG_MIN } from '../../types/int64.js';
import type { EndVote, Proposal } from '../../types/vote.js';
import type { Action } from '../action.js';
import type { OracleView } from '../quorums.js';
import type { Life, Server } from '../state.js';

/** An oracle that is not asked. */
export const NO_HELP: OracleView = { needOracle: false, says: false };

/** Inside lookForLeader's loop: Begin is done, the exit is not. */
export function isElecting(life: Life | null): life is Life {
  return life !== null && (life.pc === 'POLL' || life.pc === 'FINAL' || life.pc === 'SILENT');
}

export function isVoter(config: EnsembleConfig, sid: Sid): boolean {
  return config.members.some((member) => member.sid === sid && member.type === 'PARTICIPANT');
}

/** What a server proposes when it begins (getInitId, getInitLastLoggedZxid, getPeerEpoch). */
export function ownVote(server: Server): Proposal {
  const participant = server.learnerType === 'PARTICIPANT';
  return {
    leader: isVoter(server.membership.committed, server.sid) ? server.sid : (LONG_MIN as Sid),
    zxid: participant ? server.zx : (LONG_MIN as Zxid),
    epoch: participant ? server.ce : (LONG_MIN as PeerEpoch),
  };
}

/** The order of votes without weights: epoch, zxid, leader. Negative: `a` is the lower one. */
export function compareTriples(a: Proposal, b: Proposal): number {
  return compare(a.epoch, b.epoch) || compare(a.zxid, b.zxid) || compare(a.leader, b.leader);
}

/** The histories of two servers: current epoch first, then zxid. */
export function compareHistories(a: Server, b: Server): number {
  return compare(a.ce, b.ce) || compare(a.zx, b.zx);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whom the server supports: its proposal while electing, then its decision. null: down, or not yet begun. */
export function supported(life: Life | null): Sid | null {
  if (life === null || life.pc === 'ENTER') return null;
  return decided(life) ? (life.end ?? life.cur).leader : life.prop.leader;
}

/** Past the exit of lookForLeader: DECIDED or in a role. */
export function decided(life: Life): boolean {
  return life.pc === 'DECIDED' || life.pc === 'OUT';
}

/** The server whose step it is; null for steps of channels and of the oracle. */
export function actorOf(action: Action): Sid | null {
  if ('s' in action) return action.s;
  return 'leader' in action ? action.leader : null;
}

export function tripleKey(vote: Proposal): string {
  return `${vote.leader}|${vote.zxid}|${vote.epoch}`;
}

export function sentKey(sender: Sid, vote: EndVote): string {
  return `${sender}|${tripleKey(vote)}|${vote.round}`;
}

/** A vote as it stands in the sentences of violations. */
export function show(vote: Proposal & { readonly round?: bigint }): string {
  const round = vote.round === undefined ? '' : `, round ${vote.round}`;
  return `(leader ${vote.leader}, zxid 0x${BigInt.asUintN(64, vote.zxid).toString(16)}, epoch ${vote.epoch}${round})`;
}
