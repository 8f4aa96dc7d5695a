/**
 * Handle of a FOLLOWING or LEADING vote: cases J1 to J3 (receivedFollowingNotification, receivedLeadingNotification
 * at 3.8.0; TLA+: ReceivedFollowingAndLeadingNotification).
 */
import { asRound, asZxid, type Round, type Sid } from '../../types/ids.js';
import type { Notification, Vote } from '../../types/vote.js';
import type { CaseName, LocalOutcome } from '../action.js';
import { profileOf } from '../profile.js';
import { isJointQuorum } from '../quorums.js';
import { lifeOf, live } from '../server.js';
import type { Life, Server } from '../state.js';
import { agreeing } from '../vote-agreement.js';
import { exit, wiped } from './exit.js';
import type { World } from './rule.js';

/**
 * `server` has taken `n` from its queue.
 * J1: of the own round; n's vote enters recvset *with version 0*, and a quorum there with n's leader checked ends the
 * election. J2: n's vote enters outofelection with its version; a quorum there ends the election and n's round
 * becomes the clock, which may go down. J3: n is LEADING, the committed configuration needs its oracle and the oracle
 * does not say '1': n's leader is followed, the clock stays. The proposal keeps its value in all three.
 */
export function handleDecided(server: Server, n: Notification, world: World): LocalOutcome {
  const { clk, recvset, ooe, needOracle } = lifeOf(server);
  const profile = profileOf(server);
  const reported: Vote = {
    leader: n.leader,
    zxid: n.zxid,
    round: n.round,
    epoch: n.epoch,
    state: n.state,
    version: n.version,
  };
  const decides = (votes: Votes, report: Vote, leaders: Votes): boolean =>
    isJointQuorum(server.membership, agreeing(votes, report, profile), { needOracle, says: world.oracle }) &&
    leaderChecked(server.sid, clk, leaders, report);

  const sameRound = n.round === clk;
  const stored: Vote = { ...reported, version: 0, state: profile.reportsStayReports ? n.state : 'LOOKING' };
  const withinRound = sameRound ? new Map(recvset).set(n.from, stored) : recvset;
  const leaders = profile.reportsStayReports ? withinRound : ooe;
  if (sameRound && decides(withinRound, reported, leaders)) return join(server, n, 'J1');

  const timeless: Vote = profile.roundsOutside ? reported : { ...reported, ...NOTHING_BUT_THE_EPOCH };
  const outside = new Map(ooe).set(n.from, timeless);
  if (decides(outside, timeless, outside)) return join(server, n, 'J2', { clk: n.round });

  const asksOracle = profile.oracle && server.membership.committed.quorumSystem.kind === 'oracle' && needOracle;
  if (n.state === 'LEADING' && asksOracle && !world.oracle) return join(server, n, 'J3');

  return { server: live(server, { recvset: withinRound, ooe: outside }), sends: [], cases: ['stay'] };
}

type Votes = ReadonlyMap<Sid, Vote>;

/** What 3.5.0 to 3.5.4 ignore of a report [IGNOREVALUE]. */
const NOTHING_BUT_THE_EPOCH = { zxid: asZxid(-1n), round: asRound(-1n) } as const;

/**
 * checkLeader (TLA+: CheckLeader): another leader must itself have reported LEADING (whomever it named); I am the
 * leader only of my present round.
 */
export function leaderChecked(me: Sid, clk: Round, votes: Votes, { leader, round }: Vote): boolean {
  return leader === me ? clk === round : votes.get(leader)?.state === 'LEADING';
}

function join(server: Server, n: Notification, which: CaseName, changes: Partial<Life> = {}): LocalOutcome {
  return { server: exit(server, n, changes), sends: [], cases: [which, ...wiped(server)] };
}
