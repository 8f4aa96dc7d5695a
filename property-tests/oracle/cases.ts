/** Generated questions to the oracle, each with the answers of our peer and of our specification. */
import type { Rng } from '../../base/rng.js';
import { checkLeader } from '../../impl/check-leader.js';
import { makePeerConfig } from '../../impl/peer-config.js';
import { containsQuorum, weightOf } from '../../impl/quorum-verifier.js';
import { totalOrderPredicate } from '../../impl/vote-order.js';
import { hasAllQuorums, supporters } from '../../impl/vote-tracker.js';
import { leaderChecked } from '../../spec/actions/handle-decided.js';
import { better } from '../../spec/order.js';
import { isJointQuorum, isQuorum, weight } from '../../spec/quorums.js';
import { agreeing } from '../../spec/vote-agreement.js';
import type { EnsembleConfig } from '../../types/ensemble.js';
import { asConfigVersion, asPeerEpoch, asRound, asSid, asZxid, type Sid } from '../../types/ids.js';
import { LONG_MAX, LONG_MIN } from '../../types/int64.js';
import { SERVER_STATES } from '../../types/server-state.js';
import type { Vote } from '../../types/vote.js';
import { printDynamicConfig } from '../../types/zoo-cfg.js';
import type { OracleCase } from './oracle-process.js';
import type { OracleRelease } from './oracle-release.js';

export type CaseKind = 'order' | 'equals' | 'quorum' | 'weight' | 'count';

const NO_ORACLE = { needOracle: true, says: false };

