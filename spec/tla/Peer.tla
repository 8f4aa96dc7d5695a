-------------------------------- MODULE Peer --------------------------------
(***************************************************************************)
(* One server: thread QuorumPeer, which elects, and thread WorkerReceiver, *)
(* which takes messages. Every action of a server is two operators here:   *)
(* its guard (MayBegin) and its effect (Begun), a function from the server *)
(* to an outcome: the server afterwards, and what it sends. None has more  *)
(* than one outcome. Election.tla makes steps of them.                     *)
(*                                                                         *)
(* Java: FastLeaderElection, QuorumPeer at 3.8.0.                          *)
(* Twin of spec/server.ts and spec/actions/.                               *)
(***************************************************************************)
EXTENDS Votes, Sequences

(***************************************************************************)
(* THE SERVER                                                              *)
(*                                                                         *)
(* A server is a record of                                                 *)
(*   sid                                                                   *)
(*   zx      last zxid in memory (getLastLoggedZxid)                       *)
(*   logged  what the database would load after a restart                  *)
(*   ce, ae  the files currentEpoch and acceptedEpoch                      *)
(*   life    what a crash loses:                                           *)
(*     up          the process runs; the only field if it does not         *)
(*     st          QuorumPeer.state                                        *)
(*     pc          where thread QuorumPeer is                              *)
(*       ENTER     LOOKING, lookForLeader not yet begun                    *)
(*       POLL      its main wait                                           *)
(*       FINAL     the finalize wait                                       *)
(*       SILENT    the finalize wait has found nothing, the exit is due    *)
(*       DECIDED   state set, currentVote not yet replaced                 *)
(*       OUT       in a role                                               *)
(*     clk         logicalclock: the round                                 *)
(*     prop        proposedLeader, proposedZxid, proposedEpoch             *)
(*     cur         QuorumPeer.currentVote, the published vote              *)
(*     end         <<vote>>: a decision on its way to cur; else << >>      *)
(*     recvset     votes of this round by sender                           *)
(*     ooe         outofelection: votes of decided servers                 *)
(*     nq          recvqueue of FastLeaderElection, head first             *)
(*     counted     <<set>>: who agreed at the last count (voteSet)         *)
(*     worker      where WorkerReceiver is, with the message in its hands  *)
(*     leadership  how far a leader has come: none, chosen, established    *)
(***************************************************************************)
Down == [up |-> FALSE]
Idle == [stage |-> "IDLE"]

\* FastLeaderElection.starter; proposedEpoch keeps Java's default.
NoProposal == [leader |-> -1, zxid |-> NoHistory, epoch |-> 0]

\* Down, with an empty history.
AtRest(s) == [sid |-> s, zx |-> <<0, 0>>, logged |-> <<0, 0>>, ce |-> 0, ae |-> 0,
              life |-> Down]

IsVoter(server) == server.sid \in Voters

(***************************************************************************)
(* What a server proposes when it begins: itself with its history          *)
(* (getInitId, getInitLastLoggedZxid, getPeerEpoch). An observer: nothing  *)
(* that wins.                                                              *)
(***************************************************************************)
OwnVote(server) ==
  IF IsVoter(server)
  THEN [leader |-> server.sid, zxid |-> server.zx, epoch |-> server.ce]
  ELSE [leader |-> LongMin, zxid |-> ZxidMin, epoch |-> LongMin]

\* The vote that is published before any election has ended: round -1
\* (QuorumPeer.startLeaderElection).
StartVote(server) ==
  VoteOf([leader |-> server.sid, zxid |-> server.zx, epoch |-> server.ce],
         -1, "LOOKING", 0)

(***************************************************************************)
(* OUTCOMES                                                                *)
(***************************************************************************)
Quiet(server) == [server |-> server, sends |-> << >>]

\* The outcome, and then the action where it is enabled.
Then(outcome, May(_), Done(_)) ==
  IF ~May(outcome.server) THEN outcome
  ELSE LET later == Done(outcome.server)
       IN [server |-> later.server, sends |-> outcome.sends \o later.sends]

