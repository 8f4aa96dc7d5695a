/** Handle of a LOOKING vote: cases K0 to K4 (lookForLeader, case LOOKING). */
import type { Notification, Proposal, Vote } from '../../types/vote.js';
import type { CaseName, LocalOutcome } from '../action.js';
import { better } from '../order.js';
import { profileOf } from '../profile.js';
import { isJointQuorum } from '../quorums.js';
import { initialVote, lifeOf, live } from '../server.js';
import type { Server } from '../state.js';
import { agreeing } from '../vote-agreement.js';
import { thrown } from './exit.js';
import { sendAll } from './messages.js';
import type { World } from './rule.js';

/**
 * `server` has taken `n` from its queue.
 * K0: a zxid of −1, the own initial one or the sender's: dropped. K1: a higher round is joined; the proposal becomes
 * the better one of n and the own *initial* vote and is sent whether it changed or not. K2: a lower round: dropped.
 * K3: same round and better than the proposal: adopted and sent. K4: not better: only counted.
 */
export function handleLooking(server: Server, n: Notification, world: World): LocalOutcome {
  const { clk, prop } = lifeOf(server);
  const { committed } = server.membership;
  const own = initialVote(server);
  if (profileOf(server).zxidNeeded && (own.zxid === -1n || n.zxid === -1n)) return { server, sends: [], cases: ['K0'] };
  if (n.round < clk) return { server, sends: [], cases: ['K2'] };
  if (n.round > clk) {
    const joined = live(server, { clk: n.round, recvset: new Map<Server['sid'], Vote>() });
    const wins = better(committed, n, own);
    if (wins === 'unknownWeight') return { server: thrown(joined), sends: [], cases: ['K1', 'exception'] };
    return sentAndCounted(proposing(joined, wins ? n : own), n, world, 'K1');
  }
  const wins = better(committed, n, prop);
  if (wins === 'unknownWeight') return { server: thrown(server), sends: [], cases: ['exception'] };
  if (wins) return sentAndCounted(proposing(server, n), n, world, 'K3');
  return { server: count(server, n, world), sends: [], cases: ['K4'] };
}

/** updateProposal. */
function proposing(server: Server, { leader, zxid, epoch }: Proposal): Server {
  return live(server, { prop: { leader, zxid, epoch } });
}

/** sendNotifications, then the vote is counted. */
function sentAndCounted(server: Server, n: Notification, world: World, which: CaseName): LocalOutcome {
  return { server: count(server, n, world), sends: sendAll(server), cases: [which] };
}

/**
 * The vote enters recvset, as LOOKING and of version 0. If those who agree with the proposal are a (joint) quorum
 * the finalize wait begins. The own vote counts only when its own copy arrives.
 */
function count(server: Server, n: Notification, world: World): Server {
  const { clk, prop, recvset, needOracle } = lifeOf(server);
  const vote = { leader: n.leader, zxid: n.zxid, round: n.round, epoch: n.epoch };
  const votes = new Map(recvset).set(n.from, { ...vote, state: 'LOOKING', version: 0 });
  const supporters = agreeing(votes, { ...prop, round: clk, state: 'LOOKING', version: 0 });
  const decided = isJointQuorum(server.membership, supporters, { needOracle, says: world.oracle });
  return live(server, { recvset: votes, counted: supporters, pc: decided ? 'FINAL' : 'POLL' });
}
