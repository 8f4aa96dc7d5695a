/** Servers of the specification as values: configuration and learner type, which never change here, are left out. */
import { nextStates } from '../../spec/next.js';
import type { Profile } from '../../spec/profile.js';
import { learnerTypeIn } from '../../spec/server.js';
import type { Server } from '../../spec/state.js';
import { serverOf } from '../../spec/world.js';
import type { EnsembleConfig, Membership } from '../../types/ensemble.js';
import { sceneOf } from './ensemble.js';
import { lookingOnce, type Machine } from './machine.js';

export type ServerValue = Omit<Server, 'membership' | 'learnerType' | 'profile'>;

/** Steps are those of spec/next.ts, taken in a state that holds no more than they read. */
export function specMachine(config: EnsembleConfig, profile?: Profile): Machine<ServerValue> {
  const membership: Membership = { committed: config, lastSeen: null };
  const from = ({ sid, zx, logged, ce, ae, life }: Server): ServerValue => ({ sid, zx, logged, ce, ae, life });
  const standing = profile === undefined ? { membership } : { membership, profile };
  const look = lookingOnce(({ sid, zx, logged, ce, ae, life }: ServerValue): Server => {
    return { sid, zx, logged, ce, ae, life, learnerType: learnerTypeIn(config, sid), ...standing };
  });
  return {
    name: 'spec',
    from,
    look,
    step(values, { action, arrival }) {
      const steps = nextStates(sceneOf(values.map(look), arrival), action);
      return steps.map(({ state, sends }) => ({
        values: values.map(({ sid }) => from(serverOf(state, sid))),
        sends,
        breaks: null,
      }));
    },
    changed: (value, change) => from(change(look(value))),
  };
}