(***************************************************************************)
(* MESSAGES. The format of 3.8 has version 2. A received message has the   *)
(* id that is bound to its connection: from.                               *)
(***************************************************************************)
Message(vote, round, state) == VoteOf(vote, round, state, 2)

Received(sender, m) ==
  [leader |-> m.leader, zxid |-> m.zxid, epoch |-> m.epoch, round |-> m.round,
   state |-> m.state, version |-> m.version, from |-> sender]

\* sendNotifications: the proposal to every voter, oneself included if one is
\* a voter; never to observers.
ToAll(server) ==
  LET message == Message(server.life.prop, server.life.clk, "LOOKING")
  IN [i \in 1 .. Servers |-> [to |-> i, message |-> message]]

(***************************************************************************)
(* THREAD QuorumPeer                                                       *)
(***************************************************************************)
At(server, pc) == server.life.up /\ server.life.pc = pc
IsElecting(server) == server.life.up /\ server.life.pc \in {"POLL", "FINAL", "SILENT"}

----------------------------------------------------------------------------
\* Begin: lookForLeader up to its loop. recvqueue keeps what it holds.
MayBegin(server) == At(server, "ENTER")

Begun(server) ==
  LET after == [server EXCEPT !.life.clk = @ + 1,
                              !.life.prop = OwnVote(server),
                              !.life.pc = "POLL",
                              !.life.recvset = NoVotes,
                              !.life.ooe = NoVotes,
                              !.life.counted = << >>]
  IN [server |-> after, sends |-> ToAll(after)]

