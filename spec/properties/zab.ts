/** Properties of the epochs that discovery and synchronisation establish, as far as Activate stands for them. */
import type { PeerEpoch, Sid } from '../../types/ids.js';
import { FIXED_CONFIG, NO_ORACLE } from './assumptions.js';
import type { ServerProperty, StepProperty } from './property.js';

/** Two entries by one leader count as well: it, too, chooses above all that it accepted. */
function twice(leaders: ReadonlyMap<PeerEpoch, readonly Sid[]>, what: string): string | null {
  for (const [epoch, sids] of leaders) {
    if (sids.length > 1) return `epoch ${epoch} was ${what} by leaders ${sids.join(', ')}`;
  }
  return null;
}

export const I9: StepProperty = {
  kind: 'step',
  id: 'I9',
  name: 'one established leader per epoch',
  sentence: 'An epoch is established at most once.',
  source: 'Leader.waitForNewLeaderAck (3.8.0); Zab.tla, Leadership2',
  why: 'An epoch exceeds every acceptedEpoch of a quorum, and a server acknowledges it once; quorums intersect.',
  assumes: [NO_ORACLE, FIXED_CONFIG],
  grain: 'any',
  check: ({ action }, { established }) => (action.name === 'Activate' ? twice(established, 'established') : null),
};

export const I9a: ServerProperty = {
  kind: 'server',
  id: 'I9a',
  name: 'accepted epochs rise',
  sentence: 'The acceptedEpoch of a server never falls, and currentEpoch never exceeds it.',
  source: 'Learner.registerWithLeader, Leader.getEpochToPropose, QuorumPeer.loadDataBase (3.8.0)',
  why: 'A learner refuses a lower epoch, a leader chooses a higher one, and currentEpoch is set to an accepted one.',
  assumes: [],
  grain: 'any',
  check: ({ sid, ae, ce }, { highestAccepted }) => {
    const highest = highestAccepted.get(sid);
    if (highest !== undefined && ae < highest) return `server ${sid} goes from acceptedEpoch ${highest} to ${ae}`;
    return ce > ae ? `server ${sid} has currentEpoch ${ce} above acceptedEpoch ${ae}` : null;
  },
};

export const Z1: StepProperty = {
  kind: 'step',
  id: 'Z1',
  name: 'one acknowledged leader per epoch',
  sentence: 'An epoch is acknowledged by a quorum for at most one leader (two may choose the same number).',
  source: 'Leader.waitForEpochAck, Learner.registerWithLeader (3.8.0); ZOOKEEPER-2959, ZOOKEEPER-335',
  why: 'A voter acknowledges an epoch once, only above its acceptedEpoch; quorums intersect.',
  assumes: [NO_ORACLE, FIXED_CONFIG],
  grain: 'any',
  check: ({ action }, { acknowledged }) => (action.name === 'Activate' ? twice(acknowledged, 'acknowledged') : null),
};
