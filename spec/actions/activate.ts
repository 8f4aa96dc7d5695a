/** Activate: discovery and synchronisation under one leader, as far as votes show them, up to a chosen extent. */
import { asPeerEpoch, makeZxid, type PeerEpoch, type Sid } from '../../types/ids.js';
import { wrapInt64 } from '../../types/int64.js';
import { EXTENTS, type Extent } from '../action.js';
import { isJointQuorum, isQuorum, voters } from '../quorums.js';
import { live, renewedVote } from '../server.js';
import type { Server, State } from '../state.js';
import { serverOf } from '../world.js';
import { lifeAt, plainStep, type GlobalRule, type Of } from './rule.js';

/** Does this activation include `extent`? */
const reaches = (action: Of<'Activate'>, extent: Extent): boolean =>
  EXTENTS.indexOf(action.extent) >= EXTENTS.indexOf(extent);

/**
 * A leader and followers that chose it; together a quorum of the committed configuration, and from 'synchronized' on
 * of a newer proposed one too (getEpochToPropose, waitForEpochAck; newLeaderProposal). No acknowledging follower has a
 * longer history than the leader; one without any (zxid −1) does not count (waitForEpochAck).
 */
export const activate: GlobalRule<Of<'Activate'>> = {
  name: 'Activate',
  whyNot(state, action) {
    const found = lifeAt(state, action.leader);
    if (typeof found === 'string') return found;
    const { server: leader, life } = found;
    if (life.pc !== 'OUT' || life.st !== 'LEADING') return 'the leader is not LEADING';
    if (life.leadership !== 'none') return 'this leadership has an epoch already';
    if (!voters(leader.membership.committed).has(leader.sid)) return 'the leader is no voter';
    if (action.followers.some((f, i) => f === leader.sid || f <= (action.followers[i - 1] ?? f - 1n))) {
      return 'followers must ascend, without the leader';
    }
    for (const sid of action.followers) {
      const why = notReady(state, leader, sid, reaches(action, 'committed'));
      if (why !== null) return why;
    }
    const acknowledging = reaches(action, 'committed');
    if (acknowledging && leader.zx === -1n) return 'the leader has no history';
    const oracle = { needOracle: life.needOracle, says: state.oracle };
    const sids = [leader.sid, ...action.followers].filter((sid) => !acknowledging || serverOf(state, sid).zx !== -1n);
    const quorum = reaches(action, 'synchronized')
      ? isJointQuorum(leader.membership, sids, oracle)
      : isQuorum(leader.membership.committed, sids, oracle);
    return quorum ? null : 'leader and followers are no quorum';
  },
  next(state, action) {
    const leader = serverOf(state, action.leader);
    const followers = action.followers.map((sid) => serverOf(state, sid));
    const epoch = chosenEpoch([leader, ...followers]);
    const servers = new Map(state.servers).set(leader.sid, activatedLeader(leader, epoch, action));
    for (const follower of followers) servers.set(follower.sid, activatedFollower(follower, leader, epoch, action));
    return plainStep({ ...state, servers });
  },
};

/** Guard for one follower. */
function notReady(state: State, leader: Server, sid: Sid, acknowledges: boolean): string | null {
  const found = lifeAt(state, sid);
  if (typeof found === 'string') return found;
  const { server, life } = found;
  const follows = life.pc === 'OUT' && life.st === 'FOLLOWING' && life.cur.leader === leader.sid;
  if (!follows) return `server ${sid} does not follow ${leader.sid}`;
  const ahead = server.ce > leader.ce || (server.ce === leader.ce && server.zx > leader.zx);
  return acknowledges && ahead ? `server ${sid} has a longer history than the leader` : null;
}

/** 1 + the greatest accepted epoch (Leader.getEpochToPropose): above everyone's. */
function chosenEpoch(servers: readonly Server[]): PeerEpoch {
  const greatest = servers.reduce((max, { ae }) => (ae > max ? ae : max), servers[0]?.ae ?? asPeerEpoch(0n));
  return asPeerEpoch(wrapInt64(greatest + 1n));
}

/**
 * accepted: acceptedEpoch on disk. committed: currentEpoch on disk, before any follower's. established: the vote has
 * the epoch (updateElectionVote), the history begins at (epoch, 0), in memory only (Leader.startZkServer).
 */
function activatedLeader(server: Server, epoch: PeerEpoch, action: Of<'Activate'>): Server {
  const established = reaches(action, 'established');
  return live(
    {
      ...server,
      ae: epoch,
      ce: reaches(action, 'committed') ? epoch : server.ce,
      zx: established ? makeZxid(epoch, 0n) : server.zx,
    },
    established ? { leadership: 'established', ...renewedVote(server, epoch) } : { leadership: 'chosen' },
  );
}

/**
 * accepted: acceptedEpoch on disk (LEADERINFO). synchronized: the leader's history, and currentEpoch (NEWLEADER).
 * upToDate: the vote has the epoch (UPTODATE, updateElectionVote).
 */
function activatedFollower(server: Server, leader: Server, epoch: PeerEpoch, action: Of<'Activate'>): Server {
  const accepted = { ...server, ae: epoch };
  if (!reaches(action, 'synchronized')) return accepted;
  const synchronized = { ...accepted, ce: epoch, zx: leader.zx, logged: leader.logged };
  if (!reaches(action, 'upToDate')) return synchronized;
  return live(synchronized, renewedVote(server, epoch));
}
