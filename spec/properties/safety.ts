/** Safety of votes and decisions, beside the invariants; and the names under which both are also known. */
import type { Sid } from '../../types/ids.js';
import { better } from '../order.js';
import { isJointQuorum, validVoter, weight } from '../quorums.js';
import type { Life, Server } from '../state.js';
import { FIXED_CONFIG, LEADER_ASKED, NO_ORACLE, POSITIVE_WEIGHTS, REPORTS_MARKED, ROUNDS_KEPT } from './assumptions.js';
import { exitOf } from './exit.js';
import type { Alias, ServerProperty, StepProperty, VoteProperty } from './property.js';
import { actorOf, compareTriples, isElecting, NO_HELP, ownVote, show } from './terms.js';

export const S1: VoteProperty = {
  kind: 'votes',
  id: 'S1',
  name: 'votes are ordered',
  sentence: 'Among votes for servers of positive weight the order is irreflexive, asymmetric, transitive and total.',
  source: 'FastLeaderElection.totalOrderPredicate (3.8.0); ZOOKEEPER-1419',
  why: 'It compares epoch, zxid and id, each only where those before are equal.',
  assumes: [POSITIVE_WEIGHTS],
  grain: 'any',
  check: (config, votes) => {
    const above = votes.map((a) => votes.map((b) => better(config, a, b) === true));
    for (const [i, a] of votes.entries()) {
      for (const [j, b] of votes.entries()) {
        const same = compareTriples(a, b) === 0;
        if (above[i]?.[j] && (same || above[j]?.[i])) return `${show(a)} and ${show(b)} are each above the other`;
        if (!same && !above[i]?.[j] && !above[j]?.[i]) return `neither of ${show(a)} and ${show(b)} is above the other`;
        const k = votes.findIndex((_, at) => above[i]?.[j] && above[j]?.[at] && !above[i]?.[at]);
        const c = votes[k];
        if (c !== undefined)
          return `${show(a)} is above ${show(b)}, that above ${show(c)}, but not the first above the last`;
      }
    }
    return null;
  },
};

export const S8: VoteProperty = {
  kind: 'votes',
  id: 'S8',
  name: 'weight zero is never adopted',
  sentence: 'A vote for a server of weight zero is above no other vote.',
  source: 'FastLeaderElection.totalOrderPredicate (3.8.0); ZOOKEEPER-491, ZOOKEEPER-498',
  why: 'The order asks for the weight of the candidate first.',
  assumes: [],
  grain: 'any',
  check: (config, votes) => {
    if (config.quorumSystem.kind !== 'hierarchical') return null;
    const { weights } = config.quorumSystem;
    for (const a of votes.filter(({ leader }) => weights.get(leader) === 0n)) {
      const b = votes.find((vote) => better(config, a, vote) === true);
      if (b !== undefined) return `${show(a)}, of weight zero, is above ${show(b)}`;
    }
    return null;
  },
};

export const S8a: ServerProperty = {
  kind: 'server',
  id: 'S8a',
  name: 'nobody proposes another of weight zero',
  sentence: 'An electing server that proposes another server proposes one of positive weight.',
  source: S8.source,
  why: 'Only a better vote is adopted, and such a vote is never better.',
  assumes: [FIXED_CONFIG],
  grain: 'any',
  check: (server) => {
    const { sid, life, membership } = server;
    if (membership.committed.quorumSystem.kind !== 'hierarchical' || !isElecting(life)) return null;
    if (life.prop.leader === ownVote(server).leader || weight(membership.committed, life.prop.leader) !== 0n)
      return null;
    return `server ${sid} proposes ${show(life.prop)}, of weight zero`;
  },
};

export const S3: StepProperty = {
  kind: 'step',
  id: 'S3',
  name: 'the clock rises within a call',
  sentence: 'From Begin until the exit the clock never falls.',
  source: 'FastLeaderElection.lookForLeader (3.8.0): logicalclock.set under n.electionEpoch > logicalclock.get()',
  why: 'Inside the loop only a higher round is taken over; a lower one only with the exit.',
  assumes: [FIXED_CONFIG],
  grain: 'any',
  check: ({ before, after }) => {
    for (const { sid, life } of after.servers.values()) {
      const old = before.servers.get(sid)?.life ?? null;
      if (old === life || !isElecting(old) || !isElecting(life) || life.clk >= old.clk) continue;
      return `the clock of server ${sid} falls from ${old.clk} to ${life.clk}`;
    }
    return null;
  },
};

