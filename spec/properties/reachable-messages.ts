/** False claims of clocks, messages and recorded votes. */
import type { Sid } from '../../types/ids.js';
import { pastOf, type StepTaken } from '../history.js';
import { validVoter } from '../quorums.js';
import type { Life, Message, Server } from '../state.js';
import type { FalseClaim } from './false-claim.js';
import { actorOf, compareTriples, isElecting, supported } from './terms.js';

interface Actor {
  readonly server: Server;
  readonly old: Life;
  readonly now: Life;
}

/** The server that took the step, up before and after. */
function actor({ before, action, after }: StepTaken): Actor | null {
  const sid = actorOf(action);
  const old = sid === null ? null : before.servers.get(sid)?.life;
  const server = sid === null ? undefined : after.servers.get(sid);
  return old && server?.life ? { server, old, now: server.life } : null;
}

/** Did the step send such a message? */
function sent(step: StepTaken, such: (message: Message, from: Actor, to: Sid) => boolean): boolean {
  const from = step.sends.length === 0 ? null : actor(step);
  return from !== null && step.sends.some(({ to, message }) => such(message, from, to));
}

export const W8: FalseClaim = {
  id: 'W8',
  claim: 'The clock of a running server never falls.',
  tempting: 'It is called a logical clock.',
  whyFalse: 'Whoever joins an ensemble by what it hears from outside its round takes over that round.',
  grain: 'any',
  witness: (step) => {
    const it = step.action.name === 'Handle' ? actor(step) : null;
    return it !== null && it.now.clk < it.old.clk;
  },
};

export const W9: FalseClaim = {
  id: 'W9',
  claim: 'A running server begins no two elections in one round.',
  tempting: 'Begin increments the clock.',
  whyFalse: 'Joining may lower the clock, and the next Begin counts on from there.',
  grain: 'any',
  witness: (step, history) => {
    const it = actor(step);
    return it !== null && !isElecting(it.old) && isElecting(it.now) && pastOf(history, it.server.sid).roundReused;
  },
};

export const W10: FalseClaim = {
  id: 'W10',
  claim: 'In one round the votes of one sender arrive in rising order.',
  tempting: 'They are sent in rising order.',
  whyFalse: 'A vote put back goes behind later ones, a connection replays an older one, rounds are used again.',
  grain: 'any',
  witness: (step) => {
    const it = step.action.name === 'Handle' ? actor(step) : null;
    const head = it?.old.nq[0];
    if (!it || !head || !isElecting(it.now) || head.state !== 'LOOKING' || it.now.clk !== it.old.clk) return false;
    const held = it.old.recvset.get(head.from);
    const kept = it.now.recvset.get(head.from);
    return held?.state === 'LOOKING' && kept !== undefined && compareTriples(kept, held) < 0;
  },
};

export const W11: FalseClaim = {
  id: 'W11',
  claim: 'A FOLLOWING or LEADING message names the leader that its sender follows.',
  tempting: 'The vote of a decided server is its decision.',
  whyFalse: 'State and vote are two variables, written and read one after the other.',
  grain: 'windowed',
  witness: (step) =>
    sent(
      step,
      ({ state, leader }, { now }) => (state === 'FOLLOWING' || state === 'LEADING') && leader !== supported(now),
    ),
};

export const W12: FalseClaim = {
  id: 'W12',
  claim: 'A LEADING message names its sender.',
  tempting: 'A server leads if it is its own decision.',
  whyFalse: 'Between the new state and the new vote it still names whom it followed before.',
  grain: 'windowed',
  witness: (step) => sent(step, ({ state, leader }, { server }) => state === 'LEADING' && leader !== server.sid),
};

export const W13: FalseClaim = {
  id: 'W13',
  claim: 'A LOOKING voter tells an observer what it proposes.',
  tempting: 'So it tells voters.',
  whyFalse: 'A sender that is no voter gets the published vote: that of the previous election, with the present round.',
  grain: 'any',
  witness: (step) =>
    sent(
      step,
      ({ state, leader }, { server, now }, to) =>
        state === 'LOOKING' &&
        isElecting(now) &&
        validVoter(server.membership, server.sid) &&
        !validVoter(server.membership, to) &&
        leader !== now.prop.leader,
    ),
};

export const W14: FalseClaim = {
  id: 'W14',
  claim: 'The zxid of a server’s own vote never falls.',
  tempting: 'Nothing logged is lost.',
  whyFalse: 'An active leader counts as (epoch, 0) before anything is logged; a restart forgets it.',
  grain: 'any',
  witness: (step, history) => {
    const it = actor(step);
    if (it === null || isElecting(it.old) || !isElecting(it.now) || it.server.learnerType !== 'PARTICIPANT')
      return false;
    const { highestZxid } = pastOf(history, it.server.sid);
    return highestZxid !== null && it.server.zx < highestZxid;
  },
};

export const W15: FalseClaim = {
  id: 'W15',
  claim: 'A higher round is always noticed.',
  tempting: 'It clears all votes received.',
  whyFalse: 'The finalize wait drops whatever is not better, also of a higher round.',
  grain: 'any',
  witness: (step) => {
    const it = step.action.name === 'FinalStep' ? actor(step) : null;
    const head = it?.old.nq[0];
    return it?.now.pc === 'FINAL' && head?.state === 'LOOKING' && head.round > it.old.clk;
  },
};

export const W17: FalseClaim = {
  id: 'W17',
  claim: 'The finalize wait lasts 200 ms.',
  tempting: 'The constant finalizeWait.',
  whyFalse: 'Every message that it drops begins the 200 ms anew; a stream of them keeps it from ending.',
  grain: 'any',
  witness: (step, history) => {
    const it = step.action.name === 'FinalStep' ? actor(step) : null;
    return it?.now.pc === 'FINAL' && pastOf(history, it.server.sid).finalDrops >= 2;
  },
};

export const W19: FalseClaim = {
  id: 'W19',
  claim: 'An answer is never answered, so traffic stops when nothing changes.',
  tempting: 'Among voters it is so: decided servers answer LOOKING ones only.',
  whyFalse: 'A voter answers any message of an observer, and an observer in its role any LOOKING one: without end.',
  grain: 'any',
  witness: (step) => {
    const { action } = step;
    if (action.name !== 'Receive') return false;
    const server = step.before.servers.get(action.s);
    const message = step.before.channels.get(action.from)?.get(action.s)?.queue[0];
    if (!server?.life || server.life.st !== 'LOOKING' || message?.state !== 'OBSERVING') return false;
    return !validVoter(server.membership, action.from);
  },
};

export const W20: FalseClaim = {
  id: 'W20',
  claim: 'A LOOKING vote carries the round in which its sender proposed it.',
  tempting: 'Proposal and round are sent in one message.',
  whyFalse: 'An answer captures the proposal first and reads the clock later.',
  grain: 'windowed',
  witness: (step) =>
    step.action.name === 'SendReply' &&
    sent(step, (message, { old, now }) => {
      const captured = old.worker.stage === 'REPLY' ? old.worker.captured.kind : null;
      return captured === 'looking' && isElecting(now) && compareTriples(message, now.prop) !== 0;
    }),
};
