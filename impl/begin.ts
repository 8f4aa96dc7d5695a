/** The first lines of FastLeaderElection.lookForLeader, 3.8.0. */
import { asRound } from '../types/ids.js';
import { wrapInt64 } from '../types/int64.js';
import { info } from './effect.js';
import { initialProposal } from './initial-vote.js';
import type { ElectionCall } from './peer.js';
import { sendNotifications, updatingProposal } from './send.js';
import { poll, type StepContext, type StepResult } from './step.js';

/** Begin: clock + 1, own proposal, broadcast. recvqueue is not emptied: what came in W2 belongs to this round. */
export function begin(context: StepContext): StepResult {
  const { config, durable } = context;
  // QuorumPeer.run, 3.4: setBCVote(null) goes before.
  const process = (context.process.bcVote ?? null) === null ? context.process : { ...context.process, bcVote: null };
  const proposal = initialProposal(config, durable);
  const logicalclock = asRound(wrapInt64(process.logicalclock + 1n));
  const call: ElectionCall = {
    recvset: new Map(),
    outofelection: new Map(),
    notTimeoutMs: config.profile.minNotificationIntervalMs,
    voteSet: null,
  };
  return poll({ ...process, logicalclock, proposal }, call, [
    updatingProposal(process.proposal, proposal),
    info({ what: 'newElection', myId: config.sid, zxid: proposal.zxid }),
    ...sendNotifications(config, proposal, logicalclock),
  ]);
}
