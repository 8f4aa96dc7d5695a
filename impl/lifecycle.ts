/** Start of a process and replacement of its election object, 3.8.0. */
import { asPeerEpoch, asRound, asSid, asZxid } from '../types/ids.js';
import type { Proposal } from '../types/vote.js';
import { info } from './effect.js';
import { startVote } from './initial-vote.js';
import type { Durable, Process } from './peer.js';
import type { PeerConfig } from './peer-config.js';
import type { StepContext, StepResult } from './step.js';

/** What the constructor of FastLeaderElection leaves in its proposal. */
const NO_PROPOSAL: Proposal = { leader: asSid(-1n), zxid: asZxid(-1n), epoch: asPeerEpoch(0n) };

/** A process that has loaded its database and stands before its first election. */
export function startProcess(config: PeerConfig, durable: Durable): StepResult {
  const process: Process = {
    state: 'LOOKING',
    currentVote: startVote(config.sid, durable),
    logicalclock: asRound(0n),
    proposal: NO_PROPOSAL,
    recvqueue: [],
    needOracle: true,
    main: { at: 'enter' },
    worker: { stage: 'idle' },
  };
  return { process, durable, effects: [info({ what: 'looking' })] };
}

/**
 * startLeaderElection on a running server: new election object and connection manager, clock 0, empty queues.
 * A LOOKING server abandons its election and publishes its own vote; any other keeps state and vote.
 */
export function restartElection(context: StepContext): StepResult {
  const { config, durable, process } = context;
  const fresh: Process = {
    ...process,
    logicalclock: asRound(0n),
    proposal: NO_PROPOSAL,
    recvqueue: [],
    worker: { stage: 'idle' },
  };
  if (process.state !== 'LOOKING') return { process: fresh, effects: [] };
  return {
    process: { ...fresh, currentVote: startVote(config.sid, durable), main: { at: 'enter' } },
    effects: [info({ what: 'looking' })],
  };
}