export function pick<T>(rng: Rng, values: readonly T[]): T {
  const value = values[rng.below(values.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
}

/** Small numbers, so that equality is frequent, and the ends of 64 bits. */
function int64(rng: Rng): bigint {
  if (rng.chance(0.85)) return BigInt(rng.below(4)) - 1n;
  return pick(rng, [LONG_MIN, LONG_MIN + 1n, -2n, 1n << 32n, (1n << 53n) + 1n, LONG_MAX - 1n, LONG_MAX]);
}

function vote(rng: Rng): Vote {
  return {
    version: pick(rng, [-1, 0, 1, 2]),
    leader: asSid(int64(rng)),
    zxid: asZxid(int64(rng)),
    round: asRound(int64(rng)),
    epoch: asPeerEpoch(int64(rng)),
    state: pick(rng, SERVER_STATES),
  };
}

/** A vote that differs from another in as few fields as chance wants. */
function similar(rng: Rng, other: Vote): Vote {
  const fresh = vote(rng);
  const keep = <T>(mine: T, theirs: T): T => (rng.chance(0.8) ? theirs : mine);
  return {
    version: fresh.version,
    leader: keep(fresh.leader, other.leader),
    zxid: keep(fresh.zxid, other.zxid),
    round: keep(fresh.round, other.round),
    epoch: keep(fresh.epoch, other.epoch),
    state: fresh.state,
  };
}

export function voteText(v: Vote): string {
  return [v.version, v.leader, v.zxid, v.round, v.epoch, v.state].join(',');
}

/** Up to 3.4 the version of a configuration is always 0. */
export function ensemble(rng: Rng, { dynamic }: OracleRelease): EnsembleConfig {
  const count = 1 + rng.below(9);
  const members = Array.from({ length: count }, (_, index) => ({
    sid: asSid(BigInt(index)),
    type: index > 0 && rng.chance(0.2) ? ('OBSERVER' as const) : ('PARTICIPANT' as const),
    addresses: [{ host: '127.0.0.1', quorumPort: 1000 + index, electionPort: 2000 + index }],
    clientAddress: null,
  }));
  const version = asConfigVersion(dynamic ? BigInt(rng.below(3)) : 0n);
  if (rng.chance(0.4)) return { version, members, quorumSystem: { kind: 'majority' } };
  const voters = members.filter(({ type }) => type === 'PARTICIPANT').map(({ sid }) => sid);
  const groupCount = 1 + rng.below(4);
  const groups = new Map(voters.map((sid) => [sid, BigInt(rng.below(groupCount))]));
  const weights = new Map(voters.map((sid) => [sid, BigInt(rng.below(4))]));
  return { version, members, quorumSystem: { kind: 'hierarchical', groups, weights } };
}

export function configText(config: EnsembleConfig): string {
  return printDynamicConfig(config).replaceAll('\n', '\u001f');
}

function votersOf(config: EnsembleConfig): readonly Sid[] {
  return config.members.filter(({ type }) => type === 'PARTICIPANT').map(({ sid }) => sid);
}

/** Both of us, under the profile of the release. */
const both = (impl: unknown, spec: unknown): OracleCase['ours'] => ({ impl: String(impl), spec: String(spec) });

const orThrows = (answer: boolean | 'unknownWeight'): boolean | 'throws' =>
  answer === 'unknownWeight' ? 'throws' : answer;

const MAKERS: Readonly<Record<CaseKind, (rng: Rng, on: OracleRelease) => OracleCase>> = {
  order(rng, on) {
    const config = ensemble(rng, on);
    const membership = { committed: config, lastSeen: null };
    const peer = makePeerConfig({ sid: asSid(0n), membership, profile: on.impl });
    const current = vote(rng);
    const candidate = rng.chance(0.7) ? similar(rng, current) : vote(rng);
    const fields = [candidate, current].flatMap(({ leader, zxid, epoch }) => [leader, zxid, epoch]);
    return {
      question: ['order', configText(config), ...fields].join('\t'),
      ours: both(orThrows(totalOrderPredicate(peer, candidate, current)), orThrows(better(config, candidate, current))),
    };
  },
  equals(rng, on) {
    const a = vote(rng);
    const b = rng.chance(0.8) ? similar(rng, a) : vote(rng);
    const one = new Map([[asSid(0n), b]]);
    return {
      question: ['equals', voteText(a), voteText(b)].join('\t'),
      ours: both(supporters(one, a, on.impl).length === 1, agreeing(one, a, on.spec).length === 1),
    };
  },
  quorum(rng, on) {
    const config = ensemble(rng, on);
    const [verifier] = makePeerConfig({ sid: asSid(0n), membership: { committed: config, lastSeen: null } }).verifiers;
    if (verifier === undefined) throw new Error('every configuration has a verifier');
    // Up to 3.4 a set with an observer is never asked about, and throws.
    const grouped = on.dynamic && config.quorumSystem.kind === 'hierarchical';
    const all = grouped ? config.members.map(({ sid }) => sid) : votersOf(config);
    const acks = new Set(all.filter(() => rng.chance(0.6)));
    return {
      question: ['quorum', configText(config), [...acks].join(',')].join('\t'),
      ours: both(containsQuorum(verifier, acks, NO_ORACLE), isQuorum(config, acks, NO_ORACLE)),
    };
  },
  weight(rng, on) {
    const config = ensemble(rng, on);
    const sid = asSid(BigInt(rng.below(11)));
    return {
      question: ['weight', configText(config), sid].join('\t'),
      ours: both(weightOf(config, sid) ?? 'throws', weight(config, sid) ?? 'throws'),
    };
  },
  count(rng, on) {
    const committed = ensemble(rng, on);
    const lastSeen = on.dynamic && rng.chance(0.4) ? ensemble(rng, on) : null;
    const me = asSid(BigInt(rng.below(4)));
    const membership = { committed, lastSeen };
    const peer = makePeerConfig({ sid: me, membership, profile: on.impl });
    const reference = { ...vote(rng), leader: asSid(BigInt(rng.below(4))) };
    const votes = new Map<Sid, Vote>();
    for (const sid of sendersOf(committed, on)) {
      if (rng.chance(0.7)) votes.set(sid, rng.chance(0.9) ? similar(rng, reference) : vote(rng));
    }
    const logicalclock = asRound(rng.chance(0.5) ? reference.round : int64(rng));
    const { leader, round } = reference;
    const text = [...votes].map(([sid, v]) => `${sid}=${voteText(v)}`).join(';');
    const last = lastSeen === null ? '-' : configText(lastSeen);
    const quorums = [
      hasAllQuorums(peer, supporters(votes, reference, on.impl), NO_ORACLE),
      isJointQuorum(membership, agreeing(votes, reference, on.spec), NO_ORACLE),
    ];
    const leads = [
      checkLeader(votes, { me, logicalclock, leader, round, profile: on.impl }),
      leaderChecked(me, logicalclock, votes, reference),
    ];
    return {
      question: ['count', configText(committed), last, me, logicalclock, text, voteText(reference)].join('\t'),
      ours: both(`${quorums[0]} ${leads[0]}`, `${quorums[1]} ${leads[1]}`),
    };
  },
};

/** Whose votes may be counted. Up to 3.4 termPredicate takes every vote for a voter's: others do not get so far. */
function sendersOf(config: EnsembleConfig, { dynamic }: OracleRelease): readonly Sid[] {
  return dynamic ? Array.from({ length: 10 }, (_, index) => asSid(BigInt(index))) : votersOf(config);
}

export function makeCase(kind: CaseKind, rng: Rng, on: OracleRelease): OracleCase {
  return MAKERS[kind](rng, on);
}
