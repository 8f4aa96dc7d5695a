------------------------------ MODULE Network ------------------------------
(***************************************************************************)
(* What is on the way, as queues of messages, oldest first: one for every  *)
(* ordered pair of servers, a server and itself included.                  *)
(*                                                                         *)
(* Java: QuorumCnxManager at 3.8.0. Twin of models/election/channels.ts.   *)
(***************************************************************************)
EXTENDS Integers, Sequences

CONSTANTS
  Channel,   \* Between two servers. "ow1": one message, the newest (queueSendMap
             \* holds one for each peer). "f2": two in order, a third replaces
             \* the second; there is room for the one that TCP carries, too.
  Loopback   \* How many own copies may be on the way; of more, the newest
             \* replaces the last.

Enters(queue, message) ==
  IF Channel = "ow1" \/ queue = << >> THEN <<message>>
  ELSE <<Head(queue), message>>

\* A copy to oneself passes no connection (toSend puts it into recvQueue).
EntersOwn(queue, message) ==
  IF Len(queue) < Loopback THEN Append(queue, message)
  ELSE [queue EXCEPT ![Len(queue)] = message]

Without(queue, place) ==
  [i \in 1 .. (Len(queue) - 1) |-> IF i < place THEN queue[i] ELSE queue[i + 1]]

(***************************************************************************)
(* The channels after server `from' has sent these messages, in order.     *)
(* `sends' is a sequence of [to, message].                                 *)
(***************************************************************************)
RECURSIVE Delivered(_, _, _)
Delivered(channels, from, sends) ==
  IF sends = << >> THEN channels
  ELSE LET to == Head(sends).to
           message == Head(sends).message
           enters == IF to = from THEN EntersOwn(channels[from][to], message)
                     ELSE Enters(channels[from][to], message)
       IN Delivered([channels EXCEPT ![from][to] = enters], from, Tail(sends))

=============================================================================
