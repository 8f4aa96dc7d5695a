/** The conditions that properties name. */
import type { EnsembleConfig } from '../../types/ensemble.js';
import { profileOf } from '../profile.js';
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

/** Up to 3.5 an answer FOLLOWING or LEADING of the own round enters recvset as if LOOKING, and is compared with nothing. */
export const REPORTS_MARKED: Assumption = {
  id: 'reportsMarked',
  sentence: 'What decided servers report stands in recvset as a report (3.6.0 and later).',
  holds: (state) => [...state.servers.values()].every((server) => profileOf(server).reportsStayReports),
};

/** In 3.5.0 to 3.5.4 a decision loses its round, so do reports of it, and who joins takes −1 for a clock. */
export const ROUNDS_KEPT: Assumption = {
  id: 'roundsKept',
  sentence: 'A decision keeps its round (not 3.5.0 to 3.5.4).',
  holds: (state) => [...state.servers.values()].every((server) => profileOf(server).roundsOutside),
};

/** Before ZOOKEEPER-2988 the gate asks for the sender alone. */
export const LEADER_ASKED: Assumption = {
  id: 'leaderAsked',
  sentence: 'The gate asks for the proposed leader, too (3.4.13, 3.5.4 and later).',
  holds: (state) => [...state.servers.values()].every((server) => profileOf(server).gateForLeader),
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
