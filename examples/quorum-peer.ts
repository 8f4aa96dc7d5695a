/** The server around the election of the example: QuorumPeer of ZooKeeper 3.8.0, as far as a test can see it. */
import type {
  LearnerType,
  Membership,
  Notification,
  PeerDisk,
  PeerEpoch,
  PeerInput,
  PeerSettings,
  PeerView,
  Place,
  Proposal,
  Round,
  Sent,
  ServerState,
  Sid,
  Vote,
  Zxid,
} from 'zabcheck';
import { QuorumVerifier, type SyncedLearnerTracker } from './quorum-verifier.js';

const CURRENT_VERSION = 2;

export function voteOf({ leader, zxid, epoch, round, state, version }: Vote): Vote {
  return { leader, zxid, epoch, round, state, version };
}

/** What WorkerReceiver holds between its steps: a message, and once it is decided to answer, the vote to answer with. */
export interface WorkerReceiver {
  readonly notification: Notification;
  looking: boolean;
  reply: (Proposal & { readonly round: Round | null }) | null;
}

export class QuorumPeer {
  readonly myid: Sid;
  learnerType: LearnerType;
  membership: Membership;
  quorumVerifier: QuorumVerifier;
  lastSeenQuorumVerifier: QuorumVerifier | null;

  lastProcessedZxid: Zxid;
  currentEpoch: PeerEpoch;
  acceptedEpoch: PeerEpoch;

  state: ServerState = 'LOOKING';
  place: Place = 'ENTER';
  currentVote: Proposal & { readonly round: Round };
  endVote: (Proposal & { readonly round: Round }) | null = null;

  logicalclock = 0n as Round;
  proposed: Proposal = { leader: -1n as Sid, zxid: -1n as Zxid, epoch: 0n as PeerEpoch };
  recvqueue: Notification[] = [];
  recvset = new Map<Sid, Vote>();
  outofelection = new Map<Sid, Vote>();
  voteSet: SyncedLearnerTracker | null = null;
  worker: WorkerReceiver | null = null;
  /** What the input at hand has made this peer send. */
  sendqueue: Sent[] = [];

  constructor({ sid, learnerType, membership }: PeerSettings, disk: PeerDisk) {
    this.myid = sid;
    this.learnerType = learnerType;
    this.membership = membership;
    this.quorumVerifier = new QuorumVerifier(membership.committed);
    this.lastSeenQuorumVerifier = membership.lastSeen === null ? null : new QuorumVerifier(membership.lastSeen);
    this.lastProcessedZxid = disk.zxid;
    this.currentEpoch = disk.currentEpoch;
    this.acceptedEpoch = disk.acceptedEpoch;
    this.currentVote = this.startVote();
  }

  view(): PeerView {
    const electing = this.place === 'POLL' || this.place === 'FINAL' || this.place === 'SILENT';
    return {
      state: this.state,
      round: this.logicalclock,
      proposal: this.proposed,
      vote: this.currentVote,
      zxid: this.lastProcessedZxid,
      currentEpoch: this.currentEpoch,
      acceptedEpoch: this.acceptedEpoch,
      place: this.place,
      queue: [...this.recvqueue],
      recvset: electing ? new Map(this.recvset) : new Map(),
      outofelection: electing ? new Map(this.outofelection) : new Map(),
    };
  }

  /** Everything that FastLeaderElection does not do itself. */
  protected afterElection(input: PeerInput): void {
    switch (input.type) {
      case 'Leave':
        this.state = input.reconfigured ? this.roleUnder(this.currentVote.leader) : 'LOOKING';
        this.place = input.reconfigured ? 'OUT' : 'ENTER';
        return;
      case 'ProposeEpoch':
      case 'AcceptEpoch':
        this.acceptedEpoch = input.epoch;
        return;
      case 'CommitEpoch':
        this.currentEpoch = this.acceptedEpoch;
        return;
      case 'Synchronize':
        this.lastProcessedZxid = input.zxid;
        this.currentEpoch = input.epoch;
        return;
      case 'Establish':
        this.currentVote = { ...this.currentVote, epoch: this.currentEpoch };
        this.lastProcessedZxid = BigInt.asIntN(64, this.currentEpoch << 32n) as Zxid;
        return;
      case 'UpToDate':
        this.currentVote = { ...this.currentVote, epoch: input.epoch };
        return;
      case 'Write':
        this.lastProcessedZxid = input.zxid;
        return;
      case 'CountFollowers':
        this.quorumVerifier.needOracle = input.none && this.quorumVerifier.votingMembers.size === 2;
        return;
      case 'Configure':
        return this.configure(input.settings);
      case 'RestartElection':
        return this.startLeaderElection();
      case 'UpdateVote':
        if (input.leader === this.currentVote.leader) return;
        this.currentVote = { leader: input.leader, zxid: input.zxid, round: -1n as Round, epoch: -1n as PeerEpoch };
        return;
    }
  }

  private configure({ learnerType, membership }: PeerSettings): void {
    const { committed, lastSeen } = membership;
    if (committed !== this.membership.committed) this.quorumVerifier = new QuorumVerifier(committed);
    if (lastSeen !== this.membership.lastSeen) {
      this.lastSeenQuorumVerifier = lastSeen === null ? null : new QuorumVerifier(lastSeen);
    }
    this.learnerType = learnerType;
    this.membership = membership;
  }

  private startLeaderElection(): void {
    this.logicalclock = 0n as Round;
    this.proposed = { leader: -1n as Sid, zxid: -1n as Zxid, epoch: 0n as PeerEpoch };
    this.recvqueue = [];
    this.worker = null;
    if (this.state !== 'LOOKING') return;
    this.currentVote = this.startVote();
    this.place = 'ENTER';
  }

  private startVote(): Proposal & { readonly round: Round } {
    return { leader: this.myid, zxid: this.lastProcessedZxid, round: -1n as Round, epoch: this.currentEpoch };
  }

  protected roleUnder(leader: Sid): ServerState {
    if (leader === this.myid) return 'LEADING';
    return this.learnerType === 'PARTICIPANT' ? 'FOLLOWING' : 'OBSERVING';
  }

  protected send(to: Sid, vote: Omit<Vote, 'version'>): void {
    const configVersion = this.quorumVerifier.config.version;
    this.sendqueue.push({ to, message: { ...voteOf({ ...vote, version: CURRENT_VERSION }), configVersion } });
  }

  protected sendNotifications(): void {
    for (const to of this.voters()) {
      this.send(to, { ...this.proposed, round: this.logicalclock, state: 'LOOKING' });
    }
  }

  private voters(): readonly Sid[] {
    const next = this.lastSeenQuorumVerifier?.votingMembers ?? [];
    return [...new Set([...this.quorumVerifier.votingMembers, ...next])].sort((a, b) => (a < b ? -1 : 1));
  }

  protected validVoter(sid: Sid): boolean {
    return this.voters().includes(sid);
  }
}
