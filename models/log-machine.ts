/** A machine that judges logs, made of any rules of election: one hypothesis is one peer and what its log has not told. */
import { makePeerConfig } from '../impl/peer-config.js';
import { P380, profileForRelease } from '../impl/release-profile.js';
import type { EnsembleMachine, Sent } from '../traces/machine.js';
import { startVotes } from './log-machine/begin.js';
import { conjunctsOf } from './log-machine/conjuncts.js';
import { isHopeless } from './log-machine/foresight.js';
import { hiddenSteps } from './log-machine/hidden.js';
import { hypothesisKey } from './log-machine/key.js';
import { ofExcerpts } from './log-machine/left-out.js';
import { isElectionLine, observeLine } from './log-machine/observe.js';
import { remediesFor } from './log-machine/remedies.js';
import type { PeerRules } from './log-machine/rules.js';
import type { ServerHypothesis } from './log-machine/state.js';
import { UNSEEN } from './log-machine/unread.js';
import { describeHypothesis } from './log-machine/words.js';

export type { PeerRules } from './log-machine/rules.js';
export type { ServerHypothesis } from './log-machine/state.js';

const NOTHING: readonly Sent[] = [];

/** Who does not vote is answered at once, with the published vote and the clock (WorkerReceiver.run). */
function answersNow(state: ServerHypothesis): readonly Omit<Sent, 'to'>[] {
  const process = state.life === 'unknown' ? null : state.peer.process;
  if (state.life === 'unknown' || process === null) return [];
  const { config, voteEpochMayRise } = state;
  const { version } = config.membership.committed;
  const carried = { version: config.profile.messageVersion, configVersion: version, from: config.sid };
  const votes = process.main.at === 'enter' && state.neverPublished ? startVotes(state) : [process.currentVote];
  return votes.map(({ leader, zxid, epoch }) => ({
    notification: { leader, zxid, epoch, round: process.logicalclock, state: process.state, ...carried },
    epochMayBeHigher: voteEpochMayRise,
    isAnswer: true,
    ...(state.voteUnseen ? { unknown: 'vote' as const } : {}),
  }));
}

/** The machine that judges by these rules, each server by those of its release; without one, of 3.8. */
export function makeLogMachine(rules: PeerRules): EnsembleMachine<ServerHypothesis> {
  const machine: EnsembleMachine<ServerHypothesis> = {
    name: rules.name,
    start: ({ sid, configs, debug, maxNotificationIntervalMs, followed, heardOf, release, laterConfigs }) => {
      const profile = (release === undefined ? null : profileForRelease(release)) ?? P380;
      return configs.map((committed) => ({
        life: 'unknown',
        rules,
        config: makePeerConfig({
          sid,
          membership: { committed, lastSeen: null },
          profile: {
            ...profile,
            maxNotificationIntervalMs: maxNotificationIntervalMs ?? profile.maxNotificationIntervalMs,
          },
        }),
        later: laterConfigs ?? [],
        debug,
        followed: followed ?? null,
        heardOf: heardOf ?? [],
        disk: { zxid: { known: 'nothing' }, epoch: { known: 'nothing' } },
        sawLooking: false,
        ...UNSEEN,
        clockIsZero: false,
      }));
    },
    hidden: (state, ahead) => (state.life === 'unknown' ? [] : hiddenSteps(state, ahead)),
    observe: (state, observation, ahead) => observeLine(state, observation.said, ahead),
    key: hypothesisKey,
    hopeless: (state, ahead) => state.life === 'known' && isHopeless(state, ahead),
    describe: describeHypothesis,
    judging: (state) => state.life === 'known',
    uncertain: (state) => state.life === 'unknown' || state.unsure,
    decision: (state) => {
      if (state.life === 'unknown' || state.peer.process?.main.at !== 'role') return null;
      const { currentVote, logicalclock } = state.peer.process;
      const { leader, round, epoch } = currentVote;
      // Where the vote does not keep the round of the decision, the clock does.
      return { leader, round: state.config.profile.votesKeepRound ? round : logicalclock, epoch };
    },
    conjuncts: (state, { said }) => (state.life === 'known' && isElectionLine(said) ? conjunctsOf(state, said) : []),
    remedies: (state, { said }) => (state.life === 'known' ? remediesFor(state, said) : { instead: [], heard: [] }),
    sent: (state) => (state.life === 'unknown' ? NOTHING : state.sent),
    drained: (state) => (state.life === 'unknown' || state.sent.length === 0 ? state : { ...state, sent: NOTHING }),
    answers: answersNow,
  };
  return { ...machine, ofExcerpts: ofExcerpts(machine) };
}
