/** FastLeaderElection.getInitId, getInitLastLoggedZxid, getPeerEpoch, 3.8.0. */
import { asPeerEpoch, asRound, asSid, asZxid, type Sid } from '../types/ids.js';
import { LONG_MIN } from '../types/int64.js';
import type { Proposal, Vote } from '../types/vote.js';
import type { Durable } from './peer.js';
import type { PeerConfig } from './peer-config.js';
import { hasDefect } from './release-profile.js';

/** What a server proposes before it has heard anybody. A part that it is not entitled to is Long.MIN_VALUE. */
export function initialProposal(config: PeerConfig, durable: Durable): Proposal {
  const participant = config.learnerType === 'PARTICIPANT';
  return {
    leader: proposesItself(config) ? config.sid : asSid(LONG_MIN),
    zxid: participant ? durable.lastZxid : asZxid(LONG_MIN),
    epoch: participant ? durable.currentEpoch : asPeerEpoch(LONG_MIN),
  };
}

/** getInitId: a non-voter has no candidate of its own. */
function proposesItself(config: PeerConfig): boolean {
  return config.committedVoters.has(config.sid) || hasDefect(config.profile, 'ZOOKEEPER-764');
}

/** The vote that a LOOKING process publishes before any election (QuorumPeer.startLeaderElection). */
export function startVote(sid: Sid, durable: Durable): Vote {
  return {
    leader: sid,
    zxid: durable.lastZxid,
    round: asRound(-1n),
    epoch: durable.currentEpoch,
    state: 'LOOKING',
    version: 0,
  };
}
