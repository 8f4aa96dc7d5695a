/** The state constraint: it makes the state space finite, and is no part of the module. */
import type { ElectionMsgs, LocalState, ReceivedVotes } from './local-state.js';

export interface TlaLimits {
  /** logicalClock. */
  readonly C: number;
  /** currentEpoch. */
  readonly E: number;
  /** lastProcessed.index. */
  readonly I: number;
  /** The lengths of recvQueue and of electionMsgs. */
  readonly Q: number;
  /** The versions in receiveVotes and outOfElection. */
  readonly V: number;
}

export function isServerWithin({ C, E, I, Q, V }: TlaLimits, server: LocalState): boolean {
  const areWithin = (votes: ReceivedVotes): boolean => votes.every(({ version }) => version <= V);
  return (
    server.logicalClock <= C &&
    server.currentEpoch <= E &&
    server.lastProcessed.index <= I &&
    server.recvQueue.length <= Q &&
    areWithin(server.receiveVotes) &&
    areWithin(server.outOfElection)
  );
}

export function isChannelWithin({ Q }: TlaLimits, messages: ElectionMsgs): boolean {
  return messages.length <= Q;
}
