-------------------------------- MODULE Zab ---------------------------------
(***************************************************************************)
(* What follows an election, as far as votes show it: discovery and        *)
(* synchronisation under one leader as one step, up to some extent.        *)
(* Operators on `servers', a function from ids to servers.                 *)
(*                                                                         *)
(* Java: Leader.getEpochToPropose, waitForEpochAck, waitForNewLeaderAck,   *)
(* startZkServer; Learner.registerWithLeader, syncWithLeader;              *)
(* QuorumPeer.updateElectionVote at 3.8.0. Twin of                         *)
(* spec/actions/activate.ts and catch-up.ts.                               *)
(***************************************************************************)
EXTENDS Peer

(***************************************************************************)
(* How far an activation gets before it is cut off; each extent includes   *)
(* those before it.                                                        *)
(*   accepted      acceptedEpoch is on the disks (LEADERINFO)              *)
(*   committed     the leader's currentEpoch is, too (quorum of ACKEPOCH)  *)
(*   synchronized  followers have its history and currentEpoch (NEWLEADER) *)
(*   established   its vote has the epoch, its history begins at           *)
(*                 <<epoch, 0>>, in memory only                            *)
(*   upToDate      followers' votes have the epoch (UPTODATE)              *)
(***************************************************************************)
Place(extent) == CASE extent = "accepted"     -> 1
                   [] extent = "committed"    -> 2
                   [] extent = "synchronized" -> 3
                   [] extent = "established"  -> 4
                   [] extent = "upToDate"     -> 5

Reaches(extent, wanted) == Place(extent) >= Place(wanted)

PartialExtents == {"accepted", "committed", "synchronized"}
FullExtents    == {"upToDate"}

----------------------------------------------------------------------------
IsAhead(follower, leader) ==
  \/ follower.ce > leader.ce
  \/ follower.ce = leader.ce /\ ZxidAbove(follower.zx, leader.zx)

\* A leader without an epoch of its own yet, and followers that chose it;
\* together a quorum. No follower that acknowledges is ahead of the leader, and
\* one without a history does not count (waitForEpochAck).
MayActivate(servers, leader, followers, extent) ==
  LET boss == servers[leader]
      acknowledging == Reaches(extent, "committed")
      counted == {s \in {leader} \union followers :
                    ~acknowledging \/ servers[s].zx # NoHistory}
  IN /\ At(boss, "OUT")
     /\ boss.life.st = "LEADING"
     /\ boss.life.leadership = "none"
     /\ acknowledging => boss.zx # NoHistory
     /\ \A f \in followers :
          /\ At(servers[f], "OUT")
          /\ servers[f].life.st = "FOLLOWING"
          /\ servers[f].life.cur.leader = leader
          /\ ~(acknowledging /\ IsAhead(servers[f], boss))
     /\ IsQuorum(counted)

\* Above every acceptedEpoch (Leader.getEpochToPropose).
ChosenEpoch(servers, sids) ==
  1 + (CHOOSE e \in {servers[s].ae : s \in sids} : \A s \in sids : servers[s].ae <= e)

ActivatedLeader(leader, epoch, extent) ==
  LET chosen == [leader EXCEPT !.ae = epoch,
                               !.ce = IF Reaches(extent, "committed") THEN epoch ELSE @,
                               !.life.leadership = "chosen"]
  IN IF ~Reaches(extent, "established") THEN chosen
     ELSE [chosen EXCEPT !.zx = <<epoch, 0>>,
                         !.life.leadership = "established",
                         !.life.cur.epoch = epoch]

\* `leader' as it was before.
ActivatedFollower(follower, leader, epoch, extent) ==
  LET accepted == [follower EXCEPT !.ae = epoch]
      synchronized == [accepted EXCEPT !.ce = epoch, !.zx = leader.zx,
                                       !.logged = leader.logged]
  IN IF ~Reaches(extent, "synchronized") THEN accepted
     ELSE IF ~Reaches(extent, "upToDate") THEN synchronized
     ELSE [synchronized EXCEPT !.life.cur.epoch = epoch]

Activated(servers, leader, followers, extent) ==
  LET epoch == ChosenEpoch(servers, {leader} \union followers)
  IN [s \in DOMAIN servers |->
        IF s = leader THEN ActivatedLeader(servers[s], epoch, extent)
        ELSE IF s \in followers
        THEN ActivatedFollower(servers[s], servers[leader], epoch, extent)
        ELSE servers[s]]

----------------------------------------------------------------------------
\* CatchUp: a learner has history, epoch and vote of its established leader.
\* Only the established start takes it, for observers.
CaughtUp(server, leader) ==
  [server EXCEPT !.ae = leader.ce, !.ce = leader.ce, !.zx = leader.zx,
                 !.logged = leader.logged, !.life.cur.epoch = leader.ce]

=============================================================================
