/**
 * Single false statements put into recorded logs. `proof` argues from the other lines of the same server why no
 * execution can print the altered log; `names` is what the first sentence of the report must name.
 */
export interface DoctoredCase {
  readonly title: string;
  /** `scenario/level/server-N` */
  readonly log: string;
  /** The one line that is altered: the `nth` (from 1) that contains the text. */
  readonly at: { readonly contains: string; readonly nth: number };
  readonly edit:
    | { readonly kind: 'replace'; readonly from: string; readonly to: string }
    | { readonly kind: 'insertBefore'; readonly message: string }
    | { readonly kind: 'remove' };
  readonly proof: string;
  readonly names: RegExp;
}

const OWN = 'n.sid:1, n.state:LOOKING';
const CRASH_1 = 'leader-crash/info/server-1';
const CRASH_1_DEBUG = 'leader-crash/debug/server-1';
const RESTART_1_DEBUG = 'follower-restart/debug/server-1';

export const PROVABLE: readonly DoctoredCase[] = [
  {
    title: 'a proposed zxid that its own notification contradicts',
    log: CRASH_1,
    at: { contains: OWN, nth: 1 },
    edit: { kind: 'replace', from: 'n.zxid:0x0', to: 'n.zxid:0x7' },
    proof: 'New election said zxid 0x0, and the first own vote of a round is the proposal of New election',
    names: /own notification.*n\.zxid:0x7 where it must be 0x0/,
  },
  {
    title: 'a proposed zxid that its database contradicts',
    log: CRASH_1,
    at: { contains: 'New election. My id = 1', nth: 1 },
    edit: { kind: 'replace', from: 'zxid=0x0', to: 'zxid=0x5' },
    proof: 'the snapshot loaded a moment before has highest zxid 0x0, and the own notification repeats 0x0',
    names: /New election proposes zxid 0x5, but this server's last zxid is 0x0/,
  },
  {
    title: 'an own notification for a vote that it cannot have had',
    log: CRASH_1,
    at: { contains: OWN, nth: 1 },
    edit: { kind: 'replace', from: 'n.leader:1', to: 'n.leader:4' },
    proof: 'the first vote of a round is for oneself',
    names: /own notification.*n\.leader:4 where it must be 1/,
  },
  {
    title: 'an own notification of a change of mind that nobody caused',
    log: 'leader-crash/info/server-4',
    at: { contains: 'n.sid:4, n.state:LOOKING, n.leader:4', nth: 1 },
    edit: { kind: 'replace', from: 'n.leader:4', to: 'n.leader:3' },
    proof: 'every vote heard is equal in epoch and zxid and for an id of at most 4: none is better than its own',
    names: /own notification.*n\.leader:3 where it must be 4/,
  },
  {
    title: 'LEADING where no vote for itself was possible',
    log: CRASH_1,
    at: { contains: 'Peer state changed: following', nth: 1 },
    edit: { kind: 'replace', from: 'changed: following', to: 'changed: leading' },
    proof: 'its last own vote is for 4 and nobody ever voted for 1; three of four would have to',
    names: /says LEADING, but this server's decision \(leader 4.*makes it FOLLOWING/,
  },
  {
    title: 'FOLLOWING where every possible decision was for itself',
    log: 'leader-crash/info/server-4',
    at: { contains: 'Peer state changed: leading', nth: 1 },
    edit: { kind: 'replace', from: 'changed: leading', to: 'changed: following' },
    proof: 'its own votes are for 4 and no server reports another leader',
    names: /says FOLLOWING, but this server's decision \(leader 4.*makes it LEADING/,
  },
  {
    title: 'a role entered when no received votes could form a quorum',
    log: CRASH_1,
    at: { contains: OWN, nth: 2 },
    edit: { kind: 'insertBefore', message: 'QuorumPeer@903] - Peer state changed: following' },
    proof: 'until then it heard only server 2 and itself; a quorum of four voters is three',
    names: /FOLLOWING without a quorum/,
  },
  {
    title: 'a back-off neither doubled nor capped',
    log: CRASH_1,
    at: { contains: 'n.sid:2, n.state:LOOKING, n.leader:4', nth: 1 },
    edit: { kind: 'insertBefore', message: 'FastLeaderElection@996] - Notification time out: 700 ms' },
    proof: 'the first time-out of a round prints 400, twice the first wait of 200 ms',
    names: /back-off is neither doubled nor capped: the line says 700 ms where 400 ms must follow/,
  },
  {
    title: 'LOOKING without a new election: something else follows',
    log: CRASH_1,
    at: { contains: 'New election. My id = 1', nth: 2 },
    edit: { kind: 'insertBefore', message: 'FastLeaderElection@996] - Notification time out: 400 ms' },
    proof: 'the same thread prints New election as the first line of a round',
    names: /without a new election/,
  },
  {
    title: 'LOOKING without a new election: the line is gone',
    log: CRASH_1,
    at: { contains: 'New election. My id = 1', nth: 2 },
    edit: { kind: 'remove' },
    proof: 'its own vote of round 2 is printed, and a vote is sent after New election only',
    names: /without a new election/,
  },
  {
    title: 'a round that does not follow from the last',
    log: CRASH_1,
    at: { contains: OWN + ', n.leader:1, n.round:0x2', nth: 1 },
    edit: { kind: 'replace', from: 'n.round:0x2', to: 'n.round:0x5' },
    proof: 'the clock was 1 when it left the first election, and a new election adds one',
    names: /own notification.*n\.round:0x5 where it must be 0x2/,
  },
  {
    title: 'my state that was not its state',
    log: CRASH_1,
    at: { contains: OWN, nth: 2 },
    edit: { kind: 'replace', from: 'my state:LOOKING', to: 'my state:FOLLOWING' },
    proof: 'Peer state changed: following is printed later, inside the lock that the reader takes',
    names: /my state:FOLLOWING, but .* the state was LOOKING/,
  },
  {
    title: 'a role line that contradicts the decision',
    log: CRASH_1,
    at: { contains: '- FOLLOWING', nth: 1 },
    edit: { kind: 'replace', from: '- FOLLOWING', to: '- LEADING' },
    proof: 'Peer state changed: following stands above it, in the same thread',
    names: /"LEADING" where "FOLLOWING" must stand/,
  },
  {
    title: 'a decision taken twice',
    log: CRASH_1,
    at: { contains: 'following - discovery', nth: 1 },
    edit: { kind: 'insertBefore', message: 'QuorumPeer@903] - Peer state changed: following' },
    proof: 'it is FOLLOWING already and has not looked for a leader since',
    names: /"Peer state changed: following" needs a decision/,
  },
  {
    title: 'DEBUG: a send that no step makes',
    log: RESTART_1_DEBUG,
    at: { contains: 'Adding vote: from=1, proposed leader=1', nth: 1 },
    edit: {
      kind: 'insertBefore',
      message:
        'FastLeaderElection@700] - Sending Notification: 1 (n.leader), 0x0 (n.zxid), 0x1 (n.round), 2 (recipient), 1 (myid), 0x0 (n.peerEpoch) ',
    },
    proof: 'the main loop has just compared its own vote and found it not better: it adds it and sends nothing',
    names: /Sending Notification/,
  },
  {
    title: 'DEBUG: a send of another vote',
    log: RESTART_1_DEBUG,
    at: { contains: 'Sending Notification: 3 (n.leader)', nth: 2 },
    edit: { kind: 'replace', from: '3 (n.leader)', to: '2 (n.leader)' },
    proof: 'the proposal was updated to 3, and one broadcast carries one vote',
    names: /"Sending Notification" of leader 2.* where "Sending Notification" of leader 3/,
  },
  {
    title: 'DEBUG: an added vote that no step makes',
    log: RESTART_1_DEBUG,
    at: { contains: 'Adding vote: from=2, proposed leader=3', nth: 1 },
    edit: { kind: 'replace', from: 'from=2', to: 'from=3' },
    proof: 'of the two votes in the queue that of server 2 came first, and it is the one just compared and adopted',
    names: /"Adding vote: from=3.*where "Adding vote: from=2/,
  },
  {
    title: 'DEBUG: a vote added that was never received',
    log: CRASH_1_DEBUG,
    at: { contains: 'New election. My id = 1', nth: 1 },
    edit: {
      kind: 'insertBefore',
      message:
        'FastLeaderElection@1030] - Adding vote: from=4, proposed leader=4, proposed zxid=0x0, proposed election epoch=0x1',
    },
    proof: 'the election has not begun',
    names: /Adding vote: from=4/,
  },
  {
    title: 'DEBUG: a proposal that no step makes',
    log: RESTART_1_DEBUG,
    at: { contains: 'Updating proposal: 3 (newleader)', nth: 1 },
    edit: { kind: 'replace', from: '3 (newleader)', to: '2 (newleader)' },
    proof: 'the vote just compared is for 3, and that is what the sends carry',
    names: /"Updating proposal: 2.*where "Updating proposal: 3/,
  },
  {
    title: 'DEBUG: a comparison with a proposal that it did not have',
    log: RESTART_1_DEBUG,
    at: { contains: 'id: 3, proposed id: 3', nth: 1 },
    edit: { kind: 'replace', from: 'proposed id: 3', to: 'proposed id: 1' },
    proof: 'Updating proposal to 3 stands above it and no other proposal since',
    names: /proposed id: 1.*where .*proposed id: 3/,
  },
  {
    title: 'DEBUG: an answer that no step makes',
    log: CRASH_1_DEBUG,
    at: { contains: 'Sending new notification. My id =1', nth: 1 },
    edit: { kind: 'replace', from: 'leader=3', to: 'leader=2' },
    proof: 'it follows 3, and answers carry the published vote',
    names: /"Sending new notification".*leader 2.*where .*leader 3/,
  },
];

