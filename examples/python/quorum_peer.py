"""The server around an election, and the JSON lines by which `zabcheck fuzz --exec` drives it.

One process is one server. Each line on standard input is a request, each is answered with one line on standard output.
64-bit numbers are decimal strings. Names are those of ZooKeeper 3.8.0.
"""

import json
import sys

VOTE = ("leader", "zxid", "epoch")


def long(value):
    """Java's long: 64 bits, wrapping around."""
    return (value + 2**63) % 2**64 - 2**63


def numbers(message):
    """A vote of a request, with its 64-bit fields as numbers."""
    return {key: value if key in ("state", "version") else int(value) for key, value in message.items()}


def strings(value):
    """The same for an answer: every number but the format version as a string."""
    if isinstance(value, dict):
        return {key: item if key in ("version", "id") else strings(item) for key, item in value.items()}
    if isinstance(value, list):
        return [strings(item) for item in value]
    return str(value) if isinstance(value, int) else value


class NullPointerException(Exception):
    """Where Java unboxes a weight that is not there."""


class QuorumVerifier:
    """QuorumMaj, QuorumHierarchical or QuorumOracleMaj."""

    def __init__(self, config):
        self.version = int(config["version"])
        self.voters = {int(sid) for sid in config["voters"]}
        self.kind = config["quorums"]["kind"]
        self.groups = {int(sid): group for sid, group in config["quorums"].get("groups", [])}
        self.weights = {int(sid): int(weight) for sid, weight in config["quorums"].get("weights", [])}
        self.need_oracle = True

    def weight(self, sid):
        if self.kind != "hierarchical":
            return 1
        if sid not in self.weights and sid not in self.voters:
            raise NullPointerException(sid)
        return self.weights.get(sid, 1)

    def contains_quorum(self, acks, oracle_says):
        if self.kind == "hierarchical":
            return self.majority_of_groups(acks)
        if len(acks) > len(self.voters) // 2:
            return True
        return self.kind == "oracle" and len(self.voters) <= 2 and self.need_oracle and oracle_says

    def majority_of_groups(self, acks):
        total, acked = {}, {}
        for sid, group in self.groups.items():
            total[group] = total.get(group, 0) + self.weight(sid)
            if sid in acks:
                acked[group] = acked.get(group, 0) + self.weight(sid)
        groups = sum(1 for weight in total.values() if weight != 0)
        return sum(1 for group in acked if acked[group] > total[group] // 2) > groups // 2


class QuorumPeer:
    """What happens to a server besides its election: discovery, synchronisation, reconfiguration."""

    def __init__(self, settings, disk):
        self.myid = int(settings["sid"])
        self.verifier = self.next_verifier = None
        self.configure(settings, True, True)
        self.zxid, self.current_epoch = int(disk["zxid"]), int(disk["currentEpoch"])
        self.accepted_epoch = int(disk["acceptedEpoch"])
        self.state, self.place, self.end_vote = "LOOKING", "ENTER", None
        self.start_leader_election()

    def configure(self, settings, new_committed, new_last_seen):
        self.learner_type = settings["learnerType"]
        if new_committed:
            self.verifier = QuorumVerifier(settings["committed"])
        if new_last_seen:
            last_seen = settings["lastSeen"]
            self.next_verifier = None if last_seen is None else QuorumVerifier(last_seen)

    def start_leader_election(self):
        self.clock, self.recvqueue, self.worker, self.sent = 0, [], None, []
        self.proposed = {"leader": -1, "zxid": -1, "epoch": 0}
        self.recvset, self.outofelection, self.vote_set = {}, {}, None
        if self.state == "LOOKING":
            self.current_vote = {"leader": self.myid, "zxid": self.zxid, "epoch": self.current_epoch, "round": -1}
            self.place = "ENTER"

    def voters(self):
        return sorted(self.verifier.voters | (self.next_verifier.voters if self.next_verifier else set()))

    def role_under(self, leader):
        if leader == self.myid:
            return "LEADING"
        return "FOLLOWING" if self.learner_type == "PARTICIPANT" else "OBSERVING"

    def send(self, to, vote, clock, state):
        message = {**{key: vote[key] for key in VOTE}, "round": clock, "state": state, "version": 2}
        self.sent.append({"to": to, "message": {**message, "configVersion": self.verifier.version}})

    # One method for each event that is not the election's.

    def on_Leave(self, event):
        again = event["reconfigured"]
        self.state = self.role_under(self.current_vote["leader"]) if again else "LOOKING"
        self.place = "OUT" if again else "ENTER"

    def on_ProposeEpoch(self, event):
        self.accepted_epoch = int(event["epoch"])

    on_AcceptEpoch = on_ProposeEpoch

    def on_CommitEpoch(self, _event):
        self.current_epoch = self.accepted_epoch

    def on_Synchronize(self, event):
        self.zxid, self.current_epoch = int(event["zxid"]), int(event["epoch"])

    def on_Establish(self, _event):
        self.current_vote["epoch"] = self.current_epoch
        self.zxid = long(self.current_epoch << 32)

    def on_UpToDate(self, event):
        self.current_vote["epoch"] = int(event["epoch"])

    def on_Write(self, event):
        self.zxid = int(event["zxid"])

    def on_CountFollowers(self, event):
        self.verifier.need_oracle = event["none"] and len(self.verifier.voters) == 2

    def on_Configure(self, event):
        self.configure(event["settings"], event["newCommitted"], event["newLastSeen"])

    def on_RestartElection(self, _event):
        self.start_leader_election()

    def on_UpdateVote(self, event):
        if int(event["leader"]) != self.current_vote["leader"]:
            self.current_vote = {"leader": int(event["leader"]), "zxid": int(event["zxid"]), "round": -1, "epoch": -1}

    def view(self):
        return {
            "state": self.state,
            "round": self.clock,
            "proposal": self.proposed,
            "vote": {key: self.current_vote[key] for key in (*VOTE, "round")},
            "zxid": self.zxid,
            "currentEpoch": self.current_epoch,
            "acceptedEpoch": self.accepted_epoch,
            "place": self.place,
        }


def serve(peer_class):
    """Answers requests until standard input ends."""
    peer = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["type"] == "boot":
            peer = peer_class(request["settings"], request["disk"])
        else:
            peer.take(request)
        answer = {"id": request["id"], "sent": peer.sent, "view": peer.view()}
        print(json.dumps(strings(answer), separators=(",", ":")), flush=True)
