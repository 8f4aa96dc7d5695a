/**
 * Invariants of the election itself. Bounds of queues in threads (one waiting message per peer, 100 received) belong to
 * the connection manager and are not stated here.
 */
import type { Sid } from '../../types/ids.js';
import { pastOf } from '../history.js';
import { isJointQuorum, isQuorum } from '../quorums.js';
import type { Life, Server } from '../state.js';
import { FIXED_CONFIG, NO_ORACLE, REPORTS_MARKED, ROUNDS_KEPT } from './assumptions.js';
import { exitOf } from './exit.js';
import type { ServerProperty, StateProperty, StepProperty } from './property.js';
import { compareTriples, isElecting, isVoter, NO_HELP, ownVote, sentKey, show, tripleKey } from './terms.js';

/** Who stands in recvset for exactly the proposal, in the present round. */
export function matching(life: Life): readonly Sid[] {
  return [...life.recvset]
    .filter(([, vote]) => vote.round === life.clk && compareTriples(vote, life.prop) === 0)
    .map(([sid]) => sid);
}

export const I1: ServerProperty = {
  kind: 'server',
  id: 'I1',
  name: 'one round in recvset',
  sentence: 'While a server elects, every vote in its recvset has its round.',
  source: 'FastLeaderElection.lookForLeader (3.8.0): recvset.clear() beside logicalclock.set(n.electionEpoch)',
  why: 'Votes enter only with the round of the clock, and where the clock rises the set is cleared.',
  assumes: [],
  grain: 'any',
  check: ({ sid, life }) => {
    if (!isElecting(life)) return null;
    for (const [from, vote] of life.recvset) {
      if (vote.round !== life.clk) return `server ${sid} in round ${life.clk} holds ${show(vote)} of ${from}`;
    }
    return null;
  },
};

export const I2: ServerProperty = {
  kind: 'server',
  id: 'I2',
  name: 'never below the own vote',
  sentence: 'While a server elects, its proposal is not below the vote it began with.',
  source: 'FastLeaderElection.lookForLeader (3.8.0): totalOrderPredicate against getInitId(), getInitLastLoggedZxid()',
  why: 'Begin sets the own vote, a higher round takes the better of own and received, an equal round only rises; zxid and currentEpoch rest while LOOKING.',
  assumes: [FIXED_CONFIG],
  grain: 'any',
  check: (server) => {
    if (!isElecting(server.life) || compareTriples(server.life.prop, ownVote(server)) >= 0) return null;
    return `server ${server.sid} proposes ${show(server.life.prop)}, below its own ${show(ownVote(server))}`;
  },
};

export const I3: StepProperty = {
  kind: 'step',
  id: 'I3',
  name: 'proposals rise',
  sentence: 'Within one call and one round a proposal never falls.',
  source: 'FastLeaderElection.lookForLeader (3.8.0): updateProposal under totalOrderPredicate',
  why: 'In the round of the clock a proposal is replaced by a better one only.',
  assumes: [FIXED_CONFIG],
  grain: 'any',
  check: ({ before, after }) => {
    for (const { sid, life } of after.servers.values()) {
      const old = before.servers.get(sid)?.life ?? null;
      if (old === life || !isElecting(old) || !isElecting(life) || old.clk !== life.clk) continue;
      if (compareTriples(life.prop, old.prop) < 0) {
        return `server ${sid} in round ${life.clk} goes from ${show(old.prop)} down to ${show(life.prop)}`;
      }
    }
    return null;
  },
};

const COPIES = 'Votes are only copied: a proposal is the own vote or that of a notification.';

export const I4: ServerProperty = {
  kind: 'server',
  id: 'I4',
  name: 'integrity of proposals',
  sentence: 'What an electing server proposes was, at some time, the vote with which the named leader began.',
  source: 'FastLeaderElection.lookForLeader (3.8.0): updateProposal(n.leader, n.zxid, n.peerEpoch)',
  why: `${COPIES} Strict only: an answer composed of the published vote while decided, but sent as LOOKING, joins an old zxid to a new epoch (WorkerReceiver reads the state twice).`,
  assumes: [FIXED_CONFIG],
  grain: 'strict',
  check: ({ sid, life, membership }, { initials }) => {
    if (!isElecting(life) || !isVoter(membership.committed, sid) || initials.has(tripleKey(life.prop))) return null;
    return `server ${sid} proposes ${show(life.prop)}, which ${life.prop.leader} never began with`;
  },
};

