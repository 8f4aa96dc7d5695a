/**
 * The election peer as one pure function: state and event in, state and effects out. No clock, no dice, no I/O.
 * Source of every rule: Apache ZooKeeper 3.8.0, classes FastLeaderElection and QuorumPeer.
 */
import { unreachable } from '../base/assert.js';
import { asPeerEpoch, asRound } from '../types/ids.js';
import { begin } from './begin.js';
import type { LifecycleEvent, MainEvent, PeerEvent, WorkerEvent, ZabEvent } from './event.js';
import { whyNotEnabled } from './enabled.js';
import { handle } from './handle.js';
import { restartElection, startProcess } from './lifecycle.js';
import type { Peer } from './peer.js';
import type { PeerConfig } from './peer-config.js';
import { compareRound, enqueue, receive, sendReply, testState } from './receive.js';
import { changeRole, leave, publish } from './role.js';
import type { StepContext, StepResult, Transition } from './step.js';
import { finalEnd, finalStep, timeOut } from './waits.js';
import { acceptEpoch, commitEpoch, establish, synchronize, upToDate } from './zab-steps.js';

/** An event came that the peer's state does not allow: a mistake of the caller, named in the message. */
export class NotEnabledError extends Error {
  override readonly name = 'NotEnabledError';
}

/**
 * Takes one event. Throws `NotEnabledError` if `whyNotEnabled` gives a reason; otherwise total, deterministic
 * and free of side effects: neither argument is changed, no effect has been carried out.
 */
export function transition(config: PeerConfig, peer: Peer, event: PeerEvent): Transition {
  const why = whyNotEnabled(config, peer, event);
  if (why !== null) throw new NotEnabledError(`${event.type} is not enabled: ${why}`);
  if (event.type === 'Restart') {
    const durable = { ...peer.durable, lastZxid: event.lastZxid ?? peer.durable.lastZxid };
    return merge(peer, startProcess(config, durable));
  }
  if (event.type === 'Crash') return { peer: { durable: peer.durable, process: null }, effects: [] };
  const { durable, process } = peer;
  if (process === null) throw new NotEnabledError(`${event.type} is not enabled: the server is down`);
  return merge(peer, step({ config, durable, process }, event));
}

function merge(peer: Peer, result: StepResult): Transition {
  return { peer: { durable: result.durable ?? peer.durable, process: result.process }, effects: result.effects };
}

type RunningEvent = Exclude<PeerEvent, { type: 'Restart' } | { type: 'Crash' }>;

function step(context: StepContext, event: RunningEvent): StepResult {
  switch (event.type) {
    case 'Receive':
    case 'TestState':
    case 'Enqueue':
    case 'CompareRound':
    case 'SendReply':
      return workerStep(context, event);
    case 'ProposeEpoch':
    case 'AcceptEpoch':
    case 'CommitEpoch':
    case 'Synchronize':
    case 'Establish':
    case 'UpToDate':
    case 'Write':
    case 'CountFollowers':
      return zabStep(context, event);
    case 'RestartElection':
    case 'SetQuorumVerifier':
    case 'UpdateVote':
      return lifecycleStep(context, event);
    default:
      return mainStep(context, event);
  }
}

function mainStep(context: StepContext, event: MainEvent): StepResult {
  const { main } = context.process;
  switch (event.type) {
    case 'Begin':
      return begin(context);
    case 'Leave':
      return event.reconfigured === true ? changeRole(context) : leave(context);
    case 'Publish':
      if (main.at === 'decided') return publish(context, main.endVote);
      break;
    case 'Handle':
      if (main.at === 'poll') return handle(context, main.call, event.oracleSays);
      break;
    case 'TimeOut':
      if (main.at === 'poll') {
        return timeOut(context, main.call, { haveDelivered: event.haveDelivered, oracleSays: event.oracleSays });
      }
      break;
    case 'FinalStep':
      if (main.at === 'final') return finalStep(context, main.call);
      break;
    case 'Silence':
      if (main.at === 'final') {
        return { process: { ...context.process, main: { at: 'silent', call: main.call } }, effects: [] };
      }
      break;
    case 'FinalEnd':
      if (main.at === 'silent') return finalEnd(context);
      break;
    default:
      return unreachable(event);
  }
  throw new NotEnabledError(`${event.type} is not enabled: the main loop is at ${main.at}`);
}

function workerStep(context: StepContext, event: WorkerEvent): StepResult {
  if (event.type === 'Receive') return receive(context, event.notification);
  const { worker } = context.process;
  switch (worker.stage) {
    case 'printed':
      return testState(context, worker.notification);
    case 'tested':
      return enqueue(context, worker.notification);
    case 'enqueued':
      return compareRound(context, worker.notification);
    case 'replying':
      return sendReply(context, worker);
    case 'idle':
      throw new NotEnabledError(`${event.type} is not enabled: WorkerReceiver has no message`);
  }
}

function zabStep(context: StepContext, event: ZabEvent): StepResult {
  const { durable, process } = context;
  switch (event.type) {
    case 'ProposeEpoch':
    case 'AcceptEpoch':
      return acceptEpoch(context, event.epoch);
    case 'CommitEpoch':
      return commitEpoch(context);
    case 'Synchronize':
      return synchronize(context, event);
    case 'Establish':
      return establish(context);
    case 'UpToDate':
      return upToDate(context, event.epoch);
    case 'Write':
      return { process, durable: { ...durable, lastZxid: event.zxid }, effects: [] };
    case 'CountFollowers':
      return {
        process: { ...process, needOracle: event.none && context.config.committedVoters.size === 2 },
        effects: [],
      };
  }
}

function lifecycleStep(
  context: StepContext,
  event: Extract<LifecycleEvent, { type: 'RestartElection' | 'SetQuorumVerifier' | 'UpdateVote' }>,
): StepResult {
  if (event.type === 'RestartElection') return restartElection(context);
  if (event.type === 'SetQuorumVerifier') return { process: { ...context.process, needOracle: true }, effects: [] };
  const currentVote = {
    leader: event.leader,
    zxid: event.zxid,
    round: asRound(-1n),
    epoch: asPeerEpoch(-1n),
    state: 'LOOKING',
    version: 0,
  } as const;
  return { process: { ...context.process, currentVote }, effects: [] };
}