/** Alterations that one server's INFO log cannot disprove, with the reason. They must not be called false. */
export const UNDECIDABLE: readonly Omit<DoctoredCase, 'names'>[] = [
  {
    title: 'what another server sent',
    log: CRASH_1,
    at: { contains: 'my state:FOLLOWING; n.sid:4', nth: 1 },
    edit: { kind: 'replace', from: 'n.zxid:0x0', to: 'n.zxid:0x99' },
    proof: 'a received vote is an input: only its sender can tell what was sent',
  },
  {
    title: 'a better vote printed just before the decision',
    log: CRASH_1,
    at: { contains: 'n.sid:3, n.state:LOOKING, n.leader:4', nth: 1 },
    edit: { kind: 'replace', from: 'n.peerEpoch:0x0', to: 'n.peerEpoch:0x5' },
    proof: 'it may have arrived when the final wait was over, and was then wiped with the queue',
  },
  {
    title: 'the peer epoch after a restart',
    log: 'follower-restart/info/server-1',
    at: { contains: 'n.sid:1, n.state:LOOKING, n.leader:1, n.round:0x1, n.peerEpoch:0x1', nth: 1 },
    edit: { kind: 'replace', from: 'n.peerEpoch:0x1', to: 'n.peerEpoch:0x3' },
    proof: 'NEWLEADER was received before, and its line does not say which epoch',
  },
  {
    title: 'a time that is hours away',
    log: CRASH_1,
    at: { contains: 'New election. My id = 1', nth: 2 },
    edit: { kind: 'replace', from: '2026-11-23', to: '2026-11-24' },
    proof: 'clocks are not trusted: order comes from the order of lines',
  },
  {
    title: 'a notification that was lost',
    log: CRASH_1,
    at: { contains: 'my state:FOLLOWING; n.sid:4', nth: 2 },
    edit: { kind: 'remove' },
    proof: 'the network may lose any message but the newest',
  },
  {
    title: 'a configuration version',
    log: CRASH_1,
    at: { contains: OWN, nth: 1 },
    edit: { kind: 'replace', from: 'n.config version:0x0', to: 'n.config version:0x100' },
    proof: 'no line at INFO tells which configuration version the server has',
  },
];
