/** How lookForLeader ends, 3.8.0: with a decision (setPeerState, leaveInstance) or by an unchecked exception. */
import type { Round } from '../types/ids.js';
import type { Role } from '../types/server-state.js';
import { asRound } from '../types/ids.js';
import type { EndVote, Proposal } from '../types/vote.js';
import { debug, type Effect, info } from './effect.js';
import type { PeerConfig } from './peer-config.js';
import type { StepContext, StepResult } from './step.js';

/** The role that a decision for `leader` means for this server (setPeerState, learningState). */
export function roleFor(config: PeerConfig, leader: EndVote['leader']): Role {
  if (leader === config.sid) return 'LEADING';
  return config.learnerType === 'PARTICIPANT' ? 'FOLLOWING' : 'OBSERVING';
}

/**
 * Leaves with a decision: the state changes, recvqueue is emptied, currentVote is not yet replaced.
 * The proposal keeps its value even if the decision came from others.
 */
export function decide(context: StepContext, vote: EndVote, before: readonly Effect[] = []): StepResult {
  const { config, process } = context;
  const role = roleFor(config, vote.leader);
  const effects: Effect[] = [...before];
  if (role !== 'LEADING') {
    effects.push(debug({ what: 'learningState', myId: config.sid, observer: role === 'OBSERVING' }));
  }
  effects.push(
    info({ what: 'stateChanged', state: role }),
    debug({ what: 'leavingElection', leader: vote.leader, zxid: vote.zxid, myId: config.sid, myState: role }),
  );
  const round = config.profile.votesKeepRound ? vote.round : asRound(-1n);
  const endVote: EndVote = { leader: vote.leader, zxid: vote.zxid, round, epoch: vote.epoch };
  return { process: { ...process, state: role, recvqueue: [], main: { at: 'decided', endVote } }, effects };
}

/** The decision for what this server itself proposes, in its own round. */
export function decideProposal(context: StepContext, proposal: Proposal, round: Round): StepResult {
  return decide(context, { ...proposal, round });
}

/** An unchecked exception: QuorumPeer.run logs it, sets LOOKING and starts over; recvqueue keeps the rest. */
export function failElection(context: StepContext, why: string, before: readonly Effect[]): StepResult {
  return {
    process: { ...context.process, state: 'LOOKING', main: { at: 'enter' } },
    effects: [
      ...before,
      { type: 'exception', why },
      info({ what: 'stateChanged', state: 'LOOKING' }),
      info({ what: 'looking' }),
    ],
  };
}
