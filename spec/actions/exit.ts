/** The end of lookForLeader with a leader; shared by Handle, Resend and FinalEnd. */
import type { EndVote } from '../../types/vote.js';
import type { CaseName } from '../action.js';
import { asRound } from '../../types/ids.js';
import { profileOf } from '../profile.js';
import { CALL_OVER, lifeOf, live } from '../server.js';
import type { Life, Server } from '../state.js';

/** Vote's constructor of three longs. */
const NO_ROUND = asRound(-1n);

/**
 * setPeerState and leaveInstance: the state follows from the leader and the learner type, recvqueue is cleared, the
 * vote is on its way to the publisher. `prop` stays. `clk` only changes where the caller says so.
 */
export function exit(server: Server, end: EndVote, changes: Partial<Life> = {}): Server {
  const learning = server.learnerType === 'PARTICIPANT' ? 'FOLLOWING' : 'OBSERVING';
  return live(server, {
    ...CALL_OVER,
    ...changes,
    st: end.leader === server.sid ? 'LEADING' : learning,
    nq: [],
    end: {
      leader: end.leader,
      zxid: end.zxid,
      epoch: end.epoch,
      round: profileOf(server).roundsOutside ? end.round : NO_ROUND,
    },
    pc: 'DECIDED',
    leadership: 'none',
  });
}

/** The exit with one's own proposal, as at the end of the finalize wait. */
export function exitWithProposal(server: Server): Server {
  const { prop, clk } = lifeOf(server);
  return exit(server, { leader: prop.leader, zxid: prop.zxid, epoch: prop.epoch, round: clk });
}

/** Did the exit clear notifications that nobody had read? */
export function wiped(server: Server): readonly CaseName[] {
  return lifeOf(server).nq.length > 0 ? ['wipe'] : [];
}

/**
 * An unchecked exception leaves lookForLeader: QuorumPeer.run catches it, sets LOOKING and calls again. Only the
 * call's local variables are lost.
 */
export function thrown(server: Server): Server {
  return live(server, { ...CALL_OVER, st: 'LOOKING', pc: 'ENTER' });
}
