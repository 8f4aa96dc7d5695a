/** `impl` as a machine that judges logs. */
import { startVote } from '../impl/initial-vote.js';
import { transition } from '../impl/transition.js';
import { hasAllQuorums, supporters } from '../impl/vote-tracker.js';
import type { EnsembleMachine } from '../traces/machine.js';
import { makeLogMachine, type ServerHypothesis } from './log-machine.js';

export type { ServerHypothesis } from './log-machine.js';

/** The machine made of `transition`. */
export const implMachine: EnsembleMachine<ServerHypothesis> = makeLogMachine({
  name: 'impl',
  transition,
  startVote: ({ sid }, durable) => startVote(sid, durable),
  isVoter: ({ validVoters }, sid) => validVoters.has(sid),
  agreeing: supporters,
  isQuorum: (config, sids) => hasAllQuorums(config, sids, { needOracle: false, says: false }),
});
