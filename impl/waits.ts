/** The two waits of lookForLeader and what ends them, 3.8.0. */
import { type Effect, info } from './effect.js';
import { decideProposal, failElection } from './election-exit.js';
import { comparedLine } from './looking-case.js';
import type { ElectionCall } from './peer.js';
import { sendNotifications } from './send.js';
import { awaitSilence, oracleView, poll, type StepContext, type StepResult } from './step.js';
import { totalOrderPredicate } from './vote-order.js';
import { hasAllQuorums } from './vote-tracker.js';

export interface TimeOutInput {
  readonly haveDelivered: boolean;
  readonly oracleSays: boolean | undefined;
}

/** Nothing came for notTimeout: send again or reconnect, double the wait up to the cap, ask the oracle again. */
export function timeOut(context: StepContext, call: ElectionCall, input: TimeOutInput): StepResult {
  const { config, process } = context;
  const { minNotificationIntervalMs, maxNotificationIntervalMs } = config.profile;
  const again: readonly Effect[] = input.haveDelivered
    ? sendNotifications(config, process.proposal, process.logicalclock)
    : [{ type: 'connectAll' }];
  const notTimeoutMs = Math.min(call.notTimeoutMs * 2, maxNotificationIntervalMs);
  const waitedLonger = notTimeoutMs !== minNotificationIntervalMs;
  if (waitedLonger && oracleGrants(context, call, input.oracleSays)) {
    const exit = decideProposal(context, process.proposal, process.logicalclock);
    return { ...exit, effects: [...again, ...exit.effects] };
  }
  const waiting = { ...call, notTimeoutMs };
  return poll(process, waiting, [...again, info({ what: 'timedOut', nextTimeoutMs: notTimeoutMs })]);
}

/** QuorumOracleMaj.revalidateVoteset: the last count may have become a quorum because the oracle now says so. */
function oracleGrants({ config, process }: StepContext, call: ElectionCall, says: boolean | undefined): boolean {
  if (!config.profile.hasOracle || config.membership.committed.quorumSystem.kind !== 'oracle' || call.voteSet === null)
    return false;
  return hasAllQuorums(config, call.voteSet, oracleView(process, says));
}

/**
 * A message in the finalize wait: a better vote goes back to the *tail* of recvqueue and ends the wait; any
 * other is dropped, whatever its state and round. There is no check of the sender here.
 */
export function finalStep(context: StepContext, call: ElectionCall): StepResult {
  const [n, ...rest] = context.process.recvqueue;
  if (n === undefined) throw new Error('internal error: FinalStep needs a notification');
  const taken: StepContext = { ...context, process: { ...context.process, recvqueue: rest } };
  const { process, config } = taken;
  const compared = comparedLine(n, process.proposal);
  const better = totalOrderPredicate(config, n, process.proposal);
  if (better === 'unknownWeight') return failElection(taken, `no weight for server ${n.leader}`, [compared]);
  if (better) return poll({ ...process, recvqueue: [...rest, n] }, call, [compared]);
  return awaitSilence(taken, call, [compared]);
}

/** After the silence the proposal is the decision, whatever was queued meanwhile. */
export function finalEnd(context: StepContext): StepResult {
  return decideProposal(context, context.process.proposal, context.process.logicalclock);
}