export const I4w: ServerProperty = {
  kind: 'server',
  id: 'I4w',
  name: 'integrity of leader and zxid',
  sentence: 'The named leader of a proposal began, at some time, with the zxid of the proposal.',
  source: I4.source,
  why: `${COPIES} Only the epoch of a published vote is ever rewritten (QuorumPeer.updateElectionVote, ZOOKEEPER-1732).`,
  assumes: [FIXED_CONFIG],
  grain: 'any',
  check: ({ sid, life, membership }, { initialZxids }) => {
    if (!isElecting(life) || !isVoter(membership.committed, sid)) return null;
    if (initialZxids.has(`${life.prop.leader}|${life.prop.zxid}`)) return null;
    return `server ${sid} proposes ${show(life.prop)}, a zxid that ${life.prop.leader} never began with`;
  },
};

export const I5: ServerProperty = {
  kind: 'server',
  id: 'I5',
  name: 'the finalize wait rests on a quorum',
  sentence:
    'In the finalize wait the votes in recvset for proposal and round contain a quorum (of both configurations).',
  source: 'FastLeaderElection.lookForLeader (3.8.0): voteSet.hasAllQuorums(); SyncedLearnerTracker',
  why: 'It is entered on such a quorum and changes neither proposal nor recvset. The oracle may change its mind.',
  assumes: [NO_ORACLE],
  grain: 'any',
  check: ({ sid, life, membership }) => {
    if (!isElecting(life) || life.pc === 'POLL') return null;
    const agreeing = matching(life);
    if (isJointQuorum(membership, agreeing, NO_HELP)) return null;
    return `server ${sid} waits to finish for ${show(life.prop)} with no more than [${agreeing.join(', ')}]`;
  },
};

export const I6: StepProperty = {
  kind: 'step',
  id: 'I6',
  name: 'a decision was said by a quorum',
  sentence:
    'Whoever decides out of the finalize wait decides what each member of a quorum once sent, in that round, in any state.',
  source: 'FastLeaderElection.lookForLeader (3.8.0), case LOOKING; answers of decided servers count too (Vote.equals)',
  why: 'The quorum in recvset consists of received votes. They need not come from the present life of their senders.',
  assumes: [NO_ORACLE, ROUNDS_KEPT],
  grain: 'any',
  check: (step, { sent }) => {
    const exit = exitOf(step);
    if (exit?.way !== 'final') return null;
    const sayers = matching(exit.before).filter((from) => sent.has(sentKey(from, exit.end)));
    if (isJointQuorum(exit.server.membership, sayers, NO_HELP)) return null;
    return `server ${exit.sid} decides ${show(exit.end)}, said only by [${sayers.join(', ')}]`;
  },
};

export const I6L: StepProperty = {
  kind: 'step',
  id: 'I6L',
  name: 'LOOKING electors were not ahead',
  sentence:
    'Of those that a voter counts for a decision out of the finalize wait, whoever is counted as LOOKING was, at a sending of that vote, not ahead of it.',
  source: 'FastLeaderElection.lookForLeader (3.8.0); zookeeperInternals, "Leader Activation"',
  why: 'A LOOKING server sends its proposal, which is not below its own vote (I2). Not so between the end of a role and Begin, where it answers with an older one; an answer FOLLOWING or LEADING compares nothing; and an observer is told the published vote, even while LOOKING.',
  assumes: [FIXED_CONFIG, REPORTS_MARKED],
  grain: 'strict',
  check: (step, { sentAboveOwn }) => {
    const exit = exitOf(step);
    if (exit?.way !== 'final' || !isVoter(exit.server.membership.committed, exit.sid)) return null;
    const { recvset } = exit.before;
    const ahead = matching(exit.before).find(
      (from) => recvset.get(from)?.state === 'LOOKING' && !sentAboveOwn.has(sentKey(from, exit.end)),
    );
    return ahead === undefined ? null : `server ${exit.sid} decides ${show(exit.end)} with ${ahead}, which was ahead`;
  },
};

