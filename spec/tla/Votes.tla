------------------------------- MODULE Votes -------------------------------
(***************************************************************************)
(* Who takes part, which vote is better, which votes count as the same,    *)
(* which sets of servers decide.                                           *)
(*                                                                         *)
(* Java: FastLeaderElection.totalOrderPredicate, Vote.equals,              *)
(* QuorumMaj.containsQuorum, SyncedLearnerTracker at 3.8.0.                *)
(* Twin of spec/order.ts, spec/vote-agreement.ts, spec/quorums.ts.         *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

CONSTANTS
  Servers,   \* How many voters: their ids are 1 to Servers.
  Observers  \* How many observers: their ids follow.

Voters == 1 .. Servers
Server == 1 .. (Servers + Observers)

(***************************************************************************)
(* A zxid is a pair <<epoch, counter>>: the upper and the lower half of    *)
(* Java's long.                                                            *)
(***************************************************************************)
NoHistory == <<-1, 0>>   \* Java's -1: neither snapshot nor log.

ZxidAbove(a, b) == \/ a[1] > b[1]
                   \/ /\ a[1] = b[1]
                      /\ a[2] > b[2]

(***************************************************************************)
(* Long.MIN_VALUE, which loses every comparison. It stands for what an     *)
(* observer proposes. TLC has 32 bits; any number below all others does.   *)
(***************************************************************************)
LongMin == -1000000
ZxidMin == <<LongMin, 0>>

(***************************************************************************)
(* A proposal is a record of leader, zxid and epoch (of the leader's       *)
(* currentEpoch when it began: peerEpoch). A vote has, besides: the round, *)
(* the state of its sender, the version of the message that brought it.    *)
(***************************************************************************)
Proposal(v) == [leader |-> v.leader, zxid |-> v.zxid, epoch |-> v.epoch]

VoteOf(v, round, state, version) ==
  [leader |-> v.leader, zxid |-> v.zxid, epoch |-> v.epoch,
   round |-> round, state |-> state, version |-> version]

(***************************************************************************)
(* Does a beat b (totalOrderPredicate)? Epoch, then zxid, then id. Round,  *)
(* state and sender play no part. With majorities all weights are 1.       *)
(***************************************************************************)
Better(a, b) == \/ a.epoch > b.epoch
                \/ /\ a.epoch = b.epoch
                   /\ \/ ZxidAbove(a.zxid, b.zxid)
                      \/ /\ a.zxid = b.zxid
                         /\ a.leader > b.leader

(***************************************************************************)
(* Do two votes count as the same (Vote.equals)? If one is LOOKING all     *)
(* four fields must agree. Of two reports from a role the leader must,     *)
(* and the epoch too, unless exactly one of them has version 0. The states *)
(* themselves are not compared. Symmetric, not transitive.                 *)
(***************************************************************************)
Agree(a, b) ==
  /\ a.leader = b.leader
  /\ IF "LOOKING" \in {a.state, b.state}
     THEN a.zxid = b.zxid /\ a.round = b.round /\ a.epoch = b.epoch
     ELSE \/ (a.version > 0) # (b.version > 0)
          \/ a.epoch = b.epoch

(***************************************************************************)
(* Votes by sender are a function from a set of servers to votes (a        *)
(* HashMap in Java).                                                       *)
(***************************************************************************)
NoVotes == [s \in {} |-> 0]

Put(votes, from, vote) ==
  [s \in DOMAIN votes \union {from} |-> IF s = from THEN vote ELSE votes[s]]

\* Who agrees with the vote (getVoteTracker).
Agreeing(votes, vote) == {s \in DOMAIN votes : Agree(vote, votes[s])}

\* More than half of the voters; others do not count.
IsQuorum(sids) == 2 * Cardinality(sids \intersect Voters) > Servers

=============================================================================
