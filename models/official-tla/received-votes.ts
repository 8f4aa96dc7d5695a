/**
 * What a server remembers of the notifications of others (receiveVotes and outOfElection), and what follows from it.
 *
 * Source: zookeeper-specifications/system-spec/zk-3.7/FastLeaderElection.tla (Put, RvPut, RvClearAndPut, VoteSet, Quorums,
 * CheckLeader).
 */
import {
  type Notification,
  noVotes,
  NULL_POINT,
  type Received,
  receivedFrom,
  type ReceivedVotes,
  type ServerId,
} from './local-state.js';
import { areEqualVotes, type RoundVote } from './vote-order.js';

/** Put, RvPut: a later round replaces, the same round counts its versions, an earlier one changes nothing. */
export function put(votes: ReceivedVotes, { msource, mvote, mround, mstate }: Notification): ReceivedVotes {
  const known = receivedFrom(votes, msource);
  if (known.round > mround) return votes;
  const version = known.round < mround ? 1 : known.version + 1;
  return withReceived(votes, msource, { vote: mvote, round: mround, state: mstate, version });
}

/** RvClearAndPut: everything is forgotten but this notification, whose sender is looking. */
export function putAlone(count: number, { msource, mvote, mround }: Notification): ReceivedVotes {
  return withReceived(noVotes(count), msource, { vote: mvote, round: mround, state: 'LOOKING', version: 1 });
}

function withReceived(votes: ReceivedVotes, from: ServerId, received: Received): ReceivedVotes {
  return votes.with(from - 1, received);
}

/** VoteSet: `own`, whatever it voted, and whoever voted the same. Ascending. */
export function votersFor(own: ServerId, votes: ReceivedVotes, vote: RoundVote): readonly ServerId[] {
  return votes.flatMap((received, place) => (place + 1 === own || areEqualVotes(received, vote) ? [place + 1] : []));
}

/** Quorums: more than half of all servers. */
export function isQuorum(voters: readonly ServerId[], count: number): boolean {
  return voters.length * 2 > count;
}

/** CheckLeader, asked by server `id` in round `clock`: does the leader lead, as far as `votes` tell? */
export function isLeaderConfirmed(
  { id, clock }: { readonly id: ServerId; readonly clock: number },
  votes: ReceivedVotes,
  { vote: { proposedLeader }, round }: RoundVote,
): boolean {
  if (proposedLeader === id) return round === clock;
  const { vote, state } = receivedFrom(votes, proposedLeader);
  return vote.proposedLeader !== NULL_POINT && state === 'LEADING';
}
