/** The steps of discovery, synchronisation and broadcast that change what an election reads, 3.8.0. */
import { makeZxid, type PeerEpoch, type Zxid } from '../types/ids.js';
import type { Effect } from './effect.js';
import type { Durable, Process } from './peer.js';
import type { StepContext, StepResult } from './step.js';

/** Leader.getEpochToPropose and Learner.registerWithLeader: acceptedEpoch never falls; an equal one is no news. */
export function acceptEpoch({ durable, process }: StepContext, epoch: PeerEpoch): StepResult {
  if (epoch === durable.acceptedEpoch) return { process, effects: [] };
  return changed(process, { ...durable, acceptedEpoch: epoch }, [writeEpoch('acceptedEpoch', epoch)]);
}

/** Leader.lead after waitForEpochAck: currentEpoch is on disk before any NEWLEADER is acknowledged by a quorum. */
export function commitEpoch({ durable, process }: StepContext): StepResult {
  const epoch = durable.acceptedEpoch;
  return changed(process, { ...durable, currentEpoch: epoch }, [writeEpoch('currentEpoch', epoch)]);
}

/** Learner.syncWithLeader at NEWLEADER: the leader's history, then its epoch. */
export function synchronize(
  { durable, process }: StepContext,
  { zxid, epoch }: { readonly zxid: Zxid; readonly epoch: PeerEpoch },
): StepResult {
  return changed(process, { ...durable, lastZxid: zxid, currentEpoch: epoch }, [writeEpoch('currentEpoch', epoch)]);
}

/** Leader.startZkServer: the published vote takes the new epoch, the zxid in memory becomes (epoch, 0). */
export function establish(context: StepContext): StepResult {
  const { durable } = context;
  const epoch = durable.currentEpoch;
  return changed(withNewEpoch(context, epoch), { ...durable, lastZxid: makeZxid(epoch, 0n) }, []);
}

/** QuorumPeer.updateElectionVote: only the epoch of the published vote changes. */
export function upToDate(context: StepContext, epoch: PeerEpoch): StepResult {
  return { process: withNewEpoch(context, epoch), effects: [] };
}

function withNewEpoch({ config, process }: StepContext, epoch: PeerEpoch): Process {
  const { currentVote } = process;
  const renewed = { ...process, currentVote: { ...currentVote, epoch, version: 0 } };
  return config.profile.oldVoteForOldFormat ? { ...renewed, bcVote: currentVote } : renewed;
}

function changed(process: StepResult['process'], durable: Durable, effects: readonly Effect[]): StepResult {
  return { process, durable, effects };
}

function writeEpoch(file: 'currentEpoch' | 'acceptedEpoch', epoch: PeerEpoch): Effect {
  return { type: 'writeEpoch', file, epoch };
}
