/** False claims of what a decision means. */
import type { Sid } from '../../types/ids.js';
import type { StepTaken } from '../history.js';
import { better } from '../order.js';
import { isJointQuorum } from '../quorums.js';
import type { Life, Server, State } from '../state.js';
import { exitOf, type Exit } from './exit.js';
import type { FalseClaim } from './false-claim.js';
import { actorOf, compareHistories, isElecting, isVoter, NO_HELP, ownVote, supported } from './terms.js';

/** The actor, if the step made it LEADING. */
function newLeader({ before, action, after }: StepTaken): Server | null {
  const sid = actorOf(action);
  if (sid === null) return null;
  const server = after.servers.get(sid);
  if (server?.life?.st !== 'LEADING' || before.servers.get(sid)?.life?.st === 'LEADING') return null;
  return server;
}

const roundOf = (life: Life): bigint => (life.end ?? life.cur).round;

function otherLeaders(state: State, sid: Sid): readonly Life[] {
  const others = [...state.servers.values()].filter((server) => server.sid !== sid);
  return others.map(({ life }) => life).filter((life): life is Life => life?.st === 'LEADING');
}

function finalExit(step: StepTaken): Exit | null {
  const exit = exitOf(step);
  return exit?.way === 'final' ? exit : null;
}

export const W1: FalseClaim = {
  id: 'W1',
  claim: 'At most one server is LEADING.',
  tempting: 'The purpose of an election.',
  whyFalse:
    'A leader whose supporters have moved on, or that has not noticed its loss, stays LEADING until it times out.',
  grain: 'any',
  witness: (step) => {
    const leader = newLeader(step);
    return leader !== null && otherLeaders(step.after, leader.sid).length > 0;
  },
};

export const W2: FalseClaim = {
  id: 'W2',
  claim: 'At most one server is LEADING in one round.',
  tempting: 'Rounds look like the terms of other protocols, in which a voter votes once.',
  whyFalse: 'A vote is no promise: one server may help two to a quorum, one after the other, without any failure.',
  grain: 'any',
  witness: (step) => {
    const life = newLeader(step)?.life;
    if (!life) return false;
    const sid = (life.end ?? life.cur).leader;
    return otherLeaders(step.after, sid).some((other) => roundOf(other) === roundOf(life));
  },
};

export const W3: FalseClaim = {
  id: 'W3',
  claim: 'Whoever is followed is, or once was, LEADING.',
  tempting: 'Joining asks for a word of the leader.',
  whyFalse: 'The finalize wait does not: the elected may decide later, otherwise, or crash before.',
  grain: 'any',
  witness: (step, { everLeading }) => {
    const exit = exitOf(step);
    return exit !== null && exit.end.leader !== exit.sid && !everLeading.has(String(exit.end.leader));
  },
};

export const W4: FalseClaim = {
  id: 'W4',
  claim: 'The elected has the best vote of all voters that take part.',
  tempting: 'Everybody turns to the better vote.',
  whyFalse: 'A vote that has not arrived when the finalize wait ends counts for nothing.',
  grain: 'any',
  witness: (step) => {
    const exit = finalExit(step);
    if (exit === null) return false;
    const { committed } = exit.server.membership;
    return [...step.after.servers.values()].some(
      (server) =>
        isElecting(server.life) &&
        isVoter(committed, server.sid) &&
        better(committed, ownVote(server), exit.end) === true,
    );
  },
};

export const W5: FalseClaim = {
  id: 'W5',
  claim: 'When the finalize wait ends, a quorum supports the winner.',
  tempting: 'A quorum said so.',
  whyFalse: 'Those counted may have turned to a better vote since (ZOOKEEPER-3109).',
  grain: 'any',
  witness: (step) => {
    const exit = finalExit(step);
    if (exit === null) return false;
    const supporters = [...step.after.servers.values()].filter(({ life }) => supported(life) === exit.end.leader);
    return !isJointQuorum(
      exit.server.membership,
      supporters.map(({ sid }) => sid),
      NO_HELP,
    );
  },
};

export const W6: FalseClaim = {
  id: 'W6',
  claim: 'Whoever elects itself has its own vote in recvset.',
  tempting: 'The own vote counts, and here it is the one that wins.',
  whyFalse: 'It counts when the own copy has passed all queues; two others may be a quorum before.',
  grain: 'any',
  witness: (step) => {
    const exit = finalExit(step);
    if (exit === null || exit.end.leader !== exit.sid) return false;
    return exit.before.recvset.get(exit.sid)?.leader !== exit.sid;
  },
};

export const W7: FalseClaim = {
  id: 'W7',
  claim: 'Whoever becomes leader is not behind a quorum of voters.',
  tempting: 'Votes are ordered by history.',
  whyFalse:
    'Answers of decided servers compare no histories: one that restarts with a shorter log, in the round of its old election, leads again on the word of followers that have not noticed.',
  grain: 'any',
  witness: (step) => {
    const leader = newLeader(step);
    if (leader === null) return false;
    const behind = [...step.after.servers.values()].filter((server) => compareHistories(server, leader) <= 0);
    return !isJointQuorum(
      leader.membership,
      behind.map(({ sid }) => sid),
      NO_HELP,
    );
  },
};

export const W16: FalseClaim = {
  id: 'W16',
  claim: 'A vote in recvset is what its sender, if in the same round, proposes now.',
  tempting: 'A sender announces every change.',
  whyFalse: 'The announcement travels, and may be overtaken by an older copy or lost.',
  grain: 'any',
  witness: ({ action, after }) => {
    const sid = actorOf(action);
    const life = sid === null ? null : (after.servers.get(sid)?.life ?? null);
    if (!isElecting(life)) return false;
    return [...life.recvset].some(([from, vote]) => {
      const other = after.servers.get(from)?.life ?? null;
      return isElecting(other) && other.clk === life.clk && other.prop.leader !== vote.leader;
    });
  },
};

export const W18: FalseClaim = {
  id: 'W18',
  claim: 'Members of one ensemble agree on zxid and round of their vote.',
  tempting: 'They follow the same leader, out of the same election.',
  whyFalse:
    'Whoever joins copies a report; the leader may since have been elected again. Only id and epoch converge (ZOOKEEPER-1732).',
  grain: 'any',
  witness: ({ action, after }) => {
    const sid = actorOf(action);
    const life = sid === null ? null : (after.servers.get(sid)?.life ?? null);
    if (life?.pc !== 'OUT') return false;
    const leader = after.servers.get(life.cur.leader)?.life;
    if (leader?.pc !== 'OUT' || leader.st !== 'LEADING') return false;
    return leader.cur.zxid !== life.cur.zxid || leader.cur.round !== life.cur.round;
  },
};
