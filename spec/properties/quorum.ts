/** Properties of quorum systems alone. Sets are judged by their voters; nobody else counts. */
import type { EnsembleConfig } from '../../types/ensemble.js';
import type { Sid } from '../../types/ids.js';
import { isQuorum } from '../quorums.js';
import type { QuorumProperty } from './property.js';
import { isVoter, NO_HELP } from './terms.js';

function votersOf(config: EnsembleConfig, sids: readonly Sid[]): ReadonlySet<Sid> {
  return new Set(sids.filter((sid) => isVoter(config, sid)));
}

export const Q1: QuorumProperty = {
  kind: 'quorums',
  id: 'Q1',
  name: 'quorums intersect',
  sentence:
    'Two quorums of one configuration have a voter in common; so joint quorums meet those of either configuration.',
  source: 'QuorumMaj, QuorumHierarchical.containsQuorum (3.8.0)',
  why: 'Two majorities of groups share a group, and two majorities of its weight a server.',
  assumes: [],
  grain: 'any',
  check: (config, a, b) => {
    const [first, second] = [votersOf(config, a), votersOf(config, b)];
    if (!isQuorum(config, first, NO_HELP) || !isQuorum(config, second, NO_HELP)) return null;
    if ([...first].some((sid) => second.has(sid))) return null;
    return `[${[...first].join(', ')}] and [${[...second].join(', ')}] are quorums without a common voter`;
  },
};

export const Q2: QuorumProperty = {
  kind: 'quorums',
  id: 'Q2',
  name: 'more is enough',
  sentence: 'A set that contains a quorum is a quorum.',
  source: 'QuorumHierarchical.containsQuorum (3.8.0); ZOOKEEPER-479',
  why: 'The number of groups that must agree is fixed, and more votes take none away.',
  assumes: [],
  grain: 'any',
  check: (config, a, b) => {
    const [quorum, more] = [votersOf(config, a), votersOf(config, b)];
    if (!isQuorum(config, quorum, NO_HELP) || [...quorum].some((sid) => !more.has(sid))) return null;
    if (isQuorum(config, more, NO_HELP)) return null;
    return `[${[...quorum].join(', ')}] is a quorum, but not [${[...more].join(', ')}]`;
  },
};
