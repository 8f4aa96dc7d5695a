/**
 * FastLeaderElection.Messenger.WorkerReceiver.run, 3.8.0, in the parts between which other threads may run.
 * The sender may be this server itself: its own copies take the same way.
 */
import type { Notification } from '../types/vote.js';
import { debug, info } from './effect.js';
import type { Worker } from './peer.js';
import { outgoing } from './send.js';
import type { StepContext, StepResult } from './step.js';

const IDLE: Worker = { stage: 'idle' };

/**
 * A message is taken from recvQueue. A non-voter's is answered at once, whatever it says and whatever our state
 * is, with the published vote; a voter's is printed.
 */
export function receive({ config, process }: StepContext, notification: Notification): StepResult {
  if (!config.validVoters.has(notification.from)) {
    const reply = { kind: 'nonVoter', vote: process.currentVote } as const;
    return { process: { ...process, worker: { stage: 'replying', to: notification.from, reply } }, effects: [] };
  }
  return {
    process: { ...process, worker: { stage: 'printed', notification } },
    effects: [
      debug({ what: 'receiving', myId: config.sid }),
      info({ what: 'notification', myState: process.state, notification }),
    ],
  };
}

/**
 * The state is read again: LOOKING keeps the message, any other state answers a LOOKING sender and drops it. Format 0 is what
 * 3.4.5 and older send: in 3.4 such a sender is told the vote before its epoch was refreshed.
 */
export function testState({ config, process }: StepContext, notification: Notification): StepResult {
  if (process.state === 'LOOKING') {
    return { process: { ...process, worker: { stage: 'tested', notification } }, effects: [] };
  }
  if (notification.state !== 'LOOKING') return { process: { ...process, worker: IDLE }, effects: [] };
  const vote = notification.version > 0 ? process.currentVote : (process.bcVote ?? process.currentVote);
  return {
    process: {
      ...process,
      worker: { stage: 'replying', to: notification.from, reply: { kind: 'decided', vote } },
    },
    effects: [
      debug({
        what: 'answering',
        myId: config.sid,
        recipient: notification.from,
        zxid: vote.zxid,
        leader: vote.leader,
        configVersion: config.membership.committed.version,
      }),
    ],
  };
}

/** recvqueue.offer: also after an exit has emptied the queue, if the state was tested before it. */
export function enqueue({ process }: StepContext, notification: Notification): StepResult {
  return {
    process: {
      ...process,
      recvqueue: [...process.recvqueue, notification],
      worker: { stage: 'enqueued', notification },
    },
    effects: [],
  };
}

/** A LOOKING sender of a lower round will be told our proposal: it is captured now. */
export function compareRound({ process }: StepContext, notification: Notification): StepResult {
  const lagging = notification.state === 'LOOKING' && notification.round < process.logicalclock;
  const worker: Worker = lagging
    ? { stage: 'replying', to: notification.from, reply: { kind: 'looking', vote: process.proposal } }
    : IDLE;
  return { process: { ...process, worker }, effects: [] };
}

/** The answer goes out with the state, and mostly the clock, of this moment: both may have moved since the capture. */
export function sendReply(context: StepContext, worker: Extract<Worker, { stage: 'replying' }>): StepResult {
  const { config, process } = context;
  const { vote, kind } = worker.reply;
  const round = kind === 'decided' ? worker.reply.vote.round : process.logicalclock;
  const { leader, zxid, epoch } = vote;
  const message = outgoing(config, { leader, zxid, epoch, round, state: process.state });
  return { process: { ...process, worker: IDLE }, effects: [{ type: 'send', to: worker.to, message }] };
}
