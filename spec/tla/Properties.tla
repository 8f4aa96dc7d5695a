----------------------------- MODULE Properties -----------------------------
(***************************************************************************)
(* What is claimed of the election, what is not, and what happens in the   *)
(* end. Ids are those of spec/README.md; sentences and sources stand in    *)
(* spec/properties/.                                                       *)
(***************************************************************************)
EXTENDS Election

Electing(s) == IsElecting(servers[s])
InRole(s) == At(servers[s], "OUT")
Life(s) == servers[s].life

(***************************************************************************)
(* ORDER AND QUORUMS                                                       *)
(***************************************************************************)

\* The order of votes is irreflexive, asymmetric, transitive and total.
SomeVotes == [leader : Voters, zxid : {<<0, 0>>, <<0, 1>>, <<1, 0>>}, epoch : {0, 1}]
S1 == /\ \A a, b \in SomeVotes : (a = b) = (~Better(a, b) /\ ~Better(b, a))
      /\ \A a, b \in SomeVotes : ~(Better(a, b) /\ Better(b, a))
      /\ \A a, b, c \in SomeVotes : (Better(a, b) /\ Better(b, c)) => Better(a, c)

\* Two quorums have a voter in common; a set that contains a quorum is one.
Q1 == \A a, b \in SUBSET Voters :
        (IsQuorum(a) /\ IsQuorum(b)) => a \intersect b # {}
Q2 == \A a, b \in SUBSET Voters : (IsQuorum(a) /\ a \subseteq b) => IsQuorum(b)

ASSUME S1
ASSUME Q1
ASSUME Q2

(***************************************************************************)
(* TYPES                                                                   *)
(***************************************************************************)
States == {"LOOKING", "FOLLOWING", "LEADING", "OBSERVING"}
Pcs == {"ENTER", "POLL", "FINAL", "DECIDED", "OUT"}
IsZxid(z) == z \in {NoHistory, ZxidMin} \/ z \in (Nat \X Nat)
IsVote(v) == /\ v.state \in States /\ v.version \in {0, 2}
             /\ v.round \in Nat \union {-1} /\ IsZxid(v.zxid)
AreVotes(votes) == \A s \in DOMAIN votes : s \in Voters /\ IsVote(votes[s])

