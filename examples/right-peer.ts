/**
 * An example of a subject: Fast Leader Election of ZooKeeper 3.8.0, written from its Java, with its names.
 * Run it: `zabcheck fuzz --subject examples/right-peer.ts`.
 */
import type {
  Notification,
  PeerEpoch,
  PeerInput,
  Proposal,
  Round,
  Sent,
  Sid,
  Subject,
  SubjectPeer,
  Vote,
  Zxid,
} from 'zabcheck';
import { QuorumPeer, voteOf } from './quorum-peer.js';
import { hasAllQuorums, NullPointerException, sameVote, type SyncedLearnerTracker } from './quorum-verifier.js';

const LONG_MIN = -(2n ** 63n);

/** FastLeaderElection, on top of the server around it. */
export class RightPeer extends QuorumPeer implements SubjectPeer {
  take(input: PeerInput): readonly Sent[] {
    this.sendqueue = [];
    try {
      this.run(input);
    } catch (error) {
      if (!(error instanceof NullPointerException)) throw error;
      // QuorumPeer.run: "Unexpected exception"; the election begins again.
      this.state = 'LOOKING';
      this.place = 'ENTER';
    }
    return this.sendqueue;
  }

  protected run(input: PeerInput): void {
    switch (input.type) {
      case 'Begin':
        return this.lookForLeader();
      case 'Receive':
        return this.receive(input.notification);
      case 'TestState':
        return this.testState();
      case 'Enqueue':
        if (this.worker?.looking === true) this.recvqueue.push(this.worker.notification);
        return;
      case 'CompareRound':
        return this.compareRound();
      case 'SendReply':
        return this.sendReply();
      case 'Handle':
        return this.handle(input.oracleSays);
      case 'TimeOut':
        return this.timeOut(input.haveDelivered, input.oracleSays);
      case 'FinalStep':
        return this.finalStep();
      case 'Silence':
        this.place = 'SILENT';
        return;
      case 'FinalEnd':
        return this.leaveInstance({ ...this.proposed, round: this.logicalclock });
      case 'Publish':
        if (this.endVote !== null) this.currentVote = this.endVote;
        this.place = 'OUT';
        return;
      default:
        return this.afterElection(input);
    }
  }

  // WorkerReceiver.run, a step at a time.

  private receive(notification: Notification): void {
    const stranger = !this.validVoter(notification.from);
    this.worker = { notification, looking: false, reply: stranger ? { ...this.currentVote, round: null } : null };
  }

  private testState(): void {
    if (this.worker === null) return;
    if (this.state === 'LOOKING') this.worker.looking = true;
    else if (this.worker.notification.state === 'LOOKING') this.worker.reply = this.currentVote;
    else this.worker = null;
  }

  private compareRound(): void {
    if (this.worker === null) return;
    const { state, round } = this.worker.notification;
    if (state === 'LOOKING' && round < this.logicalclock) this.worker.reply = { ...this.proposed, round: null };
    else this.worker = null;
  }

  private sendReply(): void {
    const { reply = null, notification } = this.worker ?? {};
    this.worker = null;
    if (reply === null || notification === undefined) return;
    this.send(notification.from, { ...reply, round: reply.round ?? this.logicalclock, state: this.state });
  }

  // lookForLeader.

  protected initialProposal(): Proposal {
    const votes = this.quorumVerifier.votingMembers.has(this.myid);
    const participant = this.learnerType === 'PARTICIPANT';
    return {
      leader: votes ? this.myid : (LONG_MIN as Sid),
      zxid: participant ? this.lastProcessedZxid : (LONG_MIN as Zxid),
      epoch: participant ? this.currentEpoch : (LONG_MIN as PeerEpoch),
    };
  }

  private updateProposal({ leader, zxid, epoch }: Proposal): void {
    this.proposed = { leader, zxid, epoch };
  }

  protected totalOrderPredicate(candidate: Proposal, current: Proposal): boolean {
    if (this.quorumVerifier.getWeight(candidate.leader) === 0n) return false;
    if (candidate.epoch !== current.epoch) return candidate.epoch > current.epoch;
    if (candidate.zxid !== current.zxid) return candidate.zxid > current.zxid;
    return candidate.leader > current.leader;
  }

