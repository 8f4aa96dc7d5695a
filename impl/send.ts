/** FastLeaderElection.sendNotifications and updateProposal, 3.8.0, as effects. */
import type { Round } from '../types/ids.js';
import type { Proposal } from '../types/vote.js';
import { debug, type Effect, type Outgoing } from './effect.js';
import type { PeerConfig } from './peer-config.js';

/** The current proposal, LOOKING, to every voter of both configurations, this server included; never to observers. */
export function sendNotifications(config: PeerConfig, proposal: Proposal, round: Round): readonly Effect[] {
  const message = outgoing(config, { ...proposal, round, state: 'LOOKING' });
  return config.voters.flatMap((recipient) => [
    debug({ what: 'sending', ...proposal, round, recipient, myId: config.sid }),
    { type: 'send', to: recipient, message } as const,
  ]);
}

/** Completes a message with what every message of this release carries. */
export function outgoing(config: PeerConfig, vote: Omit<Outgoing, 'version' | 'configVersion'>): Outgoing {
  return {
    leader: vote.leader,
    zxid: vote.zxid,
    round: vote.round,
    epoch: vote.epoch,
    state: vote.state,
    version: config.profile.messageVersion,
    configVersion: config.membership.committed.version,
  };
}

/** The DEBUG line of updateProposal, printed before the change. */
export function updatingProposal(from: Proposal, to: Proposal): Effect {
  return debug({
    what: 'updatingProposal',
    newLeader: to.leader,
    newZxid: to.zxid,
    oldLeader: from.leader,
    oldZxid: from.zxid,
  });
}