TypeOK ==
  /\ \A s \in Server :
       /\ servers[s].sid = s
       /\ servers[s].ce \in Nat /\ servers[s].ae \in Nat
       /\ IsZxid(servers[s].zx) /\ IsZxid(servers[s].logged)
       /\ Life(s).up =>
            /\ Life(s).st \in States /\ Life(s).pc \in Pcs
            /\ (Life(s).st = "LOOKING") = (Life(s).pc \in {"ENTER", "POLL", "FINAL"})
            /\ (Life(s).pc = "DECIDED") = (Life(s).end # << >>)
            /\ AreVotes(Life(s).recvset) /\ AreVotes(Life(s).ooe)
            /\ IsVote(Life(s).cur) /\ Life(s).clk \in Nat \union {-1}
            /\ Life(s).worker = Idle
            /\ \A k \in DOMAIN Life(s).nq : IsVote(Life(s).nq[k]) /\ Life(s).nq[k].from \in Server
  /\ \A i, j \in Server : \A k \in DOMAIN channels[i][j] : IsVote(channels[i][j][k])
  /\ \A what \in DOMAIN budget : budget[what] \in Nat

(***************************************************************************)
(* WHAT HOLDS                                                              *)
(***************************************************************************)

\* While a server elects, every vote in its recvset has its round.
I1 == \A s \in Server : Electing(s) =>
        \A from \in DOMAIN Life(s).recvset : Life(s).recvset[from].round = Life(s).clk

\* While a server elects, its proposal is not below the vote it began with.
I2 == \A s \in Server : Electing(s) => ~Better(OwnVote(servers[s]), Life(s).prop)

\* What an electing voter proposes is what the named leader began with. Where no
\* history ever changes that is known beforehand.
I4 == (Start = "cold" /\ Partial + Full = 0) =>
        \A s \in Voters : Electing(s) =>
          /\ Life(s).prop.leader \in Voters
          /\ Life(s).prop = OwnVote(AtRest(Life(s).prop.leader))

\* The finalize wait rests on a quorum in recvset.
Matching(life) == {s \in DOMAIN life.recvset :
                     /\ life.recvset[s].round = life.clk
                     /\ Proposal(life.recvset[s]) = life.prop}
I5 == \A s \in Server : (Electing(s) /\ Life(s).pc = "FINAL") => IsQuorum(Matching(Life(s)))

\* At most one server is named by the published votes of a quorum.
Naming(leader) == {s \in Server : InRole(s) /\ Life(s).cur.leader = leader}
I8 == \A a, b \in Voters : (IsQuorum(Naming(a)) /\ IsQuorum(Naming(b))) => a = b

\* An epoch is established at most once; acknowledged for at most one leader.
Once(what) == \A i, j \in DOMAIN epochs :
                (/\ epochs[i].what = what /\ epochs[j].what = what
                 /\ epochs[i].epoch = epochs[j].epoch) => i = j
I9 == Once("established")
Z1 == Once("acknowledged")

\* Whoever is established had taken part in every leadership established before.
Complete == \A i, j \in DOMAIN epochs :
              (/\ i < j
               /\ epochs[i].what = "established" /\ epochs[j].what = "established")
              => epochs[j].base >= epochs[i].epoch

\* In a role: LEADING exactly if the published vote names oneself, and the clock
\* is its round.
I10 == \A s \in Server : InRole(s) =>
         /\ (Life(s).st = "LEADING") = (Life(s).cur.leader = s)
         /\ Life(s).clk = Life(s).cur.round

\* A published decision has a round that is not negative. Strict alone: windowed,
\* a server that is decided answers with its first vote, of round -1.
S3r == Grain = "strict" => \A s \in Server : InRole(s) => Life(s).cur.round >= 0

\* No LOOKING vote in recvset is above the proposal.
S4 == \A s \in Server : Electing(s) =>
        \A from \in DOMAIN Life(s).recvset :
          Life(s).recvset[from].state = "LOOKING" => ~Better(Life(s).recvset[from], Life(s).prop)

\* Only voters are recorded.
S7v == \A s \in Server : Electing(s) =>
         (DOMAIN Life(s).recvset) \union (DOMAIN Life(s).ooe) \subseteq Voters

\* A decision names a voter.
S7 == \A s \in Server : InRole(s) => Life(s).cur.leader \in Voters

\* Every voter gets a role, where it may send again, and, strict, where nothing
\* goes wrong.
IsFaultless == Budget = [what \in DOMAIN Budget |-> 0]
End == (Resends = "silence" \/ (Grain = "strict" /\ IsFaultless)) =>
         (~ENABLED Next => \A s \in Voters : InRole(s))

(***************************************************************************)
(* The same of steps. With Merge a step may be several; each of these      *)
(* holds of them together as of each.                                      *)
(***************************************************************************)
KeepsElecting(s) == Electing(s) /\ IsElecting(servers'[s])
Decides(s) == /\ Electing(s)
              /\ servers'[s].life.up /\ servers'[s].life.pc \in {"DECIDED", "OUT"}
Joins(s) == Decides(s) /\ Life(s).pc = "POLL"
EndVote(life) == IF life.end # << >> THEN life.end[1] ELSE life.cur

\* Within one call and one round a proposal never falls.
I3 == [][\A s \in Server : (KeepsElecting(s) /\ Life(s).clk = Life(s)'.clk)
           => ~Better(Life(s).prop, Life(s)'.prop)]_vars

\* Whoever joins another server has read a LEADING notification from it.
HeardLeading(life, leader) ==
  \/ leader \in DOMAIN life.recvset /\ life.recvset[leader].state = "LEADING"
  \/ leader \in DOMAIN life.ooe /\ life.ooe[leader].state = "LEADING"
  \/ Head(life.nq).from = leader /\ Head(life.nq).state = "LEADING"
I7 == [][\A s \in Server : Joins(s) =>
           LET leader == EndVote(Life(s)').leader
           IN leader = s \/ HeardLeading(Life(s), leader)]_vars

\* currentEpoch never exceeds acceptedEpoch, which never falls.
I9a == [][\A s \in Server : /\ servers'[s].ae >= servers[s].ae
                            /\ servers'[s].ce <= servers'[s].ae]_vars

\* An exit empties recvqueue.
I12 == [][\A s \in Server : Decides(s) => Life(s)'.nq = << >>]_vars

\* Within a call the clock never falls.
S3 == [][\A s \in Server : KeepsElecting(s) => Life(s)'.clk >= Life(s).clk]_vars

\* Whoever joins a leader holds votes for that leader of a quorum, in recvset or
\* in outofelection.
NamedBy(votes, n, leader) ==
  LET held == {i \in DOMAIN votes \ {n.from} : votes[i].leader = leader}
  IN IF n.leader = leader THEN held \union {n.from} ELSE held
S5 == [][\A s \in Server : Joins(s) =>
           LET leader == EndVote(Life(s)').leader
               n == Head(Life(s).nq)
           IN \/ n.round = Life(s).clk /\ IsQuorum(NamedBy(Life(s).recvset, n, leader))
              \/ IsQuorum(NamedBy(Life(s).ooe, n, leader))]_vars

\* Leading on others' word takes reports of the own round.
S6 == [][\A s \in Server : (Joins(s) /\ EndVote(Life(s)').leader = s)
           => EndVote(Life(s)').round = Life(s).clk]_vars

(***************************************************************************)
(* WHAT DOES NOT HOLD                                                      *)
(*                                                                         *)
(* Tempting claims. Give one as INVARIANT (those of steps as PROPERTY):    *)
(* TLC finds a shortest behaviour that refutes it.                         *)
(***************************************************************************)
Leads(s) == Life(s).up /\ Life(s).st = "LEADING"

\* At most one server is LEADING.
W1 == \A a, b \in Server : (Leads(a) /\ Leads(b)) => a = b

\* ... in one round.
W2 == \A a, b \in Server :
        (Leads(a) /\ Leads(b) /\ EndVote(Life(a)).round = EndVote(Life(b)).round) => a = b

\* Whoever is followed does not follow another.
NoFollowedFollower ==
  \A a, b \in Server :
    ~(/\ Life(a).up /\ Life(a).st = "FOLLOWING" /\ EndVote(Life(a)).leader = b
      /\ Life(b).up /\ Life(b).st = "FOLLOWING")

\* When the finalize wait ends, a quorum supports the winner.
Supports(life, leader) ==
  /\ life.up /\ life.pc # "ENTER"
  /\ leader = IF life.pc \in {"DECIDED", "OUT"} THEN EndVote(life).leader ELSE life.prop.leader
W5 == [][\A s \in Server : (Decides(s) /\ ~Joins(s)) =>
           LET leader == EndVote(Life(s)').leader
           IN IsQuorum({i \in Voters : Supports(Life(i)', leader)})]_vars

\* Whoever elects itself has its own vote in recvset.
W6 == [][\A s \in Server :
           (Decides(s) /\ ~Joins(s) /\ EndVote(Life(s)').leader = s)
           => s \in DOMAIN Life(s).recvset /\ Life(s).recvset[s].leader = s]_vars

\* The clock of a running server never falls.
W8 == [][\A s \in Server : (Life(s).up /\ Life(s)'.up) => Life(s)'.clk >= Life(s).clk]_vars

\* A vote in recvset is what its sender, electing in the same round, proposes.
W16 == \A s, i \in Server :
         (/\ Electing(s) /\ Electing(i) /\ Life(s).clk = Life(i).clk
          /\ i \in DOMAIN Life(s).recvset)
         => Life(s).recvset[i].leader = Life(i).prop.leader

\* Members agree with their leader on zxid and round of the vote.
W18 == \A s \in Server : InRole(s) =>
         LET leader == Life(s).cur.leader
         IN (InRole(leader) /\ Leads(leader))
            => /\ Life(leader).cur.zxid = Life(s).cur.zxid
               /\ Life(leader).cur.round = Life(s).cur.round

(***************************************************************************)
(* What a model that is rich enough must reach, negated.                   *)
(***************************************************************************)
NeverLed == \A leader \in Voters : ~(InRole(leader) /\ Leads(leader) /\ IsQuorum(Naming(leader)))
NeverEnded == \E s \in Server : ~InRole(s)

(***************************************************************************)
(* WHAT HAPPENS IN THE END                                                 *)
(*                                                                         *)
(* L1: in the end all members of a stable, connected quorum are decided    *)
(* for one leader among them. Here the quorum is all voters. Assumed:      *)
(*   from some time on no crash, loss or needless end of a role: what the  *)
(*   bounds allow is used up                                               *)
(*   no better vote is on its way when a finalize wait ends (delays below  *)
(*   200 ms)                                                               *)
(*   whoever leads without a quorum of followers, or follows a server that *)
(*   does not lead, leaves in the end; the bounds must let it              *)
(* Without the second one it is false: UntimelySpec.                       *)
(***************************************************************************)
BetterOnTheWay(s) ==
  \E i \in Server : \E k \in DOMAIN channels[i][s] :
    Better(channels[i][s][k], Life(s).prop)

NobodyToFollow(s) ==
  /\ InRole(s)
  /\ IF Leads(s) THEN ~IsQuorum(Naming(s)) ELSE ~Leads(Life(s).cur.leader)

\* Threads go on, processes start, messages that are sent again and again arrive,
\* whoever hears nothing sends again.
Fairness(s) ==
  /\ WF_vars(Begin(s) \/ Handle(s) \/ FinalStep(s) \/ Publish(s) \/ Restart(s))
  /\ SF_vars(Resend(s))
  /\ WF_vars(NobodyToFollow(s) /\ Leave(s))
  /\ \A i \in Server : SF_vars(Receive(i, s))

TimelySilence(s) == Silence(s) /\ ~BetterOnTheWay(s)

LiveSpec ==
  /\ Init
  /\ [][Next /\ \A s \in Server : Silence(s) => ~BetterOnTheWay(s)]_vars
  /\ \A s \in Server : Fairness(s) /\ WF_vars(TimelySilence(s))

UntimelySpec ==
  /\ Spec
  /\ \A s \in Server : Fairness(s) /\ WF_vars(Silence(s))

Agreed(leader) == Leads(leader) /\ Voters \subseteq Naming(leader)
L1 == \E leader \in Voters : <>[]Agreed(leader)

=============================================================================
