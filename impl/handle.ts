/** One notification taken from recvqueue in the main wait of lookForLeader, 3.8.0. */
import type { Notification } from '../types/vote.js';
import { debug, type Effect, info, warn } from './effect.js';
import { joinCase } from './join-case.js';
import { lookingCase } from './looking-case.js';
import type { ElectionCall } from './peer.js';
import { oracleView, poll, type StepContext, type StepResult } from './step.js';

/** Handle: takes the head of recvqueue. Precondition: it is not empty. */
export function handle(context: StepContext, call: ElectionCall, oracleSays: boolean | undefined): StepResult {
  const [notification, ...rest] = context.process.recvqueue;
  if (notification === undefined) throw new Error('internal error: Handle needs a notification');
  const process = { ...context.process, recvqueue: rest };
  const taken: StepContext = { ...context, process };
  const ignored = gate(taken, notification);
  if (ignored.length > 0) return poll(process, call, ignored);
  switch (notification.state) {
    case 'LOOKING':
      return lookingCase(taken, call, { notification, oracle: oracleView(process, oracleSays) });
    case 'OBSERVING':
      return poll(process, call, [debug({ what: 'observerNotification', from: notification.from })]);
    case 'FOLLOWING':
    case 'LEADING':
      return joinOrStay(taken, call, { notification, oracleSays });
  }
}

/** validVoter(n.sid) && validVoter(n.leader): who fails is named, once for each (ZOOKEEPER-2988; before, only the first was asked). */
function gate({ config }: StepContext, { from, leader }: Notification): readonly Effect[] {
  const warnings: Effect[] = [];
  if (!config.profile.leaderMustVote) {
    return config.validVoters.has(from) ? [] : [warn({ what: 'ignoredSender', leader: null, from })];
  }
  if (!config.validVoters.has(leader)) warnings.push(warn({ what: 'ignoredLeader', leader, from }));
  if (!config.validVoters.has(from)) warnings.push(warn({ what: 'ignoredSender', leader, from }));
  return warnings;
}

function joinOrStay(
  context: StepContext,
  call: ElectionCall,
  input: { readonly notification: Notification; readonly oracleSays: boolean | undefined },
): StepResult {
  const { notification, oracleSays } = input;
  const oracle = oracleView(context.process, oracleSays);
  const joined = joinCase(context, call, { notification, oracle });
  if (joined.exit !== null) return joined.exit;
  if (notification.state !== 'LEADING' || !context.config.profile.hasOracle)
    return poll(context.process, joined.call, []);
  return joined.oracleExit ?? poll(context.process, joined.call, [info({ what: 'oracle', follow: false })]);
}
