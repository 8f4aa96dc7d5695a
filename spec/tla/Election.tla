------------------------------ MODULE Election ------------------------------
(***************************************************************************)
(* Fast Leader Election of Apache ZooKeeper 3.8 as a finite model: the     *)
(* twin of spec/next.ts and models/election/. One action for every action  *)
(* of spec/action.ts that the model has, with its name.                    *)
(*                                                                         *)
(* Votes.tla: order, agreement, quorums. Network.tla: channels.            *)
(* Peer.tla: one server. Zab.tla: what follows an election.                *)
(* Properties.tla: what is claimed, what is not. docs/tla.md: how to read  *)
(* and to run it, and TLC's counts.                                        *)
(***************************************************************************)
EXTENDS Zab, Network

CONSTANTS
  Grain,     \* "strict": the end of a role and Begin, Restart and Begin,
             \* decision and publication are one step each. "windowed": they
             \* are not. WorkerReceiver's work on a message is one step in both.
  Crashes,   \* How often a process may end (it may always start again).
  Losses,    \* Messages that vanish though nothing replaces them.
  Leaves,    \* Roles that end without a crash.
  Partial,   \* Activations that are cut off before the leader is established.
  Full,      \* Activations up to the end.
  Rounds,    \* No role ends for a round above this one.
  Nq,        \* WorkerReceiver waits while so many notifications are in
             \* recvqueue. 0: it never does.
  Resends,   \* "none", or "silence": votes go out again where neither recvqueue
             \* nor anything on the way to the server holds a message.
  Merge,     \* Two reductions (TRUE or FALSE): see the end of this module.
  Dead,
  Start      \* "cold": all servers have begun round 1 with equal histories,
             \* their first votes are on the way. "established": the voter with
             \* the highest id leads all others, in round 1 and epoch 1, and
             \* nothing is on the way.

VARIABLES
  servers,   \* By id: see Peer.tla.
  channels,  \* channels[i][j]: what i has sent to j and j has not taken yet.
  budget,    \* What may still happen that is not the protocol's.
  epochs     \* What activations have made of epochs, in their order. No action
             \* reads it.

vars == <<servers, channels, budget, epochs>>

(***************************************************************************)
(* THE REDUCTIONS (models/election/reduce.ts says why they are sound)      *)
(*                                                                         *)
(* Merge: the next step of thread QuorumPeer is taken at once if nobody    *)
(* else can tell whether it was: a Handle that neither sends nor leaves    *)
(* the two waits, a FinalStep that drops its message. It reads and writes  *)
(* only what no other step of anybody reads or writes (an arrival appends  *)
(* at the tail of recvqueue).                                              *)
(***************************************************************************)
IsSilent(before, outcome) ==
  LET old == before.life
      now == outcome.server.life
  IN /\ outcome.sends = << >>
     /\ now.pc = "FINAL" \/ (now.pc = "POLL" /\ old.pc = "POLL")
     /\ <<now.st, now.clk, now.prop, now.cur>> = <<old.st, old.clk, old.prop, old.cur>>

RECURSIVE Settled(_)
Settled(outcome) ==
  LET server == outcome.server
      next == IF MayHandle(server) THEN Handled(server)
              ELSE IF MayFinalStep(server) THEN FinalStepped(server)
              ELSE outcome
  IN IF (MayHandle(server) \/ MayFinalStep(server)) /\ IsSilent(server, next)
     THEN Settled([next EXCEPT !.sends = outcome.sends])
     ELSE outcome

(***************************************************************************)
(* Dead: variables that are written before they are read again get one     *)
(* fixed value.                                                            *)
(*   counted  is read by an oracle alone                                   *)
(*   cur      while LOOKING: by answers to observers; windowed, by answers *)
(*            of a server that is decided and has not yet published        *)
(*   prop     in a role: windowed, by answers in ENTER                     *)
(*   own copies of a server that gets a role which it will never leave     *)
(***************************************************************************)
NoVote == VoteOf(NoProposal, -1, "LOOKING", 0)

StaysForever(life) == Leaves = 0 \/ life.clk + 1 > Rounds

Forgotten(server) ==
  IF ~Dead \/ ~server.life.up THEN server
  ELSE IF server.life.st = "LOOKING"
  THEN [server EXCEPT !.life.counted = << >>,
                      !.life.cur = IF Grain = "strict" /\ Observers = 0 THEN NoVote ELSE @]
  ELSE [server EXCEPT !.life.counted = << >>,
                      !.life.prop = IF Grain = "strict" \/ StaysForever(server.life)
                                    THEN NoProposal ELSE @]

LosesOwnCopies(before, after) ==
  /\ Dead
  /\ before.life.up /\ before.life.st = "LOOKING"
  /\ after.life.up /\ after.life.st # "LOOKING"
  /\ StaysForever(after.life)

(***************************************************************************)
(* STEPS OF ONE SERVER                                                     *)
(***************************************************************************)

\* What the strict grain makes one step.
InStrict(outcome, May(_), Done(_)) ==
  IF Grain = "strict" THEN Then(outcome, May, Done) ELSE outcome

\* Server s moves; `rest' are the channels before its messages enter them.
Moves(s, outcome, rest) ==
  LET settled == IF Merge THEN Settled(outcome) ELSE outcome
      after == Forgotten(settled.server)
      sent == Delivered(rest, s, settled.sends)
  IN /\ servers' = [servers EXCEPT ![s] = after]
     /\ channels' = IF LosesOwnCopies(servers[s], after)
                    THEN [sent EXCEPT ![s][s] = << >>] ELSE sent
     /\ epochs' = epochs

Costs(what) == /\ budget[what] > 0
               /\ budget' = [budget EXCEPT ![what] = @ - 1]

----------------------------------------------------------------------------
\* Thread QuorumPeer. Strict, Begin and Publish never stand alone: nobody is
\* seen in ENTER or DECIDED.
Begin(s) ==
  /\ MayBegin(servers[s])
  /\ Moves(s, Begun(servers[s]), channels)
  /\ UNCHANGED budget

Handle(s) ==
  /\ MayHandle(servers[s])
  /\ Moves(s, InStrict(Handled(servers[s]), MayPublish, Published), channels)
  /\ UNCHANGED budget

\* In Java a timeout decides; one that comes while a message is on its way only
\* sends the same votes again.
Resend(s) ==
  /\ Resends = "silence"
  /\ MayResend(servers[s])
  /\ \A i \in Server : channels[i][s] = << >>
  /\ Moves(s, Resent(servers[s]), channels)
  /\ UNCHANGED budget

FinalStep(s) ==
  /\ MayFinalStep(servers[s])
  /\ Moves(s, FinalStepped(servers[s]), channels)
  /\ UNCHANGED budget

\* With FinalEnd: nobody is seen in SILENT.
Silence(s) ==
  /\ MaySilence(servers[s])
  /\ Moves(s, InStrict(Then(Silenced(servers[s]), MayFinalEnd, FinalEnded),
                       MayPublish, Published), channels)
  /\ UNCHANGED budget

Publish(s) ==
  /\ MayPublish(servers[s])
  /\ Moves(s, Published(servers[s]), channels)
  /\ UNCHANGED budget

Leave(s) ==
  /\ MayLeave(servers[s])
  /\ servers[s].life.clk + 1 <= Rounds
  /\ Costs("leaves")
  /\ Moves(s, InStrict(Left(servers[s]), MayBegin, Begun), channels)

----------------------------------------------------------------------------
\* Thread WorkerReceiver: the oldest message of a channel, and all that the
\* thread does with it. TestState, Enqueue, CompareRound, SendReply are parts.
Worked(server, n) ==
  Then(Then(Then(Then(Taken(server, n),
    MayTestState, StateTested),
    MayEnqueue, Enqueued),
    MayCompareRound, RoundCompared),
    MaySendReply, ReplySent)

Receive(i, s) ==
  /\ channels[i][s] # << >>
  /\ MayReceive(servers[s])
  /\ Nq = 0 \/ Len(servers[s].life.nq) < Nq
  /\ Moves(s, Worked(servers[s], Received(i, Head(channels[i][s]))),
           [channels EXCEPT ![i][s] = Tail(@)])
  /\ UNCHANGED budget

(***************************************************************************)
(* THE WORLD                                                               *)
(***************************************************************************)

\* A process ends. What is volatile is gone, own copies too; what it has sent
\* to others may still arrive.
Crash(s) ==
  /\ servers[s].life.up
  /\ Costs("crashes")
  /\ servers' = [servers EXCEPT ![s].life = Down]
  /\ channels' = [channels EXCEPT ![s][s] = << >>]
  /\ UNCHANGED epochs

Restart(s) ==
  /\ MayRestart(servers[s])
  /\ Moves(s, InStrict(Restarted(servers[s]), MayBegin, Begun), channels)
  /\ UNCHANGED budget

Loses(i, j, places) ==
  /\ i # j
  /\ \E place \in places :
       channels' = [channels EXCEPT ![i][j] = Without(@, place)]
  /\ UNCHANGED <<servers, epochs>>

\* A message never arrives, the newest included: its connection broke.
Lose(i, j) ==
  /\ Costs("losses")
  /\ Loses(i, j, DOMAIN channels[i][j])

\* While the sender is down, what it had not yet got through may be gone with it.
LoseDead(i, j) ==
  /\ Crashes > 0
  /\ ~servers[i].life.up
  /\ Loses(i, j, DOMAIN channels[i][j])
  /\ UNCHANGED budget

\* A waiting message is overwritten by a later one: never the newest.
Drop(i, j) ==
  /\ Channel = "f2"
  /\ Loses(i, j, 1 .. (Len(channels[i][j]) - 1))
  /\ UNCHANGED budget

\* What an activation up to this extent did to the epoch.
Entries(before, after, extent) ==
  LET entry(what) == [what |-> what, epoch |-> after.ce, leader |-> after.sid,
                      base |-> before.ce]
  IN (IF Reaches(extent, "committed") THEN <<entry("acknowledged")>> ELSE << >>)
     \o (IF Reaches(extent, "established") THEN <<entry("established")>> ELSE << >>)

Activate(leader, followers, extent) ==
  /\ MayActivate(servers, leader, followers, extent)
  /\ Costs(IF extent \in FullExtents THEN "full" ELSE "partial")
  /\ LET after == Activated(servers, leader, followers, extent)
     IN /\ servers' = [s \in Server |-> IF s \in {leader} \union followers
                                        THEN Forgotten(after[s]) ELSE servers[s]]
        /\ epochs' = epochs \o Entries(servers[leader], after[leader], extent)
  /\ UNCHANGED channels

(***************************************************************************)
(* THE WHOLE                                                               *)
(***************************************************************************)
Budget == [crashes |-> Crashes, losses |-> Losses, leaves |-> Leaves,
           partial |-> Partial, full |-> Full]

NothingOnTheWay == [i \in Server |-> [j \in Server |-> << >>]]

\* Restart and Begin of every server, one after the other.
RECURSIVE BegunTogether(_, _)
BegunTogether(s, sent) ==
  IF s > Servers + Observers THEN sent
  ELSE BegunTogether(s + 1, Delivered(sent, s, Begun(Restarted(AtRest(s)).server).sends))

InitCold ==
  /\ servers = [s \in Server |-> Forgotten(Begun(Restarted(AtRest(s)).server).server)]
  /\ channels = BegunTogether(1, NothingOnTheWay)
  /\ epochs = << >>

\* An election of round 1 has ended; nobody has an epoch yet.
Elected(s, leader) ==
  LET vote == [leader |-> leader, zxid |-> <<0, 0>>, epoch |-> 0]
      decided == Exited(Restarted(AtRest(s)).server, vote, 1, 1)
  IN Published([decided EXCEPT !.life.prop = vote]).server

InitEstablished ==
  LET leader == Servers
      elected == [s \in Server |-> Elected(s, leader)]
      active == Activated(elected, leader, Voters \ {leader}, "upToDate")
      entry(what) == [what |-> what, epoch |-> 1, leader |-> leader, base |-> 0]
  IN /\ servers = [s \in Server |->
                     Forgotten(IF s \in Voters THEN active[s]
                               ELSE CaughtUp(active[s], active[leader]))]
     /\ channels = NothingOnTheWay
     /\ epochs = IF Partial + Full = 0 THEN << >>
                 ELSE <<entry("acknowledged"), entry("established")>>

Init == /\ budget = Budget
        /\ IF Start = "cold" THEN InitCold ELSE InitEstablished

\* What the servers' threads do by themselves.
Main(s) == Begin(s) \/ Handle(s) \/ FinalStep(s) \/ Silence(s) \/ Publish(s)

Next ==
  \/ \E s \in Server : Main(s) \/ Resend(s) \/ Leave(s) \/ Crash(s)
  \/ \E s \in Server : Crashes > 0 /\ Restart(s)
  \/ \E i, j \in Server : Receive(i, j) \/ Lose(i, j) \/ LoseDead(i, j) \/ Drop(i, j)
  \/ \E leader \in Voters : \E followers \in SUBSET (Voters \ {leader}) :
       \E extent \in PartialExtents \union FullExtents :
         Activate(leader, followers, extent)

Spec == Init /\ [][Next]_vars

=============================================================================
