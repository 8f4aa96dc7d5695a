"""Subtly wrong: it prefers the newer history (zxid) before the newer epoch. ZooKeeper compares epochs first.

Three servers that start together never show it. zabcheck fuzz --exec 'python3 examples/python/wrong_peer.py' does.
"""

from quorum_peer import serve
from right_peer import RightPeer


class WrongPeer(RightPeer):
    def total_order_predicate(self, new, current):
        if self.verifier.weight(new["leader"]) == 0:
            return False
        order = ("zxid", "epoch", "leader")
        return [new[key] for key in order] > [current[key] for key in order]


if __name__ == "__main__":
    serve(WrongPeer)