  private lookForLeader(): void {
    this.recvset.clear();
    this.outofelection.clear();
    this.voteSet = null;
    this.logicalclock = BigInt.asIntN(64, this.logicalclock + 1n) as Round;
    this.updateProposal(this.initialProposal());
    this.place = 'POLL';
    this.sendNotifications();
  }

  private handle(oracleSays: boolean): void {
    const n = this.recvqueue.shift();
    if (n === undefined || !this.validVoter(n.from) || !this.validVoter(n.leader)) return;
    if (n.state === 'LOOKING') this.lookingNotification(n, oracleSays);
    else if (n.state !== 'OBSERVING') this.decidedNotification(n, oracleSays);
  }

  private lookingNotification(n: Notification, oracleSays: boolean): void {
    if (this.initialProposal().zxid === -1n || n.zxid === -1n || n.round < this.logicalclock) return;
    if (n.round > this.logicalclock) {
      this.logicalclock = n.round;
      this.recvset.clear();
      this.updateProposal(this.betterOfOwnAnd(n));
      this.sendNotifications();
    } else if (this.totalOrderPredicate(n, this.proposed)) {
      this.updateProposal(n);
      this.sendNotifications();
    }
    this.recvset.set(n.from, voteOf({ ...n, version: 0 }));
    this.voteSet = this.tracker(this.recvset, {
      ...this.proposed,
      round: this.logicalclock,
      state: 'LOOKING',
      version: 0,
    });
    if (hasAllQuorums(this.voteSet, oracleSays)) this.place = 'FINAL';
  }

  /** What a server proposes in a higher round that it has just heard of. */
  protected betterOfOwnAnd(n: Notification): Proposal {
    const own = this.initialProposal();
    return this.totalOrderPredicate(n, own) ? n : own;
  }

  private decidedNotification(n: Notification, oracleSays: boolean): void {
    if (n.round === this.logicalclock) {
      this.recvset.set(n.from, voteOf({ ...n, version: 0 }));
      if (this.mayJoin(n, this.recvset, oracleSays)) return this.leaveInstance(n);
    }
    this.outofelection.set(n.from, voteOf(n));
    if (this.mayJoin(n, this.outofelection, oracleSays)) {
      this.logicalclock = n.round;
      return this.leaveInstance(n);
    }
    const { needOracle } = this.quorumVerifier;
    if (n.state === 'LEADING' && this.quorumVerifier.hasOracle() && needOracle && !oracleSays) this.leaveInstance(n);
  }

  private mayJoin(n: Notification, votes: ReadonlyMap<Sid, Vote>, oracleSays: boolean): boolean {
    if (!hasAllQuorums(this.tracker(votes, n), oracleSays)) return false;
    if (n.leader === this.myid) return n.round === this.logicalclock;
    return votes.get(n.leader)?.state === 'LEADING';
  }

  private tracker(votes: ReadonlyMap<Sid, Vote>, vote: Vote): SyncedLearnerTracker {
    const next = this.lastSeenQuorumVerifier;
    const joint = next !== null && next.config.version > this.quorumVerifier.config.version;
    const verifiers = joint ? [this.quorumVerifier, next] : [this.quorumVerifier];
    const acks = [...votes].filter(([, other]) => sameVote(vote, other)).map(([sid]) => sid);
    return verifiers.map((qv) => ({ qv, ackset: new Set(acks.filter((sid) => qv.votingMembers.has(sid))) }));
  }

  private timeOut(haveDelivered: boolean, oracleSays: boolean): void {
    if (haveDelivered) this.sendNotifications();
    const again = this.quorumVerifier.hasOracle() && this.voteSet !== null && hasAllQuorums(this.voteSet, oracleSays);
    if (again) this.leaveInstance({ ...this.proposed, round: this.logicalclock });
  }

  protected finalStep(): void {
    const n = this.recvqueue.shift();
    if (n === undefined || !this.totalOrderPredicate(n, this.proposed)) return;
    this.recvqueue.push(n);
    this.place = 'POLL';
  }

  private leaveInstance({ leader, zxid, epoch, round }: Proposal & { readonly round: Round }): void {
    this.state = this.roleUnder(leader);
    this.endVote = { leader, zxid, epoch, round };
    this.recvqueue = [];
    this.place = 'DECIDED';
  }
}

/** What the fuzzer takes. */
const subject: Subject = { name: 'right', boot: (settings, disk) => new RightPeer(settings, disk) };
export default subject;
