/** `case LOOKING` of lookForLeader, 3.8.0. */
import type { Notification, Proposal, Vote } from '../types/vote.js';
import { debug, type Effect } from './effect.js';
import { failElection } from './election-exit.js';
import { initialProposal } from './initial-vote.js';
import type { ElectionCall, Process } from './peer.js';
import type { OracleView } from './quorum-verifier.js';
import { hasDefect } from './release-profile.js';
import { sendNotifications, updatingProposal } from './send.js';
import { awaitSilence, poll, type StepContext, type StepResult } from './step.js';
import { hasAllQuorums, supporters } from './vote-tracker.js';
import { totalOrderPredicate } from './vote-order.js';

export interface LookingInput {
  readonly notification: Notification;
  readonly oracle: OracleView;
}

/** A vote of a LOOKING voter: raise the round, adopt, store, count. */
export function lookingCase(context: StepContext, call: ElectionCall, input: LookingInput): StepResult {
  const { process } = context;
  const { notification: n } = input;
  const blank = withoutZxid(context, n);
  if (blank !== null) return poll(process, call, [blank]);
  if (n.round < process.logicalclock) {
    return poll(process, call, [debug({ what: 'staleRound', round: n.round, logicalclock: process.logicalclock })]);
  }
  if (n.round > process.logicalclock) return raiseRound(context, call, input);
  const compared = comparedLine(n, process.proposal);
  const better = totalOrderPredicate(context.config, n, process.proposal);
  if (better === 'unknownWeight') return failElection(context, `no weight for server ${n.leader}`, [compared]);
  if (!better) return record(context, call, input, { process, effects: [compared] });
  return record(context, call, input, adopt(context, process, { proposal: n, before: [compared] }));
}

/** A server without a database neither counts votes nor is counted (ZOOKEEPER-261). */
function withoutZxid({ config, durable }: StepContext, n: Notification): Effect | null {
  if (!config.profile.refusesMissingZxid) return null;
  if (initialProposal(config, durable).zxid === -1n) return debug({ what: 'ownZxidMissing' });
  if (n.zxid === -1n) return debug({ what: 'senderZxidMissing', from: n.from });
  return null;
}

/**
 * A higher round: forget this round's votes and restart from the better of the received and the *initial* vote
 * (ZOOKEEPER-275); broadcast even if the proposal stays what it was.
 */
function raiseRound(context: StepContext, call: ElectionCall, input: LookingInput): StepResult {
  const { config, durable } = context;
  const { notification: n } = input;
  const process: Process = { ...context.process, logicalclock: n.round };
  const initial = initialProposal(config, durable);
  const compared = comparedLine(n, initial);
  const better = totalOrderPredicate(config, n, initial);
  if (better === 'unknownWeight') {
    return failElection({ ...context, process }, `no weight for server ${n.leader}`, [compared]);
  }
  const keep = better && !hasDefect(config.profile, 'ZOOKEEPER-275');
  const raised = adopt(context, process, { proposal: keep ? n : initial, before: [compared] });
  return record(context, { ...call, recvset: new Map() }, input, raised);
}

interface Progress {
  readonly process: Process;
  readonly effects: readonly Effect[];
}

function adopt(
  { config }: StepContext,
  process: Process,
  { proposal: from, before }: { readonly proposal: Proposal; readonly before: readonly Effect[] },
): Progress {
  const proposal: Proposal = { leader: from.leader, zxid: from.zxid, epoch: from.epoch };
  return {
    process: { ...process, proposal },
    effects: [
      ...before,
      updatingProposal(process.proposal, proposal),
      ...sendNotifications(config, proposal, process.logicalclock),
    ],
  };
}

/** Stores the vote and asks whether a quorum agrees with our proposal. */
function record(context: StepContext, call: ElectionCall, input: LookingInput, progress: Progress): StepResult {
  const { notification: n, oracle } = input;
  const { process } = progress;
  const vote: Vote = {
    leader: n.leader,
    zxid: n.zxid,
    round: n.round,
    epoch: n.epoch,
    state: 'LOOKING',
    version: 0,
  };
  const recvset = new Map(call.recvset).set(n.from, vote);
  const own: Vote = { ...process.proposal, round: process.logicalclock, state: 'LOOKING', version: 0 };
  const voteSet = supporters(recvset, own);
  const effects = [
    ...progress.effects,
    debug({ what: 'addingVote', from: n.from, leader: n.leader, zxid: n.zxid, round: n.round }),
  ];
  const counted: ElectionCall = { ...call, recvset, voteSet };
  if (hasAllQuorums(context.config, voteSet, oracle)) {
    return awaitSilence({ ...context, process }, counted, effects);
  }
  return poll(process, counted, effects);
}

/** The DEBUG line of totalOrderPredicate. */
export function comparedLine(candidate: Proposal, current: Proposal): Effect {
  return debug({
    what: 'compared',
    leader: candidate.leader,
    proposedLeader: current.leader,
    zxid: candidate.zxid,
    proposedZxid: current.zxid,
  });
}
