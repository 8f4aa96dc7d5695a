/** FinalEnd: the exit out of the finalize wait (lookForLeader, `n == null`; TLA+: WaitNewNotmsg, its exit). */
import { exitWithProposal, wiped } from './exit.js';
import { notAt, quiet, type LocalRule, type Of } from './rule.js';

/** The own proposal wins. What reached recvqueue after the silence is cleared unread. */
export const finalEnd: LocalRule<Of<'FinalEnd'>> = {
  name: 'FinalEnd',
  whyNot: (server) => notAt(server, 'SILENT'),
  outcomes: (server) => quiet(exitWithProposal(server), ...wiped(server)),
};
