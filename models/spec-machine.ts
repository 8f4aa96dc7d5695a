/** The specification as a machine that judges logs; it shares no judgement with `impl-machine.ts`. */
import { isJointQuorum, validVoter } from '../spec/quorums.js';
import { startVote } from '../spec/server.js';
import { agreeing } from '../spec/vote-agreement.js';
import type { EnsembleMachine } from '../traces/machine.js';
import { makeLogMachine, type ServerHypothesis } from './log-machine.js';
import { serverOf } from './spec-machine/convert.js';
import { specStep } from './spec-machine/step.js';

/** The machine made of the specification's next-state relation, and of what ZooKeeper prints at its steps. */
export const specMachine: EnsembleMachine<ServerHypothesis> = makeLogMachine({
  name: 'spec',
  transition: specStep,
  startVote: (config, durable) => startVote(serverOf(config, { durable, process: null })),
  isVoter: ({ membership }, sid) => validVoter(membership, sid),
  agreeing,
  isQuorum: ({ membership }, sids) => isJointQuorum(membership, sids, { needOracle: false, says: false }),
});
