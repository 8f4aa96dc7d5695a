/** Resend: the main wait ends without a notification (lookForLeader, `n == null`; TLA+: NotmsgTimeout). */
import type { LocalOutcome } from '../action.js';
import { profileOf } from '../profile.js';
import { isJointQuorum } from '../quorums.js';
import { lifeOf } from '../server.js';
import type { Server } from '../state.js';
import { exitWithProposal } from './exit.js';
import { sendAll } from './messages.js';
import { notAt, type LocalRule, type Of, type World } from './rule.js';

/**
 * If some send queue is empty the votes go out again, else only connections are tried (haveDelivered, connectAll):
 * both are possible at any time. With an oracle, the votes counted last may have become a quorum by its answer: the
 * election then ends at once. (revalidateVoteset; the wait has doubled, so it is not the smallest.)
 */
export const resend: LocalRule<Of<'Resend'>> = {
  name: 'Resend',
  whyNot: (server) => notAt(server, 'POLL') ?? (lifeOf(server).nq.length > 0 ? 'recvqueue is not empty' : null),
  outcomes(server, action, world) {
    const exits = oracleDecides(server, world);
    const after = exits ? exitWithProposal(server) : server;
    const sent: LocalOutcome = {
      server: after,
      sends: sendAll(server),
      cases: exits ? ['resend', 'oracle'] : ['resend'],
    };
    const tried: LocalOutcome = { server: after, sends: [], cases: exits ? ['reconnect', 'oracle'] : ['reconnect'] };
    if (action.delivered === undefined) return [sent, tried];
    return action.delivered ? [sent] : [tried];
  },
};

function oracleDecides(server: Server, world: World): boolean {
  const { counted, needOracle } = lifeOf(server);
  if (!profileOf(server).oracle) return false;
  if (server.membership.committed.quorumSystem.kind !== 'oracle' || counted === null) return false;
  return isJointQuorum(server.membership, counted, { needOracle, says: world.oracle });
}
