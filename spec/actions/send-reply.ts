/** SendReply: WorkerReceiver sends what it captured, together with what it reads now. */
import { assert, unreachable } from '../../base/assert.js';
import type { EndVote } from '../../types/vote.js';
import type { CaseName } from '../action.js';
import { sameProposal } from '../order.js';
import { lifeOf, live } from '../server.js';
import type { Captured, Life } from '../state.js';
import { message } from './messages.js';
import { workerNotAt, type LocalRule, type Of } from './rule.js';

/**
 * The state is always read at sending, so is the round unless the vote brings its own. The parts may therefore never
 * have been true together: cases TR-A to TR-E.
 */
export const sendReply: LocalRule<Of<'SendReply'>> = {
  name: 'SendReply',
  whyNot: (server) => workerNotAt(server, 'REPLY'),
  outcomes(server) {
    const life = lifeOf(server);
    const { worker } = life;
    assert(worker.stage === 'REPLY', 'SendReply needs an answer');
    const answer = message(server, content(worker.captured, life), life.st);
    const after = live(server, { worker: { stage: 'IDLE' } });
    return [{ server: after, sends: [{ to: worker.to, message: answer }], cases: [caseOf(worker.captured, life)] }];
  },
};

function content(captured: Captured, life: Life): EndVote {
  switch (captured.kind) {
    case 'nonVoter':
      return { ...captured.vote, round: life.clk };
    case 'looking':
      return { ...captured.proposal, round: life.clk };
    case 'decided':
      return captured.vote;
    default:
      return unreachable(captured);
  }
}

/** How the answer relates to what its sender is doing at this moment. */
function caseOf(captured: Captured, life: Life): CaseName {
  switch (captured.kind) {
    case 'nonVoter':
      return 'nonVoter';
    case 'looking':
      if (life.st !== 'LOOKING') return 'TR-D';
      if (!sameProposal(captured.proposal, life.prop)) return 'TR-A';
      return life.pc === 'ENTER' ? 'TR-B' : 'lagging';
    case 'decided':
      if (life.st === 'LOOKING') return 'TR-E';
      return life.pc === 'DECIDED' ? 'TR-C' : 'decided';
    default:
      return unreachable(captured);
  }
}