export const S3r: ServerProperty = {
  kind: 'server',
  id: 'S3r',
  name: 'decisions have a round',
  sentence: 'The round of the vote that a server in a role has published is not negative.',
  source: 'QuorumPeer.startLeaderElection, FastLeaderElection.lookForLeader (3.8.0); ZOOKEEPER-1818',
  why: 'It is the round of an election. Strict only: a server that is decided but has not yet published answers with its first vote, of round −1, which may be joined.',
  assumes: [FIXED_CONFIG, ROUNDS_KEPT],
  grain: 'strict',
  check: ({ sid, life }) =>
    life?.pc === 'OUT' && life.cur.round < 0n ? `server ${sid} has published ${show(life.cur)}` : null,
};

export const S4: ServerProperty = {
  kind: 'server',
  id: 'S4',
  name: 'the proposal tops recvset',
  sentence: 'While a server elects, no LOOKING vote in its recvset is above its proposal.',
  source: 'FastLeaderElection.lookForLeader (3.8.0); ZOOKEEPER-275, ZOOKEEPER-1419',
  why: 'A better vote is adopted before it is recorded, also with a higher round.',
  assumes: [FIXED_CONFIG, POSITIVE_WEIGHTS, REPORTS_MARKED],
  grain: 'any',
  check: ({ sid, life }) => {
    if (!isElecting(life)) return null;
    for (const [from, vote] of life.recvset) {
      if (vote.state !== 'LOOKING' || compareTriples(vote, life.prop) <= 0) continue;
      return `server ${sid} proposes ${show(life.prop)} and holds the better ${show(vote)} of ${from}`;
    }
    return null;
  },
};

export const S5: StepProperty = {
  kind: 'step',
  id: 'S5',
  name: 'joining takes a quorum',
  sentence: 'Whoever joins a leader holds votes for that leader of a quorum, in recvset or in outofelection.',
  source: 'FastLeaderElection.receivedFollowingNotification (3.8.0); ZOOKEEPER-975',
  why: 'Both ways of joining count one map, and no two votes agree that name different leaders (Vote.equals).',
  assumes: [NO_ORACLE],
  grain: 'any',
  check: (step) => {
    const exit = exitOf(step);
    const head = exit?.before.nq[0];
    if (exit?.way !== 'join' || head === undefined) return null;
    const { recvset, ooe, clk } = exit.before;
    const naming = (votes: typeof recvset, counts: boolean): Set<Sid> => {
      const sids = new Set([...votes].filter(([, { leader }]) => leader === exit.end.leader).map(([sid]) => sid));
      if (head.leader !== exit.end.leader || !counts) sids.delete(head.from);
      else sids.add(head.from);
      return sids;
    };
    const sets = [naming(recvset, head.round === clk), naming(ooe, true)];
    if (sets.some((sids) => isJointQuorum(exit.server.membership, sids, NO_HELP))) return null;
    return `server ${exit.sid} joins ${exit.end.leader} on the word of [${sets.map((set) => [...set].join(', ')).join('] and [')}]`;
  },
};

export const S6: StepProperty = {
  kind: 'step',
  id: 'S6',
  name: 'leading on others’ word takes the own round',
  sentence: 'Whoever becomes leader by what decided servers report does so on reports of its present round.',
  source: 'FastLeaderElection.checkLeader (3.8.0); ZOOKEEPER-1514',
  why: 'For itself a server compares its clock with the round of the report.',
  assumes: [NO_ORACLE],
  grain: 'any',
  check: (step) => {
    const exit = exitOf(step);
    if (exit?.way !== 'join' || exit.end.leader !== exit.sid || exit.end.round === exit.before.clk) return null;
    return `server ${exit.sid} in round ${exit.before.clk} becomes leader by ${show(exit.end)}`;
  },
};

