/** One server: at rest, at boot, when its election object is replaced; and what it proposes first. */
import { assert } from '../base/assert.js';
import type { EnsembleConfig } from '../types/ensemble.js';
import { asPeerEpoch, asRound, asSid, asZxid, type PeerEpoch, type Sid, type Zxid } from '../types/ids.js';
import { LONG_MIN } from '../types/int64.js';
import type { LearnerType } from '../types/server-state.js';
import type { Proposal, Vote } from '../types/vote.js';
import { type Profile, profileOf } from './profile.js';
import { voters } from './quorums.js';
import type { Life, Server, Worker } from './state.js';

/** What a server's disk holds. */
export interface Disk {
  readonly sid: Sid;
  /** −1: neither snapshot nor log, and autocreate is off. */
  readonly zxid: Zxid;
  readonly currentEpoch: PeerEpoch;
  readonly acceptedEpoch: PeerEpoch;
}

const NO_VOTES: ReadonlyMap<Sid, Vote> = new Map();
const IDLE: Worker = { stage: 'IDLE' };
/** FastLeaderElection.starter; proposedEpoch keeps Java's default. */
const NO_PROPOSAL: Proposal = { leader: asSid(-1n), zxid: asZxid(-1n), epoch: asPeerEpoch(0n) };

/** OBSERVER only where the configuration lists it so (QuorumPeer.updateLearnerType, QuorumPeerConfig.setupPeerType). */
export function learnerTypeIn(config: EnsembleConfig, sid: Sid): LearnerType {
  return config.members.find((member) => member.sid === sid)?.type ?? 'PARTICIPANT';
}

/**
 * What a server proposes when an election begins (getInitId, getInitLastLoggedZxid, getPeerEpoch): itself with its
 * history. A non-voter's id, and an observer's zxid and epoch, are the smallest long: they lose every comparison.
 */
export function initialVote(server: Server): Proposal {
  const participant = server.learnerType === 'PARTICIPANT';
  return {
    leader: voters(server.membership.committed).has(server.sid) ? server.sid : asSid(LONG_MIN),
    zxid: participant ? server.zx : asZxid(LONG_MIN),
    epoch: participant ? server.ce : asPeerEpoch(LONG_MIN),
  };
}

/** The vote published before any election has ended: oneself, round −1 (QuorumPeer.startLeaderElection). */
export function startVote(server: Server): Vote {
  return { leader: server.sid, zxid: server.zx, round: asRound(-1n), epoch: server.ce, state: 'LOOKING', version: 0 };
}

/** A server that is down, with a disk and a configuration; of 3.8 if no profile is given. */
export function serverAtRest(disk: Disk, config: EnsembleConfig, profile?: Profile): Server {
  return {
    ...(profile === undefined ? {} : { profile }),
    sid: disk.sid,
    learnerType: learnerTypeIn(config, disk.sid),
    membership: { committed: config, lastSeen: null },
    zx: disk.zxid,
    logged: disk.zxid,
    ce: disk.currentEpoch,
    ae: disk.acceptedEpoch,
    life: null,
  };
}

/** The volatile part of a process that has just started (QuorumPeer.start, FastLeaderElection.starter). */
export function bootLife(server: Server): Life {
  return {
    st: 'LOOKING',
    pc: 'ENTER',
    clk: asRound(0n),
    prop: NO_PROPOSAL,
    cur: startVote(server),
    end: null,
    recvset: NO_VOTES,
    ooe: NO_VOTES,
    nq: [],
    counted: null,
    needOracle: true,
    reconfigFlag: false,
    worker: IDLE,
    leadership: 'none',
  };
}

/** The published vote takes the epoch of the leadership [updateElectionVote]. */
export function renewedVote(server: Server, epoch: PeerEpoch): Partial<Life> {
  const { cur } = lifeOf(server);
  const renewed = { cur: { ...cur, epoch, version: 0 } };
  return profileOf(server).keepsOldVote ? { ...renewed, old: cur } : renewed;
}

/** What ends with every call of lookForLeader: its local variables. */
export const CALL_OVER = { recvset: NO_VOTES, ooe: NO_VOTES, counted: null } as const;

/**
 * A new election object in a running process (QuorumPeer.restartLeaderElection; or shuttingDownLE in QuorumPeer.run).
 * Clock, proposal and queue begin anew; a LOOKING server also publishes its start vote again and re-enters, a server
 * in a role keeps role and vote.
 */
export function restartElection(server: Server): Server {
  const renewed = live(server, { clk: asRound(0n), prop: NO_PROPOSAL, nq: [], worker: IDLE });
  if (lifeOf(server).st !== 'LOOKING') return renewed;
  return live(renewed, { ...CALL_OVER, pc: 'ENTER', end: null, cur: startVote(server) });
}

/** The life of a server that is known to be up. */
export function lifeOf(server: Server): Life {
  assert(server.life !== null, 'a step of a server that is down');
  return server.life;
}

/** The same server with some volatile variables changed. */
export function live(server: Server, changes: Partial<Life>): Server {
  return { ...server, life: { ...lifeOf(server), ...changes } };
}
