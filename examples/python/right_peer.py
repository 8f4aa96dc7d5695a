"""Fast Leader Election of ZooKeeper 3.8.0 in Python, written from its Java, with its names.

Run it: zabcheck fuzz --exec 'python3 examples/python/right_peer.py'
"""

from quorum_peer import VOTE, NullPointerException, QuorumPeer, long, numbers, serve

LONG_MIN = -(2**63)


def same_vote(a, b):
    """Vote.equals."""
    if a["leader"] != b["leader"]:
        return False
    if "LOOKING" in (a["state"], b["state"]):
        return all(a[key] == b[key] for key in ("zxid", "round", "epoch"))
    return (a["version"] > 0) != (b["version"] > 0) or a["epoch"] == b["epoch"]


class RightPeer(QuorumPeer):
    def take(self, event):
        self.sent = []
        try:
            getattr(self, f"on_{event['type']}")(event)
        except NullPointerException:
            # QuorumPeer.run: "Unexpected exception"; the election begins again.
            self.state, self.place = "LOOKING", "ENTER"

    # WorkerReceiver.run, a step at a time.

    def on_Receive(self, event):
        n = numbers(event["notification"])
        stranger = n["from"] not in self.voters()
        self.worker = {"n": n, "looking": False, "reply": {**self.current_vote, "round": None} if stranger else None}

    def on_TestState(self, _event):
        if self.state == "LOOKING":
            self.worker["looking"] = True
        elif self.worker["n"]["state"] == "LOOKING":
            self.worker["reply"] = dict(self.current_vote)

    def on_Enqueue(self, _event):
        if self.worker["looking"]:
            self.recvqueue.append(self.worker["n"])

    def on_CompareRound(self, _event):
        n = self.worker["n"]
        if n["state"] == "LOOKING" and n["round"] < self.clock:
            self.worker["reply"] = {**self.proposed, "round": None}

    def on_SendReply(self, _event):
        n, reply = self.worker["n"], self.worker["reply"]
        self.worker = None
        if reply is not None:
            clock = self.clock if reply["round"] is None else reply["round"]
            self.send(n["from"], reply, clock, self.state)

    # lookForLeader.

    def initial_proposal(self):
        participant = self.learner_type == "PARTICIPANT"
        return {
            "leader": self.myid if self.myid in self.verifier.voters else LONG_MIN,
            "zxid": self.zxid if participant else LONG_MIN,
            "epoch": self.current_epoch if participant else LONG_MIN,
        }

    def update_proposal(self, vote):
        self.proposed = {key: vote[key] for key in VOTE}

    def send_notifications(self):
        for to in self.voters():
            self.send(to, self.proposed, self.clock, "LOOKING")

    def total_order_predicate(self, new, current):
        if self.verifier.weight(new["leader"]) == 0:
            return False
        order = ("epoch", "zxid", "leader")
        return [new[key] for key in order] > [current[key] for key in order]

    def on_Begin(self, _event):
        self.recvset, self.outofelection, self.vote_set = {}, {}, None
        self.clock = long(self.clock + 1)
        self.update_proposal(self.initial_proposal())
        self.place = "POLL"
        self.send_notifications()

    def on_Handle(self, event):
        n = self.recvqueue.pop(0)
        voters = self.voters()
        if n["from"] not in voters or n["leader"] not in voters:
            return
        if n["state"] == "LOOKING":
            self.looking(n, event["oracleSays"])
        elif n["state"] != "OBSERVING":
            self.decided(n, event["oracleSays"])

    def looking(self, n, oracle_says):
        own = self.initial_proposal()
        if own["zxid"] == -1 or n["zxid"] == -1 or n["round"] < self.clock:
            return
        if n["round"] > self.clock:
            self.clock, self.recvset = n["round"], {}
            self.update_proposal(n if self.total_order_predicate(n, own) else own)
            self.send_notifications()
        elif self.total_order_predicate(n, self.proposed):
            self.update_proposal(n)
            self.send_notifications()
        self.recvset[n["from"]] = {**n, "version": 0}
        own_vote = {**self.proposed, "round": self.clock, "state": "LOOKING", "version": 0}
        self.vote_set = self.tracker(self.recvset, own_vote)
        if self.has_all_quorums(self.vote_set, oracle_says):
            self.place = "FINAL"

    def decided(self, n, oracle_says):
        if n["round"] == self.clock:
            self.recvset[n["from"]] = {**n, "version": 0}
            if self.may_join(n, self.recvset, oracle_says):
                return self.leave_instance(n, n["round"])
        self.outofelection[n["from"]] = n
        if self.may_join(n, self.outofelection, oracle_says):
            self.clock = n["round"]
            return self.leave_instance(n, n["round"])
        alone = self.verifier.kind == "oracle" and self.verifier.need_oracle and not oracle_says
        if n["state"] == "LEADING" and alone:
            self.leave_instance(n, n["round"])

    def may_join(self, n, votes, oracle_says):
        if not self.has_all_quorums(self.tracker(votes, n), oracle_says):
            return False
        if n["leader"] == self.myid:
            return n["round"] == self.clock
        return votes.get(n["leader"], {}).get("state") == "LEADING"

    def tracker(self, votes, vote):
        joint = self.next_verifier is not None and self.next_verifier.version > self.verifier.version
        acks = {sid for sid, other in votes.items() if same_vote(vote, other)}
        return [(qv, acks & qv.voters) for qv in [self.verifier, *([self.next_verifier] if joint else [])]]

    def has_all_quorums(self, tracker, oracle_says):
        return all(qv.contains_quorum(acks, oracle_says) for qv, acks in tracker)

    def on_TimeOut(self, event):
        if event["haveDelivered"]:
            self.send_notifications()
        asks = self.verifier.kind == "oracle" and self.vote_set is not None
        if asks and self.has_all_quorums(self.vote_set, event["oracleSays"]):
            self.leave_instance(self.proposed, self.clock)

    def on_FinalStep(self, _event):
        n = self.recvqueue.pop(0)
        if self.total_order_predicate(n, self.proposed):
            self.recvqueue.append(n)
            self.place = "POLL"

    def on_Silence(self, _event):
        self.place = "SILENT"

    def on_FinalEnd(self, _event):
        self.leave_instance(self.proposed, self.clock)

    def leave_instance(self, vote, clock):
        self.end_vote = {**{key: vote[key] for key in VOTE}, "round": clock}
        self.state, self.recvqueue, self.place = self.role_under(vote["leader"]), [], "DECIDED"

    def on_Publish(self, _event):
        self.current_vote, self.place = dict(self.end_vote), "OUT"


if __name__ == "__main__":
    serve(RightPeer)
