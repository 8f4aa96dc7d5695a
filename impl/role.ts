/** QuorumPeer.run between two elections, 3.8.0. */
import type { EndVote, Vote } from '../types/vote.js';
import { info } from './effect.js';
import { asRound } from '../types/ids.js';
import { roleFor } from './election-exit.js';
import { hasDefect } from './release-profile.js';
import type { StepContext, StepResult } from './step.js';

/** setCurrentVote: the decision becomes what others are told, and the role begins. */
export function publish({ config, process }: StepContext, decided: EndVote): StepResult {
  const endVote = hasDefect(config.profile, 'ZOOKEEPER-1818') ? { ...decided, round: asRound(-1n) } : decided;
  const currentVote: Vote = { ...endVote, state: 'LOOKING', version: 0 };
  const role = process.state;
  if (role === 'LOOKING') throw new Error('internal error: Publish needs a role');
  return {
    process: { ...process, currentVote, main: { at: 'role' } },
    effects: [info({ what: 'roleEntered', role })],
  };
}

/** updateServerState without reconfiguration: back to LOOKING; vote, proposal, clock and recvqueue stay. */
export function leave({ process }: StepContext): StepResult {
  return {
    process: { ...process, state: 'LOOKING', main: { at: 'enter' } },
    effects: [info({ what: 'stateChanged', state: 'LOOKING' }), info({ what: 'looking' })],
  };
}

/** updateServerState with reconfigFlag: LOOKING is skipped, the role follows the published vote. */
export function changeRole({ config, process }: StepContext): StepResult {
  const role = roleFor(config, process.currentVote.leader);
  return {
    process: { ...process, state: role },
    effects: [info({ what: 'stateChanged', state: role }), info({ what: 'roleEntered', role })],
  };
}
