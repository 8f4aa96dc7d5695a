/** `impl` as a machine that judges logs: one hypothesis is one peer and what its log has not told yet. */
import { makePeerConfig } from '../impl/peer-config.js';
import { P380 } from '../impl/release-profile.js';
import type { Machine } from '../traces/machine.js';
import { hiddenSteps } from './impl-machine/hidden.js';
import { hypothesisKey } from './impl-machine/key.js';
import { observeLine } from './impl-machine/observe.js';
import type { ServerHypothesis } from './impl-machine/state.js';
import { describeHypothesis } from './impl-machine/words.js';

export type { ServerHypothesis } from './impl-machine/state.js';

/** The machine made of `transition`, profile P380 (ZooKeeper 3.8 and 3.9). */
export const implMachine: Machine<ServerHypothesis> = {
  name: 'impl',
  start: ({ sid, configs, debug, maxNotificationIntervalMs }) =>
    configs.map((committed) => ({
      life: 'unknown',
      config: makePeerConfig({
        sid,
        membership: { committed, lastSeen: null },
        profile: {
          ...P380,
          maxNotificationIntervalMs: maxNotificationIntervalMs ?? P380.maxNotificationIntervalMs,
        },
      }),
      debug,
      disk: { zxid: { known: 'nothing' }, epoch: { known: 'nothing' } },
      sawLooking: false,
      heard: [],
      clockIsZero: false,
    })),
  hidden: (state, ahead) => (state.life === 'unknown' ? [] : hiddenSteps(state, ahead)),
  observe: (state, observation, ahead) => observeLine(state, observation.said, ahead),
  key: hypothesisKey,
  describe: describeHypothesis,
  judging: (state) => state.life === 'known',
  uncertain: (state) => state.life === 'unknown' || state.unsure,
  decision: (state) => {
    if (state.life === 'unknown' || state.peer.process?.main.at !== 'role') return null;
    const { leader, round, epoch } = state.peer.process.currentVote;
    return { leader, round, epoch };
  },
};
