/** The conditions that properties name. */
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { State } from '../state.js';
import type { Assumption } from './property.js';

function configsOf(state: State): readonly EnsembleConfig[] {
  const held = [...state.servers.values()].flatMap(({ membership }) =>
    membership.lastSeen === null ? [membership.committed] : [membership.committed, membership.lastSeen],
  );
  return [...state.configs.values(), ...held];
}

/** With the oracle's consent fewer than a majority of two voters decide, even nobody (QuorumOracleMaj). */
export const NO_ORACLE: Assumption = {
  id: 'noOracle',
  sentence: 'No configuration uses an oracle.',
  holds: (state) => configsOf(state).every((config) => config.quorumSystem.kind !== 'oracle'),
};

/** A new configuration changes quorums, replaces the election object (clock 0) and may rewrite the published vote. */
export const FIXED_CONFIG: Assumption = {
  id: 'fixedConfig',
  sentence: 'There is one configuration, the same on all servers; no other can be proposed.',
  holds: (state) =>
    new Set(configsOf(state).map(({ version }) => version)).size <= 1 &&
    [...state.servers.values()].every(({ membership }) => membership.lastSeen === null),
};

/** The order of votes prefers nobody of weight zero, however high the vote. */
export const POSITIVE_WEIGHTS: Assumption = {
  id: 'positiveWeights',
  sentence: 'Every server has a positive weight.',
  holds: (state) =>
    configsOf(state).every(
      ({ quorumSystem }) =>
        quorumSystem.kind !== 'hierarchical' || [...quorumSystem.weights.values()].every((weight) => weight > 0n),
    ),
};