export const I7: StepProperty = {
  kind: 'step',
  id: 'I7',
  name: 'no joining without a word from the leader',
  sentence: 'Whoever joins another server read, in this call, a LEADING notification from it (which need not name it).',
  source: 'FastLeaderElection.checkLeader (3.8.0); ZOOKEEPER-159',
  why: 'A join asks for an entry of the leader marked LEADING; both maps are new in each call.',
  assumes: [NO_ORACLE],
  grain: 'any',
  check: (step, history) => {
    const exit = exitOf(step);
    if (exit?.way !== 'join' || exit.end.leader === exit.sid) return null;
    if (pastOf(history, exit.sid).heardLeading.includes(exit.end.leader)) return null;
    return `server ${exit.sid} joins ${exit.end.leader} without a LEADING notification from it`;
  },
};

/** The leader that a server in a role has published. */
const publishedLeader = ({ life }: Server): Sid | null => (life?.pc === 'OUT' ? life.cur.leader : null);

export const I8: StateProperty = {
  kind: 'state',
  id: 'I8',
  name: 'one leader of a quorum',
  sentence: 'At most one server is named by the published votes of a quorum of decided voters.',
  source: 'FastLeaderElection, QuorumPeer.getCurrentVote (3.8.0); QuorumVerifier.containsQuorum',
  why: 'Every server publishes one vote, and two quorums share a server.',
  assumes: [NO_ORACLE, FIXED_CONFIG],
  grain: 'any',
  check: ({ servers }) => {
    const supporters = new Map<Sid, Server[]>();
    for (const server of servers.values()) {
      const leader = publishedLeader(server);
      if (leader !== null) supporters.set(leader, [...(supporters.get(leader) ?? []), server]);
    }
    if (supporters.size < 2) return null;
    const strong = [...supporters].filter(([, those]) => formQuorum(those)).map(([sid]) => sid);
    return strong.length > 1 ? `servers ${strong.join(' and ')} are each named by a quorum` : null;
  },
};

/** By the configuration of one of them. */
function formQuorum(servers: readonly Server[]): boolean {
  const sids = servers.map(({ sid }) => sid);
  return servers.some(({ membership }) => isQuorum(membership.committed, sids, NO_HELP));
}

export const I10: ServerProperty = {
  kind: 'server',
  id: 'I10',
  name: 'role, vote and clock agree',
  sentence:
    'A server in a role leads if and only if its published vote names it, and its clock is the round of that vote.',
  source: 'FastLeaderElection.setPeerState, lookForLeader (3.8.0)',
  why: 'One exit sets state and vote from the same notification or proposal; where the round is another one the clock follows. A reconfiguration or the oracle sets one without the other.',
  assumes: [NO_ORACLE, FIXED_CONFIG, ROUNDS_KEPT],
  grain: 'any',
  check: ({ sid, life }) => {
    if (life?.pc !== 'OUT') return null;
    if ((life.st === 'LEADING') !== (life.cur.leader === sid))
      return `server ${sid} is ${life.st} with ${show(life.cur)}`;
    return life.clk === life.cur.round ? null : `server ${sid} has clock ${life.clk} and ${show(life.cur)}`;
  },
};

export const I12: StepProperty = {
  kind: 'step',
  id: 'I12',
  name: 'an exit empties recvqueue',
  sentence:
    'The step that ends an election leaves recvqueue empty (though a notification may be put there after it, and be found by the next Begin).',
  source: 'FastLeaderElection.leaveInstance (3.8.0)',
  why: 'Every exit with a vote clears the queue; Begin does not.',
  assumes: [],
  grain: 'any',
  check: (step) => {
    const exit = exitOf(step);
    return exit === null || exit.after.nq.length === 0 ? null : `server ${exit.sid} leaves with notifications waiting`;
  },
};
