/** CatchUp: a learner has the history, the epoch and the vote of its established leader (UPTODATE, then COMMIT). */
import { lifeOf, live, renewedVote } from '../server.js';
import type { Server, State } from '../state.js';
import { serverOf, withServer } from '../world.js';
import { lifeAt, plainStep, type GlobalRule, type Of } from './rule.js';
import { notEstablished } from './write.js';

export const catchUp: GlobalRule<Of<'CatchUp'>> = {
  name: 'CatchUp',
  whyNot(state, { s }) {
    const found = lifeAt(state, s);
    if (typeof found === 'string') return found;
    const { server, life } = found;
    if (life.pc !== 'OUT' || (life.st !== 'FOLLOWING' && life.st !== 'OBSERVING')) return 'the server is no learner';
    const why = notEstablished(state, life.cur.leader);
    if (why !== null) return why;
    const leader = serverOf(state, life.cur.leader);
    if (server.ae > leader.ce) return 'the server has accepted a later epoch';
    return upToDate(server, leader) ? 'nothing would change' : null;
  },
  next(state, { s }) {
    const server = serverOf(state, s);
    return plainStep(withServer(state, caughtUp(server, leaderOf(state, server))));
  },
};

const leaderOf = (state: State, learner: Server): Server => serverOf(state, lifeOf(learner).cur.leader);

function caughtUp(server: Server, leader: Server): Server {
  const epoch = leader.ce;
  return live({ ...server, ae: epoch, ce: epoch, zx: leader.zx, logged: leader.logged }, renewedVote(server, epoch));
}

function upToDate(server: Server, leader: Server): boolean {
  const { ae, ce, zx, logged, life } = server;
  const epochs = ae === leader.ce && ce === leader.ce && life?.cur.epoch === leader.ce;
  return epochs && zx === leader.zx && logged === leader.logged;
}