export const S7: StepProperty = {
  kind: 'step',
  id: 'S7',
  name: 'leaders are voters',
  sentence: 'A decision names a voter of the committed or of the last proposed configuration.',
  source: 'FastLeaderElection.lookForLeader, validVoter (3.8.0); ZOOKEEPER-2988',
  why: 'Votes for others are not recorded, and no quorum is empty. An oracle can make it so.',
  assumes: [NO_ORACLE, LEADER_ASKED],
  grain: 'any',
  check: (step) => {
    const exit = exitOf(step);
    if (exit === null || validVoter(exit.server.membership, exit.end.leader)) return null;
    return `server ${exit.sid} decides for ${exit.end.leader}, which is no voter`;
  },
};

export const S7v: ServerProperty = {
  kind: 'server',
  id: 'S7v',
  name: 'voters alone are recorded',
  sentence: 'Whoever stands in recvset, in outofelection, or among those counted, is a voter.',
  source: 'FastLeaderElection.lookForLeader, validVoter; SyncedLearnerTracker.addAck (3.8.0); ZOOKEEPER-764',
  why: 'Notifications of others are dropped before they are recorded.',
  assumes: [FIXED_CONFIG],
  grain: 'any',
  check: ({ sid, life, membership }) => {
    if (life === null || life.pc === 'OUT') return null;
    const recorded = [...life.recvset.keys(), ...life.ooe.keys(), ...(life.counted ?? [])];
    const other = recorded.find((from) => !validVoter(membership, from));
    return other === undefined ? null : `server ${sid} has recorded ${other}, which is no voter`;
  },
};

/** All of a decided server that no message may change. */
function fixedPart({ membership, ce, ae }: Server, { st, pc, clk, cur, prop }: Life): string {
  const versions = `${membership.committed.version} ${membership.lastSeen?.version}`;
  return `${st} ${pc} ${clk} ${show(cur)} ${show(prop)} ${versions} ${ce} ${ae}`;
}

/** What a message alone may cause. */
const BY_MESSAGE = new Set(['Receive', 'ConfigGossip', 'TestState', 'Enqueue', 'CompareRound', 'SendReply', 'Handle']);

export const S9: StepProperty = {
  kind: 'step',
  id: 'S9',
  name: 'a message moves no decided server',
  sentence: 'No notification changes state, votes, clock, epochs or configuration of a server that is not LOOKING.',
  source: 'FastLeaderElection.Messenger.WorkerReceiver.run (3.8.0); ZOOKEEPER-2212',
  why: 'Out of an election a notification is answered, and no more.',
  assumes: [],
  grain: 'any',
  check: ({ before, action, after }) => {
    const sid = actorOf(action);
    const [old, now] = sid === null ? [] : [before.servers.get(sid), after.servers.get(sid)];
    if (!BY_MESSAGE.has(action.name) || !old?.life || old.life.st === 'LOOKING' || old === now) return null;
    const kept = now?.life && fixedPart(now, now.life) === fixedPart(old, old.life);
    return kept ? null : `${action.name} changes server ${sid}, which is ${old.life.st}`;
  },
};

export const SAFETY_ALIASES: readonly Alias[] = [
  {
    id: 'S2',
    name: 'decisions rest on a quorum',
    sentence: 'A decision of the finalize wait has matching votes of a quorum, each sent at some time.',
    sameAs: ['I5', 'I6'],
  },
  {
    id: 'S4o',
    name: 'proposals rise from the own vote',
    sentence: 'Within call and round the proposal rises, from the own vote on.',
    sameAs: ['I2', 'I3'],
  },
  {
    id: 'S10',
    name: 'domination',
    sentence: 'A leader that LOOKING votes alone have made was behind none of its electors when they voted.',
    sameAs: ['I6L'],
  },
  {
    id: 'S11',
    name: 'integrity',
    sentence: 'Every LOOKING vote among voters was once the own vote of the named server.',
    sameAs: ['I4', 'I4w'],
  },
  {
    id: 'Q3',
    name: 'one followed leader',
    sentence: 'At any instant at most one server is named by a quorum of decided servers.',
    sameAs: ['I8'],
  },
];