----------------------------------------------------------------------------
(***************************************************************************)
(* The end of lookForLeader with a leader: setPeerState, leaveInstance.    *)
(* The proposal stays; recvqueue is cleared. The vote is an EndVote: the   *)
(* four longs that Vote's constructor takes.                               *)
(***************************************************************************)
Exited(server, vote, round, clk) ==
  [server EXCEPT
     !.life.st = IF vote.leader = server.sid THEN "LEADING"
                 ELSE IF IsVoter(server) THEN "FOLLOWING" ELSE "OBSERVING",
     !.life.pc = "DECIDED",
     !.life.clk = clk,
     !.life.end = <<VoteOf(vote, round, "LOOKING", 0)>>,
     !.life.recvset = NoVotes,
     !.life.ooe = NoVotes,
     !.life.counted = << >>,
     !.life.nq = << >>,
     !.life.leadership = "none"]

----------------------------------------------------------------------------
(***************************************************************************)
(* Handle of a LOOKING vote (lookForLeader, case LOOKING). `server' has    *)
(* taken n from its queue.                                                 *)
(*   K0  a zxid of -1, the own or the sender's: dropped                    *)
(*   K1  a higher round is joined; the proposal becomes the better one of  *)
(*       n and the own INITIAL vote, and is sent whether it changed or not *)
(*   K2  a lower round: dropped                                            *)
(*   K3  better than the proposal: adopted and sent                        *)
(*   K4  not better: only counted                                          *)
(***************************************************************************)

\* The vote enters recvset, as LOOKING and of version 0. If those who agree
\* with the proposal are a quorum the finalize wait begins. The own vote
\* counts only when its own copy arrives.
Counted(server, n) ==
  LET votes == Put(server.life.recvset, n.from, VoteOf(n, n.round, "LOOKING", 0))
      proposed == VoteOf(server.life.prop, server.life.clk, "LOOKING", 0)
      supporters == Agreeing(votes, proposed)
  IN [server EXCEPT !.life.recvset = votes,
                    !.life.counted = <<supporters>>,
                    !.life.pc = IF IsQuorum(supporters) THEN "FINAL" ELSE "POLL"]

SentAndCounted(server, n) == [server |-> Counted(server, n), sends |-> ToAll(server)]

HandledLooking(server, n) ==
  LET life == server.life
      own == OwnVote(server)
      joined == [server EXCEPT !.life.clk = n.round,
                               !.life.recvset = NoVotes,
                               !.life.prop = IF Better(n, own) THEN Proposal(n) ELSE own]
  IN IF NoHistory \in {own.zxid, n.zxid} THEN Quiet(server)                 \* K0
     ELSE IF n.round > life.clk THEN SentAndCounted(joined, n)              \* K1
     ELSE IF n.round < life.clk THEN Quiet(server)                          \* K2
     ELSE IF Better(n, life.prop)
          THEN SentAndCounted([server EXCEPT !.life.prop = Proposal(n)], n) \* K3
     ELSE Quiet(Counted(server, n))                                         \* K4

(***************************************************************************)
(* Handle of a FOLLOWING or LEADING vote (receivedFollowingNotification,   *)
(* receivedLeadingNotification). The proposal keeps its value.             *)
(*   J1  of the own round: n's vote enters recvset WITH VERSION 0, and a   *)
(*       quorum there with n's leader checked ends the election            *)
(*   J2  n's vote enters outofelection with its version; a quorum there    *)
(*       ends the election, and n's round becomes the clock, which may go  *)
(*       down                                                              *)
(* J3 is the oracle's, which is not here.                                  *)
(***************************************************************************)

\* checkLeader: another leader must itself have reported LEADING, whomever it
\* named; I am the leader only of my present round.
LeaderChecked(server, votes, vote) ==
  IF vote.leader = server.sid THEN server.life.clk = vote.round
  ELSE vote.leader \in DOMAIN votes /\ votes[vote.leader].state = "LEADING"

HandledDecided(server, n) ==
  LET life == server.life
      report == VoteOf(n, n.round, n.state, n.version)
      ownRound == n.round = life.clk
      within == IF ownRound
                THEN Put(life.recvset, n.from, VoteOf(n, n.round, n.state, 0))
                ELSE life.recvset
      outside == Put(life.ooe, n.from, report)
      Decides(votes) == /\ IsQuorum(Agreeing(votes, report))
                        /\ LeaderChecked(server, votes, report)
  IN Quiet(IF ownRound /\ Decides(within)
           THEN Exited(server, n, n.round, life.clk)                        \* J1
           ELSE IF Decides(outside)
           THEN Exited(server, n, n.round, n.round)                         \* J2
           ELSE [server EXCEPT !.life.recvset = within, !.life.ooe = outside])

\* Handle: the main wait gets a notification. The gate: sender and proposed
\* leader must be voters (validVoter). An observer's changes nothing.
MayHandle(server) == At(server, "POLL") /\ server.life.nq # << >>

Handled(server) ==
  LET n == Head(server.life.nq)
      taken == [server EXCEPT !.life.nq = Tail(@)]
  IN IF ~({n.from, n.leader} \subseteq Voters) \/ n.state = "OBSERVING" THEN Quiet(taken)
     ELSE IF n.state = "LOOKING" THEN HandledLooking(taken, n)
     ELSE HandledDecided(taken, n)

----------------------------------------------------------------------------
\* Resend: the main wait ends without a notification, and some send queue is
\* empty (haveDelivered): the votes go out again.
MayResend(server) == At(server, "POLL") /\ server.life.nq = << >>
Resent(server) == [server |-> server, sends |-> ToAll(server)]

----------------------------------------------------------------------------
\* FinalStep: a notification arrives in the finalize wait. A better vote goes
\* back to the TAIL of the queue and the main wait goes on. Anything else is
\* dropped, whatever its state and round. No gate here.
MayFinalStep(server) == At(server, "FINAL") /\ server.life.nq # << >>

FinalStepped(server) ==
  LET n == Head(server.life.nq)
  IN Quiet(IF Better(n, server.life.prop)
           THEN [server EXCEPT !.life.nq = Append(Tail(@), n), !.life.pc = "POLL"]
           ELSE [server EXCEPT !.life.nq = Tail(@)])

\* Silence: finalizeWait passes without a notification; the exit is due,
\* whatever arrives from now on.
MaySilence(server) == At(server, "FINAL") /\ server.life.nq = << >>
Silenced(server) == Quiet([server EXCEPT !.life.pc = "SILENT"])

\* FinalEnd: the exit out of the finalize wait.
MayFinalEnd(server) == At(server, "SILENT")
FinalEnded(server) == Quiet(Exited(server, server.life.prop, server.life.clk, server.life.clk))

\* Publish: the result becomes the current vote (QuorumPeer.run,
\* setCurrentVote). The role begins.
MayPublish(server) == At(server, "DECIDED")
Published(server) ==
  Quiet([server EXCEPT !.life.cur = server.life.end[1], !.life.end = << >>, !.life.pc = "OUT"])

\* Leave: a role ends (QuorumPeer.updateServerState). Vote, proposal, clock and
\* queue stay as they are, visible until the next Begin.
MayLeave(server) == At(server, "OUT")
Left(server) ==
  Quiet([server EXCEPT !.life.st = "LOOKING", !.life.pc = "ENTER", !.life.leadership = "none"])

(***************************************************************************)
(* THREAD WorkerReceiver (WorkerReceiver.run)                              *)
(***************************************************************************)
WorkerAt(server, stage) == server.life.up /\ server.life.worker.stage = stage

\* Receive: a message is taken. A sender that is no voter is answered with the
\* published vote, whatever it sent and whatever this server does; its message
\* goes no further.
MayReceive(server) == WorkerAt(server, "IDLE")

Taken(server, n) ==
  Quiet([server EXCEPT !.life.worker =
    IF n.from \in Voters THEN [stage |-> "TAKEN", n |-> n]
    ELSE [stage |-> "REPLY", to |-> n.from, kind |-> "nonVoter", vote |-> server.life.cur]])

\* TestState: is this server LOOKING? In a role a LOOKING sender, oneself
\* included, gets the published vote; anyone else gets nothing.
MayTestState(server) == WorkerAt(server, "TAKEN")

StateTested(server) ==
  LET n == server.life.worker.n
  IN Quiet([server EXCEPT !.life.worker =
       IF server.life.st = "LOOKING" THEN [stage |-> "TESTED", n |-> n]
       ELSE IF n.state # "LOOKING" THEN Idle
       ELSE [stage |-> "REPLY", to |-> n.from, kind |-> "decided", vote |-> server.life.cur]])

\* Enqueue: recvqueue.offer. The state is not asked again.
MayEnqueue(server) == WorkerAt(server, "TESTED")

Enqueued(server) ==
  LET n == server.life.worker.n
  IN Quiet([server EXCEPT !.life.nq = Append(@, n),
                          !.life.worker = [stage |-> "QUEUED", n |-> n]])

\* CompareRound: a LOOKING sender of a lower round gets the proposal (getVote).
MayCompareRound(server) == WorkerAt(server, "QUEUED")

RoundCompared(server) ==
  LET n == server.life.worker.n
  IN Quiet([server EXCEPT !.life.worker =
       IF n.state # "LOOKING" \/ n.round >= server.life.clk THEN Idle
       ELSE [stage |-> "REPLY", to |-> n.from, kind |-> "looking", vote |-> server.life.prop]])

\* SendReply: what was captured, with the state read now; and the round read
\* now, unless the vote brings its own.
MaySendReply(server) == WorkerAt(server, "REPLY")

ReplySent(server) ==
  LET captured == server.life.worker
      round == IF captured.kind = "decided" THEN captured.vote.round ELSE server.life.clk
      answer == Message(captured.vote, round, server.life.st)
  IN [server |-> [server EXCEPT !.life.worker = Idle],
      sends |-> <<[to |-> captured.to, message |-> answer]>>]

(***************************************************************************)
(* PROCESSES                                                               *)
(***************************************************************************)

\* Restart: QuorumPeer.start. The history is what the disk holds; it may end
\* before what the server had in memory.
MayRestart(server) == ~server.life.up

Restarted(server) ==
  LET loaded == [server EXCEPT !.zx = server.logged]
  IN Quiet([loaded EXCEPT !.life =
       [up |-> TRUE, st |-> "LOOKING", pc |-> "ENTER", clk |-> 0, prop |-> NoProposal,
        cur |-> StartVote(loaded), end |-> << >>, recvset |-> NoVotes, ooe |-> NoVotes,
        nq |-> << >>, counted |-> << >>, worker |-> Idle, leadership |-> "none"]])

=============================================================================
